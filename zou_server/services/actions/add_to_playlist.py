"""Putting an entity at the end of a playlist: two who add at once both find theirs in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Invalid
from zou_server.models.playlist import Playlist
from zou_server.models.registry import facet
from zou_server.services.rules.playlist import check_playlist
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def add_to_playlist(context: Context, row: Playlist, values: Mapping[str, Any]) -> Result:
    """Append the `entry` {entity_id, preview_file_id}; the row is locked, so no other entry is lost."""
    entry = values.get("entry")
    if not isinstance(entry, dict):
        raise Invalid(fields={"entity_id": ["is required"]})
    change = context.touch(facet("Playlist"), row)
    change.set("shots", [*(row.shots or []), entry])
    check_playlist(context, change)
    facts = {name: entry.get(name) for name in ("entity_id", "preview_file_id")}
    context.work.record(named_event("add_entity", change.identity, **facts))
    return context.result_of(change)
