"""What the event log shows: event types, attribute names and `meta`, in this dialect's words.

An event keeps our kind, our attribute and plain values (ids for links). A constant beside the query
says what each attribute of each kind is called here and how its values are shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.shotgun.enumerations import ACTIVE, RULE_SETS
from zou_server.blueprints.shotgun.events.back_references import is_back, told_from_there
from zou_server.blueprints.shotgun.events.told import event_fields
from zou_server.blueprints.shotgun.events.words import LOGGED_IN, TOLD
from zou_server.blueprints.shotgun.files.spelling import told_file
from zou_server.blueprints.shotgun.links import constant, link_object, type_name
from zou_server.blueprints.shotgun.schema.wire_types import WireField
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.models.base import Identity
from zou_server.models.event import LOG_IN
from zou_server.models.registry import FACETS
from zou_server.models.rows_of import row_of

Value = ColumnElement[Any]

_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
_NULL = sa.text("'null'::jsonb")
_NOTHING = sa.text("'{}'::jsonb")
_EMPTY = sa.text("'[]'::jsonb")


def _row(value: Value) -> FromClause | None:
    """The event that a column of it belongs to; None when the column is masked."""
    return getattr(value, "table", None)


def _sub(statement: sa.Select[Any], *outer: FromClause | None) -> Value:
    """A value looked up for the event; without `correlate` the event would be joined once more."""
    return statement.correlate(*outer).scalar_subquery()


def _text(value: Value) -> Value:
    return value.op("#>>")(sa.cast(sa.literal("{}"), ARRAY(sa.Text())))


def _json(value: Value) -> Value:
    return sa.func.to_jsonb(value)


def _name(word: str) -> Value:
    return sa.literal_column(f"'{word}'")


def _object(**pairs: Value) -> Value:
    parts = [part for key, value in pairs.items() for part in (_name(key), value)]
    return sa.func.jsonb_build_object(*parts, type_=JSONB())


# -- names -----------------------------------------------------------------------------------------


@cache
def _words() -> Mapping[str, Mapping[str, list[str]]]:
    """Kind -> attribute -> its key, data type and how its values are shown."""
    return {
        kind: {attribute: [field.key, field.data_type, _how(field)] for attribute, field in fields.items()}
        for kind, fields in event_fields(vocabulary()).items()
    }


def _how(field: WireField) -> str:
    if field.source:
        return ".".join(_column_of(field.source))
    if field.data_type in ("url", "image"):
        return field.data_type
    return field.style or (
        field.data_type if field.data_type in ("entity", "multi_entity", "date_time") else ""
    )


def _column_of(source: tuple[str, str]) -> tuple[str, str]:
    facet, attribute = source
    return FACETS[facet].table.name, attribute


def _word(row: FromClause) -> Value:
    return (
        constant(_words())
        .op("->", return_type=JSONB())(row.c.kind)
        .op("->", return_type=JSONB())(row.c.attribute)
    )


def attribute_name(attribute: Value) -> Value:
    """The wire name of the attribute an event is about; custom fields are `sg_<key>`."""
    row = _row(attribute)
    return sa.null() if row is None else _called(attribute, _word(row))


def _called(attribute: Value, word: Value) -> Value:
    key = sa.func.substr(attribute, len("data.") + 1)
    custom = sa.case((sa.func.starts_with(key, "sg_"), key), else_=sa.func.concat("sg_", key))
    plain = sa.case((sa.func.starts_with(attribute, "data."), custom), else_=attribute)
    return sa.func.coalesce(word.op("->>")(sa.literal_column("0")), plain)


def _ending(row: FromClause) -> Value:
    return sa.case(
        (row.c.attribute.is_not(None), "Change"),
        (row.c.action == "create", "New"),
        (row.c.action == "delete", "Retirement"),
        (row.c.action == "revive", "Revival"),
        else_="Change",
    )


def _is_told(row: FromClause) -> ColumnElement[bool]:
    return sa.func.starts_with(row.c.action, sa.literal_column(f"'{TOLD}'"))


def _told(row: FromClause, key: str) -> Value:
    return row.c.new.op("->", return_type=JSONB())(_name(key))


def event_type(action: Value) -> Value:
    """`Shotgun_<Type>_<New|Change|Retirement|Revival>`, or what a tool called it."""
    row = _row(action)
    if row is None:
        return sa.null()
    kind = type_name(row.c.kind)
    return sa.case(
        (_is_told(row), sa.func.substr(row.c.action, len(TOLD) + 1)),
        (row.c.action == LOG_IN, LOGGED_IN),
        else_=sa.func.concat("Shotgun_", kind, "_", _ending(row)),
    )


_VERBS = {"New": "created", "Change": "changed", "Retirement": "retired", "Revival": "revived"}


def sentence(name: Value) -> Value:
    """One sentence about the event: `changed "sg_status_list" of Shot sh010`."""
    row = _row(name)
    if row is None:
        return sa.null()
    words = ((_ending(row) == ending, word) for ending, word in _VERBS.items())
    verb = sa.case(*words)
    about = sa.case(
        (row.c.attribute.is_(None), ""),
        else_=sa.func.concat(' "', attribute_name(row.c.attribute), '" of'),
    )
    said = sa.func.concat(verb, about, " ", type_name(row.c.kind), " ", row.c.object_name)
    return sa.case(
        (_is_told(row), _text(_told(row, "description"))),
        (row.c.action == LOG_IN, sa.func.concat(row.c.object_name, " logged in")),
        else_=said,
    )


# -- values ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A value as an event keeps it: JSON, and the id that it is when it is a link."""

    outer: tuple[FromClause, ...]
    value: Value
    id: Value

    @property
    def text(self) -> Value:
        """The value as text."""
        return _text(self.value)


def _id_in(value: Value) -> Value:
    """The id that a value is; null for any other value."""
    return sa.case(
        (_text(value).bool_op("~")(sa.literal(_UUID)), sa.cast(_text(value), sa.Uuid())), else_=None
    )


def _link(kept: Kept) -> Value:
    found = row_of(Identity.__table__)
    return _sub(sa.select(_json(link_object(found, valid="valid"))).where(found.c.id == kept.id), *kept.outer)


def _looked_up(source: tuple[str, str]) -> Callable[[Kept], Value]:
    facet, attribute = source

    def show(kept: Kept) -> Value:
        table = row_of(FACETS[facet].table)
        return _sub(sa.select(_json(table.c[attribute])).where(table.c.id == kept.id), *kept.outer)

    return show


def _active(kept: Kept) -> Value:
    shown = {str(kept).lower(): name for name, kept in ACTIVE.items()}
    return constant(shown).op("->", return_type=JSONB())(kept.text)


def _role(kept: Kept) -> Value:
    shown = {
        role: {"type": "PermissionRuleSet", "id": number, "name": name, "valid": "valid"}
        for role, (number, name) in RULE_SETS.items()
    }
    return constant(shown).op("->", return_type=JSONB())(kept.text)


def _day(kept: Kept) -> Value:
    return _json(sa.func.left(kept.text, 10))


def _moment(kept: Kept) -> Value:
    return _json(sa.func.concat(sa.func.left(kept.text, 19), "Z"))


def _picture(kept: Kept) -> Value:
    """The number of the attachment that a thumbnail is."""
    return kept.value.op("->", return_type=JSONB())(_name("attachment"))


@cache
def _shown() -> Mapping[str, Callable[[Kept], Value]]:
    """How a value is shown -> the function that shows one that is not null."""
    sources = {
        field.source
        for kind in event_fields(vocabulary()).values()
        for field in kind.values()
        if field.source
    }
    return {
        "entity": _link,
        "active": _active,
        "role": _role,
        "day": _day,
        "date_time": _moment,
        "url": lambda kept: told_file(kept.id, *kept.outer),
        "image": _picture,
        **{".".join(_column_of(source)): _looked_up(source) for source in sorted(sources)},
    }


def _value(kept: Kept, how: Value) -> Value:
    """A value as shown, chosen row by row."""
    cases = [(how == name, show(kept)) for name, show in _shown().items()]
    return sa.case((kept.value.is_(None), None), *cases, else_=kept.value)


def _difference(more: Value, less: Value) -> Value:
    """The links in one list and not in the other."""
    items = sa.case((sa.func.jsonb_typeof(more) == "array", more), else_=_EMPTY)
    each = sa.func.jsonb_array_elements_text(items).column_valued("each")
    found = row_of(Identity.__table__)
    listed = sa.func.jsonb_agg(link_object(found, valid="valid"))
    known = sa.func.coalesce(less, _EMPTY).bool_op("?")(each)
    chosen = sa.select(listed).where(found.c.id == sa.cast(each, sa.Uuid()), sa.not_(known))
    return sa.func.coalesce(_sub(chosen, _row(more)), _EMPTY)


# -- meta ------------------------------------------------------------------------------------------


def meta(new: Value) -> Value:
    """`meta` of an event: what happened to which row, and for a change the old and the new value."""
    row = _row(new)
    if row is None:
        return sa.null()
    about = row_of(Identity.__table__)
    known = {
        "word": _word(row),
        "old_id": _id_in(row.c.old),
        "new_id": _id_in(row.c.new),
        "number": _sub(sa.select(about.c.number).where(about.c.id == row.c.object_id), row),
    }
    # OFFSET keeps PostgreSQL from working these out again at each of their uses.
    columns = [value.label(name) for name, value in known.items()]
    words = sa.select(*columns).correlate(row).offset(0).subquery("words")
    number = words.c.number
    whom = _object(entity_type=type_name(row.c.kind), entity_id=number)
    shown = sa.case(
        (_is_told(row), sa.func.coalesce(sa.func.nullif(_told(row, "meta"), _NULL), _NOTHING)),
        (row.c.action == LOG_IN, whom.op("||")(_object(type=_name("user_login")))),
        (_ending(row) == "New", whom.op("||")(_object(type=_name("new_entity")))),
        (is_back(row), told_from_there(row)),
        (_ending(row) == "Change", whom.op("||")(_change(row, words))),
        else_=whom.op("||")(_gone(row, number)),
    )
    return _sub(sa.select(shown.op("||")(_sudo(row))).select_from(words), row)


def _change(row: FromClause, words: FromClause) -> Value:
    word = sa.type_coerce(words.c.word, JSONB())
    outer = (row, words)
    old, new = Kept(outer, row.c.old, words.c.old_id), Kept(outer, row.c.new, words.c.new_id)
    how = word.op("->>")(sa.literal_column("2"))
    said = _object(
        type=_name("attribute_change"),
        attribute_name=_called(row.c.attribute, word),
        field_data_type=sa.func.coalesce(word.op("->>")(sa.literal_column("1")), "text"),
    )
    values = sa.case(
        (
            how == "multi_entity",
            _object(added=_difference(row.c.new, row.c.old), removed=_difference(row.c.old, row.c.new)),
        ),
        else_=_object(old_value=_value(old, how), new_value=_value(new, how)),
    )
    in_create = sa.case((row.c.action == "create", _object(in_create=sa.true())), else_=_NOTHING)
    return said.op("||")(values).op("||")(in_create)


def _gone(row: FromClause, number: Value) -> Value:
    name = type_name(row.c.kind)
    when = sa.func.to_char(sa.func.timezone("UTC", row.c.created_at), "YYYY-MM-DD HH24:MI:SS")
    retired = _object(
        type=_name("entity_retirement"),
        retirement_date=sa.func.concat(when, " UTC"),
    )
    return _object(class_name=name, display_name=row.c.object_name, id=number).op("||")(
        sa.case((row.c.action == "delete", retired), else_=_object(type=_name("entity_revival")))
    )


def _sudo(row: FromClause) -> Value:
    found = row_of(Identity.__table__)
    link = _sub(sa.select(_json(link_object(found))).where(found.c.id == row.c.sudo_actor_id), row)
    return sa.case((row.c.sudo_actor_id.is_(None), _NOTHING), else_=_object(sudo_actual_user=link))
