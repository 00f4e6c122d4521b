"""Which tasks depend on which, and from when on a task may begin because of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from zou_server.models.errors import Invalid
from zou_server.models.object_links import ObjectLink
from zou_server.models.task import Task
from zou_server.services.tasks.plan_dates import Plan, Planner

UPSTREAM = "Task/upstream_tasks"
"""The links that dependencies are: from the task that waits to the one that it waits for."""
TYPE, OFFSET = "dependency_type", "offset_days"
USUAL = "finish-to-start-next-day"
FARTHEST = 10_000
"""The most days between two tasks that depend on each other."""

Bound = Callable[[Planner, Plan, int], dt.date | None]
"""From the plan of a task that is waited for to the first day of the one that waits."""


def _start_after_finish(planner: Planner, upstream: Plan, offset: int) -> dt.date | None:
    return None if upstream.due is None else planner.days.after(upstream.due, offset + 1)


def _start_with_start(planner: Planner, upstream: Plan, offset: int) -> dt.date | None:
    return None if upstream.start is None else planner.days.after(upstream.start, offset)


def _finish_after_start(planner: Planner, upstream: Plan, offset: int) -> dt.date | None:
    return None if upstream.start is None else _begin(planner, planner.days.after(upstream.start, offset + 1))


def _finish_with_finish(planner: Planner, upstream: Plan, offset: int) -> dt.date | None:
    return None if upstream.due is None else _begin(planner, planner.days.after(upstream.due, offset))


def _begin(planner: Planner, due: dt.date) -> dt.date:
    return planner.days.first(due, planner.length(planner.was))


BOUNDS: Mapping[str, Bound] = {
    USUAL: _start_after_finish,
    "start-to-finish-next-day": _finish_after_start,
    "start-to-start": _start_with_start,
    "finish-to-finish": _finish_with_finish,
}
"""Type of a dependency -> when the task that waits may begin."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A task waits for another one."""

    waits: uuid.UUID
    on: uuid.UUID
    type: str
    offset: int


@dataclass(slots=True)
class Dependencies:
    """The tasks that wait, directly or not, for what a change is about, and what they wait for.

    `marked` are those that are said to begin too early though they wait for nothing any more.
    """

    edges: Mapping[uuid.UUID, list[Edge]]
    plans: dict[uuid.UUID, Plan]
    marked: Collection[uuid.UUID] = field(default_factory=tuple)

    @property
    def dependent(self) -> Collection[uuid.UUID]:
        """The tasks that wait."""
        return self.edges.keys()

    def in_order(self) -> Iterator[uuid.UUID]:
        """The tasks that wait, each after those that it waits for; Invalid when they go round in a ring."""
        graph = {waits: {edge.on for edge in edges} for waits, edges in self.edges.items()}
        try:
            order = tuple(TopologicalSorter(graph).static_order())
        except CycleError:
            raise Invalid(
                "Tasks cannot depend on each other.", {f"links:{UPSTREAM}": ["would make a loop"]}
            ) from None
        return (id_ for id_ in order if id_ in self.edges)

    def earliest(self, waits: uuid.UUID, planner: Planner) -> dt.date | None:
        """The first day that what a task waits for leaves; None when nothing of that has a date."""
        found = [
            BOUNDS.get(edge.type, _start_after_finish)(planner, self.plans[edge.on], edge.offset)
            for edge in self.edges[waits]
            if edge.on in self.plans
        ]
        return max((day for day in found if day is not None), default=None)

    def moved(self, task: uuid.UUID, plan: Plan) -> None:
        """Know the plan that a task has now."""
        self.plans[task] = plan


def read_dependencies(session: Session, tasks: Collection[uuid.UUID]) -> Dependencies:
    """Everything that waits for the tasks, the tasks themselves included, with all that it waits for."""
    edges: dict[uuid.UUID, list[Edge]] = {}
    for waits, on, data in session.execute(_EDGES, {"ids": list(tasks)}):
        said = data or {}
        offset = said.get(OFFSET)
        edges.setdefault(waits, []).append(
            Edge(waits, on, said.get(TYPE) or USUAL, offset if isinstance(offset, int) else 0)
        )
    wanted = {edge.on for found in edges.values() for edge in found}
    rows = session.execute(_PLANS.where(Task.id.in_(wanted))) if wanted else ()
    plans = {id_: _plan(start, due) for id_, start, due in rows}
    free = [id_ for id_ in tasks if id_ not in edges]
    marked = session.scalars(_MARKED.where(Task.id.in_(free))).all() if free else ()
    return Dependencies(edges, plans, marked)


def _plan(start: dt.datetime | None, due: dt.datetime | None) -> Plan:
    first, last = (None if each is None else each.astimezone(dt.UTC).date() for each in (start, due))
    return Plan(first, last)


_PLANS = sa.select(Task.id, Task.start_date, Task.due_date).where(Task.deleted_at.is_(None))
_MARKED = sa.select(Task.id).where(
    Task.deleted_at.is_(None), Task.data.op("->>", return_type=sa.Text())("dependency_violation") == "true"
)


def _edges() -> Any:
    """The live dependencies of the given tasks, and of all that wait for these."""
    link: Any = ObjectLink.__table__
    live = (link.c.field == UPSTREAM, link.c.deleted_at.is_(None))
    given = sa.select(sa.func.unnest(sa.bindparam("ids", type_=ARRAY(sa.Uuid()))).label("id"))
    below = given.cte("below", recursive=True)
    below = below.union(sa.select(link.c.from_id).join(below, link.c.to_id == below.c.id).where(*live))
    return sa.select(link.c.from_id, link.c.to_id, link.c.data).where(
        link.c.from_id.in_(sa.select(below.c.id)), *live
    )


_EDGES = _edges()
