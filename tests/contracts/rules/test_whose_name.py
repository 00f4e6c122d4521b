"""Who writes in another's name, and which projects are open: the same for every client."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import gazu
import pytest

from tests.contracts.rules.hands import DIALECTS, Hand, Refused
from tests.studio import unique
from zou_server.models.conditions import Op, Where

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Show, Site
    from zou_server.models.actor import Actor


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """The show of this module."""
    return site.show()


def _sg(hand: Hand, kind: str, id_: uuid.UUID, name: str = "") -> dict[str, Any]:
    return {"type": name or kind, "id": hand.number(kind, id_)}


SAYS_FOR: dict[str, Callable[[Hand, Show, uuid.UUID, str], Any]] = {
    "zou": lambda hand, show, person, text: gazu.client.post(
        f"actions/tasks/{show.tasks[0]}/comment",
        {
            "task_status_id": hand.kit.row("Task", show.tasks[0], "task_status_id"),
            "comment": text,
            "person_id": str(person),
        },
        client=hand.client,
    ),
    "shotgun": lambda hand, show, person, text: hand.make(
        "Note",
        project=_sg(hand, "Project", show.project),
        note_links=[_sg(hand, "Task", show.tasks[0])],
        content=text,
        user=_sg(hand, "Person", person, "HumanUser"),
    ),
    "ftrack": lambda hand, show, person, text: hand.make(
        "Note", content=text, parent_id=str(show.tasks[0]), parent_type="task", user_id=str(person)
    ),
    "shotrunner": lambda hand, show, person, text: hand.make(
        "Note",
        noteable_type="Task",
        noteable_id=hand.number("Task", show.tasks[0]),
        message=text,
        user_id=hand.number("Person", person),
    ),
}


@pytest.mark.parametrize("role", ["manager", "supervisor", "user"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_runs_the_production_writes_in_the_name_of_others_and_nobody_else(
    site: Site, show: Show, dialect: str, role: str
) -> None:
    writer, other = site.person(role, show.project), site.person("user", show.project)
    people = {writer.person_id, *_assignees(site, show)}
    site.kit.update("Task", show.tasks[0], assignees=list(people))
    hand, text = site.hand(writer, dialect), unique("said")
    if role == "manager":
        with hand.refusals():
            SAYS_FOR[dialect](hand, show, other.person_id, text)
        rows = site.kit.rows("Note", "person_id", where=Where("text", Op.EQ, text))
        assert rows == [{"person_id": str(other.person_id)}]
        return
    with pytest.raises(Refused), hand.refusals():
        SAYS_FOR[dialect](hand, show, other.person_id, text)
    assert site.kit.rows("Note", "id", where=Where("text", Op.EQ, text)) == []


def _assignees(site: Site, show: Show) -> list[uuid.UUID]:
    found = site.kit.row("Task", show.tasks[0], "assignees*")
    return [each["id"] if isinstance(each, dict) else each for each in found or []]


LOGS_FOR: dict[str, Callable[[Hand, Show, uuid.UUID], Any]] = {
    "zou": lambda hand, show, person: hand.make(
        "TimeSpent", task_id=str(show.tasks[0]), person_id=str(person), date="2030-03-04", duration=5
    ),
    "shotgun": lambda hand, show, person: hand.make(
        "TimeLog",
        entity=_sg(hand, "Task", show.tasks[0]),
        user=_sg(hand, "Person", person, "HumanUser"),
        date="2030-03-05",
        duration=5,
    ),
}


@pytest.mark.parametrize("role", ["manager", "supervisor", "user"])
@pytest.mark.parametrize("dialect", LOGS_FOR)
def test_who_runs_the_production_logs_the_time_of_others_and_nobody_else(
    site: Site, show: Show, dialect: str, role: str
) -> None:
    writer, other = site.person(role, show.project), site.person("user", show.project)
    hand = site.hand(writer, dialect)
    if role == "manager":
        with hand.refusals():
            LOGS_FOR[dialect](hand, show, other.person_id)
        return
    with pytest.raises(Refused), hand.refusals():
        LOGS_FOR[dialect](hand, show, other.person_id)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_project_is_closed_by_what_its_status_means_and_not_by_its_name(site: Site, dialect: str) -> None:
    kit = site.kit
    over = kit.create("ProjectStatus", name=unique("Delivered"), is_done=True)
    going = kit.create("ProjectStatus", name=unique("In production"))
    projects = {flag: kit.project(project_status_id=status) for flag, status in ((1, over), (0, going))}
    artist = site.person("user", *projects.values())
    hand = site.hand(artist, dialect)
    assert not hand.sees("Project", projects[1])
    assert hand.sees("Project", projects[0])


def test_zou_lists_the_projects_that_are_open_by_the_same_flag(site: Site) -> None:
    kit = site.kit
    over = kit.create("ProjectStatus", name=unique("Delivered"), is_done=True)
    going = kit.create("ProjectStatus", name=unique("In production"))
    closed, opened = kit.project(project_status_id=over), kit.project(project_status_id=going)
    admin: Actor = site.person("admin")
    hand = site.hand(admin, "zou")
    found = {each["id"] for each in gazu.project.all_open_projects(client=hand.client)}
    assert str(opened) in found
    assert str(closed) not in found
    with pytest.raises(Refused, match="closed"):
        hand.delete("Project", opened)
    hand.delete("Project", closed)
    assert kit.row("Project", closed, "id") is None


def test_the_status_that_closes_a_project_may_be_called_anything(site: Site) -> None:
    kit = site.kit
    (row,) = kit.rows("ProjectStatus", "id", "is_done", where=Where("name", Op.EQ, "Closed"))
    assert row["is_done"] is True
    kit.update("ProjectStatus", row["id"], name="Fini")
    project = kit.project(project_status_id=row["id"])
    artist = site.person("user", project)
    assert not site.hand(artist, "zou").sees("Project", project)
    kit.update("ProjectStatus", row["id"], name="Closed")
