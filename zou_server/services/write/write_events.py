"""Events as they are written into the log: which columns hold what, and the statements that write them.

A change set takes its number from one counter, whose lock is held from there to the commit: so the events are
written last of all in a transaction.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from zou_server.models.event import BACK
from zou_server.services.write.pack_events import packed_status, packed_values
from zou_server.services.write.prepared import Prepared


class Recorded(NamedTuple):
    """One event to be: what happened to which row. `first` marks the head of an operation.

    The old and the new value are as the column holds them. `made` are the attributes of a new row with
    their values: each is an event of its own, with the number after the one before.
    """

    action: str
    kind: str
    object_id: uuid.UUID
    object_name: str | None
    project_id: uuid.UUID | None
    attribute: str | None = None
    old: Any = None
    new: Any = None
    first: bool = False
    made: Sequence[tuple[str, Any]] | None = None
    uid: uuid.UUID | None = None


def written_rows(events: Sequence[Recorded], ordinal: int, author: uuid.UUID) -> list[dict[str, Any]]:
    """The rows of events, the first with this ordinal. What holds nothing is left out and read as null."""
    rows: list[dict[str, Any]] = []
    for event in events:
        row: dict[str, Any] = {
            "ordinal": ordinal,
            "action": event.action,
            "kind": event.kind,
            "object_id": event.object_id,
            "head": event.first,
        }
        for name in ("object_name", "project_id", "attribute", "uid"):
            if (value := getattr(event, name)) is not None:
                row[name] = value
        if event.old is not None:
            row |= _value("old", event.old)
        if event.new is not None:
            row |= _said(event, author)
        if event.made:
            row["made"], ids = packed_values(event.made, event.project_id)
            row |= ids
        rows.append(row)
        ordinal += 1 + len(event.made or ())
    return rows


def _value(name: str, value: Any) -> dict[str, Any]:
    """A value where it takes the least room."""
    if isinstance(value, uuid.UUID):
        return {f"{name}_id": value}
    if isinstance(value, dt.datetime) and value.utcoffset() == dt.timedelta(0):
        return {f"{name}_at": value}
    return {} if value is None else {name: value}


def _said(event: Recorded, author: uuid.UUID) -> dict[str, Any]:
    """What is new by an event: a value, the other end of a link, or the payload of an event with a name."""
    if not isinstance(event.new, Mapping):
        return _value("new", event.new)
    if event.attribute is not None and event.attribute.startswith(BACK):
        return _of_other_end(event.new)
    packed = packed_status(event.new, author) if event.attribute is None else None
    return _value("new", event.new) if packed is None else packed


def _of_other_end(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is told of a link at its other end: who has it, how many events before; below zero if it went."""
    before = said["events_before"]
    return {"new_id": said["by"], "new": before if said["is_added"] else -before}


_COLUMNS = (
    "ordinal, head, uid, action, kind, object_id, object_name, project_id, attribute, "
    "old, new, made, old_id, new_id, old_at, new_at"
)
# JSON that PostgreSQL cannot read again (a NUL in a text) is refused here, where nothing has happened yet.
_READ = _COLUMNS.replace(
    "old, new, made",
    ", ".join(f"CASE WHEN {name}::jsonb IS NOT NULL THEN {name} END" for name in ("old", "new", "made")),
)
_SHAPE = """
json_to_recordset({rows}) AS e(
    ordinal integer, head boolean, uid uuid, action text, kind text, object_id uuid, object_name text,
    project_id uuid, attribute text, old json, new json, made json, old_id uuid, new_id uuid,
    old_at timestamptz, new_at timestamptz)
"""
_EVENTS = f"INSERT INTO event (base, {_COLUMNS}) SELECT {{base}}, {_READ} FROM {{more}}{_SHAPE}"  # noqa: S608 - constants
_CHANGE_SET = """
INSERT INTO change_set (base, last, actor_id, sudo_actor_id, client, session_uuid, created_at)
SELECT {base}, {base} + {count} - 1, {author}, clock_timestamp() {more}
"""
TAKE_NUMBERS = (
    "UPDATE event_counter SET next = next + %(count)s WHERE id = 1 RETURNING next - %(count)s AS base"
)

CHANGE_PLACES = (
    "%(count)s",
    "%(actor)s",
    "%(sudo)s",
    "%(client)s",
    "%(session_uuid)s",
    "%(channel)s",
    "%(rows)s",
)
CHANGE = Prepared(
    "change",
    ("bigint", "uuid", "uuid", "text", "text", "text", "json"),
    f"""
WITH numbered AS (
    {TAKE_NUMBERS.replace("%(count)s", "$1")}
), change AS (
    {_CHANGE_SET.format(base="base", count="$1", author="$2, $3, $4, $5", more="FROM numbered")}
    RETURNING last
), told AS (
    {_EVENTS.format(base="numbered.base", more="numbered, ", rows="$7")}
)
SELECT pg_notify($6, last::text) FROM change
""",  # noqa: S608 - put together from constants
)
"""All that is written of a change, by one statement; `CHANGE_PLACES` name its values."""

_AUTHOR = "%(actor)s, %(sudo)s, %(client)s, %(session_uuid)s"
LAST_EVENTS = f"""
{_EVENTS.format(base="%(base)s", more="", rows="%(rows)s")};
{_CHANGE_SET.format(base="%(base)s", count="%(count)s", author=_AUTHOR, more="")};
SELECT pg_notify(%(channel)s, (%(base)s + %(count)s - 1)::text)
"""
"""The last share of a long list of events, and what `CHANGE` says beside the events."""

_WAITING = "zou_waiting_events"
_EMPTY = f"SELECT {_COLUMNS} FROM event WITH NO DATA"  # noqa: S608 - constants, as below
MAKE_WAITING = f"CREATE TEMP TABLE {_WAITING} ON COMMIT DROP AS {_EMPTY}"
WAIT = f"INSERT INTO {_WAITING} ({_COLUMNS}) SELECT {_READ} FROM {_SHAPE.format(rows='%(rows)s')}"  # noqa: S608
WAITED = f"INSERT INTO event (base, {_COLUMNS}) SELECT %(base)s, {_COLUMNS} FROM {_WAITING}"  # noqa: S608
"""A share of the events of a long change read as JSON before it has numbers, and all of them written with
theirs: that takes half the time, in which nobody else gets any."""
