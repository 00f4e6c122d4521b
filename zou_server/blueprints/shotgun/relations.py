"""What each data type can be asked: one table from data type and relation to a condition.

A maker gets the leaf (which field, where it is, what time it is) and the list of values as sent, and
returns a condition on the leaf's path. Negative relations hold for null too; ordering never does. Text
is compared without case; empty text is null.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import orjson

from zou_server.blueprints.shotgun import dates, errors
from zou_server.blueprints.shotgun.custom import Words
from zou_server.blueprints.shotgun.schema.generic import CLOSED
from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType
from zou_server.blueprints.shotgun.values import READERS, entity_parts, text
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.models.conditions import EVERYTHING, NOTHING, All, AnyOf, Condition, Not, Op, Some, Where


@dataclass(frozen=True, slots=True)
class RelationLeaf:
    """One comparison: its field, the canonical path and hop to it, the clock, and the request's words."""

    where: str
    type: WireType
    field: WireField
    prefix: str
    now: dt.datetime
    words: Words

    @property
    def path(self) -> str:
        """The canonical path of the value."""
        return f"{self.prefix}{self.field.path}"

    @property
    def hop(self) -> str:
        """The canonical path to the row a link leads to."""
        return f"{self.prefix}{self.field.hop}"

    def read(self, value: Any) -> Any:
        """The canonical value of one the client sent; null stays null."""
        if value is None:
            return None
        return READERS[self.field.data_type](self.where, value)


Maker = Callable[[RelationLeaf, list[Any]], Condition]


def one(leaf: RelationLeaf, values: list[Any]) -> Any:
    """The only value; a fault for none or several."""
    if len(values) != 1:
        raise errors.wrong_value(leaf.where, "expected one value", values)
    return values[0]


def negated(make: Maker) -> Maker:
    """The opposite of a relation; it holds for null."""
    return lambda leaf, values: Not(make(leaf, values))


# -- single values -----------------------------------------------------------------------------------


def _is_null(leaf: RelationLeaf) -> Condition:
    if leaf.field.data_type in _TEXTUAL:
        return AnyOf((Where(leaf.path, Op.NULL), Where(leaf.path, Op.EQ_CI, "")))
    return Where(leaf.path, Op.NULL)


def _compare(op: Op, leaf: RelationLeaf, values: list[Any]) -> Condition:
    value = leaf.read(one(leaf, values))
    return _is_null(leaf) if value is None else Where(leaf.path, op, value)


def _order(op: Op, leaf: RelationLeaf, values: list[Any]) -> Condition:
    value = leaf.read(one(leaf, values))
    return NOTHING if value is None else Where(leaf.path, op, value)


def _among(op: Op, leaf: RelationLeaf, values: list[Any]) -> Condition:
    read = [leaf.read(value) for value in values]
    found: Condition = Where(leaf.path, op, [value for value in read if value is not None])
    return AnyOf((found, _is_null(leaf))) if None in read else found


def _between(leaf: RelationLeaf, values: list[Any]) -> Condition:
    return Where(leaf.path, Op.BETWEEN, _pair(leaf, values))


def _pair(leaf: RelationLeaf, values: list[Any]) -> list[Any]:
    read = [leaf.read(value) for value in values]
    if len(read) != 2 or None in read:  # noqa: PLR2004 - from and to
        raise errors.wrong_value(leaf.where, "expected two values", values)
    return read


def _text(op: Op, leaf: RelationLeaf, values: list[Any]) -> Condition:
    value = one(leaf, values)
    # Blanks around a part of a text are part of it.
    return _is_null(leaf) if text(leaf.where, value) is None else Where(leaf.path, op, value)


def _same(equal: Op, among: Op) -> dict[str, Maker]:
    is_, in_ = partial(_compare, equal), partial(_among, among)
    return {"is": is_, "is_not": negated(is_), "in": in_, "not_in": negated(in_)}


_SAME_TEXT = _same(Op.EQ_CI, Op.IN_CI)
_CONTAINS = partial(_text, Op.CONTAINS)
_TEXTUAL = frozenset({"text", "list", "status_list", "entity_type", "uuid", "color", "footage"})

TEXT: Mapping[str, Maker] = {
    **_SAME_TEXT,
    "contains": _CONTAINS,
    "not_contains": negated(_CONTAINS),
    "starts_with": partial(_text, Op.STARTS),
    "ends_with": partial(_text, Op.ENDS),
}
NUMBER: Mapping[str, Maker] = {
    **_same(Op.EQ, Op.IN),
    "less_than": partial(_order, Op.LT),
    "greater_than": partial(_order, Op.GT),
    "between": _between,
    "not_between": negated(_between),
}


def _ticked(leaf: RelationLeaf, values: list[Any]) -> Condition:
    # A checkbox is never null: what we keep as null reads as not ticked.
    ticked = leaf.read(one(leaf, values))
    if ticked is None:
        raise errors.wrong_class(leaf.where, "TrueClass, FalseClass", None)
    return Where(leaf.path, Op.EQ, True) if ticked else Where(leaf.path, Op.NE, True)  # noqa: FBT003


def _is_no_image(leaf: RelationLeaf, values: list[Any]) -> Condition:
    if one(leaf, values) is not None:
        raise errors.wrong_class(leaf.where, "NilClass", values[0])
    return Where(leaf.path, Op.NULL)


def _has_no_picture(leaf: RelationLeaf, values: list[Any]) -> Condition:
    """A row without a picture of its own and without a preview that it is known by."""
    return _unless_away(leaf, "image", _is_no_image(leaf, values))


def _unless_away(leaf: RelationLeaf, key: str, without: Condition) -> Condition:
    """There is no picture of its own under a key, nor another's; or it was taken away (`TAKEN_AWAY`)."""
    own = f"{leaf.prefix}data.{key}::text"
    return AnyOf((All((without, Where(own, Op.NULL))), Where(own, Op.EQ, "false")))


def _has_no_strip(leaf: RelationLeaf, values: list[Any]) -> Condition:
    """A version without a filmstrip of its own and without one of its movie."""
    if one(leaf, values) is not None:
        raise errors.wrong_class(leaf.where, "NilClass", values[0])
    without = Where(f"{leaf.prefix}preview_file.data.has_web_movie::text", Op.NULL)
    return _unless_away(leaf, "filmstrip_image", without)


def _tagged(leaf: RelationLeaf, values: list[Any]) -> Condition:
    sent = one(leaf, values)
    value = None if sent is None else text(leaf.where, sent)
    if value is None:
        return AnyOf((Where(leaf.path, Op.NULL), Where(leaf.path, Op.IN_CI, ["", "[]"])))
    # A list is kept as JSON, or as Kitsu does, with commas between the words.
    quoted = orjson.dumps(value).decode()
    later = (f",{value}", f", {value}")
    held = tuple(Where(leaf.path, Op.CONTAINS, part) for part in (quoted, *(f"{each}," for each in later)))
    last = tuple(Where(leaf.path, Op.ENDS, each) for each in later)
    first = (Where(leaf.path, Op.STARTS, f"{value},"), Where(leaf.path, Op.EQ_CI, value))
    return AnyOf((*held, *last, *first))


def _tag_contains(leaf: RelationLeaf, values: list[Any]) -> Condition:
    return Where(leaf.path, Op.CONTAINS, text(leaf.where, one(leaf, values)) or "")


# -- days and moments ----------------------------------------------------------------------------------


def _within(leaf: RelationLeaf, span: dates.Span) -> Condition:
    first, end = span
    return All((Where(leaf.path, Op.GE, first), Where(leaf.path, Op.LT, end)))


def _span(leaf: RelationLeaf, values: list[Any], first: Any, last: Any) -> dates.Span:
    try:
        return first, last + dates.step_of(last)
    except OverflowError:
        raise errors.wrong_value(leaf.where, "is out of range", values) from None


def _on(leaf: RelationLeaf, values: list[Any]) -> Condition:
    value = leaf.read(one(leaf, values))
    return _is_null(leaf) if value is None else _within(leaf, _span(leaf, values, value, value))


def _on_any(leaf: RelationLeaf, values: list[Any]) -> Condition:
    return AnyOf(tuple(_on(leaf, [value]) for value in values))


def _after(leaf: RelationLeaf, values: list[Any]) -> Condition:
    value = leaf.read(one(leaf, values))
    if value is None:
        return NOTHING
    return Where(leaf.path, Op.GE, _span(leaf, values, value, value)[1])


def _from_to(leaf: RelationLeaf, values: list[Any]) -> Condition:
    first, last = _pair(leaf, values)
    return _within(leaf, _span(leaf, values, first, last))


def _relative(make: Callable[..., dates.Span], leaf: RelationLeaf, values: list[Any]) -> Condition:
    count, unit = values if len(values) == 2 else (None, None)  # noqa: PLR2004 - a count and its unit
    if not _is_count(count) or not isinstance(unit, str) or unit not in dates.SHIFTS:
        raise errors.wrong_value(leaf.where, f"expected a count and one of {', '.join(dates.SHIFTS)}", values)
    try:
        return _within(leaf, make(leaf.now, count, unit, days=leaf.field.data_type == "date"))
    except (ValueError, OverflowError):
        raise errors.wrong_value(leaf.where, "is out of range", values) from None


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= dates.MOST


def _calendar(make: Callable[[dt.date, int], dates.Span], leaf: RelationLeaf, values: list[Any]) -> Condition:
    offset = one(leaf, values)
    if not _is_count(offset):
        raise errors.wrong_class(leaf.where, "Integer", offset)
    try:
        return _within(leaf, make(leaf.now.date(), offset))
    except (ValueError, OverflowError):
        raise errors.wrong_value(leaf.where, "is out of range", values) from None


_LAST, _NEXT = partial(_relative, dates.last), partial(_relative, dates.coming)

DATE: Mapping[str, Maker] = {
    "is": _on,
    "is_not": negated(_on),
    "greater_than": _after,
    "less_than": partial(_order, Op.LT),
    "in_last": _LAST,
    "not_in_last": negated(_LAST),
    "in_next": _NEXT,
    "not_in_next": negated(_NEXT),
    **{name: partial(_calendar, make) for name, make in dates.CALENDAR.items()},
    "between": _from_to,
    "not_between": negated(_from_to),
    "in": _on_any,
    "not_in": negated(_on_any),
}


# -- links ---------------------------------------------------------------------------------------------


def _rows(leaf: RelationLeaf, values: list[Any]) -> list[str]:
    """The ids of the rows that links mean; a row that is not there is left out."""
    wanted = [entity_parts(value) for value in values if value is not None]
    known = leaf.words.ids(wanted)
    return [known[each] for each in wanted if each in known]


def _is_type(prefix: str, leaf: RelationLeaf, values: list[Any]) -> Condition:
    name = one(leaf, values)
    if not isinstance(name, str):
        raise errors.wrong_class(leaf.where, "String", name)
    found = vocabulary().type(name)
    return NOTHING if found is None else Where(f"{prefix}object_kind", Op.EQ, found.facet.kind)


def _named(op: Op, prefix: str, leaf: RelationLeaf, values: list[Any]) -> Condition:
    name = one(leaf, values)
    if not isinstance(name, str) or "\x00" in name:
        raise errors.wrong_class(leaf.where, "String", name)
    return Where(f"{prefix}display_name", op, name)


def _linked(leaf: RelationLeaf, values: list[Any]) -> Condition:
    one(leaf, values)
    return _linked_any(leaf, values)


def _linked_any(leaf: RelationLeaf, values: list[Any]) -> Condition:
    rows = _rows(leaf, values)
    found: Condition = Where(leaf.path, Op.EQ, rows[0]) if len(rows) == 1 else Where(leaf.path, Op.IN, rows)
    # What leads to a retired row leads nowhere, so the row itself is asked.
    return AnyOf((found, Where(f"{leaf.hop}.id", Op.NULL))) if None in values else found


def _along(make: Callable[[str, RelationLeaf, list[Any]], Condition]) -> Maker:
    return lambda leaf, values: make(f"{leaf.hop}.", leaf, values)


def _names(wrap: Callable[[Callable[[str, RelationLeaf, list[Any]], Condition]], Maker]) -> dict[str, Maker]:
    contains = wrap(partial(_named, Op.CONTAINS))
    return {
        "name_is": wrap(partial(_named, Op.EQ_CI)),
        "name_contains": contains,
        "name_not_contains": negated(contains),
        "name_starts_with": wrap(partial(_named, Op.STARTS)),
        "name_ends_with": wrap(partial(_named, Op.ENDS)),
    }


ENTITY: Mapping[str, Maker] = {
    "is": _linked,
    "is_not": negated(_linked),
    "type_is": _along(_is_type),
    "type_is_not": negated(_along(_is_type)),
    **_names(_along),
    "in": _linked_any,
    "not_in": negated(_linked_any),
}


def _some(make: Callable[[str, RelationLeaf, list[Any]], Condition]) -> Maker:
    return lambda leaf, values: Some(leaf.path, make("", leaf, values))


def _holds(leaf: RelationLeaf, values: list[Any]) -> Condition:
    one(leaf, values)
    return _holds_any(leaf, values)


_OPEN = Not(Where("status.shotgun_code", Op.IN, list(CLOSED)))
_ABOUT = ("linked:Note/note_links[Note]", "linked:Note/tasks[Note]")


def _has_open_notes(leaf: RelationLeaf, values: list[Any]) -> Condition:
    """A row with one of these notes that is not closed; null for a row without open notes."""

    def some(wanted: Condition) -> Condition:
        return AnyOf(tuple(Some(f"{leaf.prefix}{path}", All((wanted, _OPEN))) for path in _ABOUT))

    found = some(Where("id", Op.IN, _rows(leaf, values)))
    return AnyOf((found, Not(some(EVERYTHING)))) if None in values else found


def _holds_any(leaf: RelationLeaf, values: list[Any]) -> Condition:
    found: Condition = Some(leaf.path, Where("id", Op.IN, _rows(leaf, values)))
    return AnyOf((found, Not(Some(leaf.path)))) if None in values else found


_MANY_NAMES = ("is", "is_not", "type_is", "type_is_not", "name_contains", "name_not_contains", "in", "not_in")

MULTI_ENTITY: Mapping[str, Maker] = {
    "is": _holds,
    "is_not": negated(_holds),
    "type_is": _some(_is_type),
    "type_is_not": negated(_some(_is_type)),
    **{name: make for name, make in _names(_some).items() if name in _MANY_NAMES},
    "in": _holds_any,
    "not_in": negated(_holds_any),
}

RELATIONS: Mapping[str, Mapping[str, Maker]] = {
    "text": TEXT,
    "list": _SAME_TEXT,
    "status_list": _SAME_TEXT,
    "color": _SAME_TEXT,
    "uuid": _SAME_TEXT,
    "footage": _SAME_TEXT,
    "entity_type": _same(Op.EQ, Op.IN),
    **dict.fromkeys(("number", "float", "currency", "percent", "duration", "timecode"), NUMBER),
    **dict.fromkeys(("date", "date_time"), DATE),
    "checkbox": {"is": _ticked, "is_not": negated(_ticked)},
    "image": {"is": _is_no_image, "is_not": negated(_is_no_image)},
    "preview_image": {"is": _has_no_picture, "is_not": negated(_has_no_picture)},
    "strip_of_preview": {"is": _has_no_strip, "is_not": negated(_has_no_strip)},
    "tag_list": {
        "is": _tagged,
        "is_not": negated(_tagged),
        "name_contains": _tag_contains,
        "name_not_contains": negated(_tag_contains),
    },
    "open_notes": {
        "is": _has_open_notes,
        "is_not": negated(_has_open_notes),
        "in": _has_open_notes,
        "not_in": negated(_has_open_notes),
    },
    "entity": ENTITY,
    "multi_entity": MULTI_ENTITY,
}
"""Data type (or the style of a field that is kept otherwise than it is shown) -> relation -> maker."""
