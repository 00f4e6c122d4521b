"""Entries that tools add to the event log: a type of their own, a sentence, and facts."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call, projection_for
from zou_server.blueprints.shotgun.events.words import TOLD
from zou_server.blueprints.shotgun.read import names_in
from zou_server.blueprints.shotgun.rows import Row
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.blueprints.shotgun.values import entity_parts, text
from zou_server.blueprints.shotgun.writes import given_fields
from zou_server.models.conditions import Op, Query, Where
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.write.write_events import Recorded

FIELDS = frozenset(
    {"event_type", "description", "meta", "entity", "project", "user", "session_uuid", "attribute_name"}
)
NOTHING = uuid.UUID(int=0)


def record_event(call: Call) -> str:
    """Add an entry; the answer is like that of any other create."""
    require(call.actor, "event", "tell", "create a EventLogEntry")
    given = {each.name: each.value for each in given_fields(call.request)}
    for name, value in given.items():
        if name not in FIELDS:
            raise errors.read_only(f"EventLogEntry.{name}", value)
    event_type = text("EventLogEntry.event_type", given.get("event_type") or "")
    if event_type is None:
        raise errors.missing("event_type", "string", call.request)
    action = f"{TOLD}{event_type}"
    about, project = _id(call, given.get("entity")), _id(call, given.get("project"))
    said = {"meta": given.get("meta"), "description": given.get("description")}
    entry = Recorded(action, "EventLogEntry", about or NOTHING, None, project, new=said)
    return orjson.dumps(tell(call, entry, [*given, *names_in(call.request, "return_fields")])).decode()


def tell(call: Call, entry: Recorded, names: Iterable[str] = ()) -> Row:
    """Add an entry to the log, and return its row: that one, however many others are added meanwhile."""
    uid = uuid.uuid4()
    with call.studio.write(call.actor) as work:
        work.record(entry._replace(first=True, uid=uid))
        work.commit()
    projection = projection_for(call.words, call.type_in({"type": "EventLogEntry"}), names)
    query = Query(facet("EventLog"), projection, Where("id", Op.EQ, str(uid)))
    row: Row = orjson.loads(call.studio.read(call.actor).page(query, SPELLING).text)
    return row


def _id(call: Call, value: Any) -> uuid.UUID | None:
    if value is None:
        return None
    return uuid.UUID(call.words.known(entity_parts(value)))
