"""Each of Kitsu's routes that came last, by its name: what its pages do from one end to the other, once.

A day at Kitsu is a list of requests, sent in their order; the test of a route looks at what came of it then.
Routes whose requests were recorded are in `tests/clients/zou/kitsu/recorded.tsv`; those of log-ins have tests
of their own.
"""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.clients.zou.kitsu.test_walk import filled
from tests.media import picture
from tests.studio import unique

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite


class Request(NamedTuple):
    """A request of the day; `keep` names the id that it answers, for later ones."""

    method: str
    path: str
    body: Any = None
    status: int = 200
    keep: str = ""


def _of_template(word: str, key: str, id_: str, **more: Any) -> list[Request]:
    place = f"/data/project-templates/{{template}}/{word}"
    return [
        Request("POST", place, {key: id_, **more}, 201),
        Request("GET", place),
        *(
            [Request("POST", f"/actions/project-templates/{{template}}/{word}/reorder", {f"{key}s": [id_]})]
            if word.startswith("task-")
            else []
        ),
        Request("DELETE", f"{place}/{id_}", status=204),
    ]


_FIELD = {
    "name": "Glob {tag}",
    "data_type": "string",
    "choices": [],
    "for_client": False,
    "entity_type": "Shot",
    "departments": [],
}
_LINK = "/data/production-schedule-version-task-links"
_VERSION = "/data/production-schedule-versions"
_SHARED = "/shared/playlists/{token}"

DAY = (
    # machines, licences, salaries
    Request("POST", "/data/hardware-items", {"name": "HW {tag}", "short_name": "h"}, 201, "machine"),
    Request("GET", "/data/hardware-items/{machine}"),
    Request("PUT", "/data/hardware-items/{machine}", {"monthly_cost": 5}),
    Request("POST", "/data/departments/{department}/hardware-items", {"hardware_item_id": "{machine}"}, 201),
    Request("DELETE", "/data/departments/{department}/hardware-items/{machine}", status=204),
    Request("DELETE", "/data/hardware-items/{machine}", status=204),
    Request("POST", "/data/departments/{department}/software-licenses", {"software_id": "{program}"}, 201),
    Request("DELETE", "/data/departments/{department}/software-licenses/{program}", status=204),
    Request("GET", "/data/salary-scales", keep="scale"),
    Request("PUT", "/data/salary-scales/{scale}", {"salary": 300}),
    # talk
    Request("POST", "/data/entities/{shot}/chat/messages", {"message": "hi"}, 201, "message"),
    Request("GET", "/data/entities/{shot}/chat/messages/{message}"),
    Request("DELETE", "/data/entities/{shot}/chat/messages/{message}", status=204),
    # custom fields of all projects
    Request("POST", "/data/metadata-descriptors/all-projects", _FIELD, 201),
    Request(
        "POST",
        "/actions/metadata-descriptors/all-projects/reorder",
        {"entity_type": "Shot", "field_names": ["glob_{tag}"]},
    ),
    Request(
        "PUT",
        "/data/metadata-descriptors/all-projects/glob_{tag}",
        {"for_client": True, "entity_type": "Shot"},
    ),
    Request("DELETE", "/data/metadata-descriptors/all-projects/glob_{tag}?entity_type=Shot", status=204),
    # templates
    Request("POST", "/data/project-templates", {"name": "Tpl {tag}"}, 201, "template"),
    Request("GET", "/data/project-templates/{template}"),
    Request("PUT", "/data/project-templates/{template}", {"fps": "24"}),
    *_of_template("task-types", "task_type_id", "{step}", priority=1),
    *_of_template("task-statuses", "task_status_id", "{status}", priority=1),
    *_of_template("asset-types", "asset_type_id", "{asset_type}"),
    *_of_template("status-automations", "status_automation_id", "{automation}"),
    *_of_template("preview-background-files", "preview_background_file_id", "{background}"),
    Request(
        "PUT",
        "/data/project-templates/{template}/default-preview-background-file",
        {"default_preview_background_file_id": "{background}"},
    ),
    Request(
        "PUT",
        "/data/project-templates/{template}/metadata-descriptors",
        {"metadata_descriptors": [{"name": "Weather", "entity_type": "Shot", "data_type": "string"}]},
    ),
    Request("POST", "/data/projects/{other}/apply-template/{template}"),
    Request("DELETE", "/data/project-templates/{template}", status=204),
    # schedule
    Request("GET", "/data/projects/{project}/schedule-items/{step}/episodes"),
    Request("POST", "/data/schedule-items", {"project_id": "{other}", "task_type_id": "{step}"}, 201, "item"),
    Request("DELETE", "/data/schedule-items/{item}", status=204),
    Request("POST", _VERSION, {"project_id": "{project}", "name": "A {tag}"}, 201, "version"),
    Request("POST", _VERSION, {"project_id": "{project}", "name": "B {tag}"}, 201, "later"),
    Request("GET", f"{_VERSION}/{{version}}"),
    Request("PUT", f"{_VERSION}/{{version}}", {"name": "C {tag}"}),
    Request(
        "POST",
        _LINK,
        {"production_schedule_version_id": "{version}", "task_id": "{task}", "estimation": 60},
        201,
        "link",
    ),
    Request("GET", f"{_LINK}/{{link}}"),
    Request("PUT", f"{_LINK}/{{link}}", {"estimation": 120}),
    Request(
        "POST",
        "/actions/production-schedule-versions/{later}/set-task-links-from-production-schedule-version",
        {"production_schedule_version_id": "{version}"},
    ),
    Request("DELETE", f"{_LINK}/{{link}}", status=204),
    Request("DELETE", f"{_VERSION}/{{version}}", status=204),
    # playlists, as files and for guests
    Request("GET", "/data/playlists/{playlist}/build/mp4", keep="job"),
    Request("GET", "/data/playlists/{playlist}/jobs/{job}/build/mp4", status=404),  # it is not made yet
    Request("DELETE", "/data/playlists/{playlist}/jobs/{job}", status=204),
    Request("POST", "/data/playlists/{playlist}/share/{token}/invite", {"emails": ["eve@example.com"]}),
    Request("GET", f"{_SHARED}/preview-files/{{take}}/download", status=403),  # the project lets nobody
    Request("POST", f"{_SHARED}/comments", {"task_id": "{task}", "text": "Too dark"}, 201, "comment"),
    Request("PUT", f"{_SHARED}/comments/{{comment}}", {"text": "Darker"}),
    Request("POST", f"{_SHARED}/comments/{{comment}}/attachments", "a file", 201, "file"),
    Request("DELETE", f"{_SHARED}/comments/{{comment}}/attachments/{{file}}", status=204),
    Request("DELETE", f"{_SHARED}/comments/{{comment}}", status=204),
    Request("PUT", f"{_SHARED}/annotations", {"preview_file_id": "{take}", "additions": []}),
)

LOG_INS = (
    "GET|PUT|POST|DELETE /auth/email-otp",
    "PUT|POST|DELETE /auth/totp",
    "PUT /auth/recovery-codes",
    "POST|PUT /auth/reset-password",
    "GET|PUT|POST|DELETE /auth/fido",
    "GET /auth/oidc/login",
    "GET /auth/saml/login",
)


def route_of(path: str) -> str:
    """A path without the ids in it."""
    return re.sub(r"glob_\{tag\}|\{\w+\}", "<>", path.partition("?")[0]).rstrip("/")


@pytest.fixture(scope="module")
def rows(site: OwnSite, admin: Page) -> dict[str, str]:
    """What the braces stand for at the beginning."""
    kit, made, tag = site.kit, site.made, unique("day").split()[-1].lower()
    project, task = str(made.project), made.tasks["shot"]
    take = kit.create("PreviewFile", name=unique("P"), task_id=task, revision=1, status="ready")
    shots = [{"entity_id": str(made.shot), "preview_file_id": str(take)}]
    values = {"name": unique("Dailies"), "project_id": project, "for_entity": "shot", "shots": shots}
    playlist = admin.ask("POST", "/data/playlists/", values, 201)["id"]
    link = admin.ask("POST", f"/data/playlists/{playlist}/share", {"can_comment": True}, 201)
    program = {"name": unique("SW"), "short_name": "s", "file_extension": ".s"}
    other = {"name": unique("Other"), "production_type": "short"}
    admin.ask("POST", f"/actions/user/chats/{made.shot}/join")
    return {
        "tag": tag,
        "project": project,
        "shot": str(made.shot),
        "task": str(task),
        "take": str(take),
        "playlist": playlist,
        "token": link["token"],
        "step": str(made.steps["Animation"]),
        "status": str(made.statuses["wip"]),
        "asset_type": str(made.asset_type),
        "automation": str(kit.create("StatusAutomation", in_task_status_id=made.statuses["done"])),
        "background": str(kit.create("PreviewBackgroundFile", name=unique("sky"))),
        "department": admin.ask("POST", "/data/departments", {"name": unique("Dep")}, 201)["id"],
        "program": admin.ask("POST", "/data/softwares", program, 201)["id"],
        "other": admin.ask("POST", "/data/projects/", other, 201)["id"],
    }


@pytest.fixture(scope="module")
def day(site: OwnSite, admin: Page, rows: dict[str, str]) -> Mapping[int, Answer]:
    """Every answer of the day, with the path and the body that were sent."""
    guest = site.app.test_client()
    guest.post(f"/api/shared/playlists/{rows['token']}/guest", json={"first_name": "Grace"})
    found: dict[int, Answer] = {}
    told: dict[str, str] = dict(rows)
    for number, each in enumerate(DAY):
        path, body = filled(each.path, told), _filled(each.body, told)
        if each.body == "a file":
            form = {"file-1": (io.BytesIO(picture()), "a.png")}
            answer = guest.open(f"/api{path}", method=each.method, data=form)
        elif each.path.startswith(_SHARED):
            answer = guest.open(f"/api{path}", method=each.method, json=body)
        else:
            answer = admin.answer(each.method, path, body)
        found[number] = Answer(path, body, answer.status_code, answer.get_data(as_text=True))
        if each.keep:
            said = answer.get_json()
            said = said[0] if isinstance(said, list) else said
            row = said["attachment_files"][0] if each.keep == "file" else said
            told[each.keep] = row["id"]
    return found


class Answer(NamedTuple):
    """What was sent and what came."""

    path: str
    body: Any
    status: int
    text: str


WITHOUT_ID = {"success", "sent"}
"""Keys of answers that are about no row."""

NOT_SHOWN = {
    *("message", "priority", "task_id", "task_type_id", "task_type_ids", "task_status_id", "task_status_ids"),
    *("asset_type_id", "field_names", "status_automation_id", "preview_background_file_id", "emails"),
    *("metadata_descriptors", "additions", "production_schedule_version_id", "preview_file_id"),
}
"""What may be sent and be no key of the row that is answered with; any other has the value sent."""


def _filled(body: Any, rows: dict[str, str]) -> Any:
    if isinstance(body, str):
        return filled(body, rows)
    if isinstance(body, list):
        return [_filled(each, rows) for each in body]
    return {key: _filled(each, rows) for key, each in body.items()} if isinstance(body, dict) else body


@pytest.mark.parametrize(
    "number", range(len(DAY)), ids=[f"{each.method} {route_of(each.path)}" for each in DAY]
)
def test_route(day: Mapping[int, Answer], number: int) -> None:
    asked, found = DAY[number], day[number]
    assert found.status == asked.status, found.text[:300]
    if found.status == 204:
        assert found.text == ""
        return
    said = json.loads(found.text)
    if found.status >= 400:
        assert said["message"]
        return
    rows = said if isinstance(said, list) else [said]
    assert rows
    assert all(row.get("id") or row.keys() & WITHOUT_ID for row in rows), rows[0]
    last = found.path.rpartition("/")[2]
    if asked.method == "GET" and asked.path.endswith("}"):
        assert rows[0]["id"] == last
    if isinstance(found.body, dict):
        changed = {key: value for key, value in found.body.items() if key in rows[0] or key not in NOT_SHOWN}
        assert {key: rows[0].get(key) for key in changed} == changed


@pytest.mark.parametrize("routes", LOG_INS)
def test_a_route_of_log_ins_is_used_in_its_tests(routes: str) -> None:
    methods, path = routes.split()
    here = Path(__file__).parent
    files = [here / "test_accounts.py", *(here.parent / "log_in").glob("test_*.py")]
    text = "".join(each.read_text() for each in files)
    for method in methods.split("|"):
        call = rf'("{method}",\s*f?"(?:/api)?|\.{method.lower()}\(f?"(?:/api|\{{\w+(?:\.\w+)*\}})?){path}'
        assert re.search(call, text), method
