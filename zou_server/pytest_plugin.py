"""A Shotgun for tests: the fixture `shotgun` is a served, empty site of the test's own.

One PostgreSQL and one server for each test process; each test gets a fresh copy of a prepared database, which
takes a fraction of a second. Nothing is imported before a test asks for the fixture.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from flask import Flask

SCRIPT = "tests"
TEMPLATE, SITE = "shotgun_template", "shotgun_site"


@dataclass(frozen=True)
class ShotgunSite:
    """A site: where it is, and the key of its script, which may do everything."""

    url: str
    script_name: str
    api_key: str

    def connect(self, **options: Any) -> Any:
        """A connected `shotgun_api3.Shotgun`; the script's key unless other credentials are given."""
        import shotgun_api3  # noqa: PLC0415 - whoever asks for it has it

        given = options or {"script_name": self.script_name, "api_key": self.api_key}
        return shotgun_api3.Shotgun(self.url, **given)

    def load(self, dump: str | Path) -> dict[tuple[str, int], dict[str, Any]]:
        """Fill the site from a dump of another; type and id there -> the row here."""
        from zou_server.shotgun_seed import seed  # noqa: PLC0415

        with closing(self.connect()) as sg:
            return seed(sg, json.loads(Path(dump).read_text(encoding="utf-8")))


@dataclass
class _Server:
    """The server of this process and the database that it serves."""

    app: Flask
    site: ShotgunSite
    execute: Callable[[str], None]

    def fresh(self) -> None:
        """Put a copy of the template in place of what a test has left."""
        from zou_server.services.read.kept_answers import KeptAnswers  # noqa: PLC0415 - see above

        studio = self.app.extensions["studio"]
        studio.reads.dispose()
        studio.writes.dispose()
        self.execute(f'DROP DATABASE IF EXISTS "{SITE}" WITH (FORCE)')
        self.execute(f'CREATE DATABASE "{SITE}" TEMPLATE "{TEMPLATE}"')
        studio._kept = KeptAnswers()  # noqa: SLF001 - answers of the database before it


def _prepare(url: str) -> str:
    """Make the tables, the vocabulary and the script of an empty database; returns the script's key."""
    from sqlalchemy import create_engine  # noqa: PLC0415 - only where a test asks for it

    from zou_server.adapters.migrate import upgrade  # noqa: PLC0415
    from zou_server.services.install.install_first_data import install_vocabulary  # noqa: PLC0415
    from zou_server.services.install.manage_credentials import create_script  # noqa: PLC0415

    engine = create_engine(url)
    try:
        upgrade(engine)
        install_vocabulary(engine)
        return create_script(engine, SCRIPT)
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def _shotgun_server() -> Iterator[_Server]:
    from sqlalchemy import create_engine, make_url, text  # noqa: PLC0415 - only where a test asks for it
    from werkzeug.serving import make_server  # noqa: PLC0415

    from zou_server.adapters.postgres.embedded import EmbeddedPostgres  # noqa: PLC0415
    from zou_server.app import create_app  # noqa: PLC0415
    from zou_server.settings import Settings  # noqa: PLC0415

    directory = Path(tempfile.mkdtemp(prefix="shotgun-site-"))
    directory.chmod(0o711)  # PostgreSQL may have to run as somebody else
    postgres = EmbeddedPostgres(directory, durable=False)
    url = make_url(postgres.start())

    def named(name: str) -> str:
        return url.set(database=name).render_as_string(hide_password=False)

    def execute(statement: str) -> None:
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    execute(f'CREATE DATABASE "{TEMPLATE}"')
    key = _prepare(named(TEMPLATE))
    settings = Settings.from_env(
        {}, database_url=named(SITE), data_dir=directory, shotgun_open_downloads=True
    )
    app = create_app(settings)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield _Server(app, ShotgunSite(f"http://127.0.0.1:{server.server_port}", SCRIPT, key), execute)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        studio = app.extensions["studio"]
        studio.reads.dispose()
        studio.writes.dispose()
        postgres.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def shotgun(_shotgun_server: _Server) -> ShotgunSite:
    """An empty Shotgun site of this test's own."""
    _shotgun_server.fresh()
    return _shotgun_server.site
