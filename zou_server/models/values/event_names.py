"""Names of events, as Zou's clients say them, turned back into the kind and the action that the log holds.

A name is made of both by an expression, which no index knows; asked for by its parts, the newest events of a
name are found without making the names of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.event import EVERYDAY, WIRE_ACTIONS, spelled
from zou_server.models.registry import FACETS
from zou_server.models.values.event_payload import NAMES


def events_named(names: Iterable[str]) -> Condition:
    """The events that have one of the names, in any case."""
    found, unknown = [], []
    for name in names:
        acts = _acts(name)
        if acts is None:  # a kind that only an old log knows, or no name at all
            unknown.append(Where("event_name", Op.EQ_CI, name))
        else:
            found += acts
    return AnyOf((*_seldom(found), *_everyday(found), *unknown))


def _seldom(acts: list[tuple[str, str]]) -> Iterator[Condition]:
    """Those that an index has, by it; one of them alone is found there in the order of the log."""
    spelled_out = [act for act in dict.fromkeys(map(":".join, acts)) if act not in EVERYDAY]
    if spelled_out:
        op, value = (Op.EQ, spelled_out[0]) if len(spelled_out) == 1 else (Op.IN, spelled_out)
        yield Where("seldom_act", op, value)


def _everyday(acts: list[tuple[str, str]]) -> Iterator[Condition]:
    for kind, action in dict.fromkeys(acts):
        if f"{kind}:{action}" in EVERYDAY:
            yield All((Where("kind", Op.EQ, kind), Where("action", Op.EQ, action)))


def _acts(name: str) -> list[tuple[str, str]] | None:
    """The kinds and actions that have a name; None for a name that could be anything."""
    wanted = name.lower()
    own = [act for act, called in NAMES.items() if called == wanted]
    slug, _, said = wanted.rpartition(":")
    if slug not in _kinds() and not own:
        return None
    if said in WIRE_ACTIONS:
        return own
    action = {theirs: ours for ours, theirs in WIRE_ACTIONS.items()}.get(said, said)
    return own + [(kind, action) for kind in _kinds().get(slug, ()) if (kind, action) not in NAMES]


@cache
def _kinds() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for kind in sorted({each.kind for each in FACETS.values() if each.kind}):
        found.setdefault(spelled(kind, "-"), []).append(kind)
    return found
