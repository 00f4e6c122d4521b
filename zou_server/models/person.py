"""People and scripts: who they are. How they prove it is in `access.py`."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import Computed, FacetSpec, Kind, Many, entity, union

ROLES = ("admin", "manager", "supervisor", "user", "client", "vendor")
CONTRACTS = ("open-ended", "fixed-term", "short-term", "freelance", "apprentice", "internship")


def full_name(row: FromClause) -> ColumnElement[Any]:
    """First and last name with one space, either may be missing."""
    return sa.func.btrim(sa.func.concat(row.c.first_name, " ", row.c.last_name))


@entity(
    "departments",
    names={"shotgun": "Department", "ftrack": None},
    many={
        "people": Many(
            "Person", through="PersonDepartment", near="department_id", far="person_id", inner=True
        )
    },
)
class Department(Row):
    """A craft of the studio (modelling, animation): groups steps and people."""

    name: Mapped[str]
    color: Mapped[str | None] = mapped_column(default="#999999", info={"max_length": 7})
    archived: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.Index("uq_department_name", "name", unique=True, postgresql_where=LIVE),)


@entity(
    "organisations",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="studio",
    read_only=("has_avatar",),
)
class Organisation(Row):
    """The studio itself: one row, made with the first data."""

    name: Mapped[str]
    hours_by_day: Mapped[float] = mapped_column(default=8.0)
    has_avatar: Mapped[bool] = mapped_column(default=False)
    use_original_file_name: Mapped[bool] = mapped_column(default=False)
    timesheets_locked: Mapped[bool] = mapped_column(default=False)
    format_duration_in_hours: Mapped[bool] = mapped_column(default=False)
    hd_by_default: Mapped[bool] = mapped_column(default=False)
    dark_theme_by_default: Mapped[bool] = mapped_column(default=False)
    chat_token_slack: Mapped[str | None] = mapped_column(default="")
    chat_webhook_mattermost: Mapped[str | None] = mapped_column(default="")
    chat_token_discord: Mapped[str | None] = mapped_column(default="")


@entity(
    "persons",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    policy="person",
    display="full_name",
    kind=None,
    read_only=("has_avatar",),
    facets=(
        FacetSpec(
            "HumanUser",
            "users",
            where=Where("is_bot", Op.EQ, value=False),
            defaults={"is_bot": False},
            kind="Person",
            names={"zou": None, "ftrack": "User", "shotrunner": "User"},
        ),
        FacetSpec(
            "ApiUser",
            "scripts",
            where=Where("is_bot", Op.EQ, value=True),
            defaults={"is_bot": True},
            kind="Script",
            names={"zou": None, "ftrack": None, "shotrunner": None},
        ),
    ),
    many={
        "departments": Many("Department", through="PersonDepartment", near="person_id", far="department_id"),
        "memberships": Many("Membership", by="person_id", writable=False),
        "assignations": Many("Assignation", by="person_id", writable=False, inner=True),
        "entity_assignations": Many("EntityAssignation", by="person_id", writable=False, inner=True),
        "projects": Many("Project", through="Membership", near="person_id", far="project_id"),
    },
    computed={
        "full_name": Computed(Kind.TEXT, full_name),
        "is_admin": Computed(Kind.BOOLEAN, lambda row: row.c.role == "admin"),
    },
)
class Person(Row):
    """A human, or a bot (a script of Shotgun): whoever can be named as author or assignee.

    Who `shares_email` has the address of somebody else, and is known by `login` alone where people log in.
    """

    first_name: Mapped[str | None] = mapped_column(default="", info={"max_length": 80})
    last_name: Mapped[str | None] = mapped_column(default="", info={"max_length": 80})
    email: Mapped[str | None] = mapped_column(info={"max_length": 254})
    login: Mapped[str | None] = mapped_column(info={"max_length": 80})
    phone: Mapped[str | None] = mapped_column(info={"max_length": 30})
    country: Mapped[str | None] = mapped_column(info={"max_length": 2})
    contract_type: Mapped[str | None] = mapped_column(default="open-ended", info={"choices": CONTRACTS})
    active: Mapped[bool] = mapped_column(default=True)
    archived: Mapped[bool] = mapped_column(default=False)
    last_presence: Mapped[dt.date | None]
    shotgun_id: Mapped[int | None]
    timezone: Mapped[str | None] = mapped_column(default="Europe/Paris")
    locale: Mapped[str | None] = mapped_column(default="en_US")
    use_12_hour_clock: Mapped[bool] = mapped_column(default=False)
    display_date_format: Mapped[str | None] = mapped_column(default="YYYY-MM-DD", info={"max_length": 20})
    role: Mapped[str] = mapped_column(default="user", info={"choices": ROLES})
    position: Mapped[str | None] = mapped_column(
        default="artist", info={"choices": ("supervisor", "lead", "artist")}
    )
    seniority: Mapped[str | None] = mapped_column(
        default="mid", info={"choices": ("senior", "mid", "junior")}
    )
    daily_salary: Mapped[int | None] = mapped_column(default=0)
    has_avatar: Mapped[bool] = mapped_column(default=False)
    notifications_enabled: Mapped[bool] = mapped_column(default=False)
    notifications_slack_enabled: Mapped[bool] = mapped_column(default=False)
    notifications_slack_userid: Mapped[str | None] = mapped_column(default="")
    notifications_mattermost_enabled: Mapped[bool] = mapped_column(default=False)
    notifications_mattermost_userid: Mapped[str | None] = mapped_column(default="")
    notifications_discord_enabled: Mapped[bool] = mapped_column(default=False)
    notifications_discord_userid: Mapped[str | None] = mapped_column(default="")
    is_bot: Mapped[bool] = mapped_column(default=False)
    shares_email: Mapped[bool] = mapped_column(default=False, server_default=sa.false(), info={"inner": True})
    is_guest: Mapped[bool] = mapped_column(default=False)
    expiration_date: Mapped[dt.date | None]
    is_generated_from_ldap: Mapped[bool] = mapped_column(default=False)
    ldap_uid: Mapped[str | None]
    studio_id: Mapped[uuid.UUID | None] = reference("studio")
    thumbnail_id: Mapped[uuid.UUID | None] = reference("component", closes_cycle=True, info={"inner": True})
    title: Mapped[str | None]
    city: Mapped[str | None] = mapped_column(info={"max_length": 25})
    work_phone: Mapped[str | None] = mapped_column(info={"max_length": 20})

    __table_args__ = (
        sa.Index(
            "uq_person_email",
            sa.text("lower(email)"),
            "is_bot",
            unique=True,
            postgresql_where=sa.text("deleted_at IS NULL AND NOT shares_email"),
        ),
        sa.Index("uq_person_login", sa.text("lower(login)"), unique=True, postgresql_where=LIVE),
    )


OWN_ADDRESS: sa.ColumnElement[str | None] = sa.case((~Person.shares_email, Person.email))
"""The address that is a person's alone, by which others know them."""


@entity(
    "person-departments",
    names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
    policy="person",
    display="",
)
class PersonDepartment(Row):
    """A person works in a department."""

    person_id: Mapped[uuid.UUID] = owner("person", nullable=False)
    department_id: Mapped[uuid.UUID] = owner("department", nullable=False)

    __table_args__ = (
        sa.Index("uq_person_department", "person_id", "department_id", unique=True, postgresql_where=LIVE),
    )


@entity(
    "memberships",
    policy="membership",
    display="",
    names={"zou": None, "shotgun": "ProjectUserConnection", "ftrack": None, "shotrunner": "Member"},
)
class Membership(Row):
    """A person is on a project's team, perhaps in another role than the studio gives them.

    An `inherited` one comes from a group, and goes with it, or from what the person is assigned to.
    """

    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})
    role: Mapped[str | None] = mapped_column(info={"choices": ROLES[1:]})
    title: Mapped[str | None]
    shotgun_id: Mapped[int | None]
    inherited: Mapped[bool] = mapped_column(default=False, server_default=sa.false(), info={"inner": True})

    __table_args__ = (
        sa.Index("uq_membership", "project_id", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_membership_person_id", "person_id"),
    )


union(
    "Anyone",
    ("HumanUser", "ApiUser"),
    names={"zou": None, "shotgun": None, "ftrack": None, "shotrunner": None},
)
