"""What the tests of running a server share."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine

from tests.servers import RunningServer
from zou_server.adapters import migrate
from zou_server.packaged import packaged_dir

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres
    from tests.operations.databases_of_before import OfRevision


@contextmanager
def open_directory() -> Iterator[Path]:
    """A directory that PostgreSQL may enter even when the suite runs as root, and it as somebody else."""
    directory = Path(tempfile.mkdtemp(prefix="zou-ops-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def place() -> Iterator[Path]:
    """A directory of one test."""
    with open_directory() as directory:
        yield directory


@pytest.fixture(scope="module")
def shared_place() -> Iterator[Path]:
    """A directory of the tests of one module."""
    with open_directory() as directory:
        yield directory


@pytest.fixture(scope="module")
def running(shared_place: Path, postgres: SuitePostgres) -> Iterator[RunningServer]:
    """A server of one web process on a database of its own, for the tests of one module."""
    url = postgres.migrated_database()
    with RunningServer(shared_place / "data", "--no-worker", DATABASE_URL=url) as server:
        yield server
    postgres.drop(url)


@pytest.fixture
def data_dir(place: Path) -> Path:
    """An empty data directory."""
    directory = place / "data"
    directory.mkdir(mode=0o711)
    return directory


@pytest.fixture
def whole_server() -> None:
    """Skip the test while the application or the first data is not written."""
    for name in ("zou_server.app", "zou_server.services.install.install_first_data"):
        if find_spec(name) is None:
            pytest.skip(f"{name} does not exist yet")


@pytest.fixture(scope="module")
def template_of(postgres: SuitePostgres) -> Iterator[Callable[[str], str]]:
    """A database of a revision: made from one of a revision before it, so that each step runs once."""
    known, made = migrate.revisions(), dict[str, str]()
    earlier = {path.name[:4] for path in (packaged_dir("migrations") / "earlier").glob("[0-9]*.py")}

    def template(revision: str) -> str:
        if revision not in made:
            # A squash makes at once what the steps before it led to: it begins a line of its own.
            line = [each for each in known if (each in earlier) == (revision in earlier)]
            before = [each for each in line[: line.index(revision)] if each in made]
            url = postgres.copied_database(made[before[-1]]) if before else postgres.empty_database()
            engine = create_engine(url)
            migrate.upgrade(engine, revision)
            engine.dispose()
            made[revision] = url
        return made[revision]

    yield template
    for url in made.values():
        postgres.drop(url)


@pytest.fixture
def of_revision(postgres: SuitePostgres, template_of: Callable[[str], str]) -> Iterator[OfRevision]:
    """Makes new databases that are of a revision."""
    made: list[Engine] = []

    def make(revision: str) -> Engine:
        made.append(create_engine(postgres.copied_database(template_of(revision))))
        return made[-1]

    yield make
    for engine in made:
        engine.dispose()
        postgres.drop(engine.url.render_as_string(hide_password=False))
