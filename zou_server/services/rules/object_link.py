"""The life of a link between two rows of any kind: whose project it is of, and what depends on it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa

from zou_server.models.appointments import GROUP_MEMBERS
from zou_server.models.errors import Invalid
from zou_server.models.object_links import ObjectLink
from zou_server.services.rules.appointments import (
    appoint_members,
    dismiss_members,
    is_new_member,
    keep_member,
    refuse_way_in,
    refuse_way_in_to,
)
from zou_server.services.rules.task_dates import follow_dependencies
from zou_server.services.tasks.dependencies import BOUNDS, FARTHEST, OFFSET, TYPE, UPSTREAM, USUAL
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork


def place_link(context: Context, change: Change) -> None:
    """Fill the project; a link that a rule makes has it already, and its row costs no statement."""
    row = change.of(ObjectLink)
    if row.project_id is not None:
        return
    about = context.targets.get(row.from_id)
    change.default("project_id", about.project_id if about else None)


def describe_dependency(_context: Context, change: Change) -> None:
    """That a task waits for another one has a type that there is, and an offset."""
    row = change.of(ObjectLink)
    if row.field != UPSTREAM:
        return
    said = {TYPE: USUAL, OFFSET: 0, **(row.data or {})}
    if said[TYPE] not in BOUNDS:
        raise Invalid(fields={f"data.{TYPE}": [f"is none of {', '.join(BOUNDS)}"]})
    if not isinstance(said[OFFSET], int) or abs(said[OFFSET]) > FARTHEST:
        raise Invalid(fields={f"data.{OFFSET}": ["is no number of days that a schedule can have"]})
    if change.created:
        change.set("data", said)


def plan_dependents(work: UnitOfWork, links: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Tasks that wait for something else than before begin when that lets them."""
    _plan(work, _from(work, links)[UPSTREAM].values(), together)


def leave_behind(work: UnitOfWork, links: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """What the end of a link means: for tasks that waited, and for whoever was in a group."""
    found = _from(work, links)
    _plan(work, found[UPSTREAM].values(), together)
    if members := found[GROUP_MEMBERS]:
        dismiss_members(work, list(members), together)


def come_back(work: UnitOfWork, links: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """What the return of a link means for the same."""
    found = _from(work, links)
    if members := found[GROUP_MEMBERS]:
        refuse_way_in_to(work, set(members.values()))
        appoint_members(work, list(members), together)
    _plan(work, found[UPSTREAM].values(), together)


def _from(work: UnitOfWork, links: Sequence[uuid.UUID]) -> Mapping[str, Mapping[uuid.UUID, uuid.UUID]]:
    """The links that something depends on by their field, each with the row that it comes from.

    One statement finds them among the many that nothing depends on.
    """
    found: dict[str, dict[uuid.UUID, uuid.UUID]] = {UPSTREAM: {}, GROUP_MEMBERS: {}}
    rows = work.session.execute(
        sa.select(ObjectLink.field, ObjectLink.id, ObjectLink.from_id).where(
            ObjectLink.id.in_(links), ObjectLink.field.in_(found)
        )
    )
    for field, id_, from_id in rows:
        found[field][id_] = from_id
    return found


def _plan(work: UnitOfWork, tasks: Iterable[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    if waiting := [id_ for id_ in dict.fromkeys(tasks) if id_ not in together]:
        follow_dependencies(work, waiting)


def _matters(change: Change) -> bool:
    return change.of(ObjectLink).field == UPSTREAM and (change.created or change.changed("data", "to_id"))


OBJECT_LINK = Rule(
    before=(place_link, describe_dependency, keep_member),
    together=(refuse_way_in,),
    after=(After(_matters, plan_dependents), After(is_new_member, appoint_members)),
    gone=(leave_behind,),
    back=(come_back,),
)
"""A row's link to another one."""
