"""Queries with `group by` and aggregates: what rows come to together, one object for each group.

The objects are no entities: their keys are the paths by which they are grouped, nested as paths are, and the
aggregates, as they were written and as one word: `{"status_id": "...", "count(id)": 12, "count_id": 12}`.
"""

from __future__ import annotations

import datetime as dt
import decimal
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zou_server.blueprints.ftrack.attributes import Value
from zou_server.blueprints.ftrack.queries.expression import Path, Select, Step, spelled
from zou_server.blueprints.ftrack.queries.leaves import both
from zou_server.blueprints.ftrack.queries.ordering import scalar
from zou_server.blueprints.ftrack.queries.place import ID_ONLY, At
from zou_server.blueprints.ftrack.queries.translate import condition
from zou_server.blueprints.ftrack.spelling import SECONDS_IN_MINUTE
from zou_server.blueprints.ftrack.vocabulary import WireType, wire_type
from zou_server.models.conditions import NOTHING, Query
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.query.totals import Totals
from zou_server.services.read.reader import Reader

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_ORDERED = _NUMBERS | {Kind.DATE, Kind.DATETIME, Kind.TEXT}
_TAKES: Mapping[str, frozenset[Kind]] = {
    "sum": _NUMBERS,
    "avg": _NUMBERS,
    "min": _ORDERED,
    "max": _ORDERED,
}
"""Aggregate -> the kinds of values it is of; count takes anything."""

_PARTS: Mapping[str, tuple[str, ...]] = {"avg": ("sum", "count")}
"""Aggregates that are put together of others."""


@dataclass(frozen=True, slots=True)
class _Measure:
    """One aggregate of a query: what it is called, what it is of, and where its parts are."""

    name: str
    how: str
    path: Path

    @property
    def word(self) -> str:
        """Its other name, which is one for attributes of objects too."""
        return "_".join((self.how, *(step.name for step in self.path)))

    @property
    def parts(self) -> tuple[str, ...]:
        return _PARTS.get(self.how, (self.how,))


def grouped(reader: Reader, select: Select, now: dt.datetime) -> list[dict[str, Any]]:
    """The groups of a query."""
    wire = wire_type(select.type)
    if not isinstance(wire, WireType):
        raise Invalid(f"{select.type} has no rows that could be counted.")
    shown = [path for path in select.projections if path not in select.group]
    if shown:
        raise Invalid(f"{spelled(shown[0])} is neither grouped by nor in an aggregate.")
    measures = [_Measure(each.name, each.how, each.path) for each in select.aggregates]
    found: dict[tuple[Any, ...], list[Any]] = {}
    for member in wire.members:
        _add(found, measures, _of_member(reader, At(wire, member, now), select, measures))
    if not found and not select.group:
        found[()] = [0 if part == "count" else None for each in measures for part in each.parts]
    rows = [_row(select, measures, key, values) for key, values in found.items()]
    return _page(rows, select)


def _of_member(
    reader: Reader, at: At, select: Select, measures: Sequence[_Measure]
) -> Iterable[tuple[tuple[Any, ...], list[Any]]]:
    """The groups among the rows of one member, with the parts of their aggregates."""
    member = at.member
    where = both((condition(at, select.where), member.where))
    keys = [scalar(at, path) for path in select.group]
    values = [scalar(at, each.path) for each in measures]
    if where == NOTHING or any(each is None for each in (*keys, *values)):
        return
    known = [each for each in values if each is not None]
    for measure, value in zip(measures, known, strict=True):
        if value.kind not in _TAKES.get(measure.how, frozenset(Kind)) or value.style == "negated":
            raise Invalid(f"{measure.name}: there is no {measure.how} of such values.")
    by = tuple((key.path, "") for key in keys if key is not None)
    parts = tuple(
        (value.path, part) for measure, value in zip(measures, known, strict=True) for part in measure.parts
    )
    styles = [(value, part) for measure, value in zip(measures, known, strict=True) for part in measure.parts]
    for row in reader.totals(Totals(Query(member.facet, ID_ONLY, where), by, parts)):
        key = tuple(_shown(each, value) for each, value in zip(keys, row, strict=False) if each is not None)
        yield key, [_part(of, part, value) for (of, part), value in zip(styles, row[len(by) :], strict=True)]


def _shown(attribute: Value, value: Any) -> Any:
    """A value by which rows are grouped, as ftrack writes it."""
    if attribute.choices:
        return {ours: theirs for theirs, ours in attribute.choices.items()}.get(value, value)
    if attribute.style == "negated":
        return None if value is None else not value
    return _scaled(attribute, value)


def _part(attribute: Value, part: str, value: Any) -> Any:
    return value if part == "count" else _scaled(attribute, value)


def _scaled(attribute: Value, value: Any) -> Any:
    if isinstance(value, decimal.Decimal):
        value = int(value) if value == int(value) else float(value)
    if attribute.style == "seconds" and value is not None:
        return value * SECONDS_IN_MINUTE
    return value


_TOGETHER: Mapping[str, Callable[[Any, Any], Any]] = {
    "count": lambda one, other: one + other,
    "sum": lambda one, other: one + other,
    "min": min,
    "max": max,
}


def _add(
    found: dict[tuple[Any, ...], list[Any]],
    measures: Sequence[_Measure],
    groups: Iterable[tuple[tuple[Any, ...], list[Any]]],
) -> None:
    """Put the groups of another member to those that are there."""
    hows = [part for measure in measures for part in measure.parts]
    for key, values in groups:
        known = found.get(key)
        if known is None:
            found[key] = values
            continue
        for index, (how, value) in enumerate(zip(hows, values, strict=True)):
            if known[index] is None or value is None:
                known[index] = value if known[index] is None else known[index]
            else:
                known[index] = _TOGETHER[how](known[index], value)


def _row(
    select: Select, measures: Sequence[_Measure], key: tuple[Any, ...], values: Sequence[Any]
) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for path, value in zip(select.group, key, strict=True):
        below = row
        for step in path[:-1]:
            below = below.setdefault(step.name, {})
        below[path[-1].name] = value
    rest = list(values)
    for measure in measures:
        taken = [rest.pop(0) for _ in measure.parts]
        value = taken[0] if len(taken) == 1 else taken[0] / taken[1] if taken[1] else None
        row[measure.name] = row[measure.word] = value
    return row


def _page(rows: list[dict[str, Any]], select: Select) -> list[dict[str, Any]]:
    """The rows in their order; the page that was asked for and one more; values as JSON takes them."""
    for ordering in reversed(select.order):
        if rows and ordering.path not in select.group:
            _refuse_order(ordering.path, rows[0])
        rows.sort(key=lambda row, path=ordering.path: _sortable(row, path), reverse=ordering.descending)  # type: ignore[misc]
    rows = rows[select.offset or 0 :]
    rows = rows if select.limit is None else rows[: select.limit]
    return [_json(row) for row in rows]


def _refuse_order(path: Path, row: Mapping[str, Any]) -> None:
    if len(path) > 1 or path[0].name not in row:
        raise Invalid(f"Groups are ordered by what is selected of them: {spelled(path)} is not.")


def _sortable(row: Mapping[str, Any], path: tuple[Step, ...]) -> tuple[bool, Any]:
    value: Any = row
    for step in path:
        value = value[step.name]
    return value is not None, str(value) if isinstance(value, uuid.UUID) else 0 if value is None else value


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _json(each) for key, each in value.items()}
    if isinstance(value, dt.datetime):
        moment = (
            value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() if value.tzinfo else value.isoformat()
        )
        return {"__type__": "datetime", "value": moment}
    if isinstance(value, dt.date):
        return {"__type__": "datetime", "value": f"{value.isoformat()}T00:00:00"}
    return str(value) if isinstance(value, uuid.UUID) else value
