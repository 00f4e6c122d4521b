"""ActiveResource in JSON, for the contracts."""

from __future__ import annotations

import base64
from functools import cached_property
from typing import Any

from tests.contracts.dialects.face import Dialect, Key, Wire, in_path, wire_text
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.models.registry import Facet, Kind


class ShotRunner(Dialect):
    """ActiveResource in JSON."""

    name, missing = "shotrunner", 404
    identity = "number"
    sends_whole_objects = True

    @cached_property
    def headers(self) -> dict[str, str]:
        """HTTP Basic."""
        proof = base64.b64encode(f"{self.caller.login}:{self.caller.password}".encode()).decode()
        return {"Authorization": f"Basic {proof}"}

    @staticmethod
    def types() -> dict[str, Facet]:
        return {each.facet.name: each.facet for each in vocabularies().values()}

    def keys(self, facet: Facet) -> list[Key]:
        return [
            Key(
                key,
                editable=bool(each.canonical),
                filterable=each.kind is not Kind.LINKS and bool(each.path),
                sortable=each.kind is not Kind.LINKS and bool(each.sort_path),
            )
            for key, each in self._vocabulary(facet).attributes.items()
        ]

    def list(
        self,
        facet: Facet,
        *,
        where: tuple[str, Any] | None = None,
        order: str = "",
        page: tuple[int, int] | None = None,
    ) -> list[Wire]:
        asked = {wire_text(where[0]): wire_text(where[1])} if where else {}
        asked |= {"fields": "id"} if where or order else {"include": self._every_key(facet)}
        asked |= {"order": wire_text(order)} if order else {}
        asked |= {"page": str(page[0]), "per_page": str(page[1])} if page else {}
        path = f"/{self._vocabulary(facet).plural}.json"
        found: list[Wire] = self.ask("GET", path, self.headers, query_string=asked).get_json()
        return found

    def show(self, facet: Facet, id_: Any) -> Wire:
        asked = {"include": self._every_key(facet)}
        answer = self.ask("GET", self._member(facet, id_), self.headers, query_string=asked).get_json()
        found: Wire = answer[self._vocabulary(facet).singular]
        return found

    def create(self, facet: Facet, values: Wire) -> Any:
        path = f"/{self._vocabulary(facet).plural}.json"
        answer = self.ask("POST", path, self.headers, json=values).get_json()
        return answer[self._vocabulary(facet).singular]["id"]

    def update(self, facet: Facet, id_: Any, values: Wire) -> None:
        self.ask("PUT", self._member(facet, id_), self.headers, json=values)

    def delete(self, facet: Facet, id_: Any) -> None:
        self.ask("DELETE", self._member(facet, id_), self.headers)

    def described(self, facet: Facet) -> set[str]:
        """ActiveResource knows no description of types; OpenAPI has one."""
        name = f"ShotRunner{facet.named(self.name)}"
        return set(self.document["components"]["schemas"][name]["properties"])

    def _every_key(self, facet: Facet) -> str:
        return ",".join(key.name for key in self.keys(facet))

    def _member(self, facet: Facet, id_: Any) -> str:
        return f"/{self._vocabulary(facet).plural}/{in_path(id_)}.json"

    @staticmethod
    def _vocabulary(facet: Facet) -> Vocabulary:
        return next(each for each in vocabularies().values() if each.facet is facet)
