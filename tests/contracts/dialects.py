"""The four dialects behind one face, so that a contract is written once and asked of each.

A `Dialect` lists, shows, creates, updates, deletes and describes rows of any facet over HTTP. Rows are
dictionaries in the dialect's own keys and values. Every answer with a status from 500 up is a failure here.
"""

from __future__ import annotations

import base64
import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun.vocabulary import vocabulary as shotgun_vocabulary
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.blueprints.zou.vocabulary import wire_type, wire_types
from zou_server.models.base import Row
from zou_server.models.registry import Facet, Kind
from zou_server.schemas.derive import writable

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.contracts.world import Caller, World

Wire = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a type's rows, and what may be done with it."""

    name: str
    editable: bool
    filterable: bool
    sortable: bool


class Refused(Exception):  # noqa: N818 - it is what happened
    """A dialect answered with an error: its status (or code) and its own words."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Dialect(ABC):
    """A caller who speaks one dialect to the application of a world."""

    name: str
    missing: int
    """The status or code for a row that is not there."""

    def __init__(self, world: World, caller: Caller) -> None:
        self.world, self.caller = world, caller
        self.client = world.app.test_client(use_cookies=False)

    @staticmethod
    @abstractmethod
    def types() -> dict[str, Facet]:
        """The facets that this dialect shows, by our own names."""

    @abstractmethod
    def keys(self, facet: Facet) -> list[Key]:
        """The keys of a facet's rows."""

    @abstractmethod
    def list(
        self,
        facet: Facet,
        *,
        where: tuple[str, Any] | None = None,
        order: str = "",
        page: tuple[int, int] | None = None,
    ) -> list[Wire]:
        """Rows; `order` is a key with a minus before it to turn it round, `page` a number from 1 and a size."""

    @abstractmethod
    def show(self, facet: Facet, id_: Any) -> Wire:
        """One row with every key it has; Refused when there is none."""

    @abstractmethod
    def create(self, facet: Facet, values: Wire) -> Any:
        """Make a row and return its id in this dialect."""

    @abstractmethod
    def update(self, facet: Facet, id_: Any, values: Wire) -> None:
        """Change a row."""

    @abstractmethod
    def delete(self, facet: Facet, id_: Any) -> None:
        """Remove a row."""

    @abstractmethod
    def described(self, facet: Facet) -> set[str]:
        """The keys that the dialect's own description of a type has."""

    def id_of(self, facet: Facet, id_: uuid.UUID) -> Any:
        """What the dialect calls a row: its number, unless it says otherwise."""
        return self.world.kit.row(facet.name, id_, "number", retired=True)

    def is_event(self, facet: Facet) -> bool:
        """True for types whose rows nobody makes."""
        return not issubclass(facet.model, Row)

    def ask(self, method: str, path: str, headers: Mapping[str, str], **options: Any) -> TestResponse:
        """One request; Refused for an error of the caller's, a failure for one of ours."""
        answer = self.client.open(path, method=method, headers=dict(headers), **options)
        assert answer.status_code < 500, f"{method} {path} {options}: {answer.text}"
        if answer.status_code >= 400:
            raise Refused(answer.status_code, answer.text)
        return answer


def wire_text(value: Any) -> str:
    """A shown value as a query string has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null" if value is None else str(value)


# -- Zou -----------------------------------------------------------------------------------------------------


class Zou(Dialect):
    """gazu's and Kitsu's REST."""

    name, missing = "zou", 404

    @cached_property
    def headers(self) -> dict[str, str]:
        """A log-in, once."""
        body = {"email": self.caller.login, "password": self.caller.password}
        token = self.ask("POST", "/auth/login", {}, json=body).get_json()["access_token"]
        return {"Authorization": f"Bearer {token}"}

    @staticmethod
    def types() -> dict[str, Facet]:
        return {wire.facet.name: wire.facet for wire in wire_types().values()}

    def keys(self, facet: Facet) -> list[Key]:
        return [
            Key(
                key,
                editable=writable(each.field) and each.field.name != "project_id" and not self.is_event(facet),
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
        asked = {where[0]: wire_text(where[1])} if where else {}
        asked |= {"order_by": order} if order else {}
        asked |= {"page": str(page[0]), "limit": str(page[1])} if page else {}
        answer = self.ask("GET", self._path(facet), self.headers, query_string=asked).get_json()
        found: list[Wire] = answer["data"] if page else answer
        return found

    def show(self, facet: Facet, id_: Any) -> Wire:
        found: Wire = self.ask("GET", f"{self._path(facet)}/{id_}", self.headers).get_json()
        return found

    def create(self, facet: Facet, values: Wire) -> Any:
        project = {"project_id": str(self.world.factory.target("Project"))} if _in_project(facet) else {}
        body = {**values, **project}
        return self.ask("POST", self._path(facet), self.headers, json=body).get_json()["id"]

    def update(self, facet: Facet, id_: Any, values: Wire) -> None:
        self.ask("PUT", f"{self._path(facet)}/{id_}", self.headers, json=values)

    def delete(self, facet: Facet, id_: Any) -> None:
        self.ask("DELETE", f"{self._path(facet)}/{id_}", self.headers)

    def described(self, facet: Facet) -> set[str]:
        document = self.ask("GET", "/openapi.json", {}).get_json()
        return set(document["components"]["schemas"][wire_type(facet).name]["properties"])

    def id_of(self, facet: Facet, id_: uuid.UUID) -> str:
        return str(id_)

    @staticmethod
    def _path(facet: Facet) -> str:
        return f"/data/{facet.plural}"


def _in_project(facet: Facet) -> bool:
    return "project_id" in facet.fields and writable(facet.fields["project_id"])


# -- Shotgun -------------------------------------------------------------------------------------------------


class Shotgun(Dialect):
    """shotgun_api3's calls."""

    name, missing = "shotgun", 104

    @staticmethod
    def types() -> dict[str, Facet]:
        return {each.facet.name: each.facet for each in shotgun_vocabulary().types.values()}

    def keys(self, facet: Facet) -> list[Key]:
        is_event = self.is_event(facet)
        return [
            Key(
                key,
                editable=each.editable and not is_event,
                filterable=each.data_type not in _SHOTGUN_UNASKED,
                sortable=bool(each.order),
            )
            for key, each in shotgun_vocabulary().types[self._name(facet)].fields.items()
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
            "return_fields": [key.name for key in self.keys(facet)] if not where else ["id"],
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


_SHOTGUN_UNASKED = frozenset({"multi_entity", "serializable", "password", "calculated"})
"""Data types of lists, and those that Shotgun has no filter for."""

_SHOTGUN_MOST = 5000
"""Rows that a page may hold."""


def _fields(values: Wire) -> list[Wire]:
    return [{"field_name": name, "value": value} for name, value in values.items()]


# -- ShotRunner ----------------------------------------------------------------------------------------------


class ShotRunner(Dialect):
    """ActiveResource in JSON."""

    name, missing = "shotrunner", 404

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
        asked = {where[0]: wire_text(where[1])} if where else {"include": self._every_key(facet)}
        asked |= {"order": order} if order else {}
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
        """ActiveResource has no description: what is known is what `/new` of Rails would answer, a row."""
        row = self.list(facet)[0]
        return set(row)

    def _every_key(self, facet: Facet) -> str:
        return ",".join(key.name for key in self.keys(facet))

    def _member(self, facet: Facet, id_: Any) -> str:
        return f"/{self._vocabulary(facet).plural}/{id_}.json"

    @staticmethod
    def _vocabulary(facet: Facet) -> Vocabulary:
        return next(each for each in vocabularies().values() if each.facet is facet)


DIALECTS: tuple[type[Dialect], ...] = (Zou, Shotgun, ShotRunner)


def plain(value: Any) -> Any:
    """A shown value without the order of its list, for comparing."""
    return sorted(value, key=lambda each: json.dumps(each, sort_keys=True)) if isinstance(value, list) else value
