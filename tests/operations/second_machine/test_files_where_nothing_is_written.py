"""A server that only reads is sent files by every door of every dialect: it refuses and keeps nothing."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import gazu
import pytest
import requests

from tests.media import picture
from tests.operations.replicas import Clients, Pair, catches_up, session_at
from tests.servers import RunningServer

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore::ResourceWarning")]

REFUSAL = "only reads"
EDIT_LIST = (
    b"TITLE: cut\n\n001  SQ9  V  C  00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00\n* FROM CLIP NAME: A-B\n"
)


@dataclass(frozen=True)
class Door:
    """A server that only reads, and who sends it what about which rows, all of which are there."""

    url: str
    keys: Mapping[str, str]
    bearer: Mapping[str, str]
    rows: Mapping[str, Any]
    sent: bytes
    """Bytes that are nowhere else."""

    def form(self, path: str, file: str, content: bytes = b"", **fields: Any) -> requests.Response:
        """A form with a file, as Zou's clients send it."""
        files = {"file": (file, content or self.sent)}
        return requests.post(
            self.url + path.format(**self.rows), fields, files=files, headers=self.bearer, timeout=60
        )

    def shotgun(self, form: str, **fields: Any) -> requests.Response:
        """A form of Shotgun's, by a script."""
        script = {"script_name": self.keys["script_name"], "script_key": self.keys["script_key"]}
        about = {"entity_type": "Project", "entity_id": self.rows["number"], **script}
        name = fields.pop("part", None)
        files = {name: ("a.png", self.sent)} if name else None
        return requests.post(f"{self.url}/upload/{form}", {**about, **fields}, files=files, timeout=60)

    def active_resource(self, method: str, path: str, **how: Any) -> requests.Response:
        """A request of ShotRunner's."""
        who = (self.keys["email"], self.keys["password"])
        return requests.request(method, self.url + path.format(**self.rows), auth=who, timeout=60, **how)


def put_component(door: Door) -> requests.Response:
    """The bytes of a component, sent to the address that the main server gave for them, but here."""
    asked = {
        "action": "get_upload_metadata",
        "component_id": door.rows["component"],
        "file_name": "a.png",
        "file_size": len(door.sent),
    }
    with session_at(door.rows["main server"], dict(door.keys)) as session:
        (told,) = session.call([asked])
    here = told["url"].replace(door.rows["main server"], door.url)
    return requests.put(here, door.sent, headers=told["headers"], timeout=60)


def within_a_body(door: Door) -> requests.Response:
    """Bytes within an attachment that is made."""
    said = {
        "title": "a.png",
        "data": base64.b64encode(door.sent).decode(),
        "attachment_container_type": "Project",
        "attachment_container_id": door.rows["number"],
    }
    return door.active_resource("POST", "/attachments.json", json={"attachment": said})


DOORS: Mapping[str, Callable[[Door], requests.Response]] = {
    "zou, a picture of a project": lambda door: door.form("/pictures/thumbnails/projects/{project}", "a.png"),
    "zou, one's own picture": lambda door: door.form("/pictures/thumbnails/persons/{person}", "a.png"),
    "zou, a preview": lambda door: door.form("/pictures/preview-files/{preview}", "a.png"),
    "zou, a comment with a file": lambda door: door.form(
        "/actions/tasks/{task}/comment", "a.png", task_status_id=door.rows["status"], comment="x"
    ),
    "zou, a file of a comment": lambda door: door.form(
        "/actions/tasks/{task}/comments/{comment}/add-attachment", "a.png"
    ),
    "zou, a spreadsheet": lambda door: door.form(
        "/import/csv/projects/{project}/assets", "a.csv", b"Type,Name\nProp,Lamp\n"
    ),
    "zou, a cut": lambda door: door.form(
        "/import/otio/projects/{project}",
        "a.edl",
        EDIT_LIST,
        naming_convention="${sequence_name}-${shot_name}",
    ),
    "shotgun, a file": lambda door: door.shotgun("upload_file", part="file"),
    "shotgun, a picture": lambda door: door.shotgun("publish_thumbnail", part="thumb_image"),
    "shotgun, in parts": lambda door: door.shotgun("api_get_upload_link_info", filename="a.png"),
    "ftrack, a component": put_component,
    "shotrunner, within a body": within_a_body,
    "shotrunner, bytes alone": lambda door: door.active_resource(
        "PUT", "/attachments/{attachment}/data", data=door.sent
    ),
    "shotrunner, a form": lambda door: door.active_resource(
        "POST",
        "/attachments/upload.json",
        data={"attachment_container_type": "Project", "attachment_container_id": door.rows["number"]},
        files={"file": ("a.png", door.sent)},
    ),
}


@pytest.fixture(scope="module")
def rows(clients: tuple[Clients, Clients], project: Any, pair: Pair) -> dict[str, Any]:
    """Rows that files can be about, made where they can be made."""
    here = clients[0]
    asset_type = gazu.asset.all_asset_types(client=here.zou)[0]
    asset = gazu.asset.new_asset(project, asset_type, "Lamp", client=here.zou)
    task = gazu.task.new_task(asset, gazu.task.all_task_types(client=here.zou)[0], client=here.zou)
    status = gazu.task.all_task_statuses(client=here.zou)[0]
    comment = gazu.task.add_comment(task, status, "x", client=here.zou)
    preview = gazu.task.create_preview(task, comment, client=here.zou)
    number = here.sg.find_one("Project", [["name", "is", project["name"]]])["id"]
    attached = here.sr.Attachment.create(
        {
            "title": "a.txt",
            "data": base64.b64encode(b"a text").decode(),
            "attachment_container_type": "Project",
            "attachment_container_id": number,
        }
    )
    with here.session() as session:
        component = session.create_component("/nowhere/a.png", {"name": "main"}, location=None)
        session.commit()
    catches_up(pair)
    return {
        "project": project["id"],
        "task": task["id"],
        "status": status["id"],
        "comment": comment["id"],
        "preview": preview["id"],
        "person": gazu.client.get_current_user(client=here.zou)["id"],
        "number": number,
        "attachment": attached.id,
        "component": component["id"],
        "main server": here.url,
    }


@pytest.mark.parametrize("name", DOORS)
def test_a_server_that_only_reads_takes_no_file_by_any_door(
    reader: RunningServer, clients: tuple[Clients, Clients], machines: Any, rows: dict[str, Any], name: str
) -> None:
    bearer = {"Authorization": f"Bearer {clients[0].zou.tokens['access_token']}"}
    mark = secrets.token_bytes(64)
    door = Door(reader.url, machines[0].credentials, bearer, rows, picture() + mark)
    before = {path: path.stat().st_size for path in reader.data_dir.rglob("*")}
    answer = DOORS[name](door)
    assert answer.status_code < 500
    assert REFUSAL in answer.text
    after = [path for path in reader.data_dir.rglob("*") if path.is_file()]
    assert [path for path in after if mark in path.read_bytes()] == []
    assert {path for path in after if path not in before} == set()
