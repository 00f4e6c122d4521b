"""Through how many hands a change of one row goes: the calls of our own functions, warm, by function.

    python benchmarks/traced_calls.py [--all]

* Zou's `PUT /data/shots/<id>` with a description
* Shotgun's `update` of the same shot
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
    """Our own functions by how often they were entered while the block ran."""

    def __enter__(self) -> Self:
        sys.setprofile(self.note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def note(self, frame: FrameType, event: str, _: Any) -> None:
        """Count a call into the package."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(PACKAGE):
            self[f"{code.co_filename[len(PACKAGE) + 1 :]}:{code.co_qualname}"] += 1


def zou_update(world: World, shot: uuid.UUID) -> Any:
    """A PUT of a shot's description, with a token."""
    client = world.app.test_client()
    answer = client.post("/auth/login", json={"email": ADMIN, "password": PASSWORD})
    head = {"Authorization": f"Bearer {answer.get_json()['access_token']}"}

    def send(text: str) -> None:
        answer = client.put(f"/data/shots/{shot}", json={"description": text}, headers=head)
        assert answer.status_code == 200, answer.get_data(as_text=True)

    return send


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
        for name, made in (("Zou PUT", zou_update), ("Shotgun update", shotgun_update)):
            send = made(world, shot)
            for turn in range(3):
                send(f"{name} {turn}")
            with Calls() as calls:
                send(f"{name} counted")
            print(f"{name}: {calls.total()} calls of {len(calls)} functions")
            if shown:
                for where, times in calls.items():
                    print(f"  {times:3} {where}")


if __name__ == "__main__":
    main()
