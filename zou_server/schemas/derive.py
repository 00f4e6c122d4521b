"""Marshmallow schemas derived from the registry: one for creating, one for updating each facet.

They accept canonical attribute names, coerce every value to what the column holds and refuse
unknown names. Links are uuids here (the pipeline has resolved numbers and codes before).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import marshmallow as ma

from zou_server.models.errors import Invalid
from zou_server.models.registry import Facet, Field, Kind
from zou_server.models.values import COERCE

_BIG = 2**31
_LIMITS = {"integer": "must be between -2147483648 and 2147483647"}


class Coerced(ma.fields.Field[Any]):
    """A value of one kind, in any spelling that the clients use."""

    def __init__(self, kind: Kind, spelled: Callable[[Any], str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.kind, self.spelled = kind, spelled

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        """The value as the column holds it; nothing means null where text is not meant."""
        if isinstance(value, uuid.UUID) and self.kind in _IDS:
            return value  # nothing else is asked of an id
        if value == "" and self.allow_none and self.kind in _EMPTY_IS_NULL:
            value = None  # before the checks, which null does not meet
        if value is None or value is ma.missing:
            return super().deserialize(value, attr, data, **kwargs)
        found = self._deserialize(value, attr, data)
        try:
            for check in self.validators:
                check(found)
        except ma.ValidationError:
            return super().deserialize(value, attr, data, **kwargs)  # which tells of all that is wrong
        return found

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        try:
            found = COERCE[self.kind](value)
            if self.spelled is not None and found:
                return self.spelled(found)
        except (ValueError, OverflowError, TypeError) as error:
            raise ma.ValidationError(f"is {error}" if str(error).startswith("not") else str(error)) from None
        return uuid.UUID(found) if self.kind in _IDS else found


_IDS = frozenset({Kind.LINK, Kind.UUID})
_EMPTY_IS_NULL = frozenset({Kind.LINK, Kind.UUID, Kind.DATE, Kind.DATETIME, Kind.INTEGER, Kind.NUMBER})


class Json(ma.fields.Field[Any]):
    """Any JSON value that PostgreSQL can hold."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        try:
            return _storable(value, 0)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from None


class JsonObject(Json):
    """A JSON object (custom fields)."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        if not isinstance(value, Mapping):
            raise ma.ValidationError("is not an object")
        return super()._deserialize(value, attr, data)


def _storable(value: Any, depth: int) -> Any:
    if depth > 50:  # noqa: PLR2004 - the depth at which nesting stops being data
        raise ValueError("is nested too deep")
    if isinstance(value, str):
        return COERCE[Kind.TEXT](value)
    if isinstance(value, Mapping):
        return {COERCE[Kind.TEXT](str(k)): _storable(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(each, depth + 1) for each in value]
    if isinstance(value, float):
        value = COERCE[Kind.NUMBER](value)
    if isinstance(value, int | float) and not -(2**63) <= value < 2**64:
        # PostgreSQL gives a large fraction back as a whole number, which no answer and no event could hold.
        raise ValueError("holds a number too large to keep")
    if value is None or isinstance(value, bool | int | float):
        return value
    raise ValueError("holds a value that is not JSON")


class Ids(ma.fields.Field[Any]):
    """The ids of a link to many."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **_: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ma.ValidationError("is not a list")
        try:
            return list(dict.fromkeys(uuid.UUID(COERCE[Kind.UUID](each)) for each in value))
        except ValueError:
            raise ma.ValidationError("holds something that is not a uuid") from None


class Strict(ma.Schema):
    """Unknown names are errors."""

    class Meta:
        """What marshmallow does with names that are no field."""

        unknown = ma.RAISE

    error_messages = {"unknown": "unknown field"}  # noqa: RUF012 - marshmallow's own declaration


def field_for(found: Field) -> ma.fields.Field[Any]:
    """The marshmallow field of a registry field."""
    nullable = found.column is None or bool(found.column.nullable)
    options: dict[str, Any] = {"allow_none": nullable, "validate": _checks(found)}
    if not nullable:
        options["error_messages"] = {"null": "may not be empty"}
    if found.kind is Kind.LINKS:
        return Ids(allow_none=False)
    if found.name == "data":
        return JsonObject(allow_none=True)
    if found.kind is Kind.JSON:
        return Json(**options)
    return Coerced(found.kind, found.spelled, **options)


def _checks(found: Field) -> list[Any]:
    checks: list[Any] = []
    if found.max_length:
        checks.append(
            ma.validate.Length(max=found.max_length, error=f"is longer than {found.max_length} characters")
        )
    if found.choices:
        allowed = [*found.choices, None]
        checks.append(ma.validate.OneOf(allowed, error=f"is none of {', '.join(found.choices)}"))
    if found.minimum is not None or found.maximum is not None:
        checks.append(ma.validate.Range(found.minimum, found.maximum, error="is out of range"))
    if found.kind is Kind.INTEGER and found.column is not None and "BIGINT" not in str(found.column.type):
        checks.append(ma.validate.Range(-_BIG, _BIG - 1, error=_LIMITS["integer"]))
    return checks


def writable(found: Field) -> bool:
    """True for fields that a payload may set."""
    return not (found.read_only or found.hidden or found.identity)


@lru_cache(maxsize=512)
def schema_for(facet: Facet) -> ma.Schema:
    """The schema of a facet's writable fields; required ones are checked when the batch ends."""
    return _schema(facet, frozenset(facet.fields))


@lru_cache(maxsize=2048)
def _schema(facet: Facet, names: frozenset[str]) -> ma.Schema:
    """The schema of some fields: looking at those that a payload lacks costs more than the others."""
    found = {name: facet.fields[name] for name in sorted(names) if name in facet.fields}
    fields = {name: field_for(f) for name, f in found.items() if writable(f)}
    return Strict.from_dict(fields, name=facet.name)()


def _messages(found: Mapping[str, Any]) -> dict[str, list[str]]:
    return {str(n): [str(m) for m in (why if isinstance(why, list) else [why])] for n, why in found.items()}


def load(facet: Facet, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values as the columns hold them; Invalid names every wrong one."""
    schema, good = _schema(facet, frozenset(values)), dict[str, Any]()
    try:
        fields = schema.load_fields
        # The schema's own load looks after much that no field of ours has; it words what is wrong.
        for name, value in values.items():
            good[name] = fields[name].deserialize(value, name, values)
    except (KeyError, ma.ValidationError):
        pass
    else:
        return good
    try:
        found: dict[str, Any] = schema.load(dict(values))
    except ma.ValidationError as error:
        raise Invalid(fields=_messages(error.messages_dict)) from None
    return {name: found[name] for name in values if name in found}
