"""What an operation of a client names: its type, its key, its values, and the answer to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from zou_server.blueprints.ftrack.attributes import PARENT, TYPE_KEY, Constant, Derived, Mapped, Value
from zou_server.blueprints.ftrack.ids import Action, told_type
from zou_server.blueprints.ftrack.projection import Tree, tree
from zou_server.blueprints.ftrack.queries.expression import Among, Literal, Select, Step
from zou_server.blueprints.ftrack.vocabulary import Member
from zou_server.blueprints.ftrack.writing import (
    PARENT_COLUMNS,
    Attached,
    parent_values,
)
from zou_server.models.errors import DomainError, Invalid

VALUE_KEY = ("configuration_id", "entity_id")


@dataclass(frozen=True, slots=True)
class Echo:
    """The answer to a write: the row as it is when everything has run."""

    index: int
    action: str
    member: Member
    id: str
    wanted: Tree
    sent: Mapping[str, Any]


def answer_of(echo: Echo, row: Mapping[str, Any] | None) -> str:
    """The JSON of an answer: the row as it is now, or as it was sent."""
    if echo.action == "delete":
        return '{"action":"delete","data":true}'
    # A row that a later action of the same request deleted is echoed as it was sent.
    known = {"id": echo.id} if "id" in echo.member.primary_key else {}
    data = row or {**echo.sent, TYPE_KEY: echo.member.name, **known}
    if echo.action == "create":
        data = {name: value for name, value in data.items() if value is not None or name in echo.sent}
    return orjson.dumps({"action": echo.action, "data": data}).decode()


def type_name(action: Action) -> str:
    """The name of the type that an action names; Invalid for none."""
    name = action.get("entity_type")
    if not isinstance(name, str) or not name:
        raise Invalid("entity_type is missing.", {"entity_type": ["is missing"]})
    return name


def data_of(action: Action) -> Mapping[str, Any]:
    """The values of an action; Invalid where they are none."""
    data = action.get("entity_data")
    if data is None:
        return {}
    if not isinstance(data, Mapping):
        raise Invalid("entity_data is not an object.", {"entity_data": ["is not an object"]})
    told_type(data)
    return data


def rows_with_ids(type_name: str, ids: list[str], own: str = "id") -> Select:
    """The query of some rows by their ids."""
    return Select(type_name, where=Among((Step(own),), tuple(Literal(id_) for id_ in ids)))


def pointing_at(attached: Attached, child: Member, member: Member, id_: str) -> dict[str, Any]:
    """The values of a child that lead to its parent."""
    column = attached.collection.attach
    if attached.collection.pointing:
        named = child.attributes.get(attached.collection.by)
        if not isinstance(named, Value) or not named.write:
            raise Invalid(f"A {child.name} cannot be put there.")
        column = named.write
    if column != PARENT:
        return {column: id_}
    return parent_values(child, id_, is_project=member.name == "Project")


def columns_of(member: Member, data: Mapping[str, Any]) -> Tree:
    """Everything that a new row holds in columns, and what the client sent."""
    shown = {name: each for name, each in member.attributes.items() if not name.startswith("~")}
    own = [name for name, each in shown.items() if isinstance(each, Constant | Mapped | Value)]
    return wanted_of(member, dict.fromkeys((*own, *data)))


def wanted_of(member: Member, names: Mapping[str, None]) -> Tree:
    """The attributes by their names, as what is to be read of the row."""
    return tree(*(name for name in names if name in member.attributes))


def in_their_words(error: Invalid, members: list[Member]) -> DomainError:
    """The error with wire names in place of ours, where it names fields of one operation."""
    index = getattr(error, "operation_index", None)
    if index is None or not error.fields:
        return error
    names = {PARENT_COLUMNS.get(members[index].facet.model.__name__, ""): "parent"}
    names |= {
        each.write: name
        for name, each in reversed(members[index].attributes.items())
        if isinstance(each, Value) and each.write and each.write != PARENT
    }
    # What is looked up, such as a role, is kept under the word of ours that its path names.
    names |= {
        each.path: name
        for name, each in members[index].attributes.items()
        if isinstance(each, Derived) and each.write
    }
    member = members[index]
    why = "; ".join(f"{names.get(field, field)} {', '.join(words)}" for field, words in error.fields.items())
    return type(error)(f"{member.name}: {why}.") if type(error) is Invalid else error
