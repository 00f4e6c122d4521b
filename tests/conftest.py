"""What every test may ask for: a PostgreSQL of the suite's own, and fresh databases in it.

Each process of the suite (one, or one per ``pytest -n`` worker) starts one PostgreSQL in a temporary
directory, as any user. Migrations run once, in a template database, and the first vocabulary is made once in
another; a test's own database is a copy of one of them.
"""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import signal
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import argon2
import hypothesis
import pytest
from sqlalchemy import create_engine, make_url, text

from zou_server.adapters.database import make_engine
from zou_server.adapters.migrate import upgrade
from zou_server.adapters.postgres.embedded import SUPERUSER, SUPERUSER_SECRET, EmbeddedPostgres
from zou_server.services.install.install_first_data import install_vocabulary
from zou_server.services.people import passwords
from zou_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

# Some machines say that Python keeps no compiled files. Each worker of the suite, and each server that a test
# starts, would then compile thousands of modules again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MIGRATED, FURNISHED = "template_migrated", "template_furnished"
"""The databases that others are copies of: with every table, and with the first vocabulary too."""

COLLECT_AFTER = (50_000, 20, 20)
"""New objects that start a search for garbage in a ring."""

# No test is about time: the machine may be busy with something else.
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")


@dataclass
class SuitePostgres:
    """The PostgreSQL server of this test process."""

    url: str
    superuser_url: str = ""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _templates: set[str] = field(default_factory=set)

    def empty_database(self, name: str | None = None) -> str:
        """Make a database with nothing in it and return its URL."""
        return self._create(name or f"test_{next(self._numbers)}", "template1")

    def migrated_database(self) -> str:
        """Make a database with every table and no rows, and return its URL."""
        self._make_once(MIGRATED, "template1", upgrade)
        return self._create(f"test_{next(self._numbers)}", MIGRATED)

    def furnished_database(self) -> str:
        """Make a database with every table and the first vocabulary, and return its URL."""
        self._make_once(MIGRATED, "template1", upgrade)
        self._make_once(FURNISHED, MIGRATED, install_vocabulary)
        return self._create(f"test_{next(self._numbers)}", FURNISHED)

    def copied_database(self, url: str) -> str:
        """Make a copy of a database that nobody is connected to, and return its URL."""
        return self._create(f"test_{next(self._numbers)}", str(make_url(url).database))

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected to it."""
        self._execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')

    def _make_once(self, name: str, template: str, fill: Callable[[Engine], object]) -> None:
        if name in self._templates:
            return
        # One that failed left the database half-made: the next test must see that failure too.
        self._execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        engine = create_engine(self._create(name, template))
        try:
            fill(engine)
        finally:
            engine.dispose()
        self._templates.add(name)

    def _create(self, name: str, template: str) -> str:
        owner = make_url(self.url).username
        # Copying files takes half the processor time of copying blocks through the write-ahead log.
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER {owner} STRATEGY file_copy')
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def _execute(self, statement: str) -> None:
        # Nobody else may end what PostgreSQL itself does in a database, such as a vacuum.
        engine = create_engine(self.superuser_url or self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def pytest_collection_finish() -> None:
    """Look no more through what was imported and collected: that took a fifth of the suite's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def pytest_unconfigure() -> None:
    """Let libraries find their own gone at the end, or they tell of leaks."""
    gc.unfreeze()


@pytest.fixture(scope="module", autouse=True)
def _garbage_is_told_of_where_it_was_made() -> Iterator[None]:
    """Collect what a module left, or a file that it did not close would be a failure of another module.

    What stays then, such as statements that are kept, is not looked through again after each module to come.
    """
    yield
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def _quick_digests() -> Iterator[None]:
    """Digests of passwords that are made in no time; servers that tests start make them as ever."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_HASHER", argon2.PasswordHasher(1, 8, 1))
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[SuitePostgres]:
    """The PostgreSQL server of this test process."""
    with suite_postgres() as server:
        yield server


@contextmanager
def suite_postgres() -> Iterator[SuitePostgres]:
    """A PostgreSQL server, stopped and deleted at the end."""
    # Not pytest's own temporary directory: nobody but its owner may enter it, and when the suite runs
    # as root PostgreSQL runs as somebody else.
    directory = Path(tempfile.mkdtemp(prefix="zou-test-"))
    directory.chmod(0o711)
    server = EmbeddedPostgres(directory, durable=False)
    try:
        url = server.start()
        secret = (directory / SUPERUSER_SECRET).read_text().strip()
        superuser = make_url(url).set(username=SUPERUSER, password=secret)
        yield SuitePostgres(url, superuser.render_as_string(hide_password=False))
    finally:
        if server.pid is not None:
            os.kill(server.pid, signal.SIGQUIT)  # it need not write what is deleted next
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def database_url(postgres: SuitePostgres) -> Iterator[str]:
    """The URL of a database of this test's own: every table, no rows."""
    url = postgres.migrated_database()
    yield url
    postgres.drop(url)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings of a server on this test's own database and directory."""
    return Settings.from_env({}, database_url=database_url, data_dir=tmp_path)


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    """An engine on this test's own database."""
    engine = make_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_engine(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine on one migrated database for all tests that roll back what they write."""
    data_dir = tmp_path_factory.mktemp("shared")
    url = postgres.migrated_database()
    engine = make_engine(Settings.from_env({}, database_url=url, data_dir=data_dir))
    yield engine
    engine.dispose()
