"""From a body to rows: every key by the table of its kind. What cannot be read is noted, never raised."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from zou_server.services.importers.shotgun import values as v
from zou_server.services.importers.shotgun.kinds import ImportKind, NamedWord, RowReference, ValueColumn
from zou_server.services.importers.shotgun.rows import SgRow

CUSTOM = "sg_"


def read_rows(kind: ImportKind, sent: Sequence[Any]) -> list[SgRow]:
    """The rows of a list, in its order; those that the kind skips are not among them.

    A row that comes twice is one: what the later says counts.
    """
    found: list[SgRow] = []
    first: dict[int, SgRow] = {}
    for raw in sent:
        row = _read(kind, raw)
        if row is None:
            continue
        if row.number and not row.refused and not kind.by_natural:
            earlier = first.setdefault(row.number, row)
            if earlier is not row:
                _take_over(earlier, row)
                continue
        found.append(row)
    return found


def _take_over(earlier: SgRow, later: SgRow) -> None:
    """Let the later of two rows with one id speak where it says something."""
    for name in ("values", "data", "custom", "links", "words", "many"):
        getattr(earlier, name).update(getattr(later, name))
    earlier.left_out.extend(later.left_out)
    earlier.raw = later.raw


def _read(kind: ImportKind, raw: Any) -> SgRow | None:
    row = SgRow(raw)
    if not isinstance(raw, Mapping):
        row.refuse("is no object")
        return row
    if kind.skip(raw):
        return None
    try:
        row.number = v.number(raw.get("id"))
    except ValueError as error:
        row.refuse(f"id: {error}")
        return row
    _fill(kind, row)
    if not row.refused:
        for rule in kind.complete:
            rule(row)
    return row


def _fill(kind: ImportKind, row: SgRow) -> None:
    for column in kind.columns:
        _put(row, column, _value(row, column))
    for reference in kind.references:
        _keep(row.links, reference.target or "project", _value(row, reference))
    for word in kind.words:
        _keep(row.words, word.target, _value(row, word))
    for many in kind.links:
        for key, found in _given(row.raw, many.keys):
            _read_many(row, many.relation, key, found)
    if kind.custom:
        _take_custom(kind, row)


def _given(raw: Mapping[str, Any], keys: Iterable[str]) -> list[tuple[str, Any]]:
    """The first of the keys that says something, with its value; Shotgun's empty fields say nothing."""
    return [(key, raw[key]) for key in keys if raw.get(key) not in (None, "")][:1]


def _value(row: SgRow, part: ValueColumn | RowReference | NamedWord) -> Any:
    for key, found in _given(row.raw, part.keys):
        try:
            value = part.read(found)
        except ValueError as error:
            said = f"{key}: {error}"
            if _is_required(part):
                row.refuse(said)
            else:
                row.leave_out(said)
            return None
        if value not in (None, []):
            return value
    if _is_required(part):
        row.refuse(f"{part.keys[0]}: is missing")
    return None


def _is_required(part: ValueColumn | RowReference | NamedWord) -> bool:
    return not isinstance(part, NamedWord) and part.required


def _put(row: SgRow, column: ValueColumn, value: Any) -> None:
    if value is None:
        return
    if column.target == "made_at":
        row.made_at = value
    elif column.target.startswith("data."):
        row.data[column.target.removeprefix("data.")] = value
    else:
        row.values[column.target] = value


def _keep(kept: dict[str, Any], target: str, value: Any) -> None:
    if value is not None:
        kept[target] = value


def _read_many(row: SgRow, relation: str, key: str, found: Any) -> None:
    try:
        row.many[relation] = v.links(found)
    except ValueError as error:
        row.leave_out(f"{key}: {error}")


def _take_custom(kind: ImportKind, row: SgRow) -> None:
    """The studio's own fields."""
    for key, value in row.raw.items():
        if key.startswith(CUSTOM) and key not in kind.keys and value is not None:
            row.custom[key] = value
