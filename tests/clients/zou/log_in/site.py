"""A studio served with settings of a test's own, and browsers that log in there."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

from tests.served import served
from tests.services.people.people import PASSWORD, create, hire, new_email
from zou_server.adapters.database import make_engine
from zou_server.app import create_app
from zou_server.settings import Settings

if TYPE_CHECKING:
    import uuid
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SECONDS = 30


@dataclasses.dataclass
class LogInSite:
    """Where it is served, and an engine to hire people with."""

    url: str
    people: Engine
    settings: Settings

    def person(self, **values: Any) -> tuple[str, uuid.UUID]:
        """Somebody new with a password: the address and the id."""
        email = new_email()
        return email, hire(self.people, email, **values)


@contextmanager
def log_in_site(postgres: SuitePostgres, directory: Path, **overrides: Any) -> Iterator[LogInSite]:
    """Serve a studio until the block is left."""
    url = postgres.migrated_database()
    settings = Settings.from_env({}, database_url=url, data_dir=directory, **overrides)
    engine = make_engine(settings)
    create(engine, "Organisation", name="The studio")
    with served(create_app(settings)) as address:
        yield LogInSite(address, engine, settings)
    engine.dispose()
    postgres.drop(url)


class Browser:
    """A browser with Kitsu in it: it sends its cookies and the origin of the page, and no token."""

    def __init__(self, url: str, agent: str = FIREFOX) -> None:
        self.url, self.session = url, requests.Session()
        self.session.headers.update({"User-Agent": agent, "Connection": "close"})
        self.said: dict[str, Any] = {}

    def log_in(self, email: str, password: str = PASSWORD, **more: Any) -> int:
        """Send the form of the log-in page; the answer is `said`."""
        answer = self.ask("POST", "/auth/login", {"email": email, "password": password, **more})
        self.said = answer.json()
        return answer.status_code

    def ask(self, method: str, path: str, body: Any = None) -> requests.Response:
        """One request of the page."""
        origin = {"Origin": self.url} if method != "GET" else {}
        return self.session.request(
            method, f"{self.url}/api{path}", json=body, headers=origin, timeout=SECONDS
        )

    def json(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """The JSON of an answer, which must have this status."""
        answer = self.ask(method, path, body)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        return answer.json()

    def status(self, path: str = "/auth/authenticated") -> int:
        """The status of an answer."""
        return self.ask("GET", path).status_code

    def cookie(self, name: str) -> str | None:
        """The value of a cookie."""
        return next((each.value for each in self.session.cookies if each.name == name), None)
