"""The life of a link between two rows of any kind: whose project it is of, and what depends on it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.object_links import ObjectLink
from zou_server.services.rules.appointments import (
    appoint_members,
    dismiss_members,
    is_new_member,
    keep_member,
    refuse_way_back,
    refuse_way_in,
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
    tasks = work.session.scalars(
        sa.select(ObjectLink.from_id).where(ObjectLink.id.in_(links), ObjectLink.field == UPSTREAM).distinct()
    )
    if waiting := [id_ for id_ in tasks if id_ not in together]:
        follow_dependencies(work, waiting)


def _matters(change: Change) -> bool:
    return change.of(ObjectLink).field == UPSTREAM and (change.created or change.changed("data", "to_id"))


OBJECT_LINK = Rule(
    before=(place_link, describe_dependency, keep_member),
    together=(refuse_way_in,),
    after=(After(_matters, plan_dependents), After(is_new_member, appoint_members)),
    gone=(plan_dependents, dismiss_members),
    back=(refuse_way_back, plan_dependents, appoint_members),
)
"""A row's link to another one."""
