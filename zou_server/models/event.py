"""The event log: every change, who made it and with what, gapless and in the order of commits.

One `change_set` is one transaction. Its events are numbered inside it (`ordinal`), so an event's
number is `base + ordinal`; only the change set takes a number from the counter, last before commit.
Shotgun's log has one entry for each event; Zou's has one for each operation: its first event, the `head`,
whose id is made of its number (a `uid` is an id that was given, or of before ids were made so).
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSON, JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import Base
from zou_server.models.registry import ANY, FACETS, Computed, FacetSpec, Kind, entity
from zou_server.models.rows_of import row_of
from zou_server.models.values.event_payload import has_own_ids, own_name, told_of


class EventCounter(Base):
    """One row: the number that the next change set starts at."""

    __tablename__ = "event_counter"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    next: Mapped[int] = mapped_column(sa.BigInteger)


class ChangeSet(Base):
    """One committed transaction: who, with which client, when, and the numbers of its events.

    Kept in parts, each for a stretch of numbers, as its events are: see `services/events/log_parts.py`.
    """

    __tablename__ = "change_set"

    base: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(sa.BigInteger)
    created_at: Mapped[dt.datetime]
    actor_id: Mapped[uuid.UUID | None]
    sudo_actor_id: Mapped[uuid.UUID | None]
    client: Mapped[str | None]
    session_uuid: Mapped[str | None]

    __table_args__ = (
        sa.Index("ix_change_set_created_at", "created_at"),
        {"info": {"log": True}, "postgresql_partition_by": "RANGE (base)"},
    )


SLACK = "interval '1 day'"
"""How far clocks may have been set back: numbers follow time but for that."""

EVERYDAY = ("Task:update", "Note:create", "Note:news", "Task:status-changed", "Notification:create")
"""What happens to rows with each comment: the newest of these are found soon without an index."""

FILE_ACTS = (
    "PreviewFile:add-file",
    "Organisation:set-thumbnail",
    "Person:set-thumbnail",
    "Script:set-thumbnail",
    "Project:set-thumbnail",
)
"""What happens when there is a new file to fetch."""

_COLON: ColumnElement[str] = sa.literal_column("':'", sa.Text())
_ACT = "(kind || ':'::text) || action"


def _listed(acts: tuple[str, ...]) -> str:
    return "ARRAY[{}]".format(", ".join(f"'{each}'::text" for each in acts))


class HubMessage(Base):
    """What a client says to others (event hub, review rooms); kept until every web process has read it."""

    __tablename__ = "hub_message"

    id: Mapped[int] = mapped_column(sa.BigInteger, sa.Identity(), primary_key=True)
    channel: Mapped[str] = mapped_column(server_default="zou_server_hub")
    payload: Mapped[Any] = mapped_column(JSONB)
    created_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.now())

    __table_args__ = ({"info": {"log": True}},)


class EventRow(Base):
    """One event as it is written. No foreign key: the log outlives what it speaks of.

    The events of a new row are written as one: `made` holds the [attribute, value] pairs that follow it in
    the log, each with a number of its own; one without a value has that of `project_id`. The log is most of a
    database, so it says nothing twice and in the fewest bytes: values are JSON as it was written, those that
    are an id or a moment stand in columns of that type, and no index tells the rows of a change set apart.
    """

    __table__ = sa.Table(
        "event",
        Base.metadata,
        sa.Column("base", sa.BigInteger, nullable=False),
        sa.Column("old_at", sa.DateTime(timezone=True)),
        sa.Column("new_at", sa.DateTime(timezone=True)),
        sa.Column("object_id", sa.Uuid(), nullable=False),
        sa.Column("project_id", sa.Uuid()),
        sa.Column("old_id", sa.Uuid()),
        sa.Column("new_id", sa.Uuid()),
        sa.Column("uid", sa.Uuid()),
        sa.Column("ordinal", sa.Integer, nullable=False),
        sa.Column("head", sa.Boolean, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("object_name", sa.Text),
        sa.Column("attribute", sa.Text),
        sa.Column("old", JSON),
        sa.Column("new", JSON),
        sa.Column("made", JSON),
        sa.Index("ix_event_base", "base"),
        sa.Index("ix_event_object_id", "object_id"),
        # Those of no project would come last: pages of the newest project would split where they are filled.
        sa.Index(
            "ix_event_project_id", "project_id", "base", postgresql_where=sa.text("project_id IS NOT NULL")
        ),
        sa.Index(
            "ix_event_act",
            sa.text(f"({_ACT})"),
            "base",
            postgresql_where=sa.text(f"head AND ({_ACT}) <> ALL ({_listed(EVERYDAY)})"),
        ),
        sa.Index(
            "ix_event_files",
            "base",
            postgresql_where=sa.text(f"head AND ({_ACT}) = ANY ({_listed(FILE_ACTS)})"),
        ),
        sa.Index("ix_event_uid", "uid", postgresql_where=sa.text("uid IS NOT NULL")),
        postgresql_partition_by="RANGE (base)",
    )
    __mapper_args__ = {"primary_key": (__table__.c.base, __table__.c.ordinal)}  # noqa: RUF012 - SQLAlchemy's


def _number(row: FromClause) -> ColumnElement[Any]:
    return row.c.base + row.c.ordinal


def _number_order(row: FromClause) -> tuple[ColumnElement[Any], ...]:
    return (row.c.base, row.c.ordinal)


def _change_set_of(value: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first number of the change set that a number is in: where an index scan can begin or end."""
    before = row_of(ChangeSet.__table__)
    first = sa.func.coalesce(sa.func.max(before.c.base), 0)
    return sa.select(first).where(before.c.base <= value).scalar_subquery()


def _compared(sign: str, row: FromClause, value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Both numbers of change sets that a row has, compared: the parts of the log are left out by either."""
    return sa.and_(row.c.base.op(sign)(value), row.c.change_base.op(sign)(value))


_NARROW: dict[str, Callable[[FromClause, ColumnElement[Any]], ColumnElement[bool]]] = {
    ">": lambda row, value: _compared(">=", row, _change_set_of(value)),
    ">=": lambda row, value: _compared(">=", row, _change_set_of(value)),
    "<": lambda row, value: _compared("<", row, value),
    "<=": lambda row, value: _compared("<=", row, value),
    "=": lambda row, value: row.c.base == _change_set_of(value),
}


def _narrow_id(row: FromClause, sign: str, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    """The change sets that events with these ids are in: an id that was not given is made of the number."""
    if sign == "=":
        return row.c.base == _base_of_id(value)
    if sign == "in":
        each = sa.func.unnest(sa.cast(value, ARRAY(sa.Uuid()))).column_valued("id")
        return row.c.base == sa.any_(sa.func.array(sa.select(_base_of_id(each)).scalar_subquery()))
    return None


def _base_of_id(value: ColumnElement[Any]) -> ColumnElement[Any]:
    given, number = row_of(EventRow.__table__), sa.func.event_number(value)
    known = sa.select(given.c.base).where(given.c.uid == value).limit(1).scalar_subquery()
    return sa.case((number.is_(None), known), else_=_change_set_of(number))


def _number_narrow(row: FromClause, sign: str, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    make = _NARROW.get(sign)
    return make(row, value) if make else None


def _moment_narrow(row: FromClause, sign: str, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    """The change sets of a moment by their numbers, which are in the order of time."""
    if sign not in (">", ">=", "<", "<="):
        return None
    made, slack = ChangeSet.__table__.alias(), sa.literal_column(SLACK, sa.Interval())
    moment = sa.cast(value, sa.DateTime(timezone=True))
    when, is_after = made.c.created_at, sign.startswith(">")
    beyond = when > moment - slack if is_after else when < moment + slack
    nearest = sa.select(made.c.base).where(beyond).order_by(when.asc() if is_after else when.desc()).limit(1)
    return _compared(sign[0] + "=", row, nearest.scalar_subquery())


def _projects_narrow(row: FromClause, sign: str, value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    """The log from where the first of some projects began: what is before is not read to be left out."""
    if sign != "in":
        return None
    asked = sa.func.unnest(sa.cast(value, ARRAY(sa.Uuid()))).table_valued("id").render_derived()
    event = row_of(EventRow.__table__)
    first = sa.select(event.c.base).where(event.c.project_id == asked.c.id).order_by(event.c.base).limit(1)
    began = sa.select(sa.func.min(first.correlate(asked).scalar_subquery())).select_from(asked)
    return row.c.base >= began.scalar_subquery()


def _act(row: FromClause) -> ColumnElement[Any]:
    """What happened to a row of which kind, as an index has it."""
    return row.c.kind.op("||")(_COLON).op("||")(row.c.action)


def _of_kind(row: FromClause) -> ColumnElement[Any]:
    """Which attribute of which kind an event is about: `Shot:name`."""
    return row.c.kind.op("||")(_COLON).op("||")(row.c.attribute)


def _seldom(row: FromClause, sign: str, _value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    """Whoever asks for acts asks for seldom ones: the index has these alone."""
    everyday: ColumnElement[Any] = sa.literal_column(_listed(EVERYDAY))
    return _act(row) != sa.all_(everyday) if sign in ("=", "in") else None


def _with_files(row: FromClause, sign: str, _value: ColumnElement[Any]) -> ColumnElement[bool] | None:
    """The same for those that bring files, which are all in one index in the order of the log."""
    acts: ColumnElement[Any] = sa.literal_column(_listed(FILE_ACTS))
    return _act(row) == sa.any_(acts) if sign == "in" else None


BACK = "back:"
"""What the attribute of an event begins with that tells of a link from its other end."""

LOG_IN = "log_in"
"""What an event does that tells of somebody who logged in."""

WIRE_ACTIONS = {"create": "new"}
_WIRE_KINDS = {
    "Note": "comment",
    "Script": "person",
    "Status": "task-status",
    "FieldDescriptor": "metadata-descriptor",
    "ProjectMilestone": "milestone",
    "EntityType": "asset-type",
}


def _slug(kind: ColumnElement[Any], joint: str) -> ColumnElement[Any]:
    """The kind in Zou's words.

    A list of them all, not a regular expression: PostgreSQL counts it as dear, and so works it out for
    the rows of a page only, after they are sorted and cut.
    """
    known = {each.kind: spelled(each.kind, joint) for each in FACETS.values() if each.kind}
    words = sa.func.lower(sa.func.regexp_replace(kind, "([a-z])([A-Z])", rf"\1{joint}\2", "g"))
    return sa.case(known, value=kind, else_=words)


def spelled(kind: str, joint: str) -> str:
    """What Zou calls a kind: `task-type`, or `task_type` in the keys of a payload."""
    return re.sub("([a-z])([A-Z])", r"\1-\2", _WIRE_KINDS.get(kind, kind)).lower().replace("-", joint)


def _event_name(row: FromClause) -> ColumnElement[Any]:
    """What Zou calls the event: `shot:new`, `task-type:update`."""
    action = sa.case(
        *((row.c.action == ours, theirs) for ours, theirs in WIRE_ACTIONS.items()), else_=row.c.action
    )
    return own_name(row, sa.func.concat(_slug(row.c.kind, "-"), ":", action))


def _payload(row: FromClause) -> ColumnElement[Any]:
    """What Zou says in the event: the row's id under its type's name, the project's, and more of some types.

    An event with a name of its own (`task:assign`) has more to say.
    """
    nothing = sa.literal_column("'{}'::jsonb", JSONB())
    mine = sa.func.jsonb_build_object(sa.func.concat(_slug(row.c.kind, "_"), "_id"), row.c.object_id)
    project = sa.func.jsonb_build_object("project_id", row.c.project_id)
    ids = sa.case((has_own_ids(row), nothing), else_=mine).op("||")(
        sa.case((row.c.project_id.is_(None), nothing), else_=project)
    )
    says_more = sa.and_(row.c.attribute.is_(None), sa.func.jsonb_typeof(row.c.new) == "object")
    # The ids once: the list of kinds in them is most of the work.
    return ids.op("||")(told_of(row)).op("||")(sa.case((says_more, row.c.new), else_=nothing))


@entity(
    "event-log",
    names={"zou": None, "shotgun": "EventLogEntry", "ftrack": None, "shotrunner": None},
    policy="event",
    display="",
    read_only=("uid",),
    hidden=("base", "change_base", "last", "ordinal"),
    facets=(
        FacetSpec(
            "ApiEvent",
            "events",
            policy="event",
            names={"shotgun": None, "ftrack": None, "shotrunner": None},
            view="event_head",
        ),
        # As `ApiEvent`, for who tells people of events one by one: what is told to one person alone is in it.
        FacetSpec(
            "LiveEvent",
            "live-events",
            policy="live_event",
            names=dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner")),
            view="event_head",
        ),
    ),
    computed={
        "event_name": Computed(Kind.TEXT, _event_name),
        "seldom_act": Computed(Kind.TEXT, _act, narrow=_seldom, inner=True),
        "attribute_of_kind": Computed(Kind.TEXT, _of_kind, inner=True),
        "file_act": Computed(Kind.TEXT, _act, narrow=_with_files, inner=True),
        "payload": Computed(Kind.JSON, _payload),
        "number": Computed(Kind.INTEGER, _number, order=_number_order, narrow=_number_narrow),
    },
)
class EventLog(Base):
    """The log as it is read: events with the author and client of their change set (a view)."""

    __table__ = sa.Table(
        "event_log",
        Base.metadata,
        sa.Column("id", sa.Uuid(), primary_key=True, info={"narrow": _narrow_id}),
        sa.Column("base", sa.BigInteger, nullable=False),
        sa.Column("change_base", sa.BigInteger, nullable=False),
        sa.Column("last", sa.BigInteger, nullable=False),
        sa.Column("ordinal", sa.Integer, primary_key=True),
        sa.Column("action", sa.Text),
        sa.Column("kind", sa.Text),
        sa.Column("object_id", sa.Uuid(), info={"target": ANY}),
        sa.Column("object_name", sa.Text),
        sa.Column("project_id", sa.Uuid(), info={"target": "Project", "narrow": _projects_narrow}),
        sa.Column("attribute", sa.Text),
        sa.Column("old", JSONB),
        sa.Column("new", JSONB),
        sa.Column("actor_id", sa.Uuid(), info={"target": "Person"}),
        sa.Column("sudo_actor_id", sa.Uuid(), info={"target": "Person"}),
        sa.Column("client", sa.Text),
        sa.Column("session_uuid", sa.Text),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            info={"narrow": _moment_narrow, "order": _number_order},
        ),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        # The migrations make the view. What is read of it depends on nothing else and is never changed.
        info={"view": True, "log": True},
    )
