"""Answering queries: one statement for the rows, then one for each relation that no join could show.

Rows whose columns are the whole answer stay the text that PostgreSQL wrote.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, NamedTuple

import orjson

from zou_server.blueprints.ftrack import facts
from zou_server.blueprints.ftrack.attributes import (
    TYPE_KEY,
    Attribute,
    CollectionRelation,
    Constant,
    ConstantRows,
    Derived,
    Loaded,
    Reference,
    Value,
    Whole,
)
from zou_server.blueprints.ftrack.constants import Constants
from zou_server.blueprints.ftrack.custom.values import ANY_VALUE, VALUE_TYPES, value_rows
from zou_server.blueprints.ftrack.files.addresses import ADDRESSED
from zou_server.blueprints.ftrack.loaders import LOADERS
from zou_server.blueprints.ftrack.pictured import Address
from zou_server.blueprints.ftrack.projection import (
    MemberPlan,
    Refill,
    Tree,
    plan,
    tree,
    tree_of,
    with_names,
)
from zou_server.blueprints.ftrack.queries.custom_field import with_days
from zou_server.blueprints.ftrack.queries.expression import (
    ALWAYS,
    Among,
    Both,
    Compare,
    Literal,
    Ordering,
    Select,
    Step,
    named_values,
    path_of,
    spelled,
)
from zou_server.blueprints.ftrack.queries.grouping import grouped
from zou_server.blueprints.ftrack.queries.leaves import both
from zou_server.blueprints.ftrack.queries.ordering import order_of
from zou_server.blueprints.ftrack.queries.parser import parse
from zou_server.blueprints.ftrack.queries.place import At
from zou_server.blueprints.ftrack.queries.translate import condition
from zou_server.blueprints.ftrack.spelling import SPELLING
from zou_server.blueprints.ftrack.vocabulary import AnyType, WireType, find, wire_type
from zou_server.blueprints.ftrack.workflow.lists import in_list
from zou_server.models.conditions import NOTHING, Op, Order, Output, Projection, Query, UnionQuery, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.read.reader import Page, Reader
from zou_server.services.read.spool import Spool

Object = dict[str, Any]

_ID_ONLY = Projection((Output("id", "id"),))
_PLAIN = Spelling()
_VALUES = frozenset({ANY_VALUE, *VALUE_TYPES})
_SORTED: Mapping[str, tuple[Ordering, ...]] = {
    "Status": (Ordering(path_of("sort")), Ordering(path_of("name")))
}
"""Types whose rows the studio has put in an order -> that order; rows at one place go by their names."""


@dataclass(frozen=True, slots=True)
class RowsAnswer:
    """The rows of one query as JSON objects joined by commas, and whether there are more."""

    text: str
    more: bool


class LinkRead(NamedTuple):
    """A row that joins two others."""

    id: str
    near: str
    far: str


@cache
def _ends(near: str, far: str) -> Projection:
    """What is read of link rows; kept, because statements are kept by their projections."""
    return Projection((Output("id", "id"), Output("near", near), Output("far", far)))


class Reading:
    """Reads for one caller, or inside one unit of work."""

    def __init__(self, reader: Reader, now: dt.datetime, address: Address = lambda _kind, _id: "") -> None:
        self._reader, self._now, self.address = reader, now, address

    def answer(self, select: Select) -> RowsAnswer:
        """Answer a query; it reads one row more than asked for, to know whether there are more."""
        if select.group or select.aggregates:
            one_more = select if select.limit is None else replace(select, limit=select.limit + 1)
            return _cut(grouped(self._reader, one_more, self._now), select.limit)
        wire, wanted = _asked(select)
        ahead = replace(select, limit=select.limit + 1) if select.limit is not None else select
        if isinstance(wire, Constants):
            rows = self._constants(wire, ahead, wanted)
            return _cut(rows, select.limit)
        built = _built(wire, ahead, wanted, self._now)
        if built is None:
            return RowsAnswer("", more=False)
        page = self._reader.page(built.query, SPELLING)
        more = select.limit is not None and page.count > select.limit
        if not more and not built.refills:
            return RowsAnswer(page.text, more=False)
        rows = page.rows()[: select.limit]
        self._complete(rows, built.refills)
        return RowsAnswer(_text(rows), more)

    def streamed(self, select: Select) -> Page | Spool | None:
        """All rows of a query without a limit, streamed when they are many; None when no text suffices."""
        if select.group or select.aggregates:
            return None
        wire, wanted = _asked(select)
        built = None if isinstance(wire, Constants) else _built(wire, select, wanted, self._now)
        if built is None or built.refills:
            return None
        return self._reader.listed(built.query, SPELLING)

    def rows(self, select: Select, wanted: Tree, facets: frozenset[str] = frozenset()) -> list[Object]:
        """The rows of a query made by us, with the attributes wanted; of some facets only, when named."""
        wire = wire_type(select.type)
        if isinstance(wire, Constants):
            return self._constants(wire, select, wanted)
        built = _built(wire, select, wanted, self._now, facets)
        if built is None:
            return []
        found: list[Object] = self._reader.rows(built.query, SPELLING)
        self._complete(found, built.refills)
        return found

    def by(
        self, type_name: str, attribute: str, values: Iterable[str], wanted: Tree, only: str = ""
    ) -> list[Object]:
        """The rows of a type whose attribute is one of the values; whose `type` is `only`, when named."""
        distinct = tuple(Literal(value) for value in dict.fromkeys(values))
        if not distinct:
            return []
        where = Among((Step(attribute),), distinct)
        narrowed = Both((where, Compare((Step("type"),), "=", Literal(only)))) if only else where
        return self.rows(Select(type_name, where=narrowed), wanted)

    def ids(self, type_name: str, facets: frozenset[str] = frozenset(), flag: str = "") -> list[str]:
        """The ids of all rows of a type; of some facets only, or in one list of statuses, when named."""
        order = _SORTED.get(type_name, ())
        select = Select(type_name, where=in_list(flag) if flag else ALWAYS, order=order)
        return [row["id"] for row in self.rows(select, tree("id"), facets)]

    def _values(self, name: str, select: Select) -> list[Object]:
        """The value rows of custom attributes that a query may be about: those of the entities it names."""
        ids = named_values(select.where, "entity_id")
        if not ids:
            raise Invalid(f"A query on {name} says whose values it wants: entity_id is ..., or in (...).")
        return value_rows(self.by, name, ids)

    def links(self, through: tuple[str, str, str], ids: Sequence[str]) -> list[LinkRead]:
        """The link rows of a collection that begin at these rows, in the order they were made."""
        name, near, far = through
        if not ids:
            return []
        query = Query(facet(name), _ends(near, far), Where(near, Op.IN, list(ids)), (Order("created_at"),))
        rows = orjson.loads(f"[{self._reader.page(query, _PLAIN).text}]")
        return [LinkRead(row["id"], row["near"], row["far"]) for row in rows]

    def asset_type_called(self, name: str) -> str | None:
        """The id of the type of asset of this name, also where a step of the same name hides it."""
        found = self._reader.one(Query(facet("AssetType"), _ID_ONLY, Where("name", Op.EQ_CI, name)), SPELLING)
        return None if found is None else str(orjson.loads(found)["id"])

    def _constants(self, wire: Constants, select: Select, wanted: Tree) -> list[Object]:
        found = self._values(wire.name, select) if wire.name in _VALUES else wire.rows(self)
        where = with_days(select.where, self._now) if wire.name in _VALUES else select.where
        rows = [dict(row) for row in found if facts.holds(wire.name, row, where)]
        for key in reversed(select.order):
            name = spelled(key.path)
            find(wire, wire, name)
            rows.sort(key=lambda row, name=name: str(row.get(name) or ""), reverse=key.descending)  # type: ignore[misc]
        rows = rows[select.offset or 0 :]
        rows = rows if select.limit is None else rows[: select.limit]
        for name, below in wanted:
            attribute = find(wire, wire, name)
            if attribute is not None and not isinstance(attribute, Value):
                _fill(rows, name, attribute)
                if not isinstance(attribute, Constant):
                    self._refill(rows, Refill((), name, attribute, below))
        return rows

    # -- what comes after the rows -----------------------------------------------------------------

    def _complete(self, rows: Sequence[Object], refills: Mapping[str, Sequence[Refill]]) -> None:
        for type_name, needed in refills.items():
            mine = [row for row in rows if row[TYPE_KEY] == type_name]
            for refill in needed:
                self._refill(_objects(mine, refill.at), refill)
        if refills:
            _strip(rows)

    def _refill(self, objects: list[Object], refill: Refill) -> None:
        if objects:
            _REFILLS[type(refill.attribute)](self, objects, refill)


def _fill(rows: Iterable[Object], name: str, attribute: Attribute) -> None:
    """Put something under an attribute that rows in no table do not hold by themselves."""
    for row in rows:
        if isinstance(attribute, Constant):
            row.setdefault(name, attribute.value)
        elif isinstance(attribute, ConstantRows):
            row.setdefault(name, [dict(each) for each in attribute.rows])
        else:
            row.setdefault(name, None)


def _by_id(reading: Reading, objects: list[Object], refill: Refill) -> None:
    """Replace references, alone or in lists, by the rows they stand for."""
    attribute: Any = refill.attribute
    ids = [each["id"] for row in objects for each in _references(row[refill.key])]
    found = {row["id"]: row for row in reading.by(attribute.target, "id", ids, refill.tree)}
    for row in objects:
        value = row[refill.key]
        if isinstance(value, list):
            row[refill.key] = [found.get(each["id"], each) for each in _references(value)]
        elif value is not None:
            row[refill.key] = found.get(value["id"], value)


def _collected(reading: Reading, objects: list[Object], refill: Refill) -> None:
    """Rows that point back at ours, or along a link that was shown as references."""
    attribute: Any = refill.attribute
    if attribute.shown or attribute.through[0]:
        (_by_id if attribute.shown else _linked)(reading, objects, refill)
        return
    below: dict[str, list[Object]] = {}
    wanted = with_names(refill.tree, attribute.by)
    for row in reading.by(
        attribute.target, attribute.by, (row["id"] for row in objects), wanted, attribute.only
    ):
        below.setdefault(row[attribute.by], []).append(row)
    for row in objects:
        row[refill.key] = below.get(row["id"], [])


def _linked(reading: Reading, objects: list[Object], refill: Refill) -> None:
    """Rows at the far ends of link rows that begin at ours."""
    attribute: Any = refill.attribute
    links = reading.links(attribute.through, [row["id"] for row in objects])
    ids = dict.fromkeys(link.far for link in links)
    found = {row["id"]: row for row in reading.by(attribute.target, "id", ids, refill.tree)}
    below: dict[str, list[Object]] = {}
    for link in links:
        if link.far in found:
            below.setdefault(link.near, []).append(found[link.far])
    for row in objects:
        row[refill.key] = below.get(row["id"], [])


def _whole(reading: Reading, objects: list[Object], refill: Refill) -> None:
    """Every row of a type that meets the attribute's criteria."""
    attribute: Any = refill.attribute
    select = parse(
        f"{attribute.target} where {attribute.criteria}" if attribute.criteria else attribute.target
    )
    ordered = replace(select, order=_SORTED.get(attribute.target, ()))
    for row in objects:
        flag = attribute.flags.get(row["id"])
        asked = replace(ordered, where=in_list(flag)) if flag else ordered
        row[refill.key] = reading.rows(asked, refill.tree, attribute.facets)


def _loaded(reading: Reading, objects: list[Object], refill: Refill) -> None:
    attribute: Any = refill.attribute
    if attribute.loader in ADDRESSED:
        ADDRESSED[attribute.loader](reading.by, reading.address, objects, refill.key)
    else:
        LOADERS[attribute.loader](reading.by, objects, refill)


_REFILLS: Mapping[type, Callable[[Reading, list[Object], Refill], None]] = {
    Reference: _by_id,
    Derived: _by_id,
    ConstantRows: _by_id,
    CollectionRelation: _collected,
    Whole: _whole,
    Loaded: _loaded,
}


@dataclass(frozen=True, slots=True)
class _Built:
    """The query of a select, and the refills of each concrete type."""

    query: Query | UnionQuery
    refills: Mapping[str, Sequence[Refill]]


def _asked(select: Select) -> tuple[AnyType, Tree]:
    wire = wire_type(select.type)
    paths = select.projections or tuple(path_of(name) for name in wire.default_projections)
    wanted = tree_of(paths)
    if isinstance(wire, WireType):
        for name, below in wanted:
            find(wire, wire.members[0], name, followed=bool(below))
    return wire, wanted


def _built(
    wire: WireType, select: Select, wanted: Tree, now: dt.datetime, facets: frozenset[str] = frozenset()
) -> _Built | None:
    """The query for the members in question; None when no row can match."""
    queries: list[Query] = []
    refills: dict[str, list[Refill]] = {}
    for member in wire.members:
        at = At(wire, member, now)
        where = both((condition(at, select.where), member.where))
        ordering = order_of(at, select)
        made = plan(wire, member, wanted)
        if where == NOTHING or (facets and member.facet.name not in facets):
            continue
        queries.append(Query(member.facet, made.projection, where, ordering))
        _note(refills, member.name, made)
    if not queries:
        return None
    if len(queries) == 1:
        return _Built(replace(queries[0], limit=select.limit, offset=select.offset), refills)
    order = _shared_order(wire, queries)
    members = tuple(replace(query, order=()) for query in queries)
    return _Built(UnionQuery(members, order, select.limit, select.offset), refills)


def _note(refills: dict[str, list[Refill]], type_name: str, made: MemberPlan) -> None:
    for refill in made.refills:
        known = refills.setdefault(type_name, [])
        if refill not in known:
            known.append(refill)


def _shared_order(wire: WireType, queries: Sequence[Query]) -> tuple[Order, ...]:
    """The sort keys of a union: the same path for every member that has one."""
    orders = {query.order for query in queries if query.order}
    if len(orders) > 1:
        raise Invalid(f"The types of {wire.name} cannot be ordered together by this.")
    return next(iter(orders), ())


def _objects(rows: Iterable[Object], at: tuple[str, ...]) -> list[Object]:
    """The objects that a path of keys leads to; lists are gone through, nulls left out."""
    found = list(rows)
    for key in at:
        found = [each for row in found for each in _references(row.get(key))]
    return found


def _references(value: Any) -> list[Object]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if each is not None]


def _strip(value: Any) -> None:
    """Take the hidden keys out of rows and of everything in them."""
    if isinstance(value, list):
        for each in value:
            _strip(each)
    elif isinstance(value, dict):
        for key in [key for key in value if key.startswith("~")]:
            del value[key]
        for each in value.values():
            _strip(each)


def _text(rows: Sequence[Object]) -> str:
    return orjson.dumps(rows).decode()[1:-1]


def _cut(rows: list[Object], limit: int | None) -> RowsAnswer:
    more = limit is not None and len(rows) > limit
    return RowsAnswer(_text(rows[:limit]), more)
