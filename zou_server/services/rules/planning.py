"""Days off and budgets: whose they are, that they do not overlap, and which revision comes next."""

from __future__ import annotations

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.person import Person
from zou_server.models.planning import Budget, DayOff
from zou_server.models.project import Project
from zou_server.services.rules.author import sign
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule


def plan_day_off(context: Context, change: Change) -> None:
    """Days off end after they begin and never overlap."""
    row = change.of(DayOff)
    if row.end_date is None:
        row.end_date = row.date
    if row.person_id is None and not change.created:
        raise Invalid(fields={"person_id": ["is required"]})
    if row.person_id is None or row.date is None:
        return  # nobody's, made by the server itself; or incomplete, which is said at the end
    if row.end_date < row.date:
        raise Invalid(fields={"end_date": ["is before the first day"]})
    if change.created or change.changed("date", "end_date", "person_id"):
        _refuse_overlap(context, row)


def _refuse_overlap(context: Context, row: DayOff) -> None:
    """Two who plan for the same person take turns, so that neither misses what the other adds."""
    context.session.flush()
    context.session.execute(
        sa.select(Person.id).where(Person.id == row.person_id).with_for_update(key_share=True)
    )
    other = sa.exists().where(
        DayOff.person_id == row.person_id,
        DayOff.id != row.id,
        DayOff.deleted_at.is_(None),
        DayOff.date <= row.end_date,
        DayOff.end_date >= row.date,
    )
    if context.session.scalar(sa.select(other)):
        raise Invalid("Day off already exists for this period.", {"date": ["overlaps other days off"]})


def count_budget(context: Context, change: Change) -> None:
    """A new budget is the next revision of its project's."""
    row = change.of(Budget)
    if not change.created or row.project_id is None or row.revision is not None:
        return
    context.session.flush()
    context.session.execute(
        sa.select(Project.id).where(Project.id == row.project_id).with_for_update(key_share=True)
    )
    last = context.session.scalar(
        sa.select(sa.func.max(Budget.revision)).where(Budget.project_id == row.project_id)
    )
    row.revision = (last or 0) + 1


DAY_OFF = Rule(before=(sign, plan_day_off))
"""Days off of a person."""

BUDGET = Rule(before=(count_budget,))
"""What a project may cost."""
