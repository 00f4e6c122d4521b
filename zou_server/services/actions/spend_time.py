"""Time that a person spent on a task on a day: set, added to, taken away.

Source: docs/protocols/zou.md 6 (time). The task's duration follows, see the rules of time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.models.policies import MANAGERS
from zou_server.models.registry import Kind, facet
from zou_server.models.task import Task, TimeSpent
from zou_server.services.tasks.locked_weeks import refuse_locked_days
from zou_server.services.write.given import given_values, required
from zou_server.services.write.operations import Result
from zou_server.services.write.retire import retire

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

VALUES: Mapping[str, Kind] = {
    "person_id": Kind.LINK,
    "date": Kind.DATE,
    "duration": Kind.NUMBER,
    "add": Kind.BOOLEAN,
}


def spend_time(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Set the minutes of a person's day on the task, or with `add` add to them; the result is the entry.

    Raises Forbidden for who may not, Invalid for a duration that is not above zero.
    """
    found = given_values(values, VALUES)
    required(found, "person_id", "date", "duration")
    if found["duration"] <= 0:
        raise Invalid(fields={"duration": ["must be more than 0"]})
    entry = _entry(context, row, found)
    if entry is None:
        made = {name: found[name] for name in ("person_id", "date", "duration")}
        return context.result_of(context.link(facet("TimeSpent"), {**made, "task_id": row.id}))
    context.rows.load([(facet("TimeSpent"), entry.id)])
    change = context.touch(facet("TimeSpent"), entry)
    change.set("duration", found["duration"] + (entry.duration if found["add"] else 0))
    return context.result_of(change)


def forget_time(context: Context, row: Task, values: Mapping[str, Any]) -> Result:
    """Take away what a person noted for a day; NotFound when that is nothing. The result is the task."""
    found = given_values(values, {"person_id": Kind.LINK, "date": Kind.DATE})
    required(found, "person_id", "date")
    entry = _entry(context, row, found)
    if entry is None:
        raise NotFound("There is no time spent on that day.")
    context.rows.load([(facet("TimeSpent"), entry.id)])
    retire(context.work, facet("TimeSpent"), entry, context.rows.identity(entry.id))
    return context.result_of(context.touch(facet("Task"), row))


def _entry(context: Context, row: Task, found: Mapping[str, Any]) -> TimeSpent | None:
    """The entry of that person and day, for whoever may change it."""
    actor, person_id = context.actor, found["person_id"]
    role = actor.role_in(row.project_id)
    if role not in MANAGERS:
        if person_id != actor.person_id:
            raise Forbidden("You note your own time, on tasks that you are assigned to.")
        refuse_locked_days(context.work, [found["date"]])
    context.targets.check(facet("TimeSpent"), {"person_id": person_id})
    return context.session.scalar(
        sa.select(TimeSpent).where(
            TimeSpent.task_id == row.id,
            TimeSpent.person_id == person_id,
            TimeSpent.date == found["date"],
            TimeSpent.deleted_at.is_(None),
        )
    )
