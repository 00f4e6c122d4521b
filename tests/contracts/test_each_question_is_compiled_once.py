"""A route that is asked again, for the same or for other rows, runs statements that were made before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.conftest import SuitePostgres
from tests.contracts.permissions.bodies import OWN_ARGUMENTS
from tests.contracts.permissions.cast import Cast, open_cast
from tests.contracts.permissions.requests_of import address
from tests.contracts.permissions.test_who_uses_each_route import asked_routes
from zou_server.query.compiler import Compiler

FILES = ("/actions/preview-files/", "/pictures/", "/movies/")
"""Routes that make or send files: what they ask of the database is asked by others too."""


def test_no_route_that_reads_makes_its_statements_again(
    postgres: SuitePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_cast(postgres, tmp_path) as cast:
        made = statements_made(cast, monkeypatch)
    assert made.pop("once") > 250
    assert made == {}


def statements_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many were made when every route was asked once, and by which routes when they were asked again."""
    made, asked = Counter[str](), [""]
    usual = Compiler.__init__

    def counted(compiler: Compiler) -> None:
        made.update(asked)
        usual(compiler)

    monkeypatch.setattr(Compiler, "__init__", counted)
    for route in asked_routes(cast):
        if route.method == "GET" and not route.path.startswith(FILES):
            path = address(cast, route, "artist", OWN_ARGUMENTS.get(str(route), {}))
            for asked[0] in ("once", str(route)):
                cast.send("artist", "GET", path)
    return made
