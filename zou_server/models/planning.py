"""When and for how much: days off, milestones of a project, and its budgets."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import entity

_ZOU_ONLY: dict[str, str | None] = {"shotgun": None, "ftrack": None, "shotrunner": None}


@entity("day-offs", names=_ZOU_ONLY, policy="own_days", display="")
class DayOff(Row):
    """Days on which a person does not work, the first and the last included."""

    date: Mapped[dt.date]
    end_date: Mapped[dt.date | None]
    description: Mapped[str | None]
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})

    __table_args__ = (
        sa.Index("uq_day_off", "person_id", "date", unique=True, postgresql_where=LIVE),
        sa.Index("ix_day_off_date", "date", "end_date", postgresql_where=LIVE),
        sa.CheckConstraint("end_date >= date", name="day_off_date"),
    )


@entity("milestones", names={**_ZOU_ONLY, "zou": "Milestone"}, policy="planning", required=("project_id",))
class ProjectMilestone(Row):
    """A date that a project works towards, perhaps of one step."""

    date: Mapped[dt.date | None]
    name: Mapped[str] = mapped_column(info={"max_length": 40})
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    task_type_id: Mapped[uuid.UUID | None] = reference("task_type")

    __table_args__ = (sa.Index("ix_project_milestone_project_id", "project_id", "date"),)


@entity("budgets", names=_ZOU_ONLY, policy="budget", required=("project_id",))
class Budget(Row):
    """A plan of what a project may cost; `revision` counts the plans of a project."""

    name: Mapped[str] = mapped_column(info={"max_length": 255})
    revision: Mapped[int | None]
    currency: Mapped[str | None] = mapped_column(info={"max_length": 3})
    description: Mapped[str | None]
    start_date: Mapped[dt.date | None]
    end_date: Mapped[dt.date | None]
    amount: Mapped[float | None]
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)

    __table_args__ = (sa.Index("ix_budget_project_id", "project_id", "revision"),)


@entity("budget-entries", names=_ZOU_ONLY, policy="budget")
class BudgetEntry(Row):
    """One line of a budget: a person's salary over months, or anything else with an amount.

    `daily_salary` is money, `months_duration` whole months from `start_date` on; `exceptions` says
    {"YYYY-MM": salary} where a month differs.
    """

    name: Mapped[str | None] = mapped_column(info={"max_length": 255})
    description: Mapped[str | None]
    category: Mapped[str | None] = mapped_column(info={"max_length": 80})
    date: Mapped[dt.date | None]
    amount: Mapped[float | None]
    quantity: Mapped[float | None]
    unit_price: Mapped[float | None]
    start_date: Mapped[dt.date | None]
    months_duration: Mapped[int | None] = mapped_column(info={"minimum": 0})
    daily_salary: Mapped[float | None]
    position: Mapped[str | None] = mapped_column(
        default="artist", info={"choices": ("supervisor", "lead", "artist")}
    )
    seniority: Mapped[str | None] = mapped_column(
        default="mid", info={"choices": ("senior", "mid", "junior")}
    )
    exceptions: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    budget_id: Mapped[uuid.UUID] = owner("budget", nullable=False)
    department_id: Mapped[uuid.UUID | None] = reference("department")
    person_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})

    __table_args__ = (sa.Index("ix_budget_entry_budget_id", "budget_id"),)
