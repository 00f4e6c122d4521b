"""The takes of entities in the shape in which playlists show them: by step, newest revision first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Take = Mapping[str, Any]


def takes_by_step(takes: Iterable[Take]) -> dict[str, list[dict[str, Any]]]:
    """Step -> the first take of each revision, newest first, with the others of it under `previews`.

    A take needs task_id, task_type_id, revision, position and created_at.
    """
    revisions: dict[tuple[str, str, int], list[Take]] = {}
    for take in takes:
        key = (take["task_type_id"] or "", take["task_id"], take["revision"])
        revisions.setdefault(key, []).append(take)
    found: dict[str, list[dict[str, Any]]] = {}
    for (step, _, _), members in sorted(revisions.items(), key=_newest_last, reverse=True):
        first, *others = sorted(members, key=lambda take: (take["position"] or 0, take["created_at"]))
        found.setdefault(step, []).append({**first, "previews": [dict(each) for each in others]})
    return found


def _newest_last(entry: tuple[tuple[str, str, int], list[Take]]) -> tuple[int, str]:
    (_, _, revision), members = entry
    return revision or 0, max(take["created_at"] for take in members)
