"""A studio to test with: a database with the first vocabulary, and short ways to write and read in it."""

from __future__ import annotations

import itertools
import json
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from zou_server.adapters.database import make_engine
from zou_server.adapters.jobs import JobQueue
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import (
    EVERYTHING,
    Condition,
    Form,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Retired,
    Where,
)
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.install.install_first_data import install_vocabulary
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, Delete, Operation, Result, Revive, Update
from zou_server.settings import Settings

PLAIN = Spelling()
_numbers = itertools.count(1)


def unique(word: str) -> str:
    """A name that no other test uses."""
    return f"{word} {next(_numbers)} {uuid.uuid4().hex[:6]}"


class DatabaseMaker(Protocol):
    """Who makes databases with every table and the first vocabulary: the suite's PostgreSQL."""

    def furnished_database(self) -> str:
        """Make one and return its URL."""

    def drop(self, url: str) -> None:
        """Drop it."""


@dataclass(frozen=True)
class GivenDatabase:
    """The one database of this process, in the place of the suite's PostgreSQL."""

    url: str

    def furnished_database(self) -> str:
        """Give the database the first vocabulary, and return its URL."""
        engine = sa.create_engine(self.url)
        try:
            install_vocabulary(engine)
        finally:
            engine.dispose()
        return self.url

    def drop(self, url: str) -> None:
        """Leave it: whoever gave it drops it."""


class StudioKit:
    """The studio, and the shortest way to do one thing in it."""

    def __init__(self, studio: Studio, settings: Settings) -> None:
        self.studio, self.settings = studio, settings

    def execute(self, *operations: Operation, actor: Actor = SYSTEM) -> list[Result]:
        """Run operations in one committed transaction."""
        with self.studio.write(actor) as work:
            results = work.execute(list(operations))
            work.commit()
        return results

    def create(self, kind: str, actor: Actor = SYSTEM, **values: Any) -> uuid.UUID:
        """Make a row and return its id."""
        return self.execute(Create(facet(kind), values), actor=actor)[0].id

    def update(self, kind: str, id_: uuid.UUID, actor: Actor = SYSTEM, **values: Any) -> Result:
        """Change a row."""
        return self.execute(Update(facet(kind), id_, values), actor=actor)[0]

    def delete(self, kind: str, id_: uuid.UUID, actor: Actor = SYSTEM) -> Result:
        """Retire a row."""
        return self.execute(Delete(facet(kind), id_), actor=actor)[0]

    def revive(self, kind: str, id_: uuid.UUID, actor: Actor = SYSTEM) -> Result:
        """Bring a row back."""
        return self.execute(Revive(facet(kind), id_), actor=actor)[0]

    def rows(
        self,
        kind: str,
        *paths: str,
        where: Condition = EVERYTHING,
        actor: Actor = SYSTEM,
        order: tuple[Order, ...] = (),
        **page: Any,
    ) -> list[dict[str, Any]]:
        """The rows of a facet; paths ending in `*` are links to many."""
        query = Query(facet(kind), _projection(paths or ("id", "name")), where, order, **page)
        found: list[dict[str, Any]] = json.loads(f"[{self.studio.read(actor).page(query, PLAIN).text}]")
        return found

    def row(
        self, kind: str, id_: uuid.UUID, *paths: str, actor: Actor = SYSTEM, retired: bool = False
    ) -> Any:
        """One row by id, None when there is none; a single path gives its value."""
        which = Retired.BOTH if retired else Retired.LIVE
        found = self.rows(kind, *paths, where=Where("id", Op.EQ, str(id_)), actor=actor, retired=which)
        if not found:
            return None
        return found[0][paths[0]] if len(paths) == 1 else found[0]

    def events(self, id_: uuid.UUID | None = None) -> list[dict[str, Any]]:
        """The event log, oldest first, of one row or of everything."""
        where = EVERYTHING if id_ is None else Where("object_id", Op.EQ, str(id_))
        names = (
            "number",
            "id",
            "action",
            "kind",
            "attribute",
            "old",
            "new",
            "object_name",
            "client",
            "actor_id",
        )
        return self.rows("EventLog", *names, where=where, order=(Order("number"),))

    def jobs(self, task: str) -> list[dict[str, Any]]:
        """The arguments of the jobs of a task that wait to be done, oldest first."""
        wanted = "SELECT args FROM procrastinate_jobs WHERE task_name = :task AND status = 'todo' ORDER BY id"
        with self.studio.writes.connect() as connection:
            return list(connection.scalars(sa.text(wanted), {"task": task}))

    def project(self, **values: Any) -> uuid.UUID:
        """A new project."""
        return self.create("Project", name=unique("Project"), **values)

    def shot(self, project: uuid.UUID, **values: Any) -> uuid.UUID:
        """A new shot."""
        return self.create("Shot", name=unique("Shot"), project_id=project, **values)

    def person(self, role: str = "user", teams: Mapping[uuid.UUID, str | None] | None = None) -> Actor:
        """A new person as an actor, on the teams given (project -> role there, None for their own)."""
        name = unique("Person")
        id_ = self.create(
            "Person", first_name=name, last_name="", email=f"{uuid.uuid4().hex}@example.com", role=role
        )
        for project, project_role in (teams or {}).items():
            self.create("Membership", project_id=project, person_id=id_, role=project_role)
        roles = {project: project_role or role for project, project_role in (teams or {}).items()}
        return Actor(id_, name, role, project_roles=roles, client="test")


def _projection(paths: tuple[str, ...]) -> Projection:
    return Projection(
        tuple(
            Output(path, path.rstrip("*"), Form.LINKS if path.endswith("*") else Form.VALUE) for path in paths
        )
    )


@contextmanager
def open_studio(postgres: DatabaseMaker, directory: Path) -> Iterator[StudioKit]:
    """A studio on a database of its own, with statuses, steps and types but nobody in it."""
    url = postgres.furnished_database()
    settings = Settings.from_env({}, database_url=url, data_dir=directory)
    reads, writes = make_engine(settings, autocommit=True), make_engine(settings)
    try:
        yield StudioKit(Studio(reads, writes, RULEBOOK, JobQueue()), settings)
    finally:
        reads.dispose()
        writes.dispose()
        postgres.drop(url)
