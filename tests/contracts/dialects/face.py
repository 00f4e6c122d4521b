"""What a dialect must be able to do for the contracts, and what the adapters share."""

from __future__ import annotations

import json
import uuid
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from zou_server.models.base import Row
from zou_server.models.registry import Facet

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
    once: bool = False
    """Set when a row is made, and never again."""


class Refused(Exception):
    """A dialect answered with an error: its status (or code) and its own words."""

    def __init__(self, status: int, body: Any) -> None:
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class Dialect(ABC):
    """A caller who speaks one dialect to the application of a world."""

    name: str
    missing: int
    """The status or code for a row that is not there."""
    identity = "id"
    """The attribute that it calls rows by."""
    sends_whole_objects = False
    """Whether its clients send back whatever they were shown, and not only what they changed."""

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
        """Rows, of which `id` is all that counts where they are filtered or sorted.

        `order` is a key with a minus before it to turn it round, `page` a number from 1 and a size.
        """

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

    @cached_property
    def document(self) -> Any:
        """What `/openapi.json` says, read once: it is four megabytes."""
        return self.ask("GET", "/openapi.json", {}).get_json()

    def id_of(self, facet: Facet, id_: uuid.UUID) -> Any:
        """What the dialect calls a row."""
        return self.world.kit.row(facet.name, id_, self.identity, retired=True)

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
    return "null" if value is None else str(value).encode("utf-8", "replace").decode()


def in_path(value: Any) -> str:
    """A value as one part of a path, whatever characters it has."""
    return quote(wire_text(value), safe="")


def plain(value: Any) -> Any:
    """A shown value without the order of its list, for comparing."""
    if not isinstance(value, list):
        return value
    return sorted(value, key=lambda each: json.dumps(each, sort_keys=True))
