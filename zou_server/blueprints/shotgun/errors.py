"""What a script is told when something is refused: every text of this dialect, and its codes.

A fault is an answer with HTTP status 200: the client turns any other status into a transport error
and loses the text. Scripts match on the beginning of these texts, so they are kept in one place.

`TABLE` turns what the domain refuses into a fault. Texts of faults do not name the call; `render`
puts "API update() " before them, because inside a batch that is the request's own kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from zou_server.models.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    Locked,
    NotFound,
    Unauthenticated,
    Unavailable,
    UnknownField,
    UnknownType,
)

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType

AUTHENTICATION = 102
REQUEST = 103
CRUD = 104
SECOND_FACTOR = 106

SHOWN = 300
"""Characters of a refused value that a text repeats."""


class Fault(Exception):
    """A refusal as the client shows it.

    `bare` texts are not about a call and get no "API read() " before them. `call` is the kind of request
    the fault is about when it is not the method called (a request inside a batch).
    """

    def __init__(self, text: str, code: int = REQUEST, *, bare: bool = False) -> None:
        super().__init__(text)
        self.text, self.code, self.bare = text, code, bare

    def render(self, method: str) -> str:
        """Return the message for the client."""
        return self.text if self.bare else f"API {method}() {self.text}"


# -- values inside texts ---------------------------------------------------------------------------

_CLASSES: Mapping[type, str] = {
    str: "String",
    int: "Integer",
    float: "Float",
    dict: "Hash",
    list: "Array",
    type(None): "NilClass",
}


def class_of(value: object) -> str:
    """Name the class of a JSON value the way this API does."""
    if isinstance(value, bool):
        return "TrueClass" if value else "FalseClass"
    return _CLASSES.get(type(value), type(value).__name__)


def shown(value: object) -> str:
    """Return a JSON value as text, cut when it is long."""
    try:
        text = orjson.dumps(value).decode()
    except (TypeError, orjson.JSONEncodeError):
        text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}..."


# -- refused requests ------------------------------------------------------------------------------


def malformed(why: str) -> Fault:
    """The body is no request at all."""
    return Fault(f"invalid request: {why}", bare=True)


def unknown_method(name: object) -> Fault:
    """The error for a call that does not exist."""
    return Fault(
        f"API {shown(name)[1:-1] if isinstance(name, str) else shown(name)}() does not exist.", bare=True
    )


def unknown_type(request: object, valid: Iterable[str]) -> Fault:
    """`type` names nothing; the text begins as Toolkit expects it."""
    return Fault(
        f"invalid/missing string entity 'type': {shown(request)}\nValid entity types: {shown(sorted(valid))}"
    )


def unknown_field(type_name: str, key: str) -> Fault:
    """The type has no such field."""
    return Fault(f"{type_name}.{key[:SHOWN]} doesn't exist.")


def missing(name: str, kind: str, request: object) -> Fault:
    """A part of the request is absent or of another class."""
    return Fault(f"invalid/missing {kind} '{name}': {shown(request)}")


def missing_page_size(request: object) -> Fault:
    """`paging` lacks its size."""
    return Fault(f"invalid/missing integer 'paging' 'entities_per_page': {shown(request)}")


def wrong_class(where: str, expected: str, value: object) -> Fault:
    """A value is of another class than its field holds."""
    return Fault(f"{where} expected [{expected}] data type(s) but got {class_of(value)}: {shown(value)}")


def wrong_value(where: str, why: str, value: object) -> Fault:
    """A value of the right class that the field cannot hold."""
    return Fault(f"{where} {why}: {shown(value)}")


def create_only(where: str) -> Fault:
    """A field that is set when its row is made, or never."""
    return Fault(f"{where} is editable on create only.")


def no_entity(value: object) -> Fault:
    """A link is not a dictionary."""
    return Fault(f"invalid/missing entity hash: {shown(value)}")


def bad_entity(part: str, kind: str, value: object) -> Fault:
    """A link lacks its type or its id."""
    return Fault(f"invalid/missing entity hash {kind} '{part}': {shown(value)}")


def bad_relation(where: str, data_type: str, leaf: object, relation: object, valid: Iterable[str]) -> Fault:
    """The field's data type knows no such comparison."""
    name = relation if isinstance(relation, str) else shown(relation)
    return Fault(
        f"{where}'s '{data_type}' data type doesn't support '{name[:SHOWN]}' 'relation'. "
        f"Value: {shown(leaf)} Valid relations: {shown(list(valid))}"
    )


def unfilterable(where: str, data_type: str) -> Fault:
    """The field's data type cannot be compared at all."""
    return Fault(f"{where}'s '{data_type}' data type cannot be used in a filter.")


def read_only(where: str, value: object) -> Fault:
    """The field is not written by clients."""
    return Fault(f"{where} is read only: {shown(value)}")


def no_linked_row(where: str, value: object) -> Fault:
    """A dotted name leads to nothing, so nothing can be written there."""
    return Fault(f"{where} does not lead to a linked entity: {shown(value)}", CRUD)


def not_found(type_name: str, number: int) -> Fault:
    """The error for an id without a live row."""
    return Fault(f"Entity of type [{type_name}] with id={number} does not exist.", CRUD)


def too_many(what: str, most: int) -> Fault:
    """The request is larger than any client makes them."""
    return Fault(f"request has more than {most} {what}.")


def in_batch(index: int, inner: str, code: int) -> Fault:
    """One request of a batch failed, so none of it happened."""
    return Fault(
        f"API batch() request with index {index} failed.  All requests rolled back.\n{inner}", code, bare=True
    )


# -- refused callers -------------------------------------------------------------------------------


def stranger(text: str) -> Fault:
    """Whoever calls did not prove who they are."""
    return Fault(text, AUTHENTICATION, bare=True)


def needs_code(login: str, why: str) -> Fault:
    """The password is right; the code of the second factor is missing or wrong."""
    return Fault(f"Two-factor authentication of user '{login}' failed. {why}", SECOND_FACTOR, bare=True)


# -- what the domain refuses -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class About:
    """The subject of a refused request: the call, its type, and that type's words."""

    method: str
    type: WireType | None = None

    def key_of(self, attribute: str) -> str:
        """The wire name of a canonical attribute, itself when this dialect has none."""
        field: WireField | None = self.type.written.get(attribute) if self.type else None
        return field.key if field else attribute.rpartition("/")[2]


_VERBS = {"create": "Create", "update": "Update", "delete": "Delete", "revive": "Revive"}
_UNIQUE = 61
_OTHER = 5


def _reasons(error: Invalid | Conflict, about: About) -> str:
    if not error.fields:
        return error.message
    name = about.type.name if about.type else "?"
    return "; ".join(
        f"{name}.{about.key_of(field)} {', '.join(_PLAINER.get(each, each) for each in why)}"
        for field, why in error.fields.items()
    )


_PLAINER = {"does not exist": "leads to a row that does not exist"}
"""Reasons that would be taken for another: of a field itself a fault says that it doesn't exist."""


def _invalid(error: DomainError, about: About) -> Fault:
    return Fault(_reasons(error, about) if isinstance(error, Invalid) else error.message)


def _crud(number: int, error: DomainError, about: About) -> Fault:
    verb = _VERBS.get(about.method, about.method)
    name = about.type.name if about.type else "?"
    why = _reasons(error, about) if isinstance(error, Conflict) else error.message
    return Fault(f"CRUD ERROR #{number}: {verb} failed for [{name}]. {why}", CRUD)


def _conflict(error: DomainError, about: About) -> Fault:
    fields = error.fields if isinstance(error, Conflict) else {}
    if fields and about.type:
        keys = ", ".join(about.key_of(field) for field in fields)
        verb = _VERBS.get(about.method, about.method)
        name = about.type.name
        why = f"The value for the {name} {keys} field is required to be unique."
        return Fault(f"CRUD ERROR #{_UNIQUE}: {verb} failed for [{name}]. {why}", CRUD)
    return _crud(_OTHER, error, about)


def _unknown_field(error: DomainError, about: About) -> Fault:
    name = error.name if isinstance(error, UnknownField) else "?"
    return unknown_field(about.type.name if about.type else "?", about.key_of(name))


TABLE: Mapping[type[DomainError], Callable[[DomainError, About], Fault]] = {
    UnknownField: _unknown_field,
    UnknownType: lambda error, about: Fault(error.message),
    Invalid: _invalid,
    Conflict: _conflict,
    NotFound: lambda error, about: Fault(error.message, CRUD),
    Forbidden: lambda error, about: _crud(4, error, about),
    Unauthenticated: lambda error, about: stranger(error.message),
    Locked: lambda error, about: stranger(error.message),
    Unavailable: lambda error, about: Fault(error.message, CRUD),
    DomainError: lambda error, about: Fault(error.message, CRUD),
}
"""The nearest class of the error decides."""


def fault_for(error: DomainError, about: About) -> Fault:
    """Return the fault that stands for a domain error."""
    for known in type(error).__mro__:
        if known in TABLE:
            return TABLE[known](error, about)
    return Fault(error.message, CRUD)
