"""The life of a row of a declared type: an exception of the work days moves the tasks that it is about."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

import sqlalchemy as sa

from zou_server.models.records import DeclaredRecord
from zou_server.models.task import Assignation, Task
from zou_server.services.files.kept_files import LINKS
from zou_server.services.rules.codes import OF_DECLARED, refuse_returning_code, refuse_same_code
from zou_server.services.rules.frame_rate import check_frame_rate
from zou_server.services.rules.loaded_rows import loaded_tasks
from zou_server.services.rules.role import check_rights
from zou_server.services.rules.task_dates import assignees, follow_dependencies, is_moved, plan_of, set_plan
from zou_server.services.rules.task_template import tasks_of_templates
from zou_server.services.tasks.plan_dates import Plan, Planner
from zou_server.services.tasks.work_calendar import day_of, read_calendar
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import After, Rule
from zou_server.services.write.unit_of_work import UnitOfWork

RECALCULATE = "recalculate"
"""The key of a work day rule that says which part of the tasks follows: the last day, or the work time."""


def _keeps_work_time(plan: Plan) -> tuple[Plan, frozenset[str]]:
    return plan, frozenset({"minutes"})


def _keeps_days(plan: Plan) -> tuple[Plan, frozenset[str]]:
    return replace(plan, minutes=None), frozenset({"start", "due"})


FOLLOWS: Mapping[str, Callable[[Plan], tuple[Plan, frozenset[str]]]] = {
    "due_date": _keeps_work_time,
    "duration": _keeps_days,
}


def _asks(change: Change) -> bool:
    row = change.of(DeclaredRecord)
    return (
        row.kind == "WorkDayRule" and (row.data or {}).get(RECALCULATE) in FOLLOWS and change.changed("data")
    )


def plan_around(work: UnitOfWork, rules: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Plan the tasks again that are worked on around the days of new exceptions."""
    wanted: dict[uuid.UUID, str] = {}
    for data in work.session.scalars(sa.select(DeclaredRecord.data).where(DeclaredRecord.id.in_(rules))):
        day = day_of((data or {}).get("date"))
        if data is not None and day is not None:
            wanted.update(dict.fromkeys(_around(work, day, data.get("owner")), data[RECALCULATE]))
    calendar, people = read_calendar(work.session), assignees(work.session, wanted)
    moved: list[uuid.UUID] = []
    with loaded_tasks(work, wanted) as changes:
        for change in changes:
            row = change.of(Task)
            plan, said = FOLLOWS[wanted[row.id]](plan_of(row))
            days = calendar.of(row.project_id, people.get(row.id, ()))
            set_plan(change, Planner(days, calendar.day(row.project_id), plan_of(row)).planned(plan, said))
            moved += [row.id] if is_moved(change) else []
    if moved:
        follow_dependencies(work, moved)


def _around(work: UnitOfWork, day: dt.date, owner: str | None) -> Iterator[uuid.UUID]:
    """The tasks of a project or a person, all without an owner, that are worked on around a day."""
    midnight = dt.datetime.combine(day, dt.time(tzinfo=dt.UTC))
    terms = [
        Task.deleted_at.is_(None),
        Task.start_date < midnight + dt.timedelta(days=1),
        Task.due_date >= midnight,
    ]
    if owner is not None:
        mine = sa.select(Assignation.task_id).where(
            Assignation.person_id == uuid.UUID(owner), Assignation.deleted_at.is_(None)
        )
        terms.append(sa.or_(Task.project_id == uuid.UUID(owner), Task.id.in_(mine)))
    yield from work.session.scalars(sa.select(Task.id).where(*terms))


def place_attachments(context: Context) -> None:
    """An attachment is of the project of what it belongs to, where nobody says another one."""
    for change in context.changes.values():
        row = change.row
        if not isinstance(row, DeclaredRecord) or row.kind != "Attachment" or row.project_id is not None:
            continue
        _, linked = change.links.get(LINKS, ([], []))
        about = context.targets.get(linked[0]) if linked else None
        if about is not None:
            change.set("project_id", about.id if about.kind == "Project" else about.project_id)


DECLARED_RECORD = Rule(
    before=(check_rights, check_frame_rate),
    together=(place_attachments, refuse_same_code),
    along=tasks_of_templates,
    after=(After(_asks, plan_around), OF_DECLARED),
    back=(refuse_returning_code,),
)
"""A ticket, a page, a work day rule: most have no rules."""
