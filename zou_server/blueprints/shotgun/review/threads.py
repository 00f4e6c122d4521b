"""A note with its answers and files, and what happened to a row, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.rows import Row, answered, is_, rows_of
from zou_server.blueprints.shotgun.values import entity_parts

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

USUAL, MOST = 25, 500
_OF_NOTE = ("content", "created_at", "created_by")
_OF_REPLY = ("content", "created_at", "user")
_OF_ATTACHMENT = ("created_at", "created_by")
UPDATES = {"New": "create", "Change": "update", "Retirement": "delete", "Revival": "create"}


def _extra(call: Call, name: str) -> list[str]:
    fields = call.request.get("entity_fields") or {}
    if not isinstance(fields, dict):
        raise errors.missing("entity_fields", "hash", call.request)
    found = fields.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, str) for each in found):
        raise errors.missing("entity_fields", "hash of arrays", call.request)
    return found


def note_thread_contents(call: Call) -> str:
    """The note, then its answers and files in the order in which they were made."""
    number = call.request.get("note_id")
    if type(number) is not int:
        raise errors.missing("note_id", "integer", call.request)
    notes = rows_of(call, "Note", [is_("id", number)], [*_OF_NOTE, *_extra(call, "Note")])
    if not notes:
        raise errors.not_found("Note", number)
    note = {"type": "Note", "id": number}
    replies = rows_of(call, "Reply", [is_("entity", note)], [*_OF_REPLY, *_extra(call, "Reply")])
    files = rows_of(
        call, "Attachment", [is_("attachment_links", note)], [*_OF_ATTACHMENT, *_extra(call, "Attachment")]
    )
    images = _images(call, replies)
    for each in replies:
        if each["user"]:
            each["user"] = {**each["user"], "image": images.get(each["user"]["id"])}
    later = sorted([*replies, *files], key=lambda row: (row["created_at"], row["id"]))
    return answered([*notes, *later])


def _images(call: Call, replies: list[Row]) -> dict[int, Any]:
    numbers = sorted(
        {row["user"]["id"] for row in replies if row["user"] and row["user"]["type"] == "HumanUser"}
    )
    if not numbers:
        return {}
    return {
        row["id"]: row["image"] for row in rows_of(call, "HumanUser", [is_("id", numbers, "in")], ["image"])
    }


def activity_stream(call: Call) -> str:
    """The stream of what happened to a row, and to notes and versions about it."""
    request = call.request
    wire_type = call.type_in(request)
    entity = {"type": wire_type.name, "id": request.get("id")}
    entity_parts(entity)
    limit = request.get("limit") or USUAL
    if type(limit) is not int or limit < 1:
        raise errors.missing("limit", "integer", request)
    about = _about(call, wire_type.name, entity)
    conditions = [is_("entity", about, "in"), is_("attribute_name", None), *_between(request)]
    events = rows_of(
        call,
        "EventLogEntry",
        conditions,
        ["event_type", "meta", "created_at", "entity", "user"],
        newest_first=True,
        limit=min(limit, MOST),
    )
    updates = [each for each in (_update(call, event) for event in events) if each is not None]
    ids = [each["id"] for each in updates]
    return answered(
        {
            "entity_type": wire_type.name,
            "entity_id": entity["id"],
            "latest_update_id": max(ids, default=None),
            "earliest_update_id": min(ids, default=None),
            "updates": updates,
        }
    )


def _about(call: Call, name: str, entity: Row) -> list[Row]:
    """The row itself, and the notes and versions about it."""
    found = [entity]
    if name != "Note":
        found += rows_of(call, "Note", [is_("note_links", entity)], [], newest_first=True, limit=MOST)
    if name not in ("Note", "Version"):
        found += rows_of(call, "Version", [is_("entity", entity)], [], newest_first=True, limit=MOST)
    return found


def _between(request: Row) -> list[Row]:
    found = []
    for name, relation, step in (("max_id", "less_than", 1), ("min_id", "greater_than", -1)):
        value = request.get(name)
        if value is not None:
            if type(value) is not int:
                raise errors.missing(name, "integer", request)
            found.append({"path": "id", "relation": relation, "values": [value + step]})
    return found


def _update(call: Call, event: Row) -> Row | None:
    entity = event["entity"]
    ending = event["event_type"].rpartition("_")[2]
    if entity is None or ending not in UPDATES:
        return None
    shown = rows_of(
        call, entity["type"], [is_("id", entity["id"])], ["sg_status_list", *_extra(call, entity["type"])]
    )
    primary = shown[0] if shown else {"type": entity["type"], "id": entity["id"]}
    status = primary.pop("sg_status_list", None)
    user = event["user"] or {}
    return {
        "id": event["id"],
        "update_type": "create_reply" if entity["type"] == "Reply" else UPDATES[ending],
        "meta": event["meta"],
        "created_at": event["created_at"],
        "read": False,
        "primary_entity": {**primary, "name": entity["name"], "status": status},
        "created_by": {**user, "status": "act", "image": None},
    }
