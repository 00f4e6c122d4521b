"""A person at Kitsu: the requests that the page sends for them, and what came of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.clients.zou.log_in.steps import request_of, token_of
from tests.clients.zou.people.own.site import OwnSite, own_site

if TYPE_CHECKING:
    from werkzeug.test import TestResponse

    from tests.conftest import SuitePostgres
    from zou_server.models.actor import Actor


@dataclass
class Page:
    """Somebody who is logged in at Kitsu."""

    site: OwnSite
    actor: Actor
    token: str

    def answer(self, method: str, path: str, body: Any = None, **options: Any) -> TestResponse:
        """The answer to one request."""
        sent = {"json": body} if body is not None else {}
        return request_of(self.site.app, self.token, method, f"/api{path}", **sent, **options)

    def ask(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The JSON of an answer, which must have this status."""
        found = self.answer(method, path, body)
        assert found.status_code == status, (method, path, found.status_code, found.get_data(as_text=True))
        return found.get_json() if found.data else None

    def get(self, path: str) -> Any:
        """What a GET answers."""
        return self.ask("GET", path)

    def last_event(self, name: str) -> dict[str, Any]:
        """The payload of the newest event of a name."""
        found = self.get(f"/data/events/last?name={name}&limit=1")
        assert found, name
        payload: dict[str, Any] = found[0]["data"]
        return payload


def page_of(site: OwnSite, actor: Actor) -> Page:
    """Log somebody in."""
    return Page(site, actor, token_of(site.kit, site.app, actor.person_id))


@contextmanager
def kitsu_site(postgres: SuitePostgres, directory: Path) -> Iterator[OwnSite]:
    """A studio with a TV show and an administrator."""
    with own_site(postgres, directory) as site:
        site.made.admin = site.kit.person("admin", {})
        yield site
