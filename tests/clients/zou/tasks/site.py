"""A studio with one project, and short ways to comment in it."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import request_of, token_of
from tests.studio import StudioKit
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act

TODAY = dt.datetime.now(dt.UTC).date().isoformat()


NOWHERE = "5b0e1f6a-9f5c-4a39-8f0e-0d6a2f0c9b11"


@dataclass
class Site:
    """An application on a studio with one project."""

    kit: StudioKit
    app: Any
    project: uuid.UUID

    def person(self, role: str, *, on_team: bool = True) -> tuple[str, str]:
        """Somebody who can log in: their id and a token."""
        actor = self.kit.person(role, {self.project: None} if on_team else {})
        return str(actor.person_id), token_of(self.kit, self.app, actor.person_id)

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        return request_of(self.app, token, method, path, **options)

    def status(self, code: str) -> str:
        """The id of a status of the first vocabulary."""
        found: str = self.kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))[0]["id"]
        return found

    def task(self, *people: str) -> str:
        """A new task of a new shot."""
        shot = self.kit.shot(self.project)
        return str(self.kit.create("Task", entity_id=shot, assignees=list(people)))

    def comment(self, task: str, text: str = "hello", **values: Any) -> str:
        """A new comment by the server itself."""
        act = Act("comment", facet("Task"), task, {"text": text, **values})
        return str(self.kit.execute(act)[0].id)

    def files(self) -> set[Path]:
        """What is in the file store."""
        folder = self.kit.settings.storage_dir
        return {path for path in folder.rglob("*") if path.is_file()}


def form(*files: tuple[str, bytes, str], **fields: str) -> dict[str, Any]:
    """A form with files (field, bytes, name)."""
    data: dict[str, Any] = {field: (io.BytesIO(content), name) for field, content, name in files}
    return {"data": {**fields, **data}, "content_type": "multipart/form-data"}
