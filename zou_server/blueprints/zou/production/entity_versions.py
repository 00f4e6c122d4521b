"""What shots and edits were before: their name and custom fields before each change, from the event log."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response

from zou_server.blueprints.zou.describe_api.describe_rows import MOMENT
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import json_of, rows_of, same, shown
from zou_server.description import ID, listed, one_of, or_null, thing
from zou_server.models.conditions import Order
from zou_server.web import current_actor

_NOW = shown(name="", data="")
_EVENT = shown(number="", id="", attribute="", old="", actor_id="", created_at="")
CUSTOM = "data."


class Versions(NamedResource[str]):
    """The versions of a shot or an edit."""

    def get(self, **ids: str) -> Response:
        """As it was before each change, the newest change first."""
        ((argument, id_),) = ids.items()
        checked = {argument: checked_id(id_)}
        require_owners(self.studio, ((argument, self.options),), checked)
        reader = self.studio.read(current_actor())
        (now,) = rows_of(reader, self.options, _NOW, same("id", checked[argument]))
        changes = (same("object_id", checked[argument]), same("action", "update"))
        events = rows_of(reader, "EventLog", _EVENT, *changes, order=(Order("number", descending=True),))
        return json_of(list(_versions(checked[argument], now, events)))


def _versions(entity_id: str, now: dict[str, Any], events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Undo one change after the other. A change is the events down to its head, which has an id."""
    name, data, is_changed = now["name"], dict(now["data"] or {}), False
    for event in events:
        attribute = event["attribute"] or ""
        if attribute == "name":
            name, is_changed = event["old"], True
        elif attribute.startswith(CUSTOM):
            key, is_changed = attribute.removeprefix(CUSTOM), True
            data = {each: value for each, value in data.items() if each != key}
            data |= {} if event["old"] is None else {key: event["old"]}
        if event["id"] is not None and is_changed:
            is_changed = False
            yield {
                "id": event["id"],
                "name": name,
                "data": data,
                "entity_id": entity_id,
                "person_id": event["actor_id"],
                "created_at": event["created_at"],
                "updated_at": event["created_at"],
                "type": "EntityVersion",
            }


_VERSION = thing(
    {
        "id": ID,
        "name": or_null({"type": "string"}),
        "data": {"type": "object", "description": "The custom fields, by their names."},
        "entity_id": ID,
        "person_id": or_null(ID),
        "created_at": MOMENT,
        "updated_at": MOMENT,
        "type": one_of(("EntityVersion",)),
    },
    ("id",),
)

ROUTES = tuple(
    Named(
        f"/data/{path}/<{argument}>/versions",
        Versions,
        {
            "get": Says(
                kind, f"What {words} was before each change", listed(_VERSION), text="The newest first."
            )
        },
        kind,
    )
    for path, argument, kind, words in (
        ("shots", "shot_id", "Shot", "a shot"),
        ("edits", "edit_id", "Edit", "an edit"),
    )
)
