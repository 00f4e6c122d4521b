"""Groups that are appointed: whoever is in them is where they are, as long as both last."""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass
from typing import Any

import pytest

from tests.studio import StudioKit, unique
from tests.waiting import until_somebody_waits
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import All, Op, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.rules import object_link
from zou_server.services.write.operations import Act, Create, Edit, Mode, Operation, Revive


@dataclass
class Crew:
    """A project with a shot and a task, a group with one member, and somebody who is in nothing."""

    kit: StudioKit
    project: uuid.UUID
    shot: uuid.UUID
    task: uuid.UUID
    group: uuid.UUID
    member: Actor
    other: Actor

    def join(self, person: Actor, actor: Actor | None = None) -> uuid.UUID:
        """Put somebody into the group."""
        return self.kit.create(
            "GroupUserConnection", actor or SYSTEM, from_id=self.group, to_id=person.person_id
        )

    def appoint(self, on: uuid.UUID) -> uuid.UUID:
        """Put the group on something."""
        return self.kit.create("GroupAppointment", object_id=on, group_id=self.group)

    def of(self, kind: str, near: str, on: uuid.UUID) -> set[str]:
        """Who is on something."""
        rows = self.kit.rows(kind, "person_id", where=Where(near, Op.EQ, str(on)))
        return {str(row["person_id"]) for row in rows}

    def assigned(self) -> set[str]:
        """Who is on the task."""
        return self.of("Assignation", "task_id", self.task)

    def team(self) -> set[str]:
        """Who is on the project's team."""
        return self.of("Membership", "project_id", self.project)


@pytest.fixture
def crew(kit: StudioKit) -> Crew:
    """A crew of this test's own."""
    project = kit.project()
    shot = kit.shot(project)
    task = kit.create("Task", name=unique("T"), entity_id=shot)
    group = kit.create("Group", name=unique("crew"))
    crew = Crew(kit, project, shot, task, group, kit.person("user"), kit.person("user"))
    crew.join(crew.member)
    return crew


def ids(*people: Actor) -> set[str]:
    return {str(each.person_id) for each in people}


def test_a_group_on_a_task_puts_its_members_on_the_task_and_the_team(crew: Crew) -> None:
    crew.appoint(crew.task)
    assert crew.assigned() == ids(crew.member)
    assert crew.team() == ids(crew.member)
    actions = [event["action"] for event in crew.kit.events(crew.task)]
    assert actions[-1] == "assign"


def test_who_joins_later_gets_what_the_group_has_and_who_leaves_loses_it(crew: Crew) -> None:
    crew.appoint(crew.task)
    crew.appoint(crew.shot)
    crew.appoint(crew.project)
    link = crew.join(crew.other)
    everybody = ids(crew.member, crew.other)
    assert crew.assigned() == crew.team() == crew.of("EntityAssignation", "entity_id", crew.shot) == everybody

    crew.kit.delete("GroupUserConnection", link)
    left = ids(crew.member)
    assert crew.assigned() == crew.team() == crew.of("EntityAssignation", "entity_id", crew.shot) == left

    crew.kit.revive("GroupUserConnection", link)
    assert crew.assigned() == crew.team() == everybody


def test_a_list_of_members_that_another_client_sets_is_the_same(crew: Crew) -> None:
    crew.appoint(crew.task)
    members: dict[str, Any] = {"links:Group/users": [crew.other.person_id]}
    crew.kit.update("Group", crew.group, **members)
    assert crew.assigned() == crew.team() == ids(crew.other)
    groups: dict[str, Any] = {"linked:Group/users": []}
    crew.kit.update("HumanUser", crew.other.person_id, **groups)
    assert crew.assigned() == crew.team() == set()


def test_nothing_is_asked_about_groups_when_a_link_of_anything_else_goes(
    crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(object_link, "dismiss_members", lambda _work, ids, _together: asked.append(ids))
    shots = [crew.kit.shot(crew.project) for _ in range(2)]
    for links in (shots, []):
        values: dict[str, Any] = {"links:Shot/linked_shots": links}
        crew.kit.update("Shot", crew.shot, **values)
    assert asked == []
    crew.join(crew.other)
    members: dict[str, Any] = {"links:Group/users": []}
    crew.kit.update("Group", crew.group, **members)
    assert [len(ids) for ids in asked] == [2]


@pytest.mark.parametrize("what", ["appointment", "group"])
def test_the_members_lose_it_when_the_appointment_or_the_group_goes(crew: Crew, what: str) -> None:
    appointment = crew.appoint(crew.task)
    kind, id_ = ("GroupAppointment", appointment) if what == "appointment" else ("Group", crew.group)
    crew.kit.delete(kind, id_)
    assert crew.assigned() == crew.team() == set()
    crew.kit.revive(kind, id_)
    assert crew.assigned() == crew.team() == ids(crew.member)


def test_what_two_groups_give_stays_while_one_of_them_does(crew: Crew) -> None:
    kit = crew.kit
    second = kit.create("Group", name=unique("crew"))
    kit.create("GroupUserConnection", from_id=second, to_id=crew.member.person_id)
    first = crew.appoint(crew.task)
    other = kit.create("GroupAppointment", object_id=crew.task, group_id=second)
    kit.delete("GroupAppointment", first)
    assert crew.assigned() == crew.team() == ids(crew.member)
    kit.delete("GroupAppointment", other)
    assert crew.assigned() == crew.team() == set()


def test_what_somebody_was_given_by_name_stays_theirs(crew: Crew) -> None:
    kit = crew.kit
    appointment = crew.appoint(crew.task)
    kit.create("Assignation", task_id=crew.task, person_id=crew.member.person_id)
    kit.create("Membership", project_id=crew.project, person_id=crew.member.person_id)
    kit.delete("GroupAppointment", appointment)
    assert crew.assigned() == crew.team() == ids(crew.member)


def test_who_is_assigned_by_a_verb_stays_when_the_group_goes(crew: Crew) -> None:
    kit = crew.kit
    appointment = crew.appoint(crew.task)
    kit.execute(Act("assign", facet("Task"), crew.task, {"person_id": crew.member.person_id}))
    kit.delete("GroupAppointment", appointment)
    assert crew.assigned() == ids(crew.member)


@pytest.mark.parametrize("mode", [Mode.ADD, Mode.SET])
def test_who_is_added_by_name_stays_when_the_group_goes_and_a_list_names_nobody_anew(
    crew: Crew, mode: Mode
) -> None:
    appointment = crew.appoint(crew.task)
    crew.kit.update("Task", crew.task, assignees=Edit(mode, [crew.member.person_id]))
    crew.kit.delete("GroupAppointment", appointment)
    assert crew.assigned() == (ids(crew.member) if mode is Mode.ADD else set())


def test_what_is_given_by_name_in_the_place_of_a_groups_is_told_and_ends_what_hung_on_it(crew: Crew) -> None:
    kit, person = crew.kit, crew.member.person_id
    for on in (crew.task, crew.shot, crew.project):
        crew.appoint(on)
    mine = Where("person_id", Op.EQ, str(person))
    before = {
        kind: uuid.UUID(kit.rows(kind, "id", where=mine)[0]["id"])
        for kind in ("Assignation", "EntityAssignation", "Membership")
    }
    named = kit.create("Group", name=unique("team"))
    kit.update("Membership", before["Membership"], data={"shotrunner_team": str(named)})
    members = Where("from_id", Op.EQ, str(named))
    assert len(kit.rows("GroupUserConnection", "id", where=members)) == 1

    kit.create("Assignation", task_id=crew.task, person_id=person)
    kit.create("EntityAssignation", entity_id=crew.shot, person_id=person)
    kit.create("Membership", project_id=crew.project, person_id=person)
    assert [kit.row(kind, id_, "id") for kind, id_ in before.items()] == [None] * 3
    for kind in ("EntityAssignation", "Membership"):
        assert [event["action"] for event in kit.events(before[kind])][-1] == "delete"
    assert kit.rows("GroupUserConnection", "id", where=members) == []
    assert "unassign" not in [event["action"] for event in kit.events(crew.task)]
    assert crew.assigned() == crew.team() == ids(crew.member)


def test_who_is_put_on_a_task_again_by_a_revive_is_on_the_team_again(crew: Crew) -> None:
    kit, person = crew.kit, crew.other.person_id
    assignation = kit.create("Assignation", task_id=crew.task, person_id=person)
    kit.delete("Assignation", assignation)
    for row in kit.rows("Membership", "id", where=Where("person_id", Op.EQ, str(person))):
        kit.delete("Membership", uuid.UUID(row["id"]))
    kit.revive("Assignation", assignation)
    assert crew.team() == ids(crew.other)


def test_members_and_appointments_of_one_commit_meet(crew: Crew) -> None:
    kit, group, task = crew.kit, str(uuid.uuid4()), str(uuid.uuid4())
    kit.execute(
        Create(facet("Group"), {"name": unique("crew")}, id=group),
        Create(facet("Task"), {"name": "new", "entity_id": crew.shot}, id=task),
        Create(facet("GroupAppointment"), {"object_id": task, "group_id": group}),
        Create(facet("GroupUserConnection"), {"from_id": group, "to_id": crew.other.person_id}),
    )
    assert crew.of("Assignation", "task_id", uuid.UUID(task)) == ids(crew.other)


def test_nobody_comes_into_a_project_by_a_group_whom_they_could_not_put_there(crew: Crew) -> None:
    kit = crew.kit
    artist, manager = kit.person("user", {crew.project: None}), kit.person("manager", {})
    crew.appoint(crew.project)
    for actor in (artist, manager):
        with pytest.raises(Forbidden):
            crew.join(actor, actor)
        with pytest.raises(Forbidden):
            kit.update("HumanUser", actor.person_id, actor, **{"linked:Group/users": [crew.group]})
    assert crew.team() >= ids(crew.member)
    assert not crew.team() & ids(manager)
    crew.join(manager, kit.person("manager", {crew.project: None}))
    assert crew.team() >= ids(manager)


@pytest.mark.parametrize("way", ["revive", "create again", "with the group"])
def test_nobody_comes_back_into_a_group_that_is_where_they_could_not_put_people(crew: Crew, way: str) -> None:
    kit, project = crew.kit, crew.kit.project()
    artist = kit.person("user", {project: None})
    group = kit.create("Group", artist, name=unique("mine"), project_id=project)
    values = {"from_id": str(group), "to_id": str(artist.person_id)}
    link = kit.create("GroupUserConnection", artist, **values)
    again: dict[str, Operation] = {
        "revive": Revive(facet("GroupUserConnection"), link),
        "create again": Create(facet("GroupUserConnection"), values, id=str(link)),
        "with the group": Revive(facet("Group"), group),
    }
    if way != "with the group":
        kit.delete("GroupUserConnection", link, artist)
    appointment = kit.create("GroupAppointment", object_id=crew.project, group_id=group)
    if way == "with the group":
        kit.delete("Group", group, artist)
    with pytest.raises(Forbidden):
        kit.execute(again[way], actor=artist)
    assert not crew.team() & ids(artist)
    kit.execute(again[way])
    assert crew.team() >= ids(artist)
    assert kit.row("GroupAppointment", appointment, "id")


@pytest.mark.parametrize("end", ["from_id", "to_id"])
def test_who_is_in_a_group_is_not_moved_into_another(crew: Crew, end: str) -> None:
    kit = crew.kit
    crew.appoint(crew.project)
    other = kit.create("Group", name=unique("crew"))
    link = kit.create("GroupUserConnection", from_id=other, to_id=crew.other.person_id)
    moved: dict[str, Any] = {end: crew.group if end == "from_id" else crew.member.person_id}
    with pytest.raises(Invalid):
        kit.update("GroupUserConnection", link, **moved)
    assert crew.team() == ids(crew.member)


def test_a_supervisor_puts_groups_on_tasks_and_not_on_teams(crew: Crew) -> None:
    supervisor = crew.kit.person("supervisor", {crew.project: None})
    crew.kit.create("GroupAppointment", supervisor, object_id=crew.task, group_id=crew.group)
    assert crew.assigned() == ids(crew.member)
    with pytest.raises(Forbidden):
        crew.kit.create("GroupAppointment", supervisor, object_id=crew.project, group_id=crew.group)


def test_groups_are_put_on_work_and_nothing_else(crew: Crew) -> None:
    with pytest.raises(Invalid):
        crew.appoint(crew.member.person_id)
    appointment = crew.appoint(crew.task)
    with pytest.raises(Invalid):
        crew.kit.update("GroupAppointment", appointment, object_id=crew.shot)


# -- people -------------------------------------------------------------------------------------------------


def actor_again(kit: StudioKit, person: Actor) -> Actor:
    """The person with the rights they have now."""
    email: Any = kit.row("Person", person.person_id, "email")
    key = create_api_key(kit.studio.writes, email)
    door = Authenticator(kit.studio.reads, kit.studio.writes, "x" * 40, LoginRules())
    return door.by_api_key(email, key, client="ftrack")


def test_who_is_assigned_is_on_the_team_and_sees_the_project(crew: Crew) -> None:
    kit = crew.kit
    assert kit.rows("Project", "id", actor=actor_again(kit, crew.other)) == []
    kit.create("Assignation", task_id=crew.task, person_id=crew.other.person_id)
    now = actor_again(kit, crew.other)
    assert [row["id"] for row in kit.rows("Project", "id", actor=now)] == [str(crew.project)]


def test_who_is_assigned_may_be_put_on_the_team_by_name_and_stays_without_the_group(crew: Crew) -> None:
    kit, person = crew.kit, crew.other.person_id
    kit.create("Assignation", task_id=crew.task, person_id=person)
    appointment = crew.appoint(crew.project)
    link = crew.join(crew.other)
    kit.delete("GroupUserConnection", link)
    assert crew.team() == ids(crew.member, crew.other)
    kit.create("Membership", project_id=crew.project, person_id=person, role="supervisor")
    assert kit.rows("Membership", "role", where=Where("person_id", Op.EQ, str(person))) == [
        {"role": "supervisor"}
    ]
    kit.delete("GroupAppointment", appointment)
    assert crew.team() == ids(crew.other)


def test_who_is_on_a_shot_sees_it_and_says_where_it_stands(crew: Crew) -> None:
    kit, artist = crew.kit, crew.other
    kit.create("EntityAssignation", entity_id=crew.shot, person_id=artist.person_id)
    assert crew.team() == ids(artist)
    status = kit.rows("Status", "id", where=Where("for_entity", Op.EQ, value=True))[0]["id"]
    now = actor_again(kit, artist)
    kit.update("Shot", crew.shot, now, status_id=status)
    assert kit.row("Shot", crew.shot, "status_id") == status
    with pytest.raises(Forbidden):
        kit.update("Shot", crew.shot, now, name="mine")
    other = kit.shot(crew.project)
    with pytest.raises(Forbidden):
        kit.update("Shot", other, now, status_id=status)


def test_a_vendor_sees_the_shots_that_they_are_on(crew: Crew) -> None:
    kit = crew.kit
    vendor = kit.person("vendor", {crew.project: None})
    sequence = kit.create("Sequence", name=unique("SQ"), project_id=crew.project)
    shot = kit.shot(crew.project, parent_id=sequence)
    assert kit.rows("Shot", "id", actor=vendor) == []
    kit.create("EntityAssignation", entity_id=shot, person_id=vendor.person_id)
    assert [row["id"] for row in kit.rows("Shot", "id", actor=vendor)] == [str(shot)]
    assert [row["id"] for row in kit.rows("Sequence", "id", actor=vendor)] == [str(sequence)]
    mine = All((Where("entity_id", Op.EQ, str(shot)),))
    assert len(kit.rows("EntityAssignation", "id", where=mine, actor=vendor)) == 1


# -- while something is deleted, moved or written by others --------------------------------------------------


@pytest.mark.parametrize("kind", ["Task", "Shot"])
def test_work_comes_back_with_those_who_are_in_its_group_by_then(crew: Crew, kind: str) -> None:
    kit, id_ = crew.kit, crew.task if kind == "Task" else crew.shot
    link = crew.join(crew.other)
    for on in (crew.task, crew.shot):
        crew.appoint(on)
    newcomer = kit.person("user")
    kit.delete(kind, id_)
    kit.delete("GroupUserConnection", link)
    crew.join(newcomer)
    kit.revive(kind, id_)
    assert crew.assigned() == crew.team() == ids(crew.member, newcomer)
    assert crew.of("EntityAssignation", "entity_id", crew.shot) == ids(crew.member, newcomer)


def test_work_comes_back_without_a_group_that_is_deleted_by_then(crew: Crew) -> None:
    for on in (crew.task, crew.shot):
        crew.appoint(on)
    crew.kit.delete("Shot", crew.shot)
    crew.kit.delete("Group", crew.group)
    crew.kit.revive("Shot", crew.shot)
    assert crew.assigned() == crew.of("EntityAssignation", "entity_id", crew.shot) == set()
    assert crew.team() == set()


@pytest.mark.parametrize("kind", ["Task", "Shot"])
def test_who_is_on_what_moves_is_on_the_team_there_and_the_group_leaves_the_old_one(
    crew: Crew, kind: str
) -> None:
    kit, there = crew.kit, crew.kit.project()
    crew.appoint(crew.task)
    kit.create("Assignation", task_id=crew.task, person_id=crew.other.person_id)
    if kind == "Task":
        kit.update("Task", crew.task, project_id=there, entity_id=kit.shot(there))
    else:
        kit.update("Shot", crew.shot, project_id=there)
    newcomer = kit.person("user")
    crew.join(newcomer)
    assert crew.of("Membership", "project_id", there) == ids(crew.member, crew.other, newcomer)
    assert crew.team() == ids(crew.other)


def test_two_who_give_somebody_the_same_at_once_both_succeed(crew: Crew) -> None:
    second = crew.kit.create("Group", name=unique("crew"))
    crew.appoint(crew.task)
    crew.kit.create("GroupAppointment", object_id=crew.task, group_id=second)
    with crew.kit.studio.write(SYSTEM) as work:
        work.execute(
            [Create(facet("GroupUserConnection"), {"from_id": second, "to_id": crew.other.person_id})]
        )
        waiting = threading.Thread(target=crew.join, args=(crew.other,))
        waiting.start()
        until_somebody_waits(crew.kit.studio.reads)
        work.commit()
    waiting.join()
    links = crew.kit.rows("GroupUserConnection", "id", where=Where("to_id", Op.EQ, str(crew.other.person_id)))
    assert len(links) == 2
    assert crew.assigned() == crew.team() == ids(crew.member, crew.other)


def test_who_joins_a_group_while_it_is_appointed_is_there_too(crew: Crew) -> None:
    with crew.kit.studio.write(SYSTEM) as work:
        work.execute([Create(facet("GroupAppointment"), {"object_id": crew.task, "group_id": crew.group})])
        waiting = threading.Thread(target=crew.join, args=(crew.other,))
        waiting.start()
        until_somebody_waits(crew.kit.studio.reads)
        work.commit()
    waiting.join()
    assert crew.assigned() == crew.team() == ids(crew.member, crew.other)
