"""Names of events, as Zou's clients say them, turned back into the kind and the action that the log holds.

A name is made of both by an expression, which no index knows; asked for by its parts, the newest events of a
name are found without making the names of all.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.event import WIRE_ACTIONS, spelled
from zou_server.models.registry import FACETS
from zou_server.models.values.event_payload import NAMES


def events_named(names: Iterable[str]) -> Condition:
    """The events that have one of the names, in any case."""
    return AnyOf(tuple(_named(name) for name in names))


def _named(name: str) -> Condition:
    wanted = name.lower()
    parts = [
        All((Where("kind", Op.EQ, kind), Where("action", Op.EQ, action)))
        for (kind, action), own in NAMES.items()
        if own == wanted
    ]
    slug, _, said = wanted.rpartition(":")
    action = {theirs: ours for ours, theirs in WIRE_ACTIONS.items()}.get(said, said)
    if slug not in _kinds() and not parts:
        return Where("event_name", Op.EQ_CI, name)  # a kind that only an old log knows, or no name at all
    kinds = [kind for kind in _kinds().get(slug, ()) if (kind, action) not in NAMES]
    if kinds and said not in WIRE_ACTIONS:
        parts.append(All((Where("kind", Op.IN, kinds), Where("action", Op.EQ, action))))
    return AnyOf(tuple(parts))


@cache
def _kinds() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in sorted({each.kind for each in FACETS.values() if each.kind}):
        found.setdefault(spelled(kind, "-"), []).append(kind)
    return found
