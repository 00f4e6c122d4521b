"""shotgun_api3's calls, for the contracts."""

from __future__ import annotations

from typing import Any

from tests.contracts.dialects.face import Dialect, Key, Refused, Wire
from zou_server.blueprints.shotgun.filters import UNASKED
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.models.object_links import ObjectLink
from zou_server.models.production import EntityLink
from zou_server.models.records import DECLARED
from zou_server.models.registry import Facet


class Shotgun(Dialect):
    """shotgun_api3's calls."""

    name, missing = "shotgun", 104
    identity = "number"

    @staticmethod
    def types() -> dict[str, Facet]:
        """Every type of its own; of those that are declared and alike one, and no link between two rows."""
        found = {each.facet.name: each.facet for each in vocabulary().types.values()}
        alike = set(DECLARED) - {"Ticket", "CustomEntity01"}
        return {
            name: facet
            for name, facet in found.items()
            if name not in alike and facet.model not in (ObjectLink, EntityLink)
        }

    def keys(self, facet: Facet) -> list[Key]:
        is_event = self.is_event(facet)
        return [
            Key(
                key,
                # The client sends the file of a picture, never the address that it reads.
                editable=each.editable and not is_event and each.data_type != "image",
                filterable=each.data_type not in _SHOTGUN_UNASKED and each.style not in UNASKED,
                sortable=bool(each.order),
                once=each.create_only,
            )
            for key, each in vocabulary().types[self._name(facet)].fields.items()
        ]

    def call(self, method: str, payload: Any) -> Any:
        """The results of a call; Refused with its code for a fault."""
        who: Wire = {"user_login": self.caller.login, "user_password": self.caller.password}
        if self.caller.script:
            who = {"script_name": self.caller.script, "script_key": self.caller.script_key}
        body = {"method_name": method, "params": [who, payload]}
        answer = self.ask("POST", "/api3/json", {}, json=body).get_json()
        if "exception" in answer:
            raise Refused(answer["error_code"], answer["message"])
        return answer["results"]

    def list(
        self,
        facet: Facet,
        *,
        where: tuple[str, Any] | None = None,
        order: str = "",
        page: tuple[int, int] | None = None,
    ) -> list[Wire]:
        leaves = [{"path": where[0], "relation": "is", "values": [where[1]]}] if where else []
        direction = "desc" if order.startswith("-") else "asc"
        asked = {
            "type": self._name(facet),
            "filters": {"logical_operator": "and", "conditions": leaves},
            "return_fields": [] if where or order else [key.name for key in self.keys(facet)],
            "sorts": [{"field_name": order.lstrip("-"), "direction": direction}] if order else [],
        }
        number, size = page or (1, _SHOTGUN_MOST)
        asked["paging"] = {"current_page": number, "entities_per_page": size}
        found: list[Wire] = self.call("read", asked)["entities"]
        return found

    def show(self, facet: Facet, id_: Any) -> Wire:
        asked = {
            "type": self._name(facet),
            "filters": {"path": "id", "relation": "is", "values": [id_]},
            "return_fields": [key.name for key in self.keys(facet)],
        }
        rows = self.call("read", asked)["entities"]
        if not rows:
            raise Refused(self.missing, "no such row")
        found: Wire = rows[0]
        return found

    def create(self, facet: Facet, values: Wire) -> Any:
        return self.call("create", {"type": self._name(facet), "fields": _fields(values)})["id"]

    def update(self, facet: Facet, id_: Any, values: Wire) -> None:
        self.call("update", {"type": self._name(facet), "id": id_, "fields": _fields(values)})

    def delete(self, facet: Facet, id_: Any) -> None:
        assert self.call("delete", {"type": self._name(facet), "id": id_}) is True

    def described(self, facet: Facet) -> set[str]:
        return set(self.call("schema_field_read", {"type": self._name(facet)}))

    @staticmethod
    def _name(facet: Facet) -> str:
        return str(facet.named("shotgun"))


_SHOTGUN_UNASKED = frozenset(
    {"multi_entity", "serializable", "password", "calculated", "url", "pivot_column", "image", "tag_list"}
)
"""Data types of lists, and those that Shotgun has no filter for."""

_SHOTGUN_MOST = 5000
"""Rows that a page may hold."""


def _fields(values: Wire) -> list[Wire]:
    return [{"field_name": name, "value": value} for name, value in values.items()]
