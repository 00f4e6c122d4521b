"""Every row that a route answers can be sent back as it is: what is only read is ignored in a write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.clients.zou.log_in.steps import token_of
from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio
from zou_server.adapters.storage import LocalStorage
from zou_server.app import create_app
from zou_server.blueprints.zou.vocabulary import wire_types
from zou_server.services.install.install_demo import install_demo

PLAIN = sorted(wire_types())
NOT_CHANGED = frozenset(
    {
        "ApiEvent",
        "LoginLog",
        "DesktopLoginLog",
        "Notification",
        "ImportError",
        "AttachmentFile",
        "ProjectStatus",
    }
)
"""Types whose rows nobody changes, or not by this."""


class Rows:
    """A studio with a production, asked by its administrator."""

    def __init__(self, kit: StudioKit, app: Any) -> None:
        actor = kit.person("admin")
        self.kit, self._client = kit, app.test_client()
        self._headers = {"Authorization": f"Bearer {token_of(kit, app, actor.person_id)}"}
        self.app = app

    def get(self, path: str) -> Any:
        """The answer of a route, None when it is no JSON or not for the asking."""
        answer = self._client.get(path, headers=self._headers)
        return answer.get_json(silent=True) if answer.status_code == 200 else None

    def put_back(self, row: dict[str, Any]) -> tuple[int, Any]:
        """Send a row where rows of its type are changed."""
        path = next(path for path, wire in wire_types().items() if wire.name == row["type"])
        answer = self._client.put(f"/data/{path}/{row['id']}", json=row, headers=self._headers)
        return answer.status_code, answer.get_json()

    def routes(self) -> Iterator[str]:
        """Every route that reads below `/data` and needs ids of the production only."""
        for rule in self.app.url_map.iter_rules():
            if "GET" in rule.methods and rule.rule.startswith("/data/") and "/api" not in rule.rule:
                yield rule.rule


@pytest.fixture(scope="module")
def rows(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rows]:
    folder: Path = tmp_path_factory.mktemp("back")
    with open_studio(postgres, folder) as kit:
        install_demo(kit.studio.writes, LocalStorage(folder / "files"))
        yield Rows(kit, create_app(kit.settings))


def _of_types(answer: Any) -> Iterator[dict[str, Any]]:
    """The rows of an answer, wherever in it they are, of types that have a collection."""
    known = {wire.name for wire in wire_types().values()} - NOT_CHANGED
    if isinstance(answer, list):
        for each in answer[:3]:
            yield from _of_types(each)
    elif isinstance(answer, dict):
        if answer.get("type") in known and isinstance(answer.get("id"), str):
            yield answer
        for each in answer.values():
            yield from _of_types(each)


def _filled(rows: Rows, rule: str) -> str | None:
    """A route with ids of the production in its place, None for one that asks for anything else."""

    def of(name: str) -> str:
        plural = {
            "person_id": "persons",
            "entity_id": "shots",
            "user_id": "persons",
            "asset_type_id": "asset-types",
        }
        path = plural.get(name, name.removesuffix("_id").replace("_", "-") + "s")
        if name == "id":
            path = rule.split("/")[2]
        elif path == "task-statuss":
            path = "task-status"
        found = rows.get(f"/data/{path}?limit=1&page=1")
        items = found.get("data") if isinstance(found, dict) else found
        if not items:
            raise LookupError(name)
        return str(items[0]["id"])

    try:
        return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: of(found[1]), rule)
    except LookupError:
        return None


def test_every_row_of_every_route_can_be_sent_back_as_it_is(rows: Rows) -> None:
    refused: dict[str, Any] = {}
    sent = set()
    for rule in sorted(set(rows.routes())):
        path = _filled(rows, rule)
        if path is None:
            continue
        for row in _of_types(rows.get(path)):
            shape = (row["type"], tuple(sorted(row)))
            if shape in sent:
                continue
            sent.add(shape)
            status, said = rows.put_back(row)
            if status != 200:
                refused[f"{rule} {row['type']}"] = said
    assert refused == {}
    assert len(sent) > 40
