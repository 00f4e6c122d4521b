"""The life of appointments of groups: whoever is in a group is where the group is, as long as both last.

It holds whichever client appoints the group, and whichever puts somebody into it. Who is put on something is
on its project's team, too. What somebody has by a group alone is `inherited`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.appointments import (
    ALLOCATION,
    ASSIGNMENT,
    GROUP_MEMBERS,
    GroupAppointment,
)
from zou_server.models.base import Identity
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.object_links import ObjectLink
from zou_server.models.policies import allowed
from zou_server.models.registry import facet, facet_of_kind
from zou_server.services.rules.give_appointments import (
    GIVE_GROUPS,
    JOIN_TEAM,
    LEFT_MEANWHILE,
    LEFT_TEAMS,
    LOCK_GROUPS,
    LOST,
)
from zou_server.services.talk.tell_people import tell_assignees
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.named_event import named_event
from zou_server.services.write.retire import drop, retire_all
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork
from zou_server.services.write.write_events import Recorded

_TYPES: Mapping[str, str] = {"Project": ALLOCATION, "Task": ASSIGNMENT, "Entity": ASSIGNMENT}
"""Model of what a group is put on -> what that is called."""
_WHO_MAY: Mapping[str, str] = {ALLOCATION: "membership", ASSIGNMENT: "assignation"}
"""Type of an appointment -> the policy that says who may make one."""
_NEAR: Mapping[str, str] = {
    "Assignation": "task_id",
    "EntityAssignation": "entity_id",
    "Membership": "project_id",
}
"""Model of a person's own row -> its column of what they are on."""


def describe_appointment(context: Context, change: Change) -> None:
    """Say what sort of appointment it is; one is made and deleted, never moved."""
    row = change.of(GroupAppointment)
    if not change.created:
        if change.changed("object_id", "group_id", "type"):
            raise Invalid("An appointment is not moved: delete it and make another.")
        return
    about = context.targets.get(row.object_id)
    type_ = _TYPES.get(facet_of_kind(about.kind).model.__name__) if about else None
    if about is None or type_ is None:
        raise Invalid(fields={"object_id": ["is nothing that somebody can be put on"]})
    change.set("type", type_)
    project_id = about.id if type_ == ALLOCATION else about.project_id
    change.set("project_id", project_id)
    _require(context.actor, type_, project_id)


def _require(actor: Actor, type_: str | None, project_id: uuid.UUID | None) -> None:
    if not allowed(actor, actor.role_in(project_id), _WHO_MAY[type_ or ASSIGNMENT], "create", None):
        raise Forbidden("Your role does not let you put the members of this group on its tasks and projects.")


def refuse_way_in(context: Context) -> None:
    """Whoever puts somebody into a group must be able to put them where the group is."""
    links = _created(context, ObjectLink)
    refuse_way_in_to(context.work, {row.from_id for row in links if row.field == GROUP_MEMBERS})


def refuse_way_in_to(work: UnitOfWork, groups: set[uuid.UUID]) -> None:
    """The same for groups that somebody comes into, by a new link or by one that is brought back."""
    if not groups or work.actor.is_admin:
        return
    wanted = sa.select(GroupAppointment.type, GroupAppointment.project_id).where(
        GroupAppointment.group_id.in_(groups), GroupAppointment.deleted_at.is_(None)
    )
    for type_, project_id in work.session.execute(wanted.distinct()):
        _require(work.actor, type_, project_id)


def keep_member(_context: Context, change: Change) -> None:
    """Who is in a group is put there and taken out, never moved: what they have by it goes too."""
    row = change.of(ObjectLink)
    if change.created or GROUP_MEMBERS not in (row.field, change.before.get("field")):
        return
    if change.changed("from_id", "to_id", "field"):
        raise Invalid("Who is in a group is not moved: take them out, and put in whom you want.")


def replace_inherited(context: Context) -> None:
    """What somebody is given by name takes the place of what they have by a group or by other work."""
    for model, near in _NEAR.items():
        of: Any = facet(model).model
        pairs = [
            (getattr(row, near), row.person_id)
            for row in _created(context, of)
            if not row.inherited and getattr(row, near) not in _new(context)
        ]
        if not pairs:
            continue
        rows = context.session.execute(
            sa.select(of, Identity)
            .join(Identity, Identity.id == of.id)
            .where(
                sa.tuple_(getattr(of, near), of.person_id).in_(pairs), of.deleted_at.is_(None), of.inherited
            )
        )
        for row, identity in rows:
            drop(context, facet(model), row, identity)


def _created(context: Context, model: Any) -> list[Any]:
    return [each.row for each in context.changes.values() if each.created and isinstance(each.row, model)]


def _new(context: Context) -> set[uuid.UUID]:
    found: set[uuid.UUID] = context.once(_ids_of_new)
    return found


def _ids_of_new(context: Context) -> set[uuid.UUID]:
    return {id_ for id_, change in context.changes.items() if change.created}


# -- what follows ------------------------------------------------------------------------------------------


def appoint_members(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Put who is in a group where the group is; `ids` are those of appointments, or of links to members."""
    LOCK_GROUPS.run(work, _texts(ids))
    made = GIVE_GROUPS.run(work, _texts(ids), _author(work), work.now)
    _tell(work, made)


def settle_members(work: UnitOfWork, ids: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Bring appointments that come back in step with who came into the group and left it meanwhile."""
    appoint_members(work, ids, together)
    dismiss_members(work, ids, frozenset())


def leave_what_is_back(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Take away what comes back to somebody who had it by a group alone that they have left meanwhile."""
    _retire(work, LEFT_MEANWHILE.run(work, _texts(ids)))


def follow_move(
    work: UnitOfWork, moved: Mapping[sa.Table, Sequence[uuid.UUID]], out_of: set[uuid.UUID]
) -> None:
    """Bring teams in step with work that went along to another project, for who is on it."""
    people = [
        id_ for name in ("Assignation", "EntityAssignation") for id_ in moved.get(facet(name).table, ())
    ]
    if people:
        join_team(work, people, frozenset())
    groups = moved.get(facet("GroupAppointment").table, ())
    if groups:
        appoint_members(work, groups, frozenset())
        _retire(work, LEFT_TEAMS.run(work, _texts(groups), _texts(out_of)))


def join_team(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Put who is on a task or a part of the tree on its project's team: administrators need not be."""
    _tell(work, JOIN_TEAM.run(work, _texts(ids), _author(work), work.now))


def dismiss_members(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Take away what somebody had by a group alone that they have left, or that is not appointed any more."""
    LOCK_GROUPS.run(work, _texts(ids))
    _retire(work, LOST.run(work, _texts(ids)))


def _retire(work: UnitOfWork, lost: Iterable[Sequence[Any]]) -> None:
    by_kind: dict[str, list[uuid.UUID]] = {}
    for kind, id_ in lost:
        by_kind.setdefault(kind, []).append(id_)
    for kind, found in by_kind.items():
        retire_all(work, facet(kind), found)


def _texts(ids: Iterable[uuid.UUID]) -> list[str]:
    return [str(id_) for id_ in ids]


def _author(work: UnitOfWork) -> str | None:
    return str(work.actor.person_id) if work.actor.person_id.int else None


def _tell(work: UnitOfWork, made: Iterable[Sequence[Any]]) -> None:
    """Record what was given, and tell who is on a task of it."""
    assigned: list[uuid.UUID] = []
    tasks: dict[uuid.UUID, list[uuid.UUID]] = {}
    for kind, id_, near, person_id, project_id in made:
        if kind == "Assignation":
            assigned.append(id_)
            tasks.setdefault(near, []).append(person_id)
            continue
        values = [(_NEAR[kind], near), ("person_id", person_id)]
        work.record(Recorded("create", kind, id_, None, project_id, first=True, made=values))
    if assigned:
        for task in work.session.scalars(sa.select(Identity).where(Identity.id.in_(tasks))):
            for person_id in tasks[task.id]:
                work.record(named_event("assign", task, person_id=person_id))
        tell_assignees(work, assigned, frozenset())


def is_plain(change: Change) -> bool:
    """True for a new row that no group brought about."""
    return change.created and not getattr(change.row, "inherited", False)


def is_new_member(change: Change) -> bool:
    """True for a new link of a group to who is in it."""
    return change.created and change.of(ObjectLink).field == GROUP_MEMBERS


def refuse_move(_context: Context, change: Change) -> None:
    """An appointment is made and deleted, never moved."""
    if not change.created and change.changed("entity_id", "person_id"):
        raise Invalid("An appointment is not moved: delete it and make another.")


GROUP_APPOINTMENT = Rule(
    before=(describe_appointment,),
    after=(After(lambda change: change.created, appoint_members),),
    gone=(dismiss_members,),
    back=(settle_members,),
)
"""A group on a task, a part of the tree or a team."""

ENTITY_ASSIGNATION = Rule(
    before=(refuse_move,),
    together=(replace_inherited,),
    after=(After(is_plain, join_team),),
    back=(leave_what_is_back, join_team),
)
"""Somebody on a part of the tree."""
