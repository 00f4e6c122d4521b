"""Shapes of the values that bodies hold: how each is read, and its schema.

What the shape of a kind accepts are the spellings of `models/values/__init__.py`, as everywhere.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from zou_server.blueprints.zou.bodies import NO_OBJECT, Shape, shape_of
from zou_server.description import SENT, Schema, listed, one_of, ref
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.models.values import COERCE

T = TypeVar("T")

_LARGEST = 2**31


def of_kind(kind: Kind, *, is_blank_none: bool = False) -> Shape[Any]:
    """A value of a kind of the registry, in any spelling that a filter or a row's value may have."""

    def read(value: Any) -> Any:
        try:
            return COERCE[kind](value)
        except (ValueError, OverflowError, TypeError) as error:
            raise ValueError(f"is {error}" if str(error).startswith("n") else str(error)) from None

    return Shape(read, SENT[kind], is_blank_none)


def list_of(shape: type[T] | Shape[T], reason: str = "is not a list") -> Shape[list[T]]:
    """A list of values of one shape."""
    each = shape_of(shape)

    def read(value: Any) -> list[T]:
        if not isinstance(value, list):
            raise ValueError(reason)  # noqa: TRY004 - what a shape raises
        return [each.read(item) for item in value]

    return Shape(read, listed(each.schema))


def by_id(shape: type[T] | Shape[T]) -> Shape[dict[str, T]]:
    """An object of ids and values of one shape."""
    each = shape_of(shape)

    def read(value: Any) -> dict[str, T]:
        if not isinstance(value, dict):
            raise Invalid(NO_OBJECT, {"body": ["is not an object"]})
        if wrong := [name for name in value if not is_id(name)]:
            raise Invalid(fields={name: ["is malformed"] for name in wrong})
        return {_id(name): each.read(given) for name, given in value.items()}

    return Shape(read, {"type": "object", "additionalProperties": each.schema})


def word_of(words: Iterable[str]) -> Shape[str]:
    """One of some words."""
    known = tuple(words)

    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"is none of {', '.join(known)}")
        return str(value)

    return Shape(read, one_of(known))


def is_id(value: Any) -> bool:
    """True for an id in any of its spellings."""
    try:
        _id(value)
    except ValueError:
        return False
    return True


def _id(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise ValueError("is malformed") from None


def _ids(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("is not a list of ids")
    return list(dict.fromkeys(_id(each) for each in value))


def _some_ids(value: Any) -> list[str]:
    found = _ids(value)
    if not found:
        raise ValueError("is not a list of ids")
    return found


def _texts(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("is not a list of texts")
    return list(dict.fromkeys(value))


def _plain_text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is not a text")  # noqa: TRY004 - what a shape raises
    return str(COERCE[Kind.TEXT](value))


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LARGEST:
        raise ValueError("is not a whole number from 0 up")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("is neither true nor false")  # noqa: TRY004 - what a shape raises
    return value


def _as_it_is(value: Any) -> Any:
    return value


_COUNT_SCHEMA: Schema = {"type": "integer", "minimum": 0, "maximum": _LARGEST - 1}

ID: Shape[str] = Shape(_id, ref("Id"), is_blank_none=True)
"""An id, in its canonical spelling."""

IDS: Shape[list[str]] = Shape(_ids, listed(ref("Id")))
"""A list of ids, each once."""

SOME_IDS: Shape[list[str]] = Shape(_some_ids, {**listed(ref("Id")), "minItems": 1})
"""A list of at least one id, each once."""

TEXT: Shape[str] = of_kind(Kind.TEXT)
INTEGER: Shape[int] = of_kind(Kind.INTEGER, is_blank_none=True)
NUMBER: Shape[float] = of_kind(Kind.NUMBER, is_blank_none=True)
BOOLEAN: Shape[bool] = of_kind(Kind.BOOLEAN, is_blank_none=True)
DATE: Shape[Any] = of_kind(Kind.DATE, is_blank_none=True)
MOMENT: Shape[Any] = of_kind(Kind.DATETIME, is_blank_none=True)

WORD: Shape[str] = of_kind(Kind.TEXT, is_blank_none=True)
"""A text of which an empty one says nothing."""

PLAIN_TEXT: Shape[str] = Shape(_plain_text, {"type": "string"})
"""A text that is written as one: a number is none."""

TEXTS: Shape[list[str]] = Shape(_texts, listed({"type": "string"}))
"""A list of texts, each once."""

COUNT: Shape[int] = Shape(_count, _COUNT_SCHEMA)
"""A whole number from 0 up, written as a number."""

FLAG: Shape[bool] = Shape(_flag, {"type": "boolean"})
"""True or false, written as such."""

ANYTHING: Shape[Any] = Shape(_as_it_is, {})
"""Any JSON: what it may be is decided by the action that takes it."""

JSON_TEXT: Shape[Any] = Shape(_as_it_is, {}, is_json_text=True)
"""The same, which a form carries as JSON in a text."""
