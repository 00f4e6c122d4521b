"""What a studio owns and pays for people's work: machines, licences of programs, salaries."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.registry import entity

_ZOU_ONLY: dict[str, str | None] = {"shotgun": None, "ftrack": None, "shotrunner": None}
_NOWHERE: dict[str, str | None] = {**_ZOU_ONLY, "zou": None}


@entity("hardware-items", names=_ZOU_ONLY)
class HardwareItem(Row):
    """A kind of machine: what it costs in a month, and how many there are."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    short_name: Mapped[str | None] = mapped_column(info={"max_length": 20})
    archived: Mapped[bool] = mapped_column(default=False)
    monthly_cost: Mapped[int | None] = mapped_column(default=0, info={"minimum": 0})
    inventory_amount: Mapped[int | None] = mapped_column(default=0, info={"minimum": 0})

    __table_args__ = (sa.Index("uq_hardware_item_name", "name", unique=True, postgresql_where=LIVE),)


@entity("hardware-item-department-links", names=_NOWHERE, policy="studio", display="")
class HardwareItemDepartmentLink(Row):
    """People of a department work with this kind of machine."""

    department_id: Mapped[uuid.UUID] = owner("department", nullable=False)
    hardware_item_id: Mapped[uuid.UUID] = owner("hardware_item", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_hardware_item_department_link",
            "department_id",
            "hardware_item_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_hardware_item_department_link_hardware_item_id", "hardware_item_id"),
    )


@entity("software-department-links", names=_NOWHERE, policy="studio", display="")
class SoftwareDepartmentLink(Row):
    """People of a department need a licence of this program."""

    department_id: Mapped[uuid.UUID] = owner("department", nullable=False)
    software_id: Mapped[uuid.UUID] = owner("software", nullable=False)

    __table_args__ = (
        sa.Index(
            "uq_software_department_link",
            "department_id",
            "software_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_software_department_link_software_id", "software_id"),
    )


@entity("salary-scales", names=_ZOU_ONLY, policy="salary", display="")
class SalaryScale(Row):
    """What somebody of a department, position and seniority is paid for a day, in whole money."""

    department_id: Mapped[uuid.UUID] = owner("department", nullable=False)
    position: Mapped[str] = mapped_column(
        default="artist", info={"choices": ("supervisor", "lead", "artist")}
    )
    seniority: Mapped[str] = mapped_column(default="mid", info={"choices": ("senior", "mid", "junior")})
    salary: Mapped[int] = mapped_column(default=0, info={"minimum": 0})

    __table_args__ = (
        sa.Index(
            "uq_salary_scale",
            "department_id",
            "position",
            "seniority",
            unique=True,
            postgresql_where=LIVE,
        ),
    )
