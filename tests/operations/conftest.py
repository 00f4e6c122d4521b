"""What the tests of running a server share."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


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
