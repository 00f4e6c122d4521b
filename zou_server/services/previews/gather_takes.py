"""The takes of entities in the shape in which playlists show them: by step, newest revision first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Take = dict[str, Any]


def takes_by_step(takes: Iterable[Take]) -> dict[str, list[Take]]:
    """Step -> the first take of each revision, newest first; the others of it become its `previews`.

    A take needs task_id, task_type_id, revision, position and created_at.
    """
    revisions: dict[tuple[str, str, int], list[Take]] = {}
    for take in takes:
        key = (take["task_type_id"] or "", take["task_id"], take["revision"])
        revisions.setdefault(key, []).append(take)
    found: dict[str, list[Take]] = {}
    for (step, _, _), members in sorted(revisions.items(), key=_newest_last, reverse=True):
        first, *others = members if len(members) == 1 else sorted(members, key=_place)
        first["previews"] = others
        found.setdefault(step, []).append(first)
    return found


def _place(take: Take) -> tuple[int, str]:
    return take["position"] or 0, take["created_at"]


def _newest_last(entry: tuple[tuple[str, str, int], list[Take]]) -> tuple[int, str]:
    (_, _, revision), members = entry
    return revision or 0, max(take["created_at"] for take in members)
