"""A studio served by `zou-server serve` with some web processes, and clients that listen to its events."""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import gazu
import requests
import socketio

from tests.processes import children_of
from tests.servers import RunningServer
from tests.studio import StudioKit, open_studio
from tests.waiting import PATIENCE, wait_until
from zou_server.models.actor import Actor
from zou_server.services.install.manage_credentials import create_script
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

PASSWORD = "a long enough password"
SCRIPT, NAMESPACE = "wrangler", "/events"
QUICK: dict[str, Any] = {"reconnection_delay": 0.1, "reconnection_delay_max": 0.5}
_JOINING: dict[str, Any] = {"namespaces": [NAMESPACE], "wait_timeout": PATIENCE}
_numbers = itertools.count(1)


@dataclass
class Heard:
    """What a listener was told, in order."""

    events: list[tuple[str, Any]] = field(default_factory=list)

    def add(self, name: str, data: Any) -> None:
        """Note an event."""
        self.events.append((name, data))

    def named(self, name: str) -> list[Any]:
        """The data of the events of a name."""
        return [data for each, data in list(self.events) if each == name]

    def speaks_of(self, id_: uuid.UUID) -> bool:
        """Tell whether an event so far names a row."""
        return any(str(id_) in str(data) for _, data in list(self.events))

    def wait_for(self, name: str, id_: uuid.UUID | str) -> Any:
        """The data of the first event of that name that is about a row."""
        return wait_until(
            lambda: next((data for data in self.named(name) if str(id_) in data.values()), None),
            f"{name} about {id_} was not heard, but {self.events[-10:]}",
        )


@dataclass
class LiveSite:
    """The studio, the server, and what is in it by name."""

    kit: StudioKit
    server: RunningServer
    made: SimpleNamespace
    script_key: str

    @property
    def url(self) -> str:
        """Where Zou's clients find it."""
        return f"{self.server.url}/api"

    def client(self, actor: Actor) -> Any:
        """A gazu client of somebody."""
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        client = gazu.client.create_client(self.url, use_refresh_token=True)
        gazu.log_in(self.kit.row("Person", actor.person_id, "email"), PASSWORD, client=client)
        return client

    @contextmanager
    def listening(self, client: Any, **how: Any) -> Iterator[Any]:
        """Events as gazu hears them; the event client is at `heard.client`."""
        heard: Any = Heard()
        heard.client = gazu.events.init(client=client, **QUICK, **how)
        gazu.events.add_listener(heard.client, "*", heard.add)
        runner = threading.Thread(target=gazu.events.run_client, args=(heard.client,), daemon=True)
        runner.start()
        try:
            yield heard
        finally:
            part(heard.client)
            runner.join(PATIENCE)

    @contextmanager
    def joined(self, headers: dict[str, str], **how: Any) -> Iterator[Any]:
        """Events as any Socket.IO client hears them; ConnectionError with the server's words when refused."""
        heard: Any = Heard()
        refusals: list[Any] = []
        session = how.pop("session", None) or requests.Session()
        client = heard.client = socketio.Client(reconnection=False, http_session=session)
        _hear_in_order(client)
        client.on("*", heard.add, NAMESPACE)
        client.on("connect_error", refusals.append, NAMESPACE)
        try:
            client.connect(self.server.url, headers, **{**_JOINING, **how})
        except socketio.exceptions.ConnectionError as error:
            raise Refused(refusals or str(error)) from error
        else:
            yield heard
        finally:
            part(client)
            session.close()

    def fence(self, heard: Heard, project: uuid.UUID) -> None:
        """Wait until somebody was told of a change that is made now, and so of all before it."""
        heard.wait_for("shot:new", self.kit.create("Shot", name=f"F{next(_numbers)}", project_id=project))


class Refused(Exception):
    """The server did not let a client in."""


def _hear_in_order(client: Any) -> None:
    """Let what arrives be heard in its order: the client gives each message a thread of its own."""
    trigger = client.eio._trigger_event  # noqa: SLF001
    client.eio._trigger_event = lambda event, *arguments, **_: trigger(event, *arguments)  # noqa: SLF001


def part(client: Any) -> None:
    """End an event client and its threads."""
    client.disconnect()
    client.shutdown()


def bearer(client: Any) -> dict[str, str]:
    """The header of a gazu client's requests."""
    return {"Authorization": f"Bearer {client.tokens['access_token']}"}


def _production(kit: StudioKit) -> SimpleNamespace:
    """A production with a team, and another one."""
    found = SimpleNamespace(project=kit.project(), other=kit.project())
    found.admin = kit.person("admin")
    found.lead = kit.person("manager", {found.project: None})
    found.artist = kit.person("user", {found.project: None})
    found.asset_type = uuid.UUID(kit.rows("AssetType", "id", "name")[0]["id"])
    found.step = uuid.UUID(
        next(row["id"] for row in kit.rows("TaskType", "id", "name") if row["name"] == "Animation")
    )
    found.statuses = {row["code"]: uuid.UUID(row["id"]) for row in kit.rows("TaskStatus", "id", "code")}
    found.shot = kit.create("Shot", name="sh0010", project_id=found.project)
    found.task = kit.create("Task", entity_id=found.shot, task_type_id=found.step)
    return found


def web_processes(site: LiveSite) -> list[int]:
    """The processes that serve it."""
    (gunicorn,) = children_of(site.server.pid)
    return children_of(gunicorn)


@contextmanager
def live_site(postgres: SuitePostgres, directory: Path, workers: int, **variables: str) -> Iterator[LiveSite]:
    """Serve a studio, with more environment variables, until the block is left."""
    with open_studio(postgres, directory / "kit") as kit:
        made = _production(kit)
        key = create_script(kit.studio.writes, SCRIPT)
        variables["DATABASE_URL"] = kit.settings.database_url
        with RunningServer(directory / "data", "--no-worker", workers=workers, **variables) as server:
            yield LiveSite(kit, server, made, key)
