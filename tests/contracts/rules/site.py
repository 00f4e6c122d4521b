"""A served studio, its people, and a show in it with a shot and two tasks."""

from __future__ import annotations

import gc
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.contracts.rules.hands import HANDS, Hand
from tests.served import served
from tests.studio import StudioKit, open_studio, unique
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres
    from zou_server.models.actor import Actor

PASSWORD = "a long enough password"


@dataclass
class Show:
    """A project with a sequence, a shot in it, and a task of each of two steps."""

    project: uuid.UUID
    sequence: uuid.UUID
    shot: uuid.UUID
    steps: list[uuid.UUID]
    tasks: list[uuid.UUID]


@dataclass
class Site:
    """The studio behind an address, and the clients that people use."""

    kit: StudioKit
    url: str
    hands: dict[tuple[uuid.UUID, str], Hand] = field(default_factory=dict)

    def show(self) -> Show:
        """A show of one test's own."""
        kit = self.kit
        project = kit.project()
        sequence = kit.create("Sequence", name=unique("SQ"), project_id=project)
        shot = kit.shot(project, parent_id=sequence)
        craft = kit.create("Department", name=unique("Craft"))
        steps = [kit.create("TaskType", name=unique("Step"), department_id=craft) for _ in range(2)]
        tasks = [kit.create("Task", name=unique("Task"), entity_id=shot, task_type_id=step) for step in steps]
        return Show(project, sequence, shot, steps, tasks)

    def person(self, role: str, *projects: uuid.UUID) -> Actor:
        """Somebody on the teams of projects, with a password."""
        actor = self.kit.person(role, dict.fromkeys(projects))
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        return actor

    def hand(self, actor: Actor, dialect: str) -> Hand:
        """The client of a dialect in somebody's hands."""
        key = (actor.person_id, dialect)
        if key not in self.hands:
            email = self.kit.row("Person", actor.person_id, "email")
            api_key = create_api_key(self.kit.studio.writes, email) if dialect == "ftrack" else ""
            self.hands[key] = HANDS[dialect](self.kit, self.url, email, PASSWORD, api_key)
        return self.hands[key]

    def status(self, code: str) -> uuid.UUID:
        """The task status with a code."""
        found = self.kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))
        return uuid.UUID(found[0]["id"])

    def task(self, id_: uuid.UUID) -> dict[str, Any]:
        """What a task has come to."""
        names = (
            "task_status_id",
            "completion_rate",
            "description",
            "real_start_date",
            "end_date",
            "done_date",
            "due_date",
            "retake_count",
            "estimation",
            "name",
            "project_id",
            "entity_id",
        )
        found: dict[str, Any] = self.kit.row("Task", id_, *names)
        return found


@contextmanager
def open_site(postgres: SuitePostgres, directory: Path) -> Iterator[Site]:
    """A studio with its first vocabulary, served."""
    with open_studio(postgres, directory) as kit:
        app = create_app(kit.settings)
        with served(app) as url:
            site = Site(kit, url)
            yield site
            for hand in site.hands.values():
                hand.close()
            with warnings.catch_warnings(action="ignore"):
                gc.collect()
        studio = app.extensions["studio"]
        studio.reads.dispose()
        studio.writes.dispose()
