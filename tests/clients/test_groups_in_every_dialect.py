"""A group that ftrack appoints, and members whom each of the four real clients puts into it and takes out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import gazu
import pytest

from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, Site
from tests.conftest import SuitePostgres
from tests.studio import unique

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio, served: a project with a shot and a task."""
    with served_studio(postgres, tmp_path_factory.mktemp("groups")) as (kit, url):
        project = kit.project()
        shot = kit.shot(project)
        task = kit.create("Task", name=unique("T"), entity_id=shot)
        yield Site(kit, url, project, project, [shot], [task])


@pytest.fixture(scope="module")
def boss(site: Site) -> Caller:
    """An administrator with all four clients."""
    return Caller(site, site.person("admin", on_team=False))


def appoint(site: Site, boss: Caller) -> tuple[str, int]:
    """A group that ftrack's client puts on the task: its id and its number."""
    with boss.ftrack() as session:
        group = session.create("Group", {"name": unique("crew")})
        task = session.get("Task", str(site.tasks[0]))
        session.create("Appointment", {"context": task, "resource": group, "type": "assignment"})
        session.commit()
        id_ = str(group["id"])
    return id_, site.kit.row("Group", uuid.UUID(id_), "number")


def _with_ftrack(boss: Caller, group: str, _number: int, person: uuid.UUID) -> Callable[[], None]:
    with boss.ftrack() as session:
        made = session.create(
            "Membership", {"group": session.get("Group", group), "user": session.get("User", str(person))}
        )
        session.commit()
        id_ = made["id"]

    def leave() -> None:
        with boss.ftrack() as session:
            session.delete(session.get("Membership", id_))
            session.commit()

    return leave


def _with_shotgun(boss: Caller, _group: str, number: int, person: uuid.UUID) -> Callable[[], None]:
    user = {"type": "HumanUser", "id": boss.site.kit.row("Person", person, "number")}
    with boss.shotgun() as sg:
        sg.update("Group", number, {"users": [user]})

    def leave() -> None:
        with boss.shotgun() as sg:
            sg.update("Group", number, {"users": []})

    return leave


def _with_shotrunner(boss: Caller, _group: str, number: int, person: uuid.UUID) -> Callable[[], None]:
    kit = boss.site.kit
    made = boss.shotrunner().Member(
        {
            "project_id": kit.row("Project", boss.site.project, "number"),
            "user_id": kit.row("Person", person, "number"),
            "team_id": number,
        }
    )
    assert made.save(), made.errors.full_messages()

    def leave() -> None:
        made.destroy()

    return leave


@pytest.mark.parametrize("join", [_with_ftrack, _with_shotgun, _with_shotrunner])
def test_a_member_has_what_the_group_has_whichever_client_says_so(
    site: Site, boss: Caller, join: Callable[..., Callable[[], None]]
) -> None:
    group, number = appoint(site, boss)
    artist = site.person("user", on_team=False)
    caller = Caller(site, artist)
    assert caller.names("zou", "Task") == set()
    leave = join(boss, group, number, artist.person_id)
    task = site.name("Task", site.tasks[0])
    for dialect in ("zou", "shotgun", "ftrack", "shotrunner"):
        assert caller.names(dialect, "Task") == {task}, dialect
    assert str(artist.person_id) in _assignees(site, boss)
    assert site.kit.row("Person", artist.person_id, "number") in _shotgun_assignees(site, boss)
    leave()
    assert caller.names("zou", "Task") == set()
    assert str(artist.person_id) not in _assignees(site, boss)


def test_a_team_of_shotrunner_has_the_members_that_other_clients_put_into_it(
    site: Site, boss: Caller
) -> None:
    group, number = appoint(site, boss)
    artist = site.person("user", on_team=False)
    _with_ftrack(boss, group, number, artist.person_id)
    users = boss.shotrunner().User.find(from_=f"/teams/{number}/users.json")
    assert [each.id for each in users] == [site.kit.row("Person", artist.person_id, "number")]


def test_who_is_assigned_with_gazu_is_on_the_team_with_every_client(site: Site, boss: Caller) -> None:
    artist = site.person("user", on_team=False)
    client = boss.zou()
    gazu.task.assign_task(str(site.tasks[0]), str(artist.person_id), client=client)
    client.session.close()
    caller = Caller(site, artist)
    for dialect in ("zou", "shotgun", "ftrack", "shotrunner"):
        assert caller.names(dialect, "Project") == {site.name("Project", site.project)}, dialect


def _assignees(site: Site, boss: Caller) -> set[str]:
    client = boss.zou()
    found: dict[str, Any] = gazu.task.get_task(str(site.tasks[0]), client=client)
    client.session.close()
    return {str(each) for each in found["assignees"]}


def _shotgun_assignees(site: Site, boss: Caller) -> set[int]:
    number = site.kit.row("Task", site.tasks[0], "number")
    with boss.shotgun() as sg:
        found = sg.find_one("Task", [["id", "is", number]], ["task_assignees"])
    return {each["id"] for each in found["task_assignees"]}
