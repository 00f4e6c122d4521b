"""ftrack_api's actions, for the contracts."""

from __future__ import annotations

import json
import uuid
from functools import cached_property
from typing import Any

from tests.contracts.dialects.face import Dialect, Key, Refused, Wire
from zou_server.blueprints.ftrack.attributes import Constant, Mapped, Value
from zou_server.blueprints.ftrack.vocabulary import WireType, types
from zou_server.models.registry import Facet, Kind

LEFT_OUT = {
    "GroupUserConnection": "the contract would join a row to itself, twice",
    "ObjectType": "ftrack knows seven of the kinds, the contract looks at any",
    "Manager": "the contract has no second row of each that it links",
    "StepTemplateItem": "the contract has no second row of each that it links",
}
"""Facet -> why the contract does not look at it; `tests/clients/ftrack` does."""

UNSORTED = {
    ("Appointment", "context_id"): "the context of an assignment and that of an allocation are two columns",
    ("Appointment", "resource_id"): "a person and a group are two columns",
    ("Appointment", "type"): "a person's is told by the table it is in",
}
"""Type and key -> why rows cannot be put in its order."""

OF_WORDS = {("UserSecurityRole", "security_role_id")}
"""Type and key whose ids stand for words of ours, one for one: a row is not made without it."""


class Ftrack(Dialect):
    """ftrack_api's actions."""

    name, missing = "ftrack", 404

    @staticmethod
    def types() -> dict[str, Facet]:
        return {
            member.facet.name: member.facet
            for wire in types().values()
            # A type that is known by several attributes has no id to ask for.
            if isinstance(wire, WireType) and wire.has_id
            for member in wire.members
            if member.name == wire.name and member.facet.name not in LEFT_OUT
        }

    def keys(self, facet: Facet) -> list[Key]:
        found = self.type_of(facet)
        return [
            Key(
                key,
                editable=bool(getattr(each, "write", "")),
                filterable=each.kind is not Kind.JSON,
                sortable=each.kind is not Kind.JSON and (found.name, key) not in {*UNSORTED, *OF_WORDS},
            )
            for key, each in found.attributes.items()
            if isinstance(each, Value | Constant | Mapped)
            and (not isinstance(each, Mapped) or (found.name, key) in OF_WORDS)
            and not key.startswith("~")  # the server's own
        ]

    def act(self, *actions: Wire) -> list[Any]:
        """The answers to a list of actions; Refused for an error object."""
        sent = {
            "ftrack-user": self.caller.login,
            "ftrack-api-key": self.caller.api_key,
            "ftrack-strict-api": "true",
        }
        found: list[Any] = self.ask("POST", "/api", sent, json=actions).get_json()
        return found

    def query(self, expression: str) -> list[Wire]:
        """The rows that an expression asks for."""
        found: list[Wire] = self.act({"action": "query", "expression": expression})[0]["data"]
        for row in found:
            del row["__entity_type__"]
        return found

    def list(
        self,
        facet: Facet,
        *,
        where: tuple[str, Any] | None = None,
        order: str = "",
        page: tuple[int, int] | None = None,
    ) -> list[Wire]:
        asked = self._select(facet, "id" if where or order else "")
        asked += f" where {where[0]} is {_literal(where[1])}" if where else ""
        direction = "descending" if order.startswith("-") else "ascending"
        asked += f" order by {order.lstrip('-')} {direction}" if order else ""
        asked += f" offset {(page[0] - 1) * page[1]} limit {page[1]}" if page else ""
        return self.query(asked)

    def show(self, facet: Facet, id_: Any) -> Wire:
        rows = self.query(f'{self._select(facet)} where id is "{id_}"')
        if not rows:
            raise Refused(self.missing, "no such row")
        return rows[0]

    def create(self, facet: Facet, values: Wire) -> Any:
        name, id_ = self.type_of(facet).name, str(uuid.uuid4())
        data = {**values, "__entity_type__": name, "id": id_}
        self.act({"action": "create", "entity_type": name, "entity_key": [id_], "entity_data": data})
        return id_

    def update(self, facet: Facet, id_: Any, values: Wire) -> None:
        name = self.type_of(facet).name
        data = {**values, "__entity_type__": name}
        self.act({"action": "update", "entity_type": name, "entity_key": [id_], "entity_data": data})

    def delete(self, facet: Facet, id_: Any) -> None:
        self.act({"action": "delete", "entity_type": self.type_of(facet).name, "entity_key": [id_]})

    def described(self, facet: Facet) -> set[str]:
        name = self.type_of(facet).name
        return set(next(each["properties"] for each in self.schemas if each["id"] == name))

    @cached_property
    def schemas(self) -> Any:
        """Every type with its attributes, read once."""
        return self.act({"action": "query_schemas"})[0]

    def _select(self, facet: Facet, names: str = "") -> str:
        names = names or ", ".join(key.name for key in self.keys(facet))
        return f"select {names} from {self.type_of(facet).name}"

    @staticmethod
    def type_of(facet: Facet) -> WireType:
        """The type whose rows a facet's are."""
        return next(
            wire
            for wire in types().values()
            if isinstance(wire, WireType)
            and any(member.facet is facet and member.name == wire.name for member in wire.members)
        )


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("value")
    return "none" if value is None else json.dumps(str(value), ensure_ascii=False)
