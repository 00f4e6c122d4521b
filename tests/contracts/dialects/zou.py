"""gazu's and Kitsu's REST, for the contracts."""

from __future__ import annotations

from typing import Any

from tests.contracts.dialects.face import Dialect, Key, Wire, in_path, wire_text
from zou_server.blueprints.zou.vocabulary import wire_type, wire_types
from zou_server.models.registry import Facet, Kind
from zou_server.schemas.derive import writable


class Zou(Dialect):
    """gazu's and Kitsu's REST."""

    name, missing = "zou", 404
    sends_whole_objects = True

    @property
    def headers(self) -> dict[str, str]:
        """A log-in, once for each caller."""
        tokens, login = self.world.tokens, self.caller.login
        if login not in tokens:
            body = {"email": login, "password": self.caller.password}
            tokens[login] = self.ask("POST", "/auth/login", {}, json=body).get_json()["access_token"]
        return {"Authorization": f"Bearer {tokens[login]}"}

    @staticmethod
    def types() -> dict[str, Facet]:
        return {wire.facet.name: wire.facet for wire in wire_types().values()}

    def keys(self, facet: Facet) -> list[Key]:
        return [
            Key(
                key,
                editable=writable(each.field)
                and each.field.name != "project_id"
                and not self.is_event(facet),
                filterable=each.field.kind not in (Kind.JSON, Kind.LINKS),
                sortable=each.field.kind not in (Kind.JSON, Kind.LINKS),
            )
            for key, each in wire_type(facet).fields.items()
            if key not in wire_type(facet).extras
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
        asked |= {"fields": "id"} if where or order else {}
        asked |= {"order_by": wire_text(order)} if order else {}
        asked |= {"page": str(page[0]), "limit": str(page[1])} if page else {}
        answer = self.ask("GET", self._path(facet), self.headers, query_string=asked).get_json()
        found: list[Wire] = answer["data"] if page else answer
        return found

    def show(self, facet: Facet, id_: Any) -> Wire:
        found: Wire = self.ask("GET", f"{self._path(facet)}/{in_path(id_)}", self.headers).get_json()
        return found

    def create(self, facet: Facet, values: Wire) -> Any:
        project = {"project_id": str(self.world.factory.target("Project"))} if _in_project(facet) else {}
        body = {**values, **project}
        return self.ask("POST", self._path(facet), self.headers, json=body).get_json()["id"]

    def update(self, facet: Facet, id_: Any, values: Wire) -> None:
        self.ask("PUT", f"{self._path(facet)}/{in_path(id_)}", self.headers, json=values)

    def delete(self, facet: Facet, id_: Any) -> None:
        if facet.name == "Project":  # only closed ones go
            closed = self.ask("GET", "/data/project-status?name=Closed", self.headers).get_json()[0]["id"]
            self.update(facet, id_, {"project_status_id": closed})
        self.ask("DELETE", f"{self._path(facet)}/{in_path(id_)}", self.headers)

    def described(self, facet: Facet) -> set[str]:
        return set(self.document["components"]["schemas"][wire_type(facet).name]["properties"])

    @staticmethod
    def _path(facet: Facet) -> str:
        return f"/data/{facet.plural}"


def _in_project(facet: Facet) -> bool:
    return "project_id" in facet.fields and writable(facet.fields["project_id"])
