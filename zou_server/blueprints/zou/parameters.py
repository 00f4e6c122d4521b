"""Zou's query string as a query: equality filters, lists, pages, relations, fields, order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from zou_server.blueprints.zou import overrides
from zou_server.blueprints.zou.vocabulary import WireType, only
from zou_server.models.conditions import (
    EVERYTHING,
    All,
    AnyOf,
    Condition,
    Op,
    Order,
    Projection,
    Query,
    Where,
)
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import Kind

PAGE_ORDER = (Order("updated_at", descending=True), Order("created_at", descending=True))
"""The order of pages (docs/protocols/zou.md 4); the id breaks ties."""

LIST_ORDER = (Order("created_at"),)
LOG_ORDER = (Order("number", descending=True),)
"""The event log comes newest first, in the order of commits."""
MAX_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Listing:
    """A parsed list request: the query, and the page asked for (None: everything, a bare array)."""

    query: Query
    page: int | None
    limit: int
    is_cursor: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """What a route's list is about, whatever the client asks: its rows, its pages, its extra keys.

    `projection` are all its keys, for a list that has keys of its own, `order` its order when the client
    says none; `relations` says that its rows carry their links to many without being asked.
    """

    condition: Condition = EVERYTHING
    page_size: int = 100
    names: bool = False
    limit: int = 0
    projection: Projection | None = None
    order: tuple[Order, ...] = ()
    relations: bool = False


def listing(wire: WireType, arguments: Mapping[str, list[str]], shown: Shown = Shown()) -> Listing:
    """Parse the arguments of a list request; Invalid names what cannot be understood."""
    terms: list[Condition] = [shown.condition, overrides.LIST_CONDITIONS.get(wire.facet.name, All())]
    for key, values in arguments.items():
        if key not in overrides.IGNORED_FILTERS:
            terms.append(_filter(wire, key, values))
    first = {key: values[0] for key, values in arguments.items() if values}
    relations = boolean(first.get("relations", str(shown.relations)), "relations")
    fields = tuple(name for name in first.get("fields", "").split(",") if name)
    page = None if "page" not in first else positive(first["page"], "page")
    limit = (
        min(positive(first["limit"], "limit"), MAX_LIMIT)
        if "limit" in first
        else shown.limit or shown.page_size
    )
    cursor = first.get("cursor")
    paged = page is not None or cursor is not None
    query = Query(
        wire.facet,
        only(wire, shown.projection, fields)
        if shown.projection
        else wire.projection(relations=relations, names=shown.names, fields=fields),
        All(tuple(t for t in terms if t != All())),
        order_of(wire, first.get("order_by"), shown.order or _usual_order(wire, paged=paged)),
        limit=limit if paged or shown.limit or "limit" in first else None,
        offset=None if page is None or cursor else (page - 1) * limit,
        after=checked_id(cursor) if cursor else None,
    )
    return Listing(query, page, limit, is_cursor=cursor is not None)


def _usual_order(wire: WireType, *, paged: bool) -> tuple[Order, ...]:
    if "updated_by_id" not in wire.facet.table.c:
        return LOG_ORDER
    return PAGE_ORDER if paged else LIST_ORDER


def order_of(wire: WireType, given: str | None, otherwise: tuple[Order, ...]) -> tuple[Order, ...]:
    """`order_by=name,-created_at` as sort keys."""
    if not given:
        return otherwise
    found = []
    for name in given.split(","):
        key = name.strip()
        found.append(Order(wire.path_of(key.removeprefix("-")).name, key.startswith("-")))
    return tuple(found)


def boolean(value: str, name: str) -> bool:
    """A flag; gazu sends Python's spelling."""
    word = value.strip().lower()
    if word not in ("true", "false", "1", "0", "none", ""):
        raise Invalid(
            f"{name}: '{value[:40]}' is neither true nor false.", {name: ["is neither true nor false"]}
        )
    return word in ("true", "1")


def positive(value: str, name: str) -> int:
    """A whole number from 1 up."""
    if not value.isascii() or not value.isdigit() or not 0 < len(value) < 16 or int(value) < 1:  # noqa: PLR2004
        raise Invalid(
            f"{name}: '{value[:40]}' is not a whole number from 1 up.", {name: ["is not a positive number"]}
        )
    return int(value)


def checked_id(value: str) -> str:
    """An id from a path or parameter; Invalid when it is malformed."""
    try:
        return str(uuid.UUID(value))
    except ValueError:
        raise Invalid("Malformed ID.", {"id": ["is malformed"]}) from None


def _filter(wire: WireType, key: str, values: list[str]) -> Condition:
    if key == "episode_id" and values[0] in EPISODE_WORDS:
        return EVERYTHING if values[0] == "all" else Where(wire.path_of(key).name, Op.NULL)
    paths = overrides.FILTERS.get((wire.facet.name, key))
    if paths:
        return AnyOf(tuple(Where(path, Op.EQ, values[0]) for path in paths))
    if key == "project_id" and wire.project_path:
        return _compared(key, wire.project_path, Kind.LINK, values)
    found = wire.path_of(key)
    return _compared(key, found.name, found.kind, values)


def _compared(key: str, path: str, kind: Kind, values: list[str]) -> Condition:
    value = values[0]
    if len(values) == 1 and value in _NULLS and kind is not Kind.TEXT:
        return Where(path, Op.NULL)
    if kind is Kind.JSON:
        raise Invalid(f"Filtering on {key} is not allowed.", {key: ["cannot be filtered by"]})
    listed = _listed(key, values)
    if listed is not None:
        return Where(path, Op.IN, listed)
    if key == "name" and kind is Kind.TEXT:
        return Where(path, Op.LIKE, value)
    return Where(path, Op.EQ, value)


EPISODE_WORDS = frozenset({"all", "main"})
"""What Kitsu says for an episode of a TV show: everything, and what is of none."""

_NULLS = frozenset({"", "None", "null"})


def _listed(key: str, values: list[str]) -> list[Any] | None:
    if len(values) > 1:
        return list(values)
    if not values[0].startswith("["):
        return None
    try:
        found = orjson.loads(values[0])
    except ValueError:
        raise Invalid(f"{key}: the list is not JSON.", {key: ["is not a JSON list"]}) from None
    if not isinstance(found, list) or any(isinstance(each, dict | list) for each in found):
        raise Invalid(f"{key}: the list must hold plain values.", {key: ["is not a list of plain values"]})
    return found


def found_or_404(text: str | None, wire: WireType, id_: str) -> str:
    """The row's text; NotFound when there is none."""
    if text is None:
        raise NotFound(f"{wire.name} {id_} not found.")
    return text
