"""What `/openapi.json` says of bodies and answers of Zou is what the server takes and gives."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest

from tests.factories import Factory
from tests.studio import open_studio
from zou_server.app import create_app
from zou_server.blueprints.zou.blueprint import READ_ONLY
from zou_server.blueprints.zou.describe_api.describe_types import required
from zou_server.blueprints.zou.vocabulary import WireType, wire_types
from zou_server.models.conditions import All, Op, Where
from zou_server.services.install.manage_credentials import create_admin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.conftest import SuitePostgres

ADMIN = "admin@described.example"
MADE = {path: wire for path, wire in wire_types().items() if wire.facet.name not in READ_ONLY}

SAID_BY = {("schedule-items", "project_id"): ("object_id",)}
"""What is required -> the keys that say it too: what is planned is of a project."""


class Described:
    """A studio, its server, and what the server says of itself."""

    def __init__(self, factory: Factory, client: FlaskClient, password: str) -> None:
        """Log in and read the description."""
        self.factory, self.client = factory, client
        sent = {"email": ADMIN, "password": password}
        token = client.post("/auth/login", json=sent).get_json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}
        (person,) = factory.kit.rows("HumanUser", "id", where=Where("email", Op.EQ, ADMIN))
        self.admin = uuid.UUID(person["id"])
        self.components = client.get("/openapi.json").get_json()["components"]

    def values(self, wire: WireType) -> dict[str, Any]:
        """A body that sets all that may be set."""
        made = self.factory.values(wire.facet.name, full=True)
        if wire.facet.name == "ChatMessage":  # only who takes part in a chat says something there
            self.join(made["chat_id"])
        keys = {each.field.name: key for key, each in wire.fields.items()}
        return {keys[name]: plain(value) for name, value in made.items() if name in keys}

    def join(self, chat: uuid.UUID) -> None:
        """Let the administrator take part in a chat."""
        kit, me = self.factory.kit, Where("person_id", Op.EQ, str(self.admin))
        if not kit.rows("ChatParticipant", "id", where=All((me, Where("chat_id", Op.EQ, str(chat))))):
            self.factory.make("ChatParticipant", chat_id=chat, person_id=self.admin)

    def post(self, wire: WireType, body: dict[str, Any]) -> Any:
        """Make a row."""
        return self.client.post(f"/data/{wire.path}", json=body, headers=self.headers)

    def complaints(self, component: str, value: Any) -> list[str]:
        """Where a value is not what a component of the description says."""
        schema = {"$ref": f"#/components/schemas/{component}", "components": self.components}
        found = jsonschema_rs.Draft202012Validator(schema, validate_formats=True).iter_errors(value)
        return [f"{'.'.join(map(str, each.instance_path))}: {each.message}" for each in found]


def plain(value: Any) -> Any:
    return str(value) if isinstance(value, uuid.UUID | dt.date) else value


@pytest.fixture(scope="module")
def described(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Described]:
    with open_studio(postgres, tmp_path_factory.mktemp("described")) as kit:
        password = create_admin(kit.studio.writes, ADMIN)
        yield Described(Factory(kit), create_app(kit.settings).test_client(), password)


@pytest.mark.parametrize("path", MADE)
def test_a_whole_body_is_described_and_taken_and_its_answer_is_as_described(
    described: Described, path: str
) -> None:
    wire = MADE[path]
    body = described.values(wire)
    assert described.complaints(f"{wire.name}Values", body) == []
    answer = described.post(wire, body)
    assert answer.status_code == 201, answer.get_json()
    assert described.complaints(wire.name, answer.get_json()) == []


@pytest.mark.parametrize("path", MADE)
def test_an_answer_may_be_sent_back_whole(described: Described, path: str) -> None:
    wire = MADE[path]
    made = described.post(wire, described.values(wire)).get_json()
    assert described.complaints(f"{wire.name}Values", made) == []
    answer = described.client.put(f"/data/{path}/{made['id']}", json=made, headers=described.headers)
    assert answer.status_code == 200, answer.get_json()


@pytest.mark.parametrize("path", MADE)
def test_a_list_is_as_described(described: Described, path: str) -> None:
    wire = MADE[path]
    described.factory.make(wire.facet.name)
    listed = described.client.get(f"/data/{path}?relations=true", headers=described.headers).get_json()
    assert listed
    for row in listed:
        assert described.complaints(wire.name, row) == []


@pytest.mark.parametrize(
    ("path", "key"), [(path, key) for path, wire in MADE.items() for key in required(wire)]
)
def test_what_is_called_required_is_required(described: Described, path: str, key: str) -> None:
    wire = MADE[path]
    body = described.values(wire)
    unsaid = {key, *SAID_BY.get((path, key), ())}
    unsaid |= {alias for alias, name in wire.aliases.items() if name == wire.fields[key].field.name}
    answer = described.post(wire, {k: value for k, value in body.items() if k not in unsaid})
    assert answer.status_code == 400, answer.get_json()


def test_an_event_is_as_described(described: Described) -> None:
    described.factory.make("Shot")
    events = described.client.get("/data/events?limit=20", headers=described.headers).get_json()
    assert events
    for event in events:
        assert described.complaints("ApiEvent", event) == []
