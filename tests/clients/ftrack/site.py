"""A served studio for the real ftrack_api, and short ways to ask it things."""

from __future__ import annotations

import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from tests.served import served
from zou_server.adapters.database import make_engine
from zou_server.app import create_app
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.install.manage_credentials import create_admin, create_api_key
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Update
from zou_server.settings import Settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of the pyparsing that the client pins
    import ftrack_api
    from ftrack_api.exception import MultipleResultsFoundError, ServerError

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres

__all__ = [
    "LOGIN",
    "USER",
    "MultipleResultsFoundError",
    "ServerError",
    "Session",
    "Site",
    "ftrack_api",
    "open_site",
    "unique",
]

LOGIN = "boss"
USER, PASSWORD = "boss@example.com", "correct horse battery"
Session = Any
"""A `ftrack_api.Session`; the package publishes no types."""


@dataclass
class Site:
    """One served studio: its address, its key and its data."""

    url: str
    key: str
    app: Flask
    engine: Engine
    directory: Path

    @contextmanager
    def session(self, user: str = USER, key: str = "", **options: Any) -> Iterator[Session]:
        """A connected session of the real client, without what other sessions have cached."""
        session = ftrack_api.Session(
            self.url,
            key or self.key,
            user,
            auto_connect_event_hub=False,
            plugin_paths=[],
            schema_cache_path=options.pop("schema_cache_path", False),
            **options,
        )
        try:
            yield session
        finally:
            session.close()

    def post(self, body: Any, *, strict: bool = False, **headers: str) -> requests.Response:
        """Send a body to `/api` as the administrator."""
        sent = self.proof(strict=strict, **headers)
        raw = {"data": body} if isinstance(body, bytes | str) else {"json": body}
        return requests.post(f"{self.url}/api", headers=sent, timeout=60, **raw)

    def proof(self, *, strict: bool = False, **more: str) -> dict[str, str]:
        """The headers that say that the administrator asks."""
        return {
            "ftrack-user": USER,
            "ftrack-api-key": self.key,
            "ftrack-strict-api": str(strict).lower(),
            **more,
        }

    def create(self, kind: str, **values: Any) -> str:
        """Make a row behind the dialect's back, as another client would."""
        with Studio(self.engine, self.engine, RULEBOOK).write(SYSTEM) as work:
            (made,) = work.execute([Create(facet(kind), values)])
            work.commit()
        return str(made.id)

    def change(self, kind: str, id_: str, **values: Any) -> None:
        """Change a row behind the dialect's back, as another client would."""
        with Studio(self.engine, self.engine, RULEBOOK).write(SYSTEM) as work:
            work.execute([Update(facet(kind), id_, values)])
            work.commit()


def unique(word: str) -> str:
    """A name that no other test uses."""
    return f"{word}_{uuid.uuid4().hex[:8]}"


@contextmanager
def open_site(postgres: SuitePostgres, directory: Path) -> Iterator[Site]:
    """Serve a studio with its first vocabulary and one administrator who has an API key."""
    url = postgres.furnished_database()
    settings = Settings.from_env({}, database_url=url, data_dir=directory)
    engine = make_engine(settings)
    create_admin(engine, USER, PASSWORD)
    key = create_api_key(engine, USER)
    app = create_app(settings)
    try:
        with served(app) as address:
            yield Site(address, key, app, engine, directory)
    finally:
        engine.dispose()
        studio: Studio = app.extensions["studio"]
        studio.reads.dispose()
        studio.writes.dispose()
        postgres.drop(url)
