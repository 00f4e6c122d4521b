"""A served studio with one production in it, and gazu clients of its people."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from tests.clients.zou.log_in.steps import PASSWORD, gazu_of
from tests.served import served
from tests.studio import StudioKit, open_studio
from zou_server.app import create_app
from zou_server.models.actor import Actor
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

__all__ = ["PASSWORD", "OwnSite", "names", "own_site"]


@dataclass
class OwnSite:
    """The studio, where it is served, and what is in it by name."""

    kit: StudioKit
    app: Any
    url: str
    made: SimpleNamespace

    def client(self, actor: Actor) -> Any:
        """A gazu client of somebody."""
        return gazu_of(self.kit, self.url, actor.person_id)

    def comment(self, task: uuid.UUID, status: str, author: Actor, text: str = "hello") -> uuid.UUID:
        """A comment that gives a task a status."""
        values = {"text": text, "sets_status_id": self.made.statuses[status]}
        return self.kit.execute(Act("comment", facet("Task"), task, values), actor=author)[0].id


def _production(kit: StudioKit) -> SimpleNamespace:
    """A series with an episode, a sequence, two shots, a scene, an asset and a task on most of them."""
    found = SimpleNamespace()
    found.project = kit.project(production_type="tvshow")
    found.lead = kit.person("manager", {found.project: None})
    found.artist = kit.person("user", {found.project: None})
    found.outsider = kit.person("user", {})
    found.episode = kit.create("Episode", name="E01", project_id=found.project)
    found.sequence = kit.create("Sequence", name="sq010", project_id=found.project, parent_id=found.episode)
    found.shot = kit.create("Shot", name="sh0010", project_id=found.project, parent_id=found.sequence)
    found.other_shot = kit.create("Shot", name="sh0020", project_id=found.project, parent_id=found.sequence)
    found.scene = kit.create("Scene", name="sc010", project_id=found.project, parent_id=found.sequence)
    found.asset_type = uuid.UUID(kit.rows("AssetType", "id", "name")[0]["id"])
    found.asset = kit.create(
        "Asset", name="Tree", project_id=found.project, entity_type_id=found.asset_type, description="tall"
    )
    found.steps = {row["name"]: uuid.UUID(row["id"]) for row in kit.rows("TaskType", "id", "name")}
    found.statuses = {row["code"]: uuid.UUID(row["id"]) for row in kit.rows("TaskStatus", "id", "code")}
    found.tasks = {
        name: kit.create(
            "Task",
            entity_id=getattr(found, name),
            task_type_id=found.steps[step],
            assignees=[found.artist.person_id] if assigned else [],
        )
        for name, step, assigned in (
            ("shot", "Animation", True),
            ("other_shot", "Animation", False),
            ("scene", "Layout", True),
            ("sequence", "Storyboard", True),
            ("asset", "Modeling", True),
        )
    }
    return found


@contextmanager
def own_site(postgres: SuitePostgres, directory: Path) -> Iterator[OwnSite]:
    """Serve the studio until the block is left."""
    with open_studio(postgres, directory) as kit:
        app = create_app(kit.settings)
        with served(app) as url:
            yield OwnSite(kit, app, f"{url}/api", _production(kit))


def names(rows: list[dict[str, Any]]) -> list[str]:
    """The names of rows."""
    return [row["name"] for row in rows]
