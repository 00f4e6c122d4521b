"""A server that is given the replica alone: it answers the four clients, and changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gazu
import pytest
import requests
import shotgun_api3
from gazu.exception import NotAllowedException
from pyactiveresource import connection

from tests.clients.ftrack.hub import Heard, listening
from tests.clients.shotrunner.site import classes
from tests.operations.replicas import Clients, session_at
from tests.operations.stories import with_ftrack, with_gazu
from tests.servers import RunningServer, run_command
from tests.waiting import wait_until

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore::ResourceWarning")]


def refused(url: str, method: str, path: str, sent: Any, **more: Any) -> str:
    """The code of the error that a request is answered with."""
    answer = requests.request(method, f"{url}{path}", json=sent, timeout=30, **more)
    assert answer.status_code < 500
    return answer.headers.get("X-Error-Code", f"none: {answer.status_code} {answer.text[:200]}")


def test_a_server_that_only_reads_answers_and_refuses_gazu(
    reader: RunningServer, clients: tuple[Clients, Clients], machines: Any, project: Any
) -> None:
    client = gazu.client.create_client(f"{reader.url}/api")
    gazu.client.set_tokens(clients[0].zou.tokens, client=client)
    assert gazu.project.get_project(project["id"], client=client)["name"] == project["name"]
    with pytest.raises(NotAllowedException):
        gazu.project.update_project({"id": project["id"], "description": "no"}, client=client)
    bearer = {"Authorization": f"Bearer {clients[0].zou.tokens['access_token']}"}
    path = f"/data/projects/{project['id']}"
    assert refused(reader.url, "PUT", path, {"description": "no"}, headers=bearer) == "read_only"
    keys = machines[0].credentials
    sent = {"email": keys["email"], "password": keys["password"]}
    assert refused(reader.url, "POST", "/auth/login", sent) == "read_only"
    client.session.close()


def test_a_server_that_only_reads_answers_and_refuses_shotgun_api3(
    reader: RunningServer, machines: tuple[RunningServer, RunningServer], project: Any
) -> None:
    keys = machines[0].credentials
    script = shotgun_api3.Shotgun(reader.url, keys["script_name"], keys["script_key"])
    person = shotgun_api3.Shotgun(reader.url, login=keys["email"], password=keys["password"])
    for sg in (script, person):
        found = sg.find_one("Project", [["name", "is", project["name"]]])
        assert found
        for write in (
            lambda sg=sg, found=found: sg.update("Project", found["id"], {"sg_description": "no"}),
            lambda sg=sg: sg.create("Project", {"name": "no"}),
            lambda sg=sg, found=found: sg.delete("Project", found["id"]),
        ):
            with pytest.raises(shotgun_api3.Fault, match=r"CRUD ERROR #4: .* This server only reads"):
                write()
        sg.close()


def test_a_server_that_only_reads_answers_and_refuses_ftrack_api(
    reader: RunningServer, machines: tuple[RunningServer, RunningServer], project: Any
) -> None:
    from ftrack_api.exception import ServerError  # noqa: PLC0415 - the package is imported with its warnings muted

    with session_at(reader.url, machines[0].credentials) as session:
        row = session.get("Project", project["id"])
        assert row["full_name"] == project["name"]
        row["full_name"] = "no"
        with pytest.raises(ServerError, match=r"PermissionError\(This server only reads"):
            session.commit()
        session.reset()


def test_a_server_that_only_reads_answers_and_refuses_active_resource(
    reader: RunningServer, machines: tuple[RunningServer, RunningServer], project: Any
) -> None:
    keys = machines[0].credentials
    sr = classes(reader.url, "json", keys["email"], keys["password"])
    row = sr.Project.find(code=project["name"])[0]
    row.description = "no"
    with pytest.raises(connection.ForbiddenAccess):
        row.save()
    wrong = classes(reader.url, "json", keys["email"], "wrong")
    for _ in range(6):
        with pytest.raises((connection.UnauthorizedAccess, connection.ClientError)):
            wrong.Project.find()
    path, both = "/projects.json", (keys["email"], "wrong")
    assert requests.get(f"{reader.url}{path}", auth=both, timeout=30).headers["X-Error-Code"] == "locked"


def test_a_server_that_only_reads_tells_of_changes(
    reader: RunningServer, clients: tuple[Clients, Clients], project: Any
) -> None:
    client = gazu.client.create_client(f"{reader.url}/api")
    gazu.client.set_tokens(clients[0].zou.tokens, client=client)
    heard: list[Any] = []
    listener = gazu.events.init(client=client)
    try:
        gazu.events.add_listener(listener, "project:update", heard.append)
        with_gazu(*clients, project)
        wait_until(lambda: heard, "the reader tells of the change")
    finally:
        listener.disconnect()
        client.session.close()


def test_the_event_hub_of_a_server_that_only_reads_tells_of_commits_and_carries_no_messages(
    reader: RunningServer, clients: tuple[Clients, Clients], machines: Any, project: Any
) -> None:
    from ftrack_api.event.base import Event  # noqa: PLC0415 - the package is imported with its warnings muted

    said, told = Heard(), Heard()
    with session_at(reader.url, machines[0].credentials) as session, listening(session) as hub:
        hub.subscribe("topic=ftrack.update", told)
        hub.subscribe("topic=studio.render", said)
        hub.publish(Event(topic="studio.render", data={}))
        with_ftrack(*clients, project)
        assert told.until(bool)[0]["data"]["entities"][0]["parentId"] == project["id"]
    assert said.events == []


def test_a_server_that_only_reads_says_what_it_lacks(tmp_path: Path) -> None:
    answer = run_command("serve", "--read-only", "--port", "0", "--data-dir", str(tmp_path))
    assert answer.returncode == 1
    assert "ZOU_SERVER_READ_ONLY needs a database" in answer.stderr


def test_nobody_does_jobs_where_nothing_is_written(tmp_path: Path) -> None:
    variables: dict[str, Any] = {"ZOU_SERVER_READ_ONLY": "true", "DATABASE_URL": "postgresql:///none"}
    answer = run_command("worker", "--data-dir", str(tmp_path), **variables)
    assert answer.returncode == 1
    assert "ZOU_SERVER_READ_ONLY is set, and jobs write" in answer.stderr
