"""A served studio for the real shotgun_api3, and a small production in it to ask questions about."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shotgun_api3
from werkzeug.serving import make_server

from zou_server.adapters.database import make_engine
from zou_server.app import create_app
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.install_first_data import install_vocabulary
from zou_server.services.manage_credentials import create_admin, create_script
from zou_server.services.operations import Create
from zou_server.services.studio import Studio
from zou_server.settings import Settings

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres

SCRIPT = "pipeline"
LOGIN, PASSWORD = "boss@example.com", "correct horse battery"
Row = dict[str, Any]


@dataclass
class Site:
    """One served studio: its address, its keys and its data."""

    url: str
    key: str
    app: Flask
    engine: Engine

    @contextmanager
    def client(self, **credentials: Any) -> Iterator[shotgun_api3.Shotgun]:
        """A connected client; without credentials it is the administrator's script."""
        given = credentials or {"script_name": SCRIPT, "api_key": self.key}
        sg = shotgun_api3.Shotgun(self.url, **given)
        try:
            yield sg
        finally:
            sg.close()

    def create(self, kind: str, **values: Any) -> uuid.UUID:
        """Make a row behind the dialect's back, as another client would."""
        with Studio(self.engine, self.engine).write(SYSTEM) as work:
            (made,) = work.execute([Create(facet(kind), values)])
            work.commit()
        return made.id


@contextmanager
def open_site(postgres: SuitePostgres, directory: Path) -> Iterator[Site]:
    """Serve a studio with its first vocabulary, one administrator and one script."""
    url = postgres.migrated_database()
    settings = Settings.from_env({}, database_url=url, data_dir=directory)
    engine = make_engine(settings)
    install_vocabulary(engine)
    create_admin(engine, LOGIN, PASSWORD)
    key = create_script(engine, SCRIPT)
    app = create_app(settings)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Site(f"http://127.0.0.1:{server.server_port}", key, app, engine)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        engine.dispose()
        studio: Studio = app.extensions["studio"]
        studio.reads.dispose()
        studio.writes.dispose()
        postgres.drop(url)


def new(sg: shotgun_api3.Shotgun, kind: str, **values: Any) -> Row:
    """Make a row with a name of its own, and return its link."""
    key = {"Project": "name", "Task": "content"}.get(kind, "code")
    values.setdefault(key, f"{kind} {uuid.uuid4().hex[:8]}")
    made: Row = sg.create(kind, values)
    return {"type": kind, "id": made["id"], "name": values[key]}
