"""The log of a filled studio: one change for each entity with its tasks, each note, each day of work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.big_studio.sizes import ASSET_STEPS, SHOT_STEPS
from zou_server.models.event import EventRow

LOG = ("change_set", "event")
"""The tables of the log."""

_CHANGES = f"""
CREATE TABLE filling.change AS
SELECT c.*, sum(count) OVER (ORDER BY at, row_id) - count + 1 AS base
FROM (
    SELECT id AS row_id, by, at, 5 + 8 * {SHOT_STEPS} AS count FROM filling.shot
    UNION ALL
    SELECT id, by, at, 5 + 8 * {ASSET_STEPS} FROM filling.asset
    UNION ALL
    SELECT id, by, at, CASE WHEN k = 3 THEN 12 ELSE 11 END FROM filling.note
    UNION ALL
    SELECT id, by, at, 4 FROM filling.day
) AS c ORDER BY at, row_id
"""

_ROOM = "(SELECT sum(count) FROM filling.change)"


NEW, OLD, LIST_OF_OLD = _IDS = ("0,1", "0,2", "0,4")
"""Values that are ids in columns of their own (`services/write/pack_events.py`)."""


def _pairs(**values: str) -> str:
    """What is said of a new row: attributes, each with the SQL of its JSON; the project is its event's."""
    pairs = [
        f"""["{name}",{value}]""" if value in _IDS else f"""["{name}",' || ({value})::text || ']"""
        for name, value in values.items()
    ]
    return f"""('[{",".join([*pairs, '["project_id"]'])}]')::json"""


@dataclass(frozen=True)
class Told:
    """One event of a change: what it is of, what it does, and where in the change it stands."""

    kind: str
    source: str
    """What to join to `filling.change c`, as `s`."""
    object_id: str
    ordinal: str = "0"
    action: str = "create"
    attribute: str = "NULL"
    new: str = "NULL::json"
    old_id: str = "NULL::uuid"
    new_id: str = "NULL::uuid"
    new_at: str = "NULL::timestamptz"
    made: str = "NULL::json"
    name: str = "NULL"
    where: str = "true"
    head: str = "true"


_OF = "s ON s.id = c.row_id"
_NOTE = f"filling.note {_OF}"
_TASKS = """(SELECT t.*, row_number() OVER (PARTITION BY entity_id ORDER BY t.step) - 1 AS place
             FROM filling.task t) s ON s.entity_id = c.row_id"""

EVENTS: tuple[Told, ...] = (
    *(
        Told(
            kind,
            f"filling.{kind.lower()} {_OF}",
            "s.id",
            name="s.name",
            made=_pairs(name="to_json(s.name)", nb_frames="96", description="'\"The lantern swings\"'"),
        )
        for kind in ("Shot", "Asset")
    ),
    Told(
        "Task",
        _TASKS,
        "s.id",
        "5 + 8 * s.place",
        name="'main'",
        made=_pairs(
            entity_id=NEW,
            task_type_id=OLD,
            estimation="480",
            due_date="to_json(s.last)",
        ),
        new_id="s.entity_id",
        old_id="s.type_id",
    ),
    Told(
        "Task",
        _TASKS,
        "s.id",
        "11 + 8 * s.place",
        "assign",
        name="'main'",
        new="""('{"person_id":"' || s.person_id || '"}')::json""",
    ),
    Told(
        "Shot",
        _TASKS,
        "s.entity_id",
        "12 + 8 * s.place",
        "update",
        attribute="'back:Task.entity_id'",
        new="'1'::json",
        new_id="s.id",
        head="false",
    ),
    Told(
        "Note",
        _NOTE,
        "s.id",
        made=_pairs(
            text="to_json(s.text)",
            sets_status_id=NEW,
            object_id=OLD,
            **{"links:Note/tasks": LIST_OF_OLD},
        ),
        new_id="s.status_id",
        old_id="s.task_id",
    ),
    Told(
        "Task",
        _NOTE,
        "s.task_id",
        "6",
        "update",
        name="'main'",
        attribute="'back:links:Note/tasks'",
        new="'1'::json",
        new_id="s.id",
        head="false",
    ),
    Told("Note", _NOTE, "s.id", "7", "news", new="'{}'::json"),
    Told(
        "Task",
        _NOTE,
        "s.task_id",
        "8",
        "update",
        name="'main'",
        attribute="'task_status_id'",
        old_id="s.status_id",
        new_id="s.status_id",
    ),
    Told(
        "Task",
        _NOTE,
        "s.task_id",
        "9",
        "update",
        name="'main'",
        attribute="'last_comment_date'",
        new_at="s.at",
        head="false",
    ),
    Told(
        "Task",
        _NOTE,
        "s.task_id",
        "10",
        "status-changed",
        name="'main'",
        old_id="s.status_id",
        new_id="s.status_id",
    ),
    Told("Notification", _NOTE, "gen_random_uuid()", "11", where="s.k = 3"),
    Told(
        "TimeSpent",
        f"filling.day {_OF}",
        "s.id",
        made=_pairs(task_id="to_json(s.task_id)", duration="480"),
    ),
)
"""What the log tells of what there is."""


def room_statements() -> Iterator[str]:
    """The statements that number the changes, and give these numbers away."""
    yield _CHANGES
    yield f"UPDATE event_counter SET next = next + {_ROOM}"


def log_statements() -> Iterator[str]:
    """The statements that write the log, before what is in it already; its parts are there."""
    yield f"UPDATE change_set SET base = base + {_ROOM}, last = last + {_ROOM}"
    yield f"UPDATE event SET base = base + {_ROOM}"
    yield (
        "INSERT INTO change_set (base, last, actor_id, client, created_at)"
        " SELECT base, base + count - 1, by, 'Kitsu', at FROM filling.change ORDER BY base"
    )
    columns = [column.name for column in EventRow.__table__.columns]
    told = " UNION ALL ".join(_events(each, columns) for each in EVENTS)
    yield f"INSERT INTO event ({', '.join(columns)}) {told} ORDER BY base, ordinal"


def _events(told: Told, columns: list[str]) -> str:
    values = {
        "base": "c.base",
        "ordinal": f"({told.ordinal})::int",
        "head": told.head,
        "uid": "NULL::uuid",
        "action": f"'{told.action}'",
        "kind": f"'{told.kind}'",
        "object_id": told.object_id,
        "object_name": f"({told.name})::text",
        "project_id": "s.project_id",
        "attribute": f"({told.attribute})::text",
        "old": "NULL::json",
        "old_at": "NULL::timestamptz",
        **{name: getattr(told, name) for name in ("new", "made", "old_id", "new_id", "new_at")},
    }
    chosen = ", ".join(f"{values[name]} AS {name}" for name in columns)
    return f"SELECT {chosen} FROM filling.change c JOIN {told.source} WHERE {told.where}"
