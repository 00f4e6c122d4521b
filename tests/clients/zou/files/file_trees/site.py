"""A served studio with one production to file, and everybody who files."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

import gazu
from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import PASSWORD, request_of, token_of
from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Where


@dataclass
class Site:
    """A served studio with one production: a shot and a scene of a sequence, a chair, a task on the shot."""

    kit: StudioKit
    app: Any
    url: str
    names: dict[str, uuid.UUID] = field(default_factory=dict)
    _tokens: dict[uuid.UUID, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the production."""
        kit, names = self.kit, self.names
        names["project"] = project = kit.create("Project", name="Cosmos Landromat")
        names["sequence"] = kit.create("Sequence", name="S01", project_id=project)
        shared: dict[str, Any] = {"project_id": project, "parent_id": names["sequence"]}
        names["shot"] = kit.create("Shot", name="P01", **shared)
        names["scene"] = kit.create("Scene", name="SC01", **shared)
        props = self.named("EntityType", "Prop")
        names["asset"] = kit.create("Asset", name="Chair", project_id=project, entity_type_id=props)
        names["room"] = kit.create("Asset", name="Room", project_id=project, entity_type_id=props)
        names["step"] = self.named("TaskType", "Animation")
        names["geometry"] = self.named("OutputType", "Geometry")
        names["cache"] = self.named("OutputType", "Cache")
        names["task"] = self.task(names["shot"])

    def named(self, kind: str, name: str) -> uuid.UUID:
        """The id of a row by its name."""
        return uuid.UUID(self.kit.rows(kind, "id", where=Where("name", Op.EQ, name))[0]["id"])

    def task(self, entity: uuid.UUID, name: str = "main") -> uuid.UUID:
        """A task of the step on an entity."""
        return self.kit.create("Task", entity_id=entity, task_type_id=self.names["step"], name=name)

    def new_shot(self) -> tuple[uuid.UUID, uuid.UUID]:
        """A shot that no other test uses, and its task."""
        project, sequence = self.names["project"], self.names["sequence"]
        shot = self.kit.create("Shot", name=unique("Shot"), project_id=project, parent_id=sequence)
        return shot, self.task(shot)

    def person(self, role: str, *, on_team: bool = True) -> tuple[uuid.UUID, str]:
        """Somebody who can log in: their id and a token."""
        actor = self.kit.person(role, {self.names["project"]: None} if on_team else {})
        return actor.person_id, token_of(self.kit, self.app, actor.person_id)

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        return request_of(self.app, token, method, path, **options)

    def client(self, person: uuid.UUID) -> Any:
        """gazu, logged in as a person."""
        client = gazu.client.create_client(self.url)
        gazu.log_in(self.kit.row("Person", person, "email"), PASSWORD, client=client)
        return client


def ids(*rows: Any) -> list[str]:
    return [row["id"] for row in rows]


SHOT = "/studio/productions/cosmos_landromat/shots/e001/s01/p01/animation"


NAME = "cosmos_landromat_e001_s01_p01_animation"
