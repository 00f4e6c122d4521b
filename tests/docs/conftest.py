"""What the tests of the documents share: the application to look at, and the documents themselves."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.servers import ROOT
from zou_server.app import create_app
from zou_server.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


@pytest.fixture(scope="session")
def described_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application, with a database that nobody asks anything."""
    data_dir = tmp_path_factory.mktemp("described")
    return create_app(Settings.from_env({}, database_url="postgresql:///none", data_dir=data_dir))


@pytest.fixture(params=DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def document(request: pytest.FixtureRequest) -> Path:
    """Each document in turn."""
    path: Path = request.param
    return path
