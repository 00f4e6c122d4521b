"""Through how many hands a request goes: the calls of our own functions, warm, by function.

    python benchmarks/traced_calls.py [--all]

* Zou's `PUT /data/shots/<id>` with a description, and Shotgun's `update` of the same shot
* a new shot, a comment, one task and a page of 100 tasks, by Zou's routes

Behind them are all calls of Python functions, those of libraries too: what is left out of account otherwise.
"""

from __future__ import annotations

import argparse
import collections
import json
import sys
import tempfile
import uuid
from pathlib import Path
from types import FrameType
from typing import Any, Self

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.conftest import suite_postgres
from tests.contracts.world import ADMIN, PASSWORD, SCRIPT, World, open_world

PACKAGE = str(Path(__file__).resolve().parent.parent / "zou_server")


class Calls(collections.Counter[str]):
    """Our own functions by how often they were entered in the block; `in_all` has those of libraries too."""

    in_all = 0

    def __enter__(self) -> Self:
        sys.setprofile(self.note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        """Count a call into the package."""
        code = frame.f_code
        self.in_all += event == "call"
        if event == "call" and code.co_filename.startswith(PACKAGE):
            self[f"{code.co_filename[len(PACKAGE) + 1 :]}:{code.co_qualname}"] += 1


class Zou:
    """Zou's routes, asked with a token of the administrator, for the project of a task on a shot."""

    def __init__(self, world: World, shot: uuid.UUID) -> None:
        self._client = world.app.test_client()
        answer = self._client.post("/auth/login", json={"email": ADMIN, "password": PASSWORD})
        self._head = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}
        self._shot, self._project = shot, world.kit.row("Shot", shot, "project_id")
        self._task = world.factory.make("Task", entity_id=shot)
        self._status = world.kit.row("Task", self._task, "task_status_id")

    def _ask(self, method: str, path: str, body: Any = None) -> None:
        answer = self._client.open(path, method=method, json=body, headers=self._head)
        assert answer.status_code in (200, 201), answer.get_data(as_text=True)

    def put(self, text: str) -> None:
        """A PUT of the shot's description."""
        self._ask("PUT", f"/data/shots/{self._shot}", {"description": text})

    def create(self, text: str) -> None:
        """A new shot."""
        self._ask("POST", f"/data/projects/{self._project}/shots", {"name": text})

    def comment(self, text: str) -> None:
        """A comment on the task."""
        sent = {"task_status_id": str(self._status), "comment": text}
        self._ask("POST", f"/actions/tasks/{self._task}/comment", sent)

    def one(self, _text: str) -> None:
        """The task."""
        self._ask("GET", f"/data/tasks/{self._task}")

    def page(self, _text: str) -> None:
        """A page of the project's tasks."""
        self._ask("GET", f"/data/tasks?project_id={self._project}&page=1&limit=100")


def shotgun_update(world: World, shot: uuid.UUID) -> Any:
    """An `update` of a shot's description, by a script."""
    client = world.app.test_client()
    number = world.kit.row("Shot", shot, "number")
    auth = {"script_name": SCRIPT, "script_key": world.admin.script_key}

    def send(text: str) -> None:
        fields = [{"field_name": "description", "value": text}]
        wanted = {"type": "Shot", "id": number, "fields": fields, "return_fields": ["id", "description"]}
        body = json.dumps({"method_name": "update", "params": [auth, wanted]})
        answer = client.post("/api3/json", data=body, headers={"Content-Type": "application/json"})
        assert answer.status_code == 200, answer.get_data(as_text=True)
        assert "exception" not in answer.get_json(force=True), answer.get_data(as_text=True)

    return send


def main() -> None:
    """Print what each change costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true", help="every function, not only the sum")
    shown = parser.parse_args().all
    with (
        tempfile.TemporaryDirectory() as folder,
        suite_postgres() as postgres,
        open_world(postgres, Path(folder)) as world,
    ):
        shot = world.factory.make("Shot")
        zou = Zou(world, shot)
        asked = {
            "Zou PUT": zou.put,
            "Shotgun update": shotgun_update(world, shot),
            "Zou new shot": zou.create,
            "Zou comment": zou.comment,
            "Zou one task": zou.one,
            "Zou page of tasks": zou.page,
        }
        for name, send in asked.items():
            for turn in range(3):
                send(f"{name} {turn}")
            with Calls() as calls:
                send(f"{name} counted")
            print(f"{name}: {calls.total()} calls of {len(calls)} functions, {calls.in_all} in all")
            if shown:
                for where, times in calls.items():
                    print(f"  {times:3} {where}")


if __name__ == "__main__":
    main()
