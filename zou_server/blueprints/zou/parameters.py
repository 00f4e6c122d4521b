"""Zou's query string as a query: equality filters, lists, pages, relations, fields, order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRequest:
    """A list that is asked for: what its route lays down, and with `asked` what the client wants of it.

    `condition` are its rows; `projection` all its keys, for a list that has keys of its own, else `names`
    shows names beside ids and `relations` the links to many, of which `fields` keeps some. `order` is that
    of a request that says none. `limit` is how many rows come, 0 for all of them; `page` (from 1) or the id
    after which it goes on (`cursor`) makes it a page, of `page_size` rows where nobody says.
    """

    condition: Condition = EVERYTHING
    page_size: int = 100
    names: bool = False
    relations: bool = False
    projection: Projection | None = None
    fields: tuple[str, ...] = ()
    order: tuple[Order, ...] = ()
    limit: int = 0
    page: int | None = None
    cursor: str | None = None

    @property
    def is_paged(self) -> bool:
        """Whether the answer is an object with `data`, and not a bare array."""
        return self.page is not None or self.cursor is not None

    def asked(self, wire: WireType, arguments: Mapping[str, list[str]]) -> ListRequest:
        """The same with what a client asks of it; Invalid names what cannot be understood."""
        filters = (_filter(wire, k, v) for k, v in arguments.items() if k not in overrides.IGNORED_FILTERS)
        terms = (self.condition, overrides.LIST_CONDITIONS.get(wire.facet.name, All()), *filters)
        first = {key: values[0] for key, values in arguments.items() if values}
        page, cursor = first.get("page"), first.get("cursor")
        found = replace(
            self,
            condition=All(tuple(t for t in terms if t != All())),
            relations=boolean(first.get("relations", str(self.relations)), "relations"),
            fields=tuple(name for name in first.get("fields", "").split(",") if name),
            limit=min(positive(first["limit"], "limit"), MAX_LIMIT) if "limit" in first else self.limit,
            page=None if page is None else positive(page, "page"),
            cursor=checked_id(cursor) if cursor else cursor,
        )
        usual = self.order or _usual_order(wire, paged=found.is_paged)
        limit = found.limit or (self.page_size if found.is_paged else 0)
        return replace(found, order=order_of(wire, first.get("order_by"), usual), limit=limit)

    def query(self, wire: WireType) -> Query:
        """What the database is asked."""
        return Query(
            wire.facet,
            only(wire, self.projection, self.fields)
            if self.projection
            else wire.projection(relations=self.relations, names=self.names, fields=self.fields),
            self.condition,
            self.order,
            limit=self.limit or None,
            offset=None if self.page is None or self.cursor else (self.page - 1) * self.limit,
            after=self.cursor or None,
        )


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
    several = listed(key, values)
    if several is not None:
        return Where(path, Op.IN, several)
    if key == "name" and kind is Kind.TEXT:
        return Where(path, Op.LIKE, value)
    return Where(path, Op.EQ, value)


EPISODE_WORDS = frozenset({"all", "main"})
"""What Kitsu says for an episode of a TV show: everything, and what is of none."""

_NULLS = frozenset({"", "None", "null"})


def listed(key: str, values: list[str]) -> list[Any] | None:
    """The values of a parameter that is said several times, or once as a JSON list; None for a single one."""
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
