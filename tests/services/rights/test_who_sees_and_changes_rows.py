"""What each role sees and does (docs/protocols/zou.md 3), asked of the services that all dialects use."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio, unique
from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Retired, Where
from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.models.registry import FACETS, facet
from zou_server.models.visible_rows import CLIENT, VENDOR
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.write.operations import Act


@dataclass
class Stage:
    """A project with two shots, a task on each, and the vendor on the first."""

    kit: StudioKit
    project: uuid.UUID
    sequence: uuid.UUID
    shots: list[uuid.UUID]
    tasks: list[uuid.UUID]
    animation: uuid.UUID
    vendor: Actor

    def led_by(self, *departments: uuid.UUID) -> Actor:
        """A supervisor of the project with these departments."""
        return replace(self.kit.person("supervisor", {self.project: None}), department_ids=departments)

    def status(self, code: str) -> uuid.UUID:
        """The id of a task status."""
        where = Where("code", Op.EQ, code)
        return uuid.UUID(self.kit.rows("TaskStatus", "id", where=where)[0]["id"])


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    """A studio."""
    with open_studio(postgres, tmp_path_factory.mktemp("roles")) as opened:
        yield opened


@pytest.fixture
def stage(kit: StudioKit) -> Stage:
    """A project of this test's own."""
    project = kit.project()
    sequence = kit.create("Sequence", name=unique("SQ"), project_id=project)
    shots = [kit.shot(project, parent_id=sequence) for _ in range(2)]
    animation = kit.create("Department", name=unique("Animation"))
    step = kit.create("TaskType", name=unique("Animation"), department_id=animation)
    vendor = kit.person("vendor", {project: None})
    tasks = [
        kit.create("Task", name="main", entity_id=shot, task_type_id=step, assignees=people)
        for shot, people in zip(shots, ([vendor.person_id], []), strict=True)
    ]
    return Stage(kit, project, sequence, shots, tasks, animation, vendor)


def names(kit: StudioKit, kind: str, actor: Actor, path: str = "id") -> set[str]:
    return {row[path] for row in kit.rows(kind, path, actor=actor)}


# -- vendors -------------------------------------------------------------------------------------------------


def test_a_vendor_sees_the_tasks_they_are_on_what_those_are_of_and_what_that_hangs_on(stage: Stage) -> None:
    kit, vendor = stage.kit, stage.vendor
    assert names(kit, "Task", vendor) == {str(stage.tasks[0])}
    assert names(kit, "Shot", vendor) == {str(stage.shots[0])}
    assert names(kit, "Sequence", vendor) == {str(stage.sequence)}


def test_a_vendor_reaches_nothing_else_along_any_link(stage: Stage) -> None:
    kit, vendor = stage.kit, stage.vendor
    project = kit.rows("Project", "tasks*", "entities*", actor=vendor)[0]
    assert project["tasks*"] == [str(stage.tasks[0])]
    assert sorted(project["entities*"]) == sorted([str(stage.shots[0]), str(stage.sequence)])
    assert kit.row("Sequence", stage.sequence, "children*", actor=vendor) == [str(stage.shots[0])]
    by_other = Where("children.id", Op.EQ, str(stage.shots[1]))
    assert kit.rows("Sequence", "id", where=by_other, actor=vendor) == []


def test_a_vendor_writes_about_their_own_tasks_only(stage: Stage) -> None:
    kit, vendor = stage.kit, stage.vendor
    kit.create("Note", vendor, text="mine", object_id=stage.tasks[0])
    kit.create("PreviewFile", vendor, name="take", task_id=stage.tasks[0])
    for kind, link in (("Note", "object_id"), ("PreviewFile", "task_id"), ("WorkingFile", "task_id")):
        with pytest.raises(Invalid, match="does not exist"):
            kit.create(kind, vendor, name="x", **{link: stage.tasks[1]}) if kind != "Note" else kit.create(
                kind, vendor, text="x", **{link: stage.tasks[1]}
            )


def test_somebody_who_is_a_vendor_in_one_project_is_staff_in_another(stage: Stage) -> None:
    kit = stage.kit
    other = kit.project()
    shot = kit.shot(other)
    both = kit.person("user", {stage.project: "vendor", other: None})
    assert names(kit, "Shot", both) == {str(shot)}
    task = kit.create("Task", entity_id=shot, name="x")
    preview = kit.create("PreviewFile", name="take", task_id=task)
    assert names(kit, "PreviewFile", both) == {str(preview)}
    assert names(kit, "Project", both) == {str(stage.project), str(other)}


def test_a_vendor_sees_the_custom_fields_of_their_departments(stage: Stage) -> None:
    kit = stage.kit
    made: dict[str, Any] = {"entity_type": "Shot", "project_id": stage.project}
    free = kit.create("FieldDescriptor", name=unique("Free"), field_name=unique("free"), **made)
    theirs, others = (
        kit.create("FieldDescriptor", name=unique("F"), field_name=unique("f"), departments=[each], **made)
        for each in (stage.animation, kit.create("Department", name=unique("Lighting")))
    )
    seen = names(kit, "FieldDescriptor", replace(stage.vendor, department_ids=(stage.animation,)))
    assert {str(free), str(theirs)} <= seen
    assert str(others) not in seen


# -- clients -------------------------------------------------------------------------------------------------


def test_a_client_reads_what_clients_say_what_is_said_to_them_and_answers_to_that(stage: Stage) -> None:
    kit = stage.kit
    client, other = (kit.person("client", {stage.project: None}) for _ in range(2))
    boss = kit.person("manager", {stage.project: None})
    about = {"object_id": stage.tasks[0]}
    internal = kit.create("Note", boss, text="internal", **about)
    shown = kit.create("Note", boss, text="for you", for_client=True, **about)
    theirs = kit.create("Note", client, text="too dark", person_id=client.person_id, **about)
    answer = kit.create("Note", boss, text="sorry", parent_id=theirs, **about)
    aside = kit.create("Note", boss, text="never mind", parent_id=internal, **about)
    everything = {str(each) for each in (shown, theirs, answer)}
    assert names(kit, "Note", client) == everything == names(kit, "Note", other)
    assert str(aside) not in everything

    kit.update("Project", stage.project, is_clients_isolated=True)
    assert names(kit, "Note", client) == {str(theirs), str(answer)}
    assert names(kit, "Note", other) == set()


def test_a_client_learns_no_name_of_staff(stage: Stage) -> None:
    kit = stage.kit
    client, other = (kit.person("client", {stage.project: None}) for _ in range(2))
    boss = kit.person("manager", {stage.project: None})
    rows = {row["id"]: row for row in kit.rows("Person", "id", "full_name", "login", "email", actor=client)}
    assert str(boss.person_id) not in rows
    assert rows[str(other.person_id)]["full_name"] == other.name
    assert rows[str(other.person_id)]["email"] is None
    assert rows[str(client.person_id)]["email"]
    by_name = Where("full_name", Op.CONTAINS, boss.name[:8])
    assert str(boss.person_id) not in {
        row["id"] for row in kit.rows("Person", "id", where=by_name, actor=client)
    }


def test_a_client_sees_playlists_and_custom_fields_that_are_for_clients(stage: Stage) -> None:
    kit, client = stage.kit, stage.kit.person("client", {stage.project: None})
    kinds: dict[str, dict[str, Any]] = {"Playlist": {}, "FieldDescriptor": {"entity_type": "Shot"}}
    for kind, more in kinds.items():
        kit.create(kind, name=unique("Internal"), project_id=stage.project, **more)
        shown = kit.create(kind, name=unique("Shown"), project_id=stage.project, for_client=True, **more)
        assert names(kit, kind, client) == {str(shown)}


# -- supervisors ---------------------------------------------------------------------------------------------


def test_a_supervisor_leads_the_tasks_of_their_departments_or_all_without_one(stage: Stage) -> None:
    kit, task = stage.kit, stage.tasks[0]
    elsewhere = stage.led_by(kit.create("Department", name=unique("Lighting")))
    for lead in (stage.led_by(), stage.led_by(stage.animation)):
        kit.update("Task", task, lead, priority=2, due_date="2030-01-02")
    with pytest.raises(Forbidden, match="another department"):
        kit.update("Task", task, elsewhere, priority=3)
    with pytest.raises(Forbidden, match="another department"):
        kit.create(
            "Task",
            elsewhere,
            entity_id=stage.shots[0],
            name="new",
            task_type_id=kit.row("Task", task, "task_type_id"),
        )


@pytest.mark.parametrize("values", [{"name": "other"}, {"duration": 5.0}, {"priority": 1, "name": "other"}])
def test_a_supervisor_sets_no_more_of_a_task_than_its_plan(stage: Stage, values: dict[str, object]) -> None:
    with pytest.raises(Forbidden, match="does not let you set"):
        stage.kit.update("Task", stage.tasks[0], stage.led_by(), **values)
    assert stage.kit.row("Task", stage.tasks[0], "priority") == 0


def test_what_a_supervisor_sends_back_unchanged_is_not_held_against_them(stage: Stage) -> None:
    kit, task = stage.kit, stage.tasks[0]
    kit.update("Task", task, stage.led_by(), name="main", entity_id=stage.shots[0], priority=1)
    assert kit.row("Task", task, "priority") == 1


def test_a_supervisor_sets_the_custom_fields_of_their_departments_and_nothing_else_of_a_shot(
    stage: Stage,
) -> None:
    kit, shot = stage.kit, stage.shots[0]
    lighting = kit.create("Department", name=unique("Lighting"))
    for key, departments in (("mine", [stage.animation]), ("free", []), ("theirs", [lighting])):
        kit.create(
            "FieldDescriptor",
            name=key,
            field_name=key,
            entity_type="Shot",
            project_id=stage.project,
            departments=departments,
        )
    lead = stage.led_by(stage.animation)
    kit.update("Shot", shot, lead, data={"mine": "a", "free": "b"})
    for values in ({"data": {"theirs": "c"}}, {"data": {"unheard": "d"}}, {"name": "other"}):
        with pytest.raises(Forbidden, match="does not let you set"):
            kit.update("Shot", shot, lead, **values)
    assert kit.row("Shot", shot, "data") == {"mine": "a", "free": "b"}
    kit.update("Shot", shot, stage.led_by(), data={"unheard": "d"})


# -- artists -------------------------------------------------------------------------------------------------


def test_an_artist_comments_where_they_work_whatever_the_way_in(stage: Stage) -> None:
    kit, task = stage.kit, stage.tasks[0]
    artist = kit.person("user", {stage.project: None})
    with pytest.raises(Forbidden, match="assigned"):
        kit.create("Note", artist, text="hello", object_id=task)
    with pytest.raises(Forbidden, match="assigned"):
        kit.execute(Act("comment", facet("Task"), task, {"text": "hello"}), actor=artist)
    kit.create("Note", artist, text="about the shot", object_id=stage.shots[0])
    kit.update("Task", task, assignees=[artist.person_id])
    kit.create("Note", artist, text="hello", object_id=task)


def test_an_artist_counts_their_own_hours(stage: Stage) -> None:
    kit = stage.kit
    artist, other = (kit.person("user", {stage.project: None}) for _ in range(2))
    spent = {"task_id": stage.tasks[0], "duration": 60, "date": "2030-01-01"}
    with pytest.raises(Forbidden, match="assigned to"):
        kit.create("TimeSpent", artist, **spent)
    kit.update("Task", stage.tasks[0], assignees=[artist.person_id])
    kit.create("TimeSpent", artist, **spent)
    with pytest.raises(Forbidden, match="somebody else's name"):
        kit.create("TimeSpent", artist, person_id=other.person_id, **spent)


def test_people_set_no_rank_of_their_own_and_may_send_their_masks_back(stage: Stage) -> None:
    kit = stage.kit
    artist = kit.person("user", {stage.project: None})
    kit.update("Person", artist.person_id, daily_salary=100)
    for values in ({"seniority": "senior"}, {"role": "admin"}, {"daily_salary": 200}):
        with pytest.raises(Forbidden, match="does not let you set"):
            kit.update("Person", artist.person_id, artist, **values)
    kit.update("Person", artist.person_id, artist, phone="123", role="user", daily_salary=None)
    assert kit.row("Person", artist.person_id, "daily_salary") == 100


# -- people and projects -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("role", "knows"), [("manager", True), ("supervisor", False), ("user", False)])
def test_only_managers_see_how_to_reach_others_but_anybody_may_look_for_an_address(
    stage: Stage,
    role: str,
    knows: bool,  # noqa: FBT001
) -> None:
    kit = stage.kit
    reader, other = kit.person(role, {stage.project: None}), kit.person("user")
    email = kit.row("Person", other.person_id, "email")
    for op, value in ((Op.EQ, email), (Op.EQ_CI, email.upper()), (Op.IN, [email])):
        found = kit.rows("Person", "id", "email", where=Where("email", op, value), actor=reader)
        assert [row["id"] for row in found] == [str(other.person_id)]
        assert (found[0]["email"] == email) is knows
    guessed = kit.rows("Person", "id", where=Where("email", Op.STARTS, email[:6]), actor=reader)
    assert bool(guessed) is knows
    assert kit.row("Person", reader.person_id, "email", actor=reader)


@pytest.mark.parametrize("change", [{"project_status_id": "Closed"}, {"archived": True}])
@pytest.mark.parametrize("role", ["manager", "supervisor", "user", "client", "vendor"])
def test_a_project_that_is_closed_is_for_administrators(
    stage: Stage, change: dict[str, Any], role: str
) -> None:
    kit = stage.kit
    person = kit.person(role, {stage.project: None})
    kit.update("HumanUser", person.person_id, login=unique("login").replace(" ", ""))
    login = kit.row("HumanUser", person.person_id, "login")
    key = create_api_key(kit.studio.writes, kit.row("Person", person.person_id, "email"))
    door = Authenticator(kit.studio.reads, kit.studio.writes, "x" * 40, LoginRules())
    assert set(door.by_api_key(login, key).project_roles) == {stage.project}
    if "project_status_id" in change:
        where = Where("name", Op.EQ, "Closed")
        change = {"project_status_id": kit.rows("ProjectStatus", "id", where=where)[0]["id"]}
    kit.update("Project", stage.project, **change)
    actor = door.by_api_key(login, key)
    assert names(kit, "Project", actor) == set()
    assert names(kit, "Task", actor) == set()
    with pytest.raises(NotFound):
        kit.update("Shot", stage.shots[0], actor, name="x")


@pytest.mark.parametrize("which", [Retired.BOTH, Retired.RETIRED])
def test_of_retired_rows_one_sees_those_that_one_may_bring_back(stage: Stage, which: Retired) -> None:
    kit, (kept, gone) = stage.kit, stage.shots
    author, mate, manager = (kit.person(role, {stage.project: None}) for role in ("user", "user", "manager"))
    kit.update("Task", stage.tasks[0], assignees=[author.person_id])
    mine = kit.create("PreviewFile", author, name=unique("take"), task_id=stage.tasks[0])
    kit.delete("PreviewFile", mine, author)
    kit.delete("Shot", gone)
    live = {str(kept)} if which is Retired.BOTH else set()

    def seen(kind: str, actor: Actor) -> set[str]:
        return {row["id"] for row in kit.rows(kind, "id", actor=actor, retired=which)}

    assert (seen("PreviewFile", author), seen("PreviewFile", mate)) == ({str(mine)}, set())
    assert (seen("Shot", manager), seen("Shot", author)) == (live | {str(gone)}, live)
    assert str(gone) not in seen("Shot", stage.vendor)


def test_every_type_of_a_project_has_a_line_for_vendors_and_one_for_clients() -> None:
    models = {each.model.__name__ for each in FACETS.values() if each.project}
    assert models == set(VENDOR)
    assert models == set(CLIENT)
