"""The studio of each file of tests, a session and a show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.clients.ftrack.site import (
    Session,
    Site,
    open_site,
    unique,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres
from tests.clients.ftrack.show import Show


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One served studio for the whole module."""
    with open_site(postgres, tmp_path_factory.mktemp("ftrack")) as site:
        yield site


@pytest.fixture
def session(site: Site) -> Iterator[Session]:
    """A session of the administrator that has cached nothing yet."""
    with site.session() as session:
        yield session


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """A small production, made with one commit."""
    with site.session() as session:
        name = unique("show")
        schema = session.query("ProjectSchema").first()
        project = session.create("Project", {"name": name, "full_name": "The show", "project_schema": schema})
        sequence = session.create("Sequence", {"name": "SQ010", "parent": project})
        shots = [
            session.create(
                "Shot", {"name": f"SH{number:03}", "parent": sequence, "description": f"take {number}"}
            )
            for number in range(3)
        ]
        task = session.create(
            "Task",
            {
                "name": "animation",
                "parent": shots[0],
                "bid": 8 * 3600,
                "type": session.query('Type where name is "Animation"').one(),
                "status": session.query('Status where name is "Work In Progress"').one(),
            },
        )
        session.commit()
        return Show(project["id"], name, sequence["id"], tuple(shot["id"] for shot in shots), task["id"])
