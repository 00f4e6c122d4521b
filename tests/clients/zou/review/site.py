"""A served studio for the tests of previews: a task, people who work on it, and the job worker at hand."""

from __future__ import annotations

import asyncio
import io
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gazu
from werkzeug.test import TestResponse

from tests.clients.zou.log_in.steps import PASSWORD, request_of, token_of
from tests.conftest import SuitePostgres
from tests.served import served
from tests.studio import StudioKit, open_studio
from zou_server.adapters.job_worker import run_worker
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where

LIMIT = 3_000_000


@dataclass
class Site:
    """A served studio with one project whose movies are small."""

    kit: StudioKit
    app: Any
    url: str
    project: uuid.UUID

    def work(self) -> None:
        """Do every job there is."""
        asyncio.run(run_worker(self.kit.settings, wait=False))

    def person(self, role: str, *, on_team: bool = True, task: uuid.UUID | None = None) -> tuple[str, str]:
        """Somebody who can log in: their id and a token."""
        actor = self.kit.person(role, {self.project: None} if on_team else {})
        if task is not None:
            self.kit.create("Assignation", task_id=task, person_id=actor.person_id)
        return str(actor.person_id), token_of(self.kit, self.app, actor.person_id)

    def client(self, role: str = "manager", **options: Any) -> Any:
        """gazu, logged in as a new person."""
        id_, _ = self.person(role, **options)
        client = gazu.client.create_client(self.url)
        gazu.log_in(self.kit.row("Person", uuid.UUID(id_), "email"), PASSWORD, client=client)
        return client

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        return request_of(self.app, token, method, path, **options)

    def shot_task(self, **shot: Any) -> tuple[uuid.UUID, uuid.UUID]:
        """A new shot and its task."""
        entity = self.kit.shot(self.project, **shot)
        return entity, self.kit.create("Task", entity_id=entity)

    def status(self, code: str = "wfa") -> dict[str, Any]:
        """A status of tasks."""
        return {"id": self.kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, code))[0]["id"]}

    def preview(self, task: uuid.UUID | None = None, **values: Any) -> uuid.UUID:
        """A preview without a file."""
        task = task or self.shot_task()[1]
        return self.kit.create("PreviewFile", name=uuid.uuid4().hex[:13], task_id=task, **values)

    def upload(self, id_: Any, content: bytes, name: str, token: str, query: str = "") -> TestResponse:
        """Send the file of a preview."""
        data = {"file": (io.BytesIO(content), name)}
        return self.send("POST", f"/pictures/preview-files/{id_}{query}", token, data=data)

    def stored(self) -> set[str]:
        """Every file that the server keeps."""
        root = self.kit.settings.storage_dir
        return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


@contextmanager
def open_site(postgres: SuitePostgres, directory: Path) -> Iterator[Site]:
    """The studio, served."""
    with open_studio(postgres, directory) as kit:
        app = create_app(replace(kit.settings, max_upload_bytes=LIMIT))
        with served(app) as url:
            project = kit.project(resolution="128x72", fps="25", is_preview_download_allowed=False)
            yield Site(kit, app, f"{url}/api", project)
