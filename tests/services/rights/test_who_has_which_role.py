"""Roles in projects beside those of the team, and custom fields that only some roles read and write."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.studio import PLAIN, StudioKit, unique
from zou_server.models.actor import Actor
from zou_server.models.conditions import Condition, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.models.security_roles import ClosedField
from zou_server.query.statements import AnswerShape, statement_for
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.read.reader import view_of
from zou_server.services.write.operations import Update


@dataclass
class Stage:
    """Two projects with a shot each, and a custom field of shots."""

    kit: StudioKit
    projects: list[uuid.UUID]
    shots: list[uuid.UUID]
    key: str

    def now(self, person: Actor) -> Actor:
        """The person with the rights of this moment."""
        email: Any = self.kit.row("Person", person.person_id, "email")
        key = create_api_key(self.kit.studio.writes, email)
        door = Authenticator(self.kit.studio.reads, self.kit.studio.writes, "x" * 40, LoginRules())
        return door.by_api_key(email, key, client="ftrack")

    def person(self, role: str, *projects: uuid.UUID, project_role: str | None = None) -> Actor:
        """Somebody on the teams of these projects."""
        return self.now(self.kit.person(role, dict.fromkeys(projects, project_role)))

    def field(self, **values: Any) -> uuid.UUID:
        """The custom field, for some roles."""
        named: dict[str, Any] = {"name": self.key, "field_name": self.key, **values}
        return self.kit.create("FieldDescriptor", entity_type="Shot", **named)


@pytest.fixture
def stage(kit: StudioKit) -> Stage:
    """A stage of this test's own, with `top` in the field of both shots."""
    projects = [kit.project() for _ in range(2)]
    key = f"secret_{uuid.uuid4().hex[:8]}"
    shots = [kit.shot(project, data={key: "top", "open": "yes"}) for project in projects]
    return Stage(kit, projects, shots, key)


def shot(stage: Stage, place: int, actor: Actor) -> Any:
    return stage.kit.row("Shot", stage.shots[place], "data", f"data.{stage.key}", actor=actor)


def found(stage: Stage, actor: Actor, where: Condition) -> list[str]:
    return [row["id"] for row in stage.kit.rows("Shot", "id", where=where, actor=actor)]


# -- roles in projects ---------------------------------------------------------------------------------------


def test_a_role_in_a_project_gives_what_the_role_gives_and_nothing_elsewhere(stage: Stage) -> None:
    kit, artist = stage.kit, stage.person("user")
    role = kit.create("UserSecurityRole", person_id=artist.person_id, role="manager")
    link = kit.create("UserSecurityRoleProject", user_security_role_id=role, project_id=stage.projects[0])
    now = stage.now(artist)
    assert now.project_roles == {stage.projects[0]: "manager"}
    kit.update("Shot", stage.shots[0], now, name=unique("renamed"))
    assert kit.row("Shot", stage.shots[1], "id", actor=now) is None
    kit.delete("UserSecurityRoleProject", link)
    assert stage.now(artist).project_roles == {}


@pytest.mark.parametrize("everywhere", ["is_all_projects", "is_all_open_projects"])
def test_a_role_in_all_projects_is_for_those_to_come_too(stage: Stage, everywhere: str) -> None:
    kit, artist = stage.kit, stage.person("user")
    role: dict[str, Any] = {"person_id": artist.person_id, "role": "supervisor", everywhere: True}
    made = kit.create("UserSecurityRole", **role)
    later = kit.project()
    roles = stage.now(artist).project_roles
    assert {roles[each] for each in (*stage.projects, later)} == {"supervisor"}
    kit.delete("UserSecurityRole", made)
    assert stage.now(artist).project_roles == {}


def test_the_stronger_of_two_roles_counts(stage: Stage) -> None:
    kit, project = stage.kit, stage.projects[0]
    lead = stage.person("user", project, project_role="supervisor")
    for role in ("user", "client"):
        made = kit.create("UserSecurityRole", person_id=lead.person_id, role=role)
        kit.create("UserSecurityRoleProject", user_security_role_id=made, project_id=project)
    assert stage.now(lead).project_roles == {project: "supervisor"}


def test_nobody_but_an_administrator_gives_roles(stage: Stage) -> None:
    manager = stage.person("manager", *stage.projects)
    with pytest.raises(Forbidden):
        stage.kit.create("UserSecurityRole", manager, person_id=manager.person_id, role="manager")


@pytest.mark.parametrize("role", ["user", "vendor", "client", "supervisor", "manager"])
def test_which_role_somebody_has_is_for_managers_and_themselves(stage: Stage, role: str) -> None:
    kit, here = stage.kit, dict.fromkeys(stage.projects)
    asking, other = kit.person(role, here), kit.person("user", here)
    made = {}
    for person in (asking, other):
        of = kit.create("UserSecurityRole", person_id=person.person_id, role="supervisor")
        project = kit.create(
            "UserSecurityRoleProject", user_security_role_id=of, project_id=stage.projects[0]
        )
        made[person.person_id] = (of, project)
    known = [asking, other] if role == "manager" else [asking]
    for place, kind in enumerate(("UserSecurityRole", "UserSecurityRoleProject")):
        mine = Where("id", Op.IN, [str(each[place]) for each in made.values()])
        seen = {row["id"] for row in kit.rows(kind, "id", where=mine, actor=asking)}
        assert seen == {str(made[each.person_id][place]) for each in known}
        told = Where("object_id", Op.IN, [str(each[place]) for each in made.values()])
        assert kit.rows("EventLog", "id", where=told, actor=asking) == []


# -- custom fields -------------------------------------------------------------------------------------------


def test_a_field_is_read_by_the_roles_that_it_names_and_nobody_else(stage: Stage) -> None:
    stage.field(read_roles=["manager"])
    artist, manager = (stage.person(role, *stage.projects) for role in ("user", "manager"))
    assert shot(stage, 0, manager) == {
        "data": {stage.key: "top", "open": "yes"},
        f"data.{stage.key}": "top",
    }
    assert shot(stage, 0, artist) == {"data": {"open": "yes"}, f"data.{stage.key}": None}
    known = Where(f"data.{stage.key}", Op.EQ, "top")
    assert set(found(stage, manager, known)) == set(map(str, stage.shots))
    assert found(stage, artist, known) == []


def test_the_role_is_that_in_the_rows_project(stage: Stage) -> None:
    stage.field(read_roles=["supervisor"])
    lead = stage.person("user", stage.projects[0], project_role="supervisor")
    stage.kit.create("Membership", project_id=stage.projects[1], person_id=lead.person_id)
    lead = stage.now(lead)
    assert shot(stage, 0, lead)[f"data.{stage.key}"] == "top"
    assert shot(stage, 1, lead)[f"data.{stage.key}"] is None


def test_a_field_of_one_project_is_closed_there_alone(stage: Stage) -> None:
    stage.field(read_roles=[], project_id=stage.projects[0])
    manager = stage.person("manager", *stage.projects)
    assert shot(stage, 0, manager)[f"data.{stage.key}"] is None
    assert shot(stage, 1, manager)[f"data.{stage.key}"] == "top"


def test_a_field_is_set_by_the_roles_that_it_names_and_nobody_else(stage: Stage) -> None:
    kit = stage.kit
    stage.field(write_roles=["manager"])
    supervisor, manager = (stage.person(role, *stage.projects) for role in ("supervisor", "manager"))
    kit.update("Shot", stage.shots[0], supervisor, data={"open": "no"})
    with pytest.raises(Forbidden, match=stage.key):
        kit.update("Shot", stage.shots[0], supervisor, data={stage.key: "mine"})
    kit.update("Shot", stage.shots[0], manager, data={stage.key: "theirs"})
    assert shot(stage, 0, manager)["data"] == {stage.key: "theirs", "open": "no"}


def test_whoever_may_not_set_a_field_sends_its_value_back_with_the_others(stage: Stage) -> None:
    stage.field(write_roles=["manager"])
    supervisor = stage.person("supervisor", *stage.projects)
    stage.kit.update("Shot", stage.shots[0], supervisor, data={stage.key: "top", "open": "no"})
    assert shot(stage, 0, supervisor)["data"] == {stage.key: "top", "open": "no"}


def test_nobody_guesses_a_value_by_sending_it_back(stage: Stage) -> None:
    stage.field(read_roles=["manager"], write_roles=["manager"])
    supervisor = stage.person("supervisor", *stage.projects)
    with pytest.raises(Forbidden, match=stage.key):
        stage.kit.update("Shot", stage.shots[0], supervisor, data={stage.key: "top", "open": "no"})


@pytest.mark.parametrize("way", ["data", "link:"])
def test_a_closed_field_is_not_emptied_by_a_way_round_its_key(stage: Stage, way: str) -> None:
    stage.field(write_roles=["manager"])
    supervisor = stage.person("supervisor", *stage.projects)
    values: dict[str, Any] = {"data" if way == "data" else f"{way}{stage.key}": None}
    with pytest.raises(Forbidden, match=stage.key):
        stage.kit.update("Shot", stage.shots[0], supervisor, **values)
    assert shot(stage, 0, supervisor)[f"data.{stage.key}"] == "top"


def test_the_values_of_a_deleted_field_stay_closed_until_there_is_one_again(stage: Stage) -> None:
    kit = stage.kit
    kit.delete("FieldDescriptor", stage.field(read_roles=["manager"]))
    artist = stage.person("user", *stage.projects)
    told = Where("attribute", Op.EQ, f"data.{stage.key}")
    assert shot(stage, 0, artist) == {"data": {"open": "yes"}, f"data.{stage.key}": None}
    assert kit.rows("EventLog", "id", where=told, actor=artist) == []
    stage.field()
    assert shot(stage, 0, stage.now(artist))[f"data.{stage.key}"] == "top"


@pytest.mark.parametrize("what", [{"field_name": "other"}, {"entity_type": "Asset"}])
def test_a_closed_field_keeps_its_key_as_its_values_would_be_open(stage: Stage, what: dict[str, Any]) -> None:
    field = stage.field(read_roles=["manager"])
    with pytest.raises(Invalid, match="key"):
        stage.kit.update("FieldDescriptor", field, **what)
    stage.kit.update("FieldDescriptor", field, read_roles=None)
    stage.kit.update("FieldDescriptor", field, **what)


def test_the_log_tells_nobody_of_what_they_may_not_read(stage: Stage) -> None:
    kit = stage.kit
    field = stage.field(read_roles=["manager"])
    artist, manager = (stage.person(role, *stage.projects) for role in ("user", "manager"))
    kit.update("Shot", stage.shots[0], data={stage.key: "changed"})
    told = Where("attribute", Op.EQ, f"data.{stage.key}")
    assert kit.rows("EventLog", "id", where=told, actor=manager)
    assert kit.rows("EventLog", "id", where=told, actor=artist) == []
    assert kit.row("FieldDescriptor", field, "name", actor=manager) == stage.key
    assert kit.row("FieldDescriptor", field, "name", actor=artist) is None


def closed(count: int) -> tuple[ClosedField, ...]:
    """So many fields of shots, each of a project of its own, that the actor does not read."""
    return tuple(
        ClosedField(uuid.uuid4(), "Shot", f"secret_{number}", uuid.uuid4(), frozenset(), None)
        for number in range(count)
    )


@pytest.mark.parametrize("path", ["data", "data.secret_1", "data.open"])
def test_closed_fields_make_a_statement_longer_by_as_much_for_each(path: str) -> None:
    asked = Query(facet("Shot"), Projection((Output("x", path),)))

    def length(count: int) -> int:
        view = view_of(Actor(uuid.uuid4(), "A", "user", closed_fields=closed(count)))
        return len(statement_for(replace(asked, seen_by=view), PLAIN, AnswerShape.ARRAY)[0].sql)

    grown = [length(count) for count in (4, 8, 40)]
    assert grown[2] - grown[1] <= 9 * (grown[1] - grown[0])
    assert grown[2] < 20_000
    assert path == "data" or grown[1] == grown[2]


def test_whoever_reads_none_of_forty_fields_reads_the_others_of_every_row(stage: Stage) -> None:
    kit = stage.kit
    secrets = {f"{stage.key}_{number}": "top" for number in range(40)}
    for number, key in enumerate(secrets):
        project_id = [None, *stage.projects][number % 3]
        values: dict[str, Any] = {"read_roles": ["manager"], "project_id": project_id}
        kit.create("FieldDescriptor", entity_type="Shot", name=key, field_name=key, **values)
        kit.create("FieldDescriptor", entity_type="Task", name=key, field_name=key, **values)
    kit.update("Shot", stage.shots[0], data=secrets)
    task = kit.create("Task", name=unique("T"), entity_id=stage.shots[0], data={**secrets, "open": "yes"})
    artist = stage.person("user", *stage.projects)
    elsewhere = [f"{stage.key}_{number}" for number in range(40) if number % 3 == 2]
    for kind, id_ in (("Shot", stage.shots[0]), ("Task", task)):
        found = kit.row(kind, id_, "data", "data.open", f"data.{elsewhere[0]}", actor=artist)
        assert found["data"].keys() - {stage.key} == {"open", *elsewhere}
        assert (found["data.open"], found[f"data.{elsewhere[0]}"]) == ("yes", "top")


def test_nobody_carries_the_closed_fields_of_projects_that_are_not_theirs(stage: Stage) -> None:
    stage.field(read_roles=["manager"], project_id=stage.projects[0])
    stage.kit.create("FieldDescriptor", entity_type="Person", name=stage.key, field_name=stage.key,
                     read_roles=["manager"], project_id=stage.projects[0])  # fmt: skip
    known = [
        [each.entity_type for each in stage.person("user", project).closed_fields if each.key == stage.key]
        for project in stage.projects
    ]
    assert [sorted(each) for each in known] == [["Person", "Shot"], ["Person"]]


def test_a_field_that_two_projects_close_is_closed_in_both_by_whatever_way(stage: Stage) -> None:
    for project in stage.projects:
        stage.field(read_roles=["manager"], project_id=project)
    other = stage.kit.shot(stage.projects[0])
    for each in stage.shots:
        stage.kit.update("Shot", each, data={stage.key: str(other)})
    artist, manager = (stage.person(role, *stage.projects) for role in ("user", "manager"))
    link = f"link:{stage.key}"
    for each in stage.shots:
        assert stage.kit.row("Shot", each, f"{link}.id", actor=manager) == str(other)
        assert stage.kit.row("Shot", each, f"{link}.id", f"data.{stage.key}", actor=artist) == {
            f"{link}.id": None,
            f"data.{stage.key}": None,
        }
    assert found(stage, artist, Where(f"{link}.id", Op.EQ, str(other))) == []
    with pytest.raises(Invalid):
        stage.kit.rows("Shot", "id", actor=artist, order=(Order(link),), after=str(stage.shots[0]))


def test_links_to_many_of_a_closed_field_are_read_found_and_set_by_its_roles_alone(stage: Stage) -> None:
    kit = stage.kit
    stage.field(read_roles=["manager"], write_roles=["manager"])
    other, links = kit.shot(stage.projects[0]), f"links:Shot/{stage.key}"
    kit.execute(Update(facet("Shot"), stage.shots[0], {links: [other]}))
    artist, manager = (stage.person(role, *stage.projects) for role in ("user", "manager"))
    lead = stage.person("supervisor", *stage.projects)
    asked = [Where(f"{links}.id", Op.EQ, str(other)), Where(links, Op.NOT_NULL)]
    for actor, ids, rows in (
        (manager, [str(other)], [str(stage.shots[0])]),
        (artist, [], []),
    ):
        assert kit.row("Shot", stage.shots[0], f"{links}*", actor=actor) == ids
        assert [found(stage, actor, each) for each in asked] == [rows, rows]
        told = Where("attribute", Op.IN, [links, f"back:{links}"])
        assert bool(kit.rows("EventLog", "id", where=told, actor=actor)) == bool(rows)
    for wanted in ([], [stage.shots[1]]):
        with pytest.raises(Forbidden, match=stage.key):
            kit.update("Shot", stage.shots[0], lead, **{links: wanted})
    kit.update("Shot", stage.shots[0], manager, **{links: []})
    assert kit.row("Shot", stage.shots[0], f"{links}*") == []


def test_rows_that_name_another_in_a_closed_field_are_not_found_from_it(stage: Stage) -> None:
    kit = stage.kit
    stage.field(read_roles=["manager"])
    scene = kit.create("Scene", name=unique("Scene"), project_id=stage.projects[0])
    kit.update("Shot", stage.shots[0], data={stage.key: str(scene)})
    artist, manager = (stage.person(role, *stage.projects) for role in ("user", "manager"))
    held = f"held:Shot/{stage.key}"
    known = [kit.row("Scene", scene, f"{held}*", actor=actor) for actor in (manager, artist)]
    assert known == [[str(stage.shots[0])], []]


def test_a_closed_field_of_rows_whose_project_is_that_of_another_row_is_closed(stage: Stage) -> None:
    kit = stage.kit
    task = kit.create("Task", name=unique("T"), entity_id=stage.shots[0])
    preview = kit.create("PreviewFile", name="take", task_id=task, data={stage.key: "top"})
    values: dict[str, Any] = {"name": stage.key, "field_name": stage.key, "read_roles": ["manager"]}
    kit.create("FieldDescriptor", entity_type="PreviewFile", project_id=stage.projects[0], **values)
    artist, manager = (stage.person(role, *stage.projects) for role in ("user", "manager"))
    shown = [kit.row("PreviewFile", preview, "data", actor=actor) for actor in (manager, artist)]
    assert shown == [{stage.key: "top"}, {}]


@pytest.mark.parametrize("kind", ["ApiEvent", "LiveEvent"])
def test_an_operation_on_a_closed_field_and_others_is_told_of(stage: Stage, kind: str) -> None:
    stage.field(read_roles=["manager"])
    artist = stage.person("user", *stage.projects)
    stage.kit.update("Shot", stage.shots[0], data={stage.key: "x", f"{stage.key}_longer": "y"})
    told = Where("object_id", Op.EQ, str(stage.shots[0]))
    paths = ("event_name", "payload")
    rows = stage.kit.rows(kind, *paths, where=told, actor=artist)
    assert sorted(row["event_name"] for row in rows) == ["shot:new", "shot:update"]
    assert stage.key not in str(rows)


def test_whoever_is_on_a_task_has_what_is_for_the_assigned(stage: Stage) -> None:
    kit = stage.kit
    kit.create(
        "FieldDescriptor",
        entity_type="Task",
        name=stage.key,
        field_name=stage.key,
        read_roles=["assigned"],
        write_roles=["assigned"],
    )
    artist = stage.person("user", *stage.projects)
    mine, other = (
        kit.create("Task", name=unique("T"), entity_id=stage.shots[0], data={stage.key: "top"})
        for _ in range(2)
    )
    kit.create("Assignation", task_id=mine, person_id=artist.person_id)
    shown = [kit.row("Task", each, f"data.{stage.key}", actor=artist) for each in (mine, other)]
    assert shown == ["top", None]
