"""The `summarize` call: counts, sums and extremes of the rows that pass a filter, whole or in groups.

PostgreSQL counts the rows that are alike in what is summed up and grouped by, so that as many come here as
there are different ones; adding up happens here, because the tree of groups is this dialect's own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call, values_for
from zou_server.blueprints.shotgun.paths import Reached, reach
from zou_server.blueprints.shotgun.read import conditions_of
from zou_server.blueprints.shotgun.schema.personal import OWN, OWN_MOMENT
from zou_server.blueprints.shotgun.schema.wire_types import WireType
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.blueprints.shotgun.values import text
from zou_server.models.conditions import Query, Tally

Row = tuple[Mapping[str, Any], int]
"""What some rows have in common, and how many they are."""
Counted = Sequence[tuple[Any, int]]
"""Values, and how often each of them is there."""
AMOUNT = "amount"
NUMBERS = frozenset({"number", "float", "currency", "percent", "duration", "timecode"})
DATES = frozenset({"date", "date_time"})
MOST_PARTS = 20
FINAL = "fin"
_ROLL_UP = "ip"


def _known(values: Counted) -> Counted:
    return [(value, times) for value, times in values if value is not None]


def _sum(values: Counted) -> float:
    return sum([value * times for value, times in _known(values)])


def _average(values: Counted) -> float:
    times = sum([times for _, times in _known(values)])
    return _sum(values) / times if times else 0


def _extreme(pick: Callable[[list[Any]], Any], nothing: Any = None) -> Callable[[Counted], Any]:
    def value(values: Counted) -> Any:
        found = [each for each, _ in _known(values)]
        return pick(found) if found else nothing

    return value


def _amount(values: Counted, counts: Callable[[Any], bool] = lambda value: True) -> int:
    return sum([times for value, times in values if counts(value)])


def _share(values: Counted, wanted: Any) -> float:
    return 100.0 * _amount(values, lambda value: value == wanted) / _amount(values) if values else 0.0


def _common(values: Counted) -> str | None:
    found = {value for value, _ in values}
    return next(iter(found), None) if len(found) <= 1 else _ROLL_UP


SHARES: Mapping[str, Callable[[str], Callable[[Counted], Any]]] = {
    "status_percentage": lambda status: lambda values: round(_share(values, status)),
    "status_percentage_as_float": lambda status: lambda values: _share(values, status),
}
"""Summaries that take the status of which they are the share as `value`; without one it is the last."""

SUMMARIES: Mapping[str, tuple[frozenset[str] | None, Callable[[Counted], Any]]] = {
    "record_count": (None, _amount),
    "count": (None, lambda values: _amount(values, lambda value: value is not None and value != [])),
    "sum": (NUMBERS, _sum),
    "maximum": (NUMBERS, _extreme(max, 0)),
    "minimum": (NUMBERS, _extreme(min, 0)),
    "average": (NUMBERS, _average),
    "earliest": (DATES, _extreme(min)),
    "latest": (DATES, _extreme(max)),
    "percentage": (frozenset({"checkbox"}), lambda values: round(_share(values, wanted=True))),
    "checked": (frozenset({"checkbox"}), lambda values: _amount(values, lambda value: value is True)),
    "unchecked": (frozenset({"checkbox"}), lambda values: _amount(values, lambda value: value is not True)),
    **{name: (frozenset({"status_list"}), share(FINAL)) for name, share in SHARES.items()},
    "status_list": (frozenset({"status_list"}), _common),
}
"""Summary type -> the data types it takes (None for all) and what it makes of their values."""

OF_ROWS = {("count", "id"), ("record_count", "")}
"""Summaries that ask for no value: of any field, or of one that every row has."""


# -- groups ----------------------------------------------------------------------------------------


def _bucket(size: int) -> Callable[[Any], Any]:
    return lambda value: f"{int(value // size) * size}-{int(value // size) * size + size - 1}"


def _quarter(value: str) -> str:
    return f"{value[:4]}-Q{(int(value[5:7]) + 2) // 3}"


def _week(value: str) -> str:
    """The Monday before."""
    day = dt.date.fromisoformat(value[:10])
    return (day - dt.timedelta(days=day.weekday())).isoformat()


def _five_days(value: str) -> str:
    """The first of the five days, counted from the first day of the calendar."""
    day = dt.date.fromisoformat(value[:10])
    return dt.date.fromordinal(max(day.toordinal() - day.toordinal() % 5, 1)).isoformat()


GROUPINGS: Mapping[str, tuple[frozenset[str] | None, Callable[[Any], Any]]] = {
    "exact": (None, lambda value: value),
    "tens": (NUMBERS, _bucket(10)),
    "hundreds": (NUMBERS, _bucket(100)),
    "thousands": (NUMBERS, _bucket(1_000)),
    "tensofthousands": (NUMBERS, _bucket(10_000)),
    "hundredsofthousands": (NUMBERS, _bucket(100_000)),
    "millions": (NUMBERS, _bucket(1_000_000)),
    "day": (DATES, lambda value: value[:10]),
    "month": (DATES, lambda value: value[:7]),
    "quarter": (DATES, _quarter),
    "week": (DATES, _week),
    "oneday": (DATES, lambda value: value[:10]),
    "fivedays": (DATES, _five_days),
    "clustered_date": (DATES, lambda value: value[:7]),
    "year": (DATES, lambda value: value[:4]),
    "entitytype": (frozenset({"entity"}), lambda value: value["type"]),
    "firstletter": (frozenset({"text", "list", "status_list"}), lambda value: str(value)[:1].upper()),
}
"""Grouping type -> the data types it takes (None for all) and the group of a value that is not null."""

UNGROUPED = frozenset({"url", "multi_entity", "serializable", "password", "image", "calculated", "tag_list"})


@dataclass(frozen=True, slots=True)
class Part:
    """One summary or one grouping: the field, and what is done with its values."""

    name: str
    make: Callable[[Any], Any]
    descending: bool = False
    needs_value: bool = True


def summarize(call: Call) -> str:
    """Return the summaries of all rows, and of each group of them."""
    request = call.request
    wire_type = call.type_in(request)
    summaries = [
        _part(call, wire_type, each, SUMMARIES, "summaries") for each in _listed(request, "summaries")
    ]
    grouping = [_part(call, wire_type, each, GROUPINGS, "grouping") for each in _listed(request, "grouping")]
    names = sorted({part.name for part in (*summaries, *grouping) if part.needs_value})
    values = values_for(call.words, wire_type, names)
    query = Query(wire_type.facet, values, conditions_of(call, wire_type, request))
    tallied = call.studio.read(call.actor).tallied(Tally(query, values), SPELLING)
    rows = [({name: row[str(n)] for n, name in enumerate(names)}, row[AMOUNT]) for row in tallied]
    answer = {"summaries": _summed(rows, summaries), "groups": _groups(rows, summaries, grouping)}
    return orjson.dumps(answer).decode()


def _listed(request: dict[str, Any], part: str) -> list[Any]:
    found = request.get(part) or []
    if not isinstance(found, list):
        raise errors.missing(part, "array", request)
    if len(found) > MOST_PARTS:
        raise errors.too_many(part, MOST_PARTS)
    return found


def _part(call: Call, wire_type: WireType, given: Any, table: Mapping[str, Any], what: str) -> Part:
    name, kind = (given.get("field"), given.get("type")) if isinstance(given, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(kind, str):
        raise errors.missing(what, "hash with 'field' and 'type'", given)
    reached = reach(call.words, wire_type, name)
    if reached is None:
        raise errors.unknown_field(wire_type.name, name)
    if kind not in table or not _takes(reached, table[kind][0], what):
        raise errors.wrong_value(reached.where, f"cannot be used in {what} as '{kind}'", given)
    needs_value = table is GROUPINGS or not {(kind, name), (kind, "")} & OF_ROWS
    make = table[kind][1] if needs_value else _amount
    if table is SUMMARIES and kind in SHARES and given.get("value") is not None:
        make = SHARES[kind](text(f"{reached.where} value", given["value"]) or "")
    return Part(name, make, given.get("direction") == "desc", needs_value)


def _takes(reached: Reached, data_types: frozenset[str] | None, what: str) -> bool:
    data_type = reached.field.data_type
    if reached.scopes or reached.field.style in (OWN, OWN_MOMENT):
        return False
    return (
        data_type in data_types
        if data_types is not None
        else what == "summaries" or data_type not in UNGROUPED
    )


def _summed(rows: Sequence[Row], summaries: Sequence[Part]) -> dict[str, Any]:
    return {part.name: part.make([(row.get(part.name), times) for row, times in rows]) for part in summaries}


def _groups(rows: Sequence[Row], summaries: Sequence[Part], grouping: Sequence[Part]) -> list[dict[str, Any]]:
    if not grouping:
        return []
    first, *rest = grouping
    groups: dict[str, tuple[Any, list[Row]]] = {}
    for row, times in rows:
        value = row.get(first.name)
        group = None if value is None else first.make(value)
        groups.setdefault(orjson.dumps(group).decode(), (group, []))[1].append((row, times))
    found = [_group(value, members, summaries, rest) for value, members in groups.values()]
    found.sort(key=lambda group: _sort_key(group["group_value"]), reverse=first.descending)
    return found


def _group(
    value: Any, rows: Sequence[Row], summaries: Sequence[Part], rest: Sequence[Part]
) -> dict[str, Any]:
    shown = {**value, "valid": "valid"} if isinstance(value, dict) else value
    inner = {"groups": _groups(rows, summaries, rest)} if rest else {}
    return {"group_name": _name(value), "group_value": shown, "summaries": _summed(rows, summaries), **inner}


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return str(value.get("name") or "")
    return "" if value is None else str(value)


def _sort_key(value: Any) -> tuple[bool, float, str]:
    if isinstance(value, int | float):
        return (False, value, "")
    return (value is None, 0, _name(value).lower())
