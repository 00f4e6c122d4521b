"""The dates of tasks: the parts of a plan follow each other, and tasks follow those that they depend on.

Source: docs/protocols/shotgun.md 10.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.task import Assignation, Task
from zou_server.services.rules.loaded_rows import loaded_tasks
from zou_server.services.tasks.dependencies import Dependencies, read_dependencies
from zou_server.services.tasks.plan_dates import SPLITS, Piece, Plan, Planner, read_splits, said_splits
from zou_server.services.tasks.work_calendar import WorkCalendar, day_of, read_calendar
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.unit_of_work import UnitOfWork

PARTS = {
    # attribute: the part of a plan that it is
    "start_date": "start",
    "due_date": "due",
    "planned_duration": "minutes",
    "data.milestone": "milestone",
    SPLITS: "splits",
}
PINNED, VIOLATION, MILESTONE = "pinned", "dependency_violation", "milestone"
DURATIONS = "split_durations"
_DATES = ("start_date", "due_date")
_KEPT = (*_DATES, "planned_duration", "data")


# -- one task ------------------------------------------------------------------------------------------------


def plan_tasks(context: Context) -> None:
    """Bring the dates, the work time and the pieces of each task in step with what was said of them."""
    changes = [
        change
        for change in context.changes.values()
        if isinstance(change.row, Task) and not change.said.isdisjoint(PARTS)
    ]
    changes = [change for change in changes if _has_dates(change)]
    if not changes:
        return
    calendar = context.once(_calendar)
    people = _people(context, changes)
    for change in changes:
        row = change.of(Task)
        _plan(change, calendar, people.get(row.id, ()))


def _calendar(context: Context) -> WorkCalendar:
    return read_calendar(context.session)


def _has_dates(change: Change) -> bool:
    row = change.of(Task)
    has_splits = bool((row.data or {}).get("splits"))
    return has_splits or row.start_date is not None or row.due_date is not None or change.changed(*_DATES)


def _people(context: Context, changes: Sequence[Change]) -> dict[uuid.UUID, Collection[uuid.UUID]]:
    """Who works on each task when this list of operations is done."""
    found: dict[uuid.UUID, Collection[uuid.UUID]] = {
        change.row.id: change.links["assignees"][1] for change in changes if "assignees" in change.links
    }
    others = [change.row.id for change in changes if not change.created and change.row.id not in found]
    return {**assignees(context.session, others), **found}


def assignees(session: Session, tasks: Collection[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """The people who work on each of the tasks."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    if tasks:
        rows = session.execute(
            sa.select(Assignation.task_id, Assignation.person_id).where(
                Assignation.task_id.in_(tasks), Assignation.deleted_at.is_(None)
            )
        )
        for task_id, person_id in rows:
            found.setdefault(task_id, []).append(person_id)
    return found


def _plan(change: Change, calendar: WorkCalendar, people: Collection[uuid.UUID]) -> None:
    row = change.of(Task)
    days = calendar.of(row.project_id, people)
    before = {name: None if change.created else change.before.get(name, getattr(row, name)) for name in _KEPT}
    said = frozenset(part for name, part in PARTS.items() if name in change.said)
    now = plan_of(row)
    if "splits" in said:
        now = replace(now, splits=read_splits(days, (row.data or {}).get("splits")))
    set_plan(change, Planner(days, calendar.day(row.project_id), _plan_of(before)).planned(now, said))


def plan_of(row: Task) -> Plan:
    """The plan of a task as it is kept."""
    return _plan_of({name: getattr(row, name) for name in _KEPT})


def _plan_of(values: dict[str, Any]) -> Plan:
    data = values["data"] or {}
    return Plan(
        _day(values["start_date"]),
        _day(values["due_date"]),
        values["planned_duration"],
        bool(data.get(MILESTONE)),
        tuple(_pieces(data.get("splits"))),
    )


def _pieces(kept: Any) -> Iterator[Piece]:
    for each in kept if isinstance(kept, list) else ():
        first, last = (day_of(each.get(end)) if isinstance(each, dict) else None for end in ("start", "end"))
        if first is not None and last is not None:
            yield first, last


def set_plan(change: Change, plan: Plan) -> None:
    """Write a plan into its task; a day that stays keeps its time."""
    row = change.of(Task)
    for name, day in zip(_DATES, (plan.start, plan.due), strict=True):
        if _day(getattr(row, name)) != day:
            change.set(name, _moment(getattr(row, name), day))
    change.set("planned_duration", None if plan.minutes is None else float(plan.minutes))
    if plan.splits or not {"splits", DURATIONS}.isdisjoint(row.data or {}):
        durations = [round(each) for each in plan.durations] if plan.splits else None
        change.set("data", {"splits": said_splits(plan.splits), DURATIONS: durations})


def _day(value: dt.datetime | None) -> dt.date | None:
    return None if value is None else value.astimezone(dt.UTC).date()


def _moment(before: dt.datetime | None, day: dt.date | None) -> dt.datetime | None:
    if day is None:
        return None
    time = before.astimezone(dt.UTC).timetz() if before is not None else dt.time(tzinfo=dt.UTC)
    return dt.datetime.combine(day, time)


# -- tasks that depend on each other -------------------------------------------------------------------------


def is_moved(change: Change) -> bool:
    """True for a task whose dates changed."""
    return change.changed(*_DATES) and not change.created


def is_unpinned(change: Change) -> bool:
    """True for a task that need not stay where it is any more."""
    before = change.before.get("data") or {}
    return not change.created and bool(before.get(PINNED)) and not (change.row.data or {}).get(PINNED)


def follow_dates(work: UnitOfWork, tasks: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Push the tasks that depend on moved ones; the moved ones stay, marked when they are too early."""
    _settle(work, tasks, stay=frozenset(tasks))


def plan_again(work: UnitOfWork, tasks: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Bring tasks that are no longer pinned to where those that they depend on let them begin."""
    _settle(work, tasks, pull=frozenset(tasks))


def follow_dependencies(work: UnitOfWork, tasks: Sequence[uuid.UUID]) -> None:
    """Push tasks that depend on more than before; those that depend on less are no longer too early."""
    _settle(work, tasks)


def _settle(
    work: UnitOfWork,
    tasks: Sequence[uuid.UUID],
    *,
    stay: frozenset[uuid.UUID] = frozenset(),
    pull: frozenset[uuid.UUID] = frozenset(),
) -> None:
    known = read_dependencies(work.session, tasks)
    if not known.dependent and not known.marked:
        return
    calendar = read_calendar(work.session)
    people = assignees(work.session, known.dependent)
    with loaded_tasks(work, {*known.dependent, *known.marked}) as changes:
        by_id = {change.row.id: change for change in changes}
        for id_ in known.in_order():
            change = by_id.get(id_)
            if change is not None:
                planner = _planner(calendar, change, people.get(id_, ()))
                _settle_one(known, change, planner, stays=id_ in stay, pulled=id_ in pull)
        for id_ in known.marked:
            if id_ in by_id:
                by_id[id_].set("data", {VIOLATION: None})


def _planner(calendar: WorkCalendar, change: Change, people: Collection[uuid.UUID]) -> Planner:
    row = change.of(Task)
    return Planner(calendar.of(row.project_id, people), calendar.day(row.project_id), plan_of(row))


def _settle_one(known: Dependencies, change: Change, planner: Planner, *, stays: bool, pulled: bool) -> None:
    plan, data = planner.was, change.of(Task).data or {}
    earliest = known.earliest(change.row.id, planner)
    if earliest is not None and plan.start is not None:
        is_early = plan.start < earliest
        if (is_early and not stays and not data.get(PINNED)) or (pulled and plan.start != earliest):
            plan = planner.moved(earliest)
            set_plan(change, plan)
            is_early = False
        if is_early and stays and not data.get(PINNED):
            change.set("data", {PINNED: True})
        change.set("data", {VIOLATION: True if is_early else None})
    known.moved(change.row.id, plan)
