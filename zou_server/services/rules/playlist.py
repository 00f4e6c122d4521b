"""The life of a playlist: it holds entities of its own project, each with the take to show."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.models.playlist import Playlist
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule


def check_playlist(context: Context, change: Change) -> None:
    """Every entry names an entity that there is, and a take that there is or none."""
    row = change.of(Playlist)
    if row.shots is None:
        row.shots = []
    if not (change.created or change.changed("shots")):
        return
    if not isinstance(row.shots, list):
        raise Invalid(fields={"shots": ["is not a list"]})
    wanted = list(_named(row.shots))
    # What was there before may have been retired since: it stays until somebody takes it out.
    known = set(_named(change.before.get("shots") or []))
    context.targets.load([id_ for _, id_ in wanted])
    for key, id_ in wanted:
        found = context.targets.get(id_)
        if (key, id_) in known:
            continue
        if found is None or found.deleted_at is not None or found.project_id != row.project_id:
            raise Invalid(fields={"shots": [f"{key} {id_} does not exist in this project"]})


def _named(entries: list[Any]) -> Iterator[tuple[str, uuid.UUID]]:
    """The ids that entries of a playlist hold, with the key of each."""
    for entry in entries:
        if not isinstance(entry, dict) or not entry.get("entity_id"):
            raise Invalid(fields={"shots": ["an entry has no entity_id"]})
        for key in ("entity_id", "preview_file_id"):
            if entry.get(key):
                yield key, _id(key, entry[key])


def _id(key: str, value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise Invalid(fields={"shots": [f"{key} is malformed"]}) from None


PLAYLIST = Rule(before=(check_playlist,))
"""What is looked at together."""
