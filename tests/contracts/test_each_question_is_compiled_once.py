"""A route that is asked again, for the same or for other rows, runs statements that were made before."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import SuitePostgres
from tests.contracts.dialects.zou import Zou
from tests.contracts.permissions.bodies import OWN_ARGUMENTS
from tests.contracts.permissions.cast import Cast, open_cast
from tests.contracts.permissions.requests_of import address
from tests.contracts.permissions.test_who_uses_each_route import asked_routes
from zou_server.query.compiler import Compiler

FILES = ("/actions/preview-files/", "/pictures/", "/movies/")
"""Routes that make or send files: what they ask of the database is asked by others too."""

OWN_FIELDS = ("/export/csv/projects/",)
"""Routes that ask for the custom fields that a project has: another project's are another question."""


def test_no_route_that_reads_makes_its_statements_again(
    postgres: SuitePostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_cast(postgres, tmp_path) as cast:
        made = statements_made(cast, monkeypatch)
    assert made.pop("once") > 250
    assert made == {}


def statements_made(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How many were made when every route was asked once, and by which when others were asked for."""
    made, asked = Counter[str](), [""]
    usual = Compiler.__init__

    def counted(compiler: Compiler) -> None:
        made.update(asked)
        usual(compiler)

    monkeypatch.setattr(Compiler, "__init__", counted)
    other = elsewhere(cast)
    for route in asked_routes(cast):
        if route.method == "GET" and not route.path.startswith(FILES):
            is_own = route.path.startswith(OWN_FIELDS)
            askers = ((cast, "artist"), (cast, "idle artist") if is_own else (other, "artist"))
            for (each, who), asked[0] in zip(askers, ("once", str(route)), strict=True):
                each.send(who, "GET", address(each, route, who, OWN_ARGUMENTS.get(str(route), {})))
    return made


def elsewhere(cast: Cast) -> Cast:
    """The same with an artist of the other project in the place of the artist, and with its rows."""
    kit = cast.world.kit
    person = kit.person("user", {cast.foreign["Project"]: None})
    kit.create("Assignation", task_id=cast.foreign["Task"], person_id=person.person_id)
    people = {**cast.people, "artist": Zou(cast.world, cast.world.caller(person))}
    actors = {**cast.actors, "artist": person}
    return replace(cast, people=people, actors=actors, ours={**cast.ours, **cast.foreign}, foreign=cast.ours)
