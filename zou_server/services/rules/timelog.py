"""The life of a time log: on a task it is part of that person's day there, as Zou and Shotgun note it.

A day's entry (`TimeSpent`) is the sum of the time logs of its person, task and day. What was noted as an
entry itself shows as a time log of its own, made for the entry: so every client sees all of the time.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Forbidden
from zou_server.models.registry import facet
from zou_server.models.task import TimeSpent
from zou_server.models.teamwork import Timelog
from zou_server.services.rules.author import sign
from zou_server.services.tasks.local_days import local_day, zone_of_person
from zou_server.services.tasks.works_on import OnTask
from zou_server.services.write.operations import Create, Delete, Operation, Update
from zou_server.services.write.rulebook import Asked, Rule

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork

SECONDS_IN_MINUTE = 60.0
COUNTED = ("object_id", "person_id", "day", "duration")
TASK = "Task"


class Day(NamedTuple):
    """A person's day on something; only one on a task is noted."""

    task_id: uuid.UUID
    person_id: uuid.UUID
    date: dt.date


def begin(context: Context, change: Change) -> None:
    """A time log that says no moment begins now."""
    if change.created:
        change.default("start", context.work.now)


def choose_day(context: Context, change: Change) -> None:
    """Time counts on the day that it is where its person lives, which may be another than in UTC."""
    row = change.of(Timelog)
    if row.start is None or not (change.created or change.changed("start", "person_id")):
        return
    if change.created:
        if row.day is None:
            row.day = local_day(row.start, context.once(_zone, row.person_id))
    else:
        change.set("day", local_day(row.start, context.once(_zone, row.person_id)))


def _zone(context: Context, person_id: uuid.UUID | None) -> dt.tzinfo:
    return zone_of_person(context.session, person_id)


def note_changes(context: Context, changes: Sequence[Change]) -> None:
    """Bring the days of written time logs in step with them."""
    added: dict[Day, float] = defaultdict(float)
    for change in changes:
        if change.created or change.changed(*COUNTED):
            now = {name: getattr(change.row, name) for name in COUNTED}
            _add(added, now, 1)
            if not change.created:
                _add(
                    added, {**now, **{key: change.before[key] for key in COUNTED if key in change.before}}, -1
                )
    _note(context.work, added)


def _add(added: dict[Day, float], values: Mapping[str, object], sign_: int) -> None:
    object_id, person_id, day = (values[name] for name in COUNTED[:3])
    duration = values["duration"]
    if isinstance(object_id, uuid.UUID) and isinstance(person_id, uuid.UUID) and isinstance(day, dt.date):
        amount = float(duration) if isinstance(duration, int | float) else 0.0
        added[Day(object_id, person_id, day)] += sign_ * amount / SECONDS_IN_MINUTE


def forget(work: UnitOfWork, logs: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Take time logs that went out of their days; what goes along with its task stays as it was."""
    _note(work, _of_rows(work, logs, together, -1), together)


def remember(work: UnitOfWork, logs: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Add time logs that came back to their days."""
    _note(work, _of_rows(work, logs, together, 1), together)


def _of_rows(
    work: UnitOfWork, logs: Sequence[uuid.UUID], together: frozenset[uuid.UUID], sign_: int
) -> dict[Day, float]:
    added: dict[Day, float] = defaultdict(float)
    columns = [getattr(Timelog, name) for name in COUNTED]
    for row in work.session.execute(sa.select(*columns).where(Timelog.id.in_(logs))):
        if row.object_id not in together:
            _add(added, row._asdict(), sign_)
    return added


def _note(work: UnitOfWork, added: Mapping[Day, float], together: frozenset[uuid.UUID] = frozenset()) -> None:
    """Add minutes to the entries of days on tasks, and take them away."""
    days = _on_tasks(work, [day for day, minutes in added.items() if minutes])
    entries = _entries(work, days)
    operations: list[Operation] = []
    of = facet("TimeSpent")
    for day in days:
        id_, known = entries.get(day, (None, 0.0))
        if id_ in together:
            continue
        minutes = known + added[day]
        if id_ is None and minutes > 0:
            operations.append(Create(of, {**_spelled(day), "duration": minutes}))
        elif id_ is not None:
            operations.append(Update(of, id_, {"duration": minutes}) if minutes > 0 else Delete(of, id_))
    if operations:
        work.execute(operations)


def _spelled(day: Day) -> dict[str, str]:
    return {"task_id": str(day.task_id), "person_id": str(day.person_id), "date": day.date.isoformat()}


def _on_tasks(work: UnitOfWork, days: Sequence[Day]) -> list[Day]:
    ids = {day.task_id for day in days}
    if not ids:
        return []
    wanted = sa.select(Identity.id).where(
        Identity.id.in_(ids), Identity.kind == TASK, Identity.deleted_at.is_(None)
    )
    tasks = set(work.session.scalars(wanted))
    return [day for day in days if day.task_id in tasks]


def _entries(work: UnitOfWork, days: Iterable[Day]) -> dict[Day, tuple[uuid.UUID | None, float]]:
    """The entry of each day that has one: its id, and its minutes."""
    keys = [(day.task_id, day.person_id, day.date) for day in days]
    if not keys:
        return {}
    rows = work.session.execute(
        sa.select(TimeSpent.id, TimeSpent.task_id, TimeSpent.person_id, TimeSpent.date, TimeSpent.duration)
        .where(
            sa.tuple_(TimeSpent.task_id, TimeSpent.person_id, TimeSpent.date).in_(keys),
            TimeSpent.deleted_at.is_(None),
        )
        .with_for_update(key_share=True)
    )
    return {Day(row.task_id, row.person_id, row.date): (row.id, row.duration) for row in rows}


def _on_own_task(asked: Asked) -> set[str]:
    """Forbidden to log time on a task that one is not assigned to."""
    id_ = asked.values.get("object_id")
    if id_ is not None:
        context = asked.context
        there = context.targets.get(id_)
        if there is not None and there.kind == TASK and not context.facts.is_assigned(OnTask(id_)):
            raise Forbidden("You note your own time, on tasks that you are assigned to.")
    return set()


TIMELOG = Rule(
    before=(sign, begin, choose_day),
    written=(note_changes,),
    gone=(forget,),
    back=(remember,),
    guard=dict.fromkeys(("supervisor", "user", "vendor"), _on_own_task),
)
"""Seconds that a person worked on something, from a moment on."""
