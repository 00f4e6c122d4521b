"""What a request's writes know of the rows that they name: of which type and member each is.

Whatever the list as a whole needs is looked up before its first write, so that no statement is asked per row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from zou_server.blueprints.ftrack.attributes import TYPE_KEY
from zou_server.blueprints.ftrack.ids import Action, key_of, reference_id, told_type
from zou_server.blueprints.ftrack.operation_parts import rows_with_ids
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.blueprints.ftrack.vocabulary import Member, WireType, types
from zou_server.models.errors import Invalid, NotFound

ABSTRACT = frozenset({"Context", "TypedContext", "Resource"})
_UNTOLD: Mapping[str, tuple[str, ...]] = {
    "Context": ("parent", "parent_id", "context", "context_id"),
    "Resource": ("resource", "resource_id"),
}
"""Base type -> the attributes of writes that may name a row of it by nothing but its id."""


class KnownRows:
    """The rows of one request, by id."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.made: dict[str, Member] = {}
        self._members: dict[tuple[str, str], Member] = {}
        self._types: dict[tuple[str, str], str] = {}

    def foresee(self, actions: Iterable[Action]) -> None:
        """Look up what the writes of a list name: one statement for each sort of row, not for each row."""
        named: dict[str, dict[str, None]] = {}
        owned: dict[str, dict[str, None]] = {}
        for action in actions:
            for base, id_ in _named_in(action):
                named.setdefault(base, {})[id_] = None
            wire = types().get(str(action.get("entity_type")))
            if isinstance(wire, WireType) and wire.has_id and _is_mixed(wire):
                owned.setdefault(wire.name, {}).update(_key(action))
        for base, ids in named.items():
            self._note_types(base, list(ids))
        for name, ids in owned.items():
            wire = types()[name]
            if isinstance(wire, WireType) and len(ids) > len(wire.members):
                self._note_members(wire, list(ids))

    def type_of(self, base: str, data: Mapping[str, Any], *names: str) -> str:
        """The concrete type of what one of the attributes names; "" for what is not there."""
        for name in names:
            value = data.get(name)
            told = told_type(value)
            if told and told not in ABSTRACT:
                return told
            id_ = reference_id(name, value)
            if id_ is not None:
                return self.type_of_id(base, id_)
        return ""

    def type_of_id(self, base: str, id_: str) -> str:
        """The concrete type of a row; "" where there is none."""
        if id_ in self.made:
            return self.made[id_].name
        if (base, id_) not in self._types:
            self._note_types(base, [id_])
        return self._types.get((base, id_), "")

    def is_project(self, id_: str) -> bool:
        """True when an id is that of a project."""
        return self.type_of_id("Context", id_) == "Project"

    def member(self, wire: WireType, id_: str) -> Member:
        """Which member of a type a row is: known, made in this request, or looked up."""
        if not _is_mixed(wire):
            return wire.members[0]
        if id_ in self.made:
            return self.made[id_]
        if (wire.name, id_) not in self._members:
            self._note_members(wire, [id_])
        found = self._members.get((wire.name, id_))
        if found is None:
            raise NotFound(f"There is no {wire.name} {id_}.")
        return found

    def _note_types(self, base: str, ids: list[str]) -> None:
        self._types.update({(base, id_): "" for id_ in ids})
        self._types.update(
            {(base, row["id"]): row[TYPE_KEY] for row in self._reading.by(base, "id", ids, ())}
        )

    def _note_members(self, wire: WireType, ids: list[str]) -> None:
        left = [id_ for id_ in ids if id_ not in self.made]
        for member in wire.members:
            if not left:
                return
            rows = self._reading.rows(rows_with_ids(wire.name, left), (), frozenset({member.facet.name}))
            self._members.update({(wire.name, row["id"]): member for row in rows})
            left = [id_ for id_ in left if (wire.name, id_) not in self._members]


def _is_mixed(wire: WireType) -> bool:
    """True for a type whose rows are in several tables."""
    return len({member.facet.model for member in wire.members}) > 1


def _named_in(action: Action) -> Iterator[tuple[str, str]]:
    """The rows whose type nothing but the database tells: (base type, id)."""
    data = action.get("entity_data")
    if not isinstance(data, Mapping):
        return
    for base, names in _UNTOLD.items():
        for name in names:
            with suppress(Invalid):  # whoever uses it says what is wrong with it
                value = data.get(name)
                id_ = reference_id(name, value)
                if id_ is not None and (told_type(value) or base) in ABSTRACT:
                    yield base, id_


def _key(action: Action) -> dict[str, None]:
    """The id of the row that an action is about, where it is there already."""
    if action.get("action") == "create":
        return {}
    with suppress(Invalid):
        id_ = key_of(action, {})
        return {} if id_ is None else {id_: None}
    return {}
