"""Changes of links as the log tells them of their other ends: `shots` of an asset when a shot is given it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.shotgun.links import constant, link_object, type_name
from zou_server.blueprints.shotgun.schema.other_ends import other_end
from zou_server.blueprints.shotgun.schema.wire_types import WireField
from zou_server.blueprints.shotgun.vocabulary import Vocabulary, vocabulary
from zou_server.models.base import Identity
from zou_server.models.event import BACK
from zou_server.models.free_links import BACK as LINKED
from zou_server.models.free_links import HELD, MANY, custom_name
from zou_server.models.rows_of import row_of

Value = ColumnElement[Any]


def seen_as(field: WireField, words: Vocabulary) -> str:
    """What events call a change of this link that was made at its other end; "" for none."""
    if field.path.startswith(MANY):
        return f"{BACK}{LINKED}{field.path.removeprefix(MANY)}"
    if field.path.startswith(LINKED):
        return f"{BACK}{MANY}{field.path.removeprefix(LINKED)}"
    end = other_end(field.path)
    if end is None:
        return ""
    if field.path.startswith(HELD):
        return f"{BACK}{end.facet}.{custom_name(end.attribute)}"
    wire_type = words.type_of_facet(end.facet)
    return f"{BACK}{wire_type.facet.kind}.{end.attribute}" if wire_type is not None else ""


@cache
def _origins() -> Mapping[str, Mapping[str, list[str]]]:
    """Attribute of such an event -> kind of the changed row -> the field that was changed, and its type."""
    found: dict[str, dict[str, list[str]]] = {}
    for name, wire_type in vocabulary().types.items():
        kind = wire_type.facet.kind or ""
        for field in wire_type.fields.values():
            for each in field.attributes if field.data_type in ("entity", "multi_entity") else ():
                is_free = each.startswith((MANY, LINKED))
                attribute = f"{BACK}{each}" if is_free else f"{BACK}{kind}.{each}"
                found.setdefault(attribute, {}).setdefault(kind, [f"{name}.{field.key}", field.data_type])
    return found


def is_back(row: FromClause) -> ColumnElement[bool]:
    """True for an event that tells of a link from its other end."""
    return sa.func.starts_with(sa.func.coalesce(row.c.attribute, ""), sa.literal_column(f"'{BACK}'"))


def _said(row: FromClause, key: str) -> Value:
    return row.c.new.op("->>", return_type=sa.Text())(sa.literal_column(f"'{key}'"))


def told_from_there(row: FromClause) -> Value:
    """`meta` of such an event: the changed row, its field, and whether it came to the link or went."""
    changed = row_of(Identity.__table__)
    origin = (
        constant(_origins())
        .op("->", return_type=JSONB())(row.c.attribute)
        .op("->", return_type=JSONB())(changed.c.kind)
    )
    one = sa.func.jsonb_build_array(link_object(changed, valid="valid"))
    none = sa.text("'[]'::jsonb")
    is_added = _said(row, "is_added") == sa.literal_column("'true'")
    pairs: dict[str, Value] = {
        "type": sa.literal_column("'attribute_change'"),
        "attribute_name": _own_name(row),
        "actual_attribute_changed": origin.op("->>")(sa.literal_column("0")),
        "field_data_type": origin.op("->>")(sa.literal_column("1")),
        "entity_type": type_name(changed.c.kind),
        "entity_id": changed.c.number,
        "original_event_log_entry_id": row.c.base
        + row.c.ordinal
        - sa.cast(_said(row, "events_before"), sa.Integer()),
        "added": sa.case((is_added, one), else_=none),
        "removed": sa.case((is_added, none), else_=one),
    }
    parts = [part for key, value in pairs.items() for part in (sa.literal_column(f"'{key}'"), value)]
    found = sa.select(sa.func.jsonb_build_object(*parts, type_=JSONB())).where(
        changed.c.id == sa.cast(_said(row, "by"), sa.Uuid())
    )
    return sa.func.coalesce(found.correlate(row).scalar_subquery(), sa.text("'{}'::jsonb"))


@cache
def _names() -> Mapping[str, Mapping[str, str]]:
    """Kind -> attribute of such an event -> the field of the row itself."""
    words = vocabulary()
    found: dict[str, dict[str, str]] = {}
    for wire_type in words.types.values():
        mine = found.setdefault(wire_type.facet.kind or "", {})
        for field in wire_type.fields.values():
            if field.data_type == "multi_entity" and (attribute := seen_as(field, words)):
                mine.setdefault(attribute, field.key)
    return found


def _own_name(row: FromClause) -> Value:
    return constant(_names()).op("->", return_type=JSONB())(row.c.kind).op("->>")(row.c.attribute)
