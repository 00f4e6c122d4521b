"""Zou's routes around tasks and comments over plain HTTP: what each answers, what it refuses and how."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from PIL import Image
from werkzeug.test import TestResponse

from tests.conftest import SuitePostgres
from tests.contracts.statements import noted
from tests.studio import StudioKit, open_studio
from zou_server.app import create_app
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.manage_credentials import set_password
from zou_server.services.operations import Act

PASSWORD = "a long enough password"
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
        set_password(self.kit.studio.writes, actor.person_id, PASSWORD)
        email = self.kit.row("Person", actor.person_id, "email")
        answer = self.app.test_client().post("/auth/login", json={"email": email, "password": PASSWORD})
        return str(actor.person_id), answer.get_json()["access_token"]

    def send(self, method: str, path: str, token: str, **options: Any) -> TestResponse:
        """One request by somebody."""
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        answer: TestResponse = self.app.test_client().open(
            path, method=method, headers=headers, buffered=True, **options
        )
        return answer

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


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The studio and its application."""
    with open_studio(postgres, tmp_path_factory.mktemp("routes")) as kit:
        settings = replace(kit.settings, max_body_bytes=100_000, max_upload_bytes=200_000)
        yield Site(kit, create_app(settings), kit.project())


@pytest.fixture(scope="module")
def manager(site: Site) -> str:
    """The token of a manager of the project."""
    return site.person("manager")[1]


def form(*files: tuple[str, bytes, str], **fields: str) -> dict[str, Any]:
    """A form with files (field, bytes, name)."""
    data: dict[str, Any] = {field: (io.BytesIO(content), name) for field, content, name in files}
    return {"data": {**fields, **data}, "content_type": "multipart/form-data"}


# -- the seed's own paths, and where they moved ------------------------------------------------------


def test_put_data_tasks_start(site: Site, manager: str) -> None:
    task = site.task()
    for _ in range(2):
        answer = site.send("PUT", f"/data/tasks/{task}/start", manager)
        assert answer.status_code == 200
        assert answer.get_json()["task_status_id"] == site.status("wip")
    assert answer.get_json()["real_start_date"] is not None
    assert len(site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()) == 1


@pytest.mark.parametrize("root", ["/data", "/actions", "/api/actions"])
def test_put_tasks_assign(site: Site, manager: str, root: str) -> None:
    task, (person, _) = site.task(), site.person("user")
    path = f"{root}/tasks/{task}/assign"
    answer = site.send("PUT", path, manager, json={"person_id": person})
    assert (answer.status_code, answer.get_json()["assignees"]) == (200, [person])
    assert site.send("PUT", path, manager, json={"person_id": NOWHERE}).status_code == 400
    assert site.send("PUT", path, manager, json={}).status_code == 400
    assert site.send("PUT", path, manager).status_code == 400
    gone = f"{root}/tasks/{NOWHERE}/assign"
    assert site.send("PUT", gone, manager, json={"person_id": person}).status_code == 404


def test_put_actions_tasks_to_review(site: Site, manager: str) -> None:
    task, statuses = site.task(), len(site.kit.rows("TaskStatus", "id"))
    path = f"/actions/tasks/{task}/to-review"
    answer = site.send("PUT", path, manager, json={"comment": "look", "revision": 2, "name": "main"})
    assert answer.status_code == 200
    assert answer.get_json()["task_status_id"] == site.status("wfa")
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()[0]["text"] == "look"
    assert len(site.kit.rows("TaskStatus", "id")) == statuses
    assert site.send("PUT", path, manager, json={"cmment": "typo"}).get_json()["data"]["errors"] == [
        {"field": "cmment", "message": "unknown field"}
    ]


def test_data_comments_can_be_listed_made_read_changed_and_removed(site: Site, manager: str) -> None:
    task = site.task()
    made = site.send("POST", "/data/comments", manager, json={"object_id": task, "text": "by hand"})
    assert made.status_code == 201
    path = f"/data/comments/{made.get_json()['id']}"
    assert [
        row["id"] for row in site.send("GET", f"/data/comments?object_id={task}", manager).get_json()
    ] == [made.get_json()["id"]]
    assert site.send("PUT", path, manager, json={"text": "new"}).get_json()["text"] == "new"
    found = site.send("GET", path, manager).get_json()
    assert (found["object_type"], found["replies"], found["mentions"]) == ("Task", [], [])
    assert site.send("DELETE", path, manager).status_code == 204
    assert site.send("GET", path, manager).status_code == 404


def test_data_time_spents_can_be_listed_made_read_changed_and_removed(site: Site) -> None:
    person, token = site.person("user")
    task = site.task(person)
    values = {"task_id": task, "person_id": person, "date": TODAY, "duration": 30}
    made = site.send("POST", "/data/time-spents", token, json=values)
    assert made.status_code == 201
    path = f"/data/time-spents/{made.get_json()['id']}"
    assert len(site.send("GET", f"/data/time-spents?task_id={task}", token).get_json()) == 1
    assert site.send("PUT", path, token, json={"duration": 45}).get_json()["duration"] == 45
    assert site.kit.row("Task", uuid.UUID(task), "duration") == 45
    assert site.send("DELETE", path, token).status_code == 204
    assert site.kit.row("Task", uuid.UUID(task), "duration") == 0
    assert site.send("GET", path, token).status_code == 404


# -- comments ----------------------------------------------------------------------------------------


def test_a_comment_in_a_form_says_what_one_in_json_does(site: Site, manager: str) -> None:
    task = site.task()
    fields = {
        "comment": "from a form",
        "task_status_id": site.status("wip"),
        "checklist": '[{"text": "a", "checked": true}]',
        "links": '["https://example.com"]',
        "for_client": "true",
    }
    answer = site.send("POST", f"/actions/tasks/{task}/comment", manager, **form(**fields))
    assert answer.status_code == 201
    found = answer.get_json()
    assert (found["text"], found["for_client"], found["links"]) == (
        "from a form",
        True,
        ["https://example.com"],
    )
    assert found["checklist"] == [{"text": "a", "checked": True}]
    assert "message" not in found
    assert "error" not in found


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"json": ["x"]}, "object"),
        ({"json": {"txt": "x"}}, "txt"),
        ({"json": {"checklist": [{"name": "x"}]}}, "name"),
        ({"json": {"task_status_id": NOWHERE}}, "sets_status_id"),
        ({"json": {"task_status_id": "x"}}, "sets_status_id"),
        ({"json": {"created_at": "yesterday"}}, "date"),
        ({"data": b"{", "content_type": "application/json"}, "JSON"),
        (form(checklist="["), "checklist"),
        (form(for_client="perhaps"), "for_client"),
    ],
)
def test_a_comment_that_cannot_be_is_refused_and_leaves_nothing(
    site: Site, manager: str, options: dict[str, Any], word: str
) -> None:
    task, before = site.task(), site.files()
    answer = site.send("POST", f"/actions/tasks/{task}/comment", manager, **options)
    assert answer.status_code == 400
    assert word in answer.get_data(as_text=True)
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json() == []
    assert site.files() == before


def test_the_list_of_comments_holds_all_that_the_panel_shows(site: Site, manager: str) -> None:
    (person, _), task = site.person("user"), site.task()
    name = site.kit.row("Person", uuid.UUID(person), "full_name")
    first = site.comment(task, f"@{name} see", sets_status_id=site.status("wip"))
    preview = site.kit.create("PreviewFile", name="take", task_id=uuid.UUID(task), status="ready")
    site.kit.create("NotePreview", note_id=uuid.UUID(first), preview_file_id=preview)
    site.send("POST", f"/data/tasks/{task}/comments/{first}/reply", manager, json={"text": f"@{name} ok"})
    site.send("POST", f"/data/tasks/{task}/comments/{first}/ack", manager)
    site.comment(task, "second")
    listed = site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()
    assert [each["text"] for each in listed] == ["second", f"@{name} see"]
    found = listed[1]
    assert found["task_status"]["short_name"] == "wip"
    assert found["person"] is None
    assert found["mentions"] == [person]
    assert [each["id"] for each in found["previews"]] == [str(preview)]
    assert len(found["acknowledgements"]) == 1
    (reply,) = found["replies"]
    assert (reply["text"], reply["mentions"]) == (f"@{name} ok", [person])
    assert site.send("GET", f"/data/tasks/{task}/comments?fields=text", manager).get_json()[0].keys() == {
        "id",
        "type",
        "text",
    }
    page = site.send("GET", f"/data/tasks/{task}/comments?page=1&limit=1", manager).get_json()
    assert (page["total"], page["data"][0]["text"]) == (2, "second")


def test_the_list_of_comments_takes_as_many_statements_for_a_hundred(site: Site, manager: str) -> None:
    task, counts = site.task(), []
    name = site.kit.row("Person", uuid.UUID(site.person("user")[0]), "full_name")
    studio = site.app.extensions["studio"]
    with noted(studio.reads, studio.writes) as statements:
        for size in (1, 99):
            acts = [Act("comment", facet("Task"), task, {"text": f"@{name}"}) for _ in range(size)]
            notes = [made.id for made in site.kit.execute(*acts)]
            site.kit.execute(*(Act("reply", facet("Note"), note, {"text": "ok"}) for note in notes))
            site.send("GET", f"/data/tasks/{task}/comments", manager)
            statements.clear()
            assert len(site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()) in (1, 100)
            counts.append(len(statements))
    assert 0 < counts[0] == counts[1] <= 3


def test_parts_of_a_comment_are_not_found_at_another_place(site: Site, manager: str) -> None:
    task, other = site.task(), site.task()
    comment = site.comment(task)
    reply = site.send("POST", f"/data/tasks/{task}/comments/{comment}/reply", manager, json={"text": "x"})
    assert (reply.status_code, reply.get_json()["comment_id"]) == (200, comment)
    wrong = f"/data/tasks/{other}/comments/{comment}"
    for method, path in (
        ("GET", wrong),
        ("DELETE", wrong),
        ("POST", f"{wrong}/ack"),
        ("POST", f"{wrong}/reply"),
        ("DELETE", f"{wrong}/reply/{reply.get_json()['id']}"),
        ("DELETE", f"/data/tasks/{task}/comments/{comment}/reply/{NOWHERE}"),
        ("DELETE", f"/data/tasks/{task}/comments/{comment}/attachments/{NOWHERE}"),
        ("POST", f"/actions/tasks/{other}/comments/{comment}/move"),
        ("POST", f"/actions/tasks/{other}/comments/{comment}/add-attachment"),
    ):
        body = {"json": {"text": "x"}} if method == "POST" else {}
        assert site.send(method, path, manager, **body).status_code == 404, path
    assert site.send("GET", f"/data/tasks/{task}/comments/{comment}", manager).status_code == 200
    assert site.send("GET", f"/data/tasks/x/comments/{comment}", manager).status_code == 400
    assert site.send("DELETE", f"/data/tasks/{task}/comments/{comment}", manager).status_code == 204


@pytest.mark.parametrize("body", [{}, {"text": ""}, {"txt": "x"}, [], {"text": "x", "person_id": NOWHERE}])
def test_a_reply_that_says_nothing_is_refused(site: Site, manager: str, body: Any) -> None:
    task = site.task()
    path = f"/data/tasks/{task}/comments/{site.comment(task)}/reply"
    assert site.send("POST", path, manager, json=body).status_code == 400


def test_only_its_author_or_a_manager_removes_a_comment(site: Site) -> None:
    person, artist = site.person("user")
    task = site.task(person)
    comment = site.send(
        "POST", f"/actions/tasks/{task}/comment", artist, json={"comment": "mine"}
    ).get_json()["id"]
    _, other = site.person("user")
    _, outsider = site.person("manager", on_team=False)
    path = f"/data/tasks/{task}/comments/{comment}"
    assert site.send("DELETE", path, other).status_code == 403
    assert site.send("DELETE", path, outsider).status_code == 404
    assert site.send("DELETE", path, artist).status_code == 204


def test_clients_see_and_answer_only_what_is_for_them(site: Site) -> None:
    _, client = site.person("client")
    task = site.task()
    secret, shown = site.comment(task, "secret"), site.comment(task, "shown", for_client=True)
    listed = site.send("GET", f"/data/tasks/{task}/comments", client).get_json()
    assert [each["text"] for each in listed] == ["shown"]
    path = f"/data/tasks/{task}/comments"
    assert site.send("GET", f"{path}/{secret}", client).status_code == 404
    assert site.send("POST", f"{path}/{secret}/reply", client, json={"text": "x"}).status_code == 404
    assert site.send("POST", f"{path}/{shown}/reply", client, json={"text": "x"}).status_code == 200
    assert site.send("POST", f"{path}/{shown}/ack", client).status_code == 403


def test_a_vendor_talks_only_on_tasks_of_their_own(site: Site) -> None:
    person, vendor = site.person("vendor")
    mine, other = site.task(person), site.task()
    wip = {"comment": "x", "task_status_id": site.status("wip")}
    assert site.send("POST", f"/actions/tasks/{mine}/comment", vendor, json=wip).status_code == 201
    assert site.send("POST", f"/actions/tasks/{other}/comment", vendor, json=wip).status_code == 404
    answered = site.comment(mine, "by the team")
    path = f"/data/tasks/{mine}/comments"
    assert site.send("POST", f"{path}/{answered}/reply", vendor, json={"text": "ok"}).status_code == 200
    listed = site.send("GET", path, vendor).get_json()
    assert [reply["text"] for reply in listed[0]["replies"]] == ["ok"]
    assert site.send("GET", f"/data/tasks/{other}/comments", vendor).status_code == 404


# -- files -------------------------------------------------------------------------------------------


def attached(site: Site, token: str, name: str, content: bytes, task: str | None = None) -> dict[str, Any]:
    """A file sent along with a comment."""
    path = f"/actions/tasks/{task or site.task()}/comment"
    answer = site.send("POST", path, token, **form(("file-0", content, name), comment="see"))
    assert answer.status_code == 201, answer.get_data(as_text=True)
    found: dict[str, Any] = answer.get_json()["attachment_files"][0]
    return found


def test_a_file_name_is_harmless_when_it_comes_back(site: Site, manager: str) -> None:
    found = attached(site, manager, "../../etc/pass\u202ewd.sh", b"#!/bin/sh")
    assert (found["name"], found["extension"], found["size"]) == ("passwd.sh", "sh", 9)
    answer = site.send("GET", f"/data/attachment-files/{found['id']}/file/anything", manager)
    assert answer.data == b"#!/bin/sh"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "passwd.sh" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_that_is_attached_never_runs_as_ours(site: Site, manager: str) -> None:
    found = attached(site, manager, "page.html", b"<script>alert(1)</script>")
    answer = site.send("GET", f"/data/attachment-files/{found['id']}/file/page.html", manager)
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_parts_of_an_attachment_and_not_again_what_one_has(site: Site, manager: str) -> None:
    found = attached(site, manager, "long.txt", b"0123456789")
    path = f"/data/attachment-files/{found['id']}/file/long.txt"
    part = site.send("GET", path, manager, headers={"Range": "bytes=2-4"})
    assert (part.status_code, part.data) == (206, b"234")
    tag = site.send("GET", path, manager).headers["ETag"]
    assert site.send("GET", path, manager, headers={"If-None-Match": tag}).status_code == 304


def test_an_attachment_is_for_those_who_may_see_its_comment(site: Site, manager: str) -> None:
    found = attached(site, manager, "secret.txt", b"x")
    path = f"/data/attachment-files/{found['id']}/file/secret.txt"
    for role, on_team, status in (("user", True, 200), ("user", False, 404), ("client", True, 404)):
        _, token = site.person(role, on_team=on_team)
        assert site.send("GET", path, token).status_code == status
        assert len(site.send("GET", f"/data/attachment-files?id={found['id']}", token).get_json()) == (
            1 if status == 200 else 0
        )
    assert site.app.test_client().get(path).status_code == 401


def test_a_file_of_a_reply_is_shown_with_the_comment(site: Site, manager: str) -> None:
    task = site.task()
    comment = site.send("POST", f"/actions/tasks/{task}/comment", manager, json={"comment": "x"}).get_json()
    path = f"/data/tasks/{task}/comments/{comment['id']}"
    reply = site.send("POST", f"{path}/reply", manager, **form(("f", b"1", "a.txt"), text="see")).get_json()
    more = form(("f", b"22", "b.txt"), reply_id=reply["id"])
    added = site.send("POST", f"/actions{path[5:]}/add-attachment", manager, **more)
    assert added.status_code == 201
    assert {(each["name"], each["reply_id"]) for each in added.get_json()} == {
        ("a.txt", reply["id"]),
        ("b.txt", reply["id"]),
    }
    site.send("DELETE", f"{path}/reply/{reply['id']}", manager)
    assert site.send("GET", f"/data/tasks/{task}/attachment-files", manager).get_json() == []


def test_uploads_that_cannot_be_leave_nothing(site: Site, manager: str) -> None:
    _, artist = site.person("user")
    task = site.task()
    comment, before = site.comment(task), site.files()
    path = f"/actions/tasks/{task}/comments/{comment}/add-attachment"
    assert site.send("POST", path, manager, json={}).status_code == 400
    assert site.send("POST", path, manager, **form(other="x")).status_code == 400
    broken = {"data": b"nonsense", "content_type": "multipart/form-data; boundary=x"}
    assert site.send("POST", path, manager, **broken).status_code == 400
    assert site.send("POST", path, artist, **form(("file", b"x", "x.txt"))).status_code == 403
    assert site.send("POST", path, manager, **form(("file", b"x" * 300_000, "x.txt"))).status_code == 413
    in_comment = f"/actions/tasks/{task}/comment"
    assert site.send("POST", in_comment, artist, **form(("file", b"x", "x.txt"))).status_code == 403
    assert site.files() == before
    assert site.send("GET", f"/data/tasks/{task}/attachment-files", manager).get_json() == []


def test_the_thumbnail_of_a_broken_picture_is_not_found(site: Site, manager: str) -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(buffer, "PNG")
    whole = attached(site, manager, "a.png", buffer.getvalue())
    broken = attached(site, manager, "b.png", buffer.getvalue()[:60])
    empty = attached(site, manager, "c.png", b"")
    picture = "/pictures/thumbnails/attachment-files/{}.png"
    for _ in range(2):
        assert site.send("GET", picture.format(whole["id"]), manager).mimetype == "image/png"
    for each in (broken, empty):
        assert site.send("GET", picture.format(each["id"]), manager).status_code == 404


def test_a_comment_sent_twice_with_one_key_is_made_once_and_so_are_its_files(
    site: Site, manager: str
) -> None:
    task, key = site.task(), {"Idempotency-Key": uuid.uuid4().hex}
    path, answers = f"/actions/tasks/{task}/comment", []
    for _ in range(2):
        body = form(("file", b"x", "x.txt"), comment="once")
        answers.append(site.send("POST", path, manager, headers=key, **body))
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].data == answers[1].data
    assert len(site.send("GET", f"/data/tasks/{task}/comments", manager).get_json()) == 1
    before = site.files()
    site.send("POST", path, manager, headers=key, **form(("file", b"x", "x.txt"), comment="once"))
    assert site.files() == before


# -- many at once ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"comment": "x", "txt": "y"}, 400),
        ({"comment": "x", "task_id": None}, 400),
        ({"comment": "x", "task_id": "nonsense"}, 400),
        ({"comment": "x", "task_id": NOWHERE}, 404),
        ({"comment": "x", "checklist": "y"}, 400),
        ("x", 400),
    ],
)
def test_one_bad_comment_refuses_all_of_them(site: Site, manager: str, wrong: Any, status: int) -> None:
    task, before = site.task(), site.files()
    if isinstance(wrong, dict):
        wrong = {"task_id": site.task(), **wrong}
    comments = orjson.dumps([{"task_id": task, "comment": "good"}, wrong]).decode()
    body = form(("attachment_file-0-0", b"x", "x.txt"), comments=comments)
    assert site.send("POST", "/actions/tasks/batch-comment", manager, **body).status_code == status
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json() == []
    assert site.files() == before


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"json": {}}, "comments"),
        ({"json": {"comments": [], "more": 1}}, "more"),
        (form(comments="["), "comments"),
        (form(), "comments"),
        (form(("attachment_file-7-0", b"x", "x.txt"), comments="[]"), "attachment_file-7-0"),
        (form(("file", b"x", "x.txt"), comments="[]"), "belongs to no comment"),
    ],
)
def test_a_batch_that_cannot_be_is_refused(
    site: Site, manager: str, options: dict[str, Any], word: str
) -> None:
    before = site.files()
    answer = site.send("POST", "/actions/tasks/batch-comment", manager, **options)
    assert answer.status_code == 400
    assert word in answer.get_data(as_text=True)
    assert site.files() == before


def test_a_batch_refuses_a_preview_of_a_kind_that_is_not_taken(site: Site, manager: str) -> None:
    task, before = site.task(), site.files()
    comments = orjson.dumps([{"comment": "x"}]).decode()
    for content, name in ((b"x", "x.exe"), (b"", "x.png")):
        body = form(("preview_file-0-0", content, name), comments=comments)
        path = f"/actions/tasks/{task}/batch-comment"
        assert site.send("POST", path, manager, **body).status_code == 400
    assert site.send("GET", f"/data/tasks/{task}/comments", manager).get_json() == []
    assert site.files() == before


def test_comment_many_is_about_the_tasks_of_the_project(site: Site, manager: str) -> None:
    other = site.kit.create("Task", project_id=site.kit.project())
    path = f"/actions/projects/{site.project}/tasks/comment-many"
    task = site.task()
    for body, status in (
        ([{"task_id": task, "comment": "x"}], 201),
        ([{"task_id": task, "comment": "x"}, {"task_id": str(other), "comment": "x"}], 400),
        ([], 201),
    ):
        assert site.send("POST", path, manager, json=body).status_code == status
    gone = f"/actions/projects/{NOWHERE}/tasks/comment-many"
    assert site.send("POST", gone, manager, json=[]).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/actions/persons/{person}/assign", {}),
        ("PUT", "/actions/persons/{person}/assign", {"task_ids": "x"}),
        ("PUT", "/actions/persons/{person}/assign", {"task_ids": ["x"]}),
        ("PUT", "/actions/persons/{person}/assign", {"task_ids": [], "more": 1}),
        ("PUT", "/actions/tasks/clear-assignation", {"task_ids": []}),
        ("PUT", "/actions/tasks/clear-assignation", {"task_ids": ["{task}"], "person_id": "x"}),
        ("POST", "/actions/projects/{project}/delete-tasks", {"ids": []}),
        ("POST", "/actions/projects/{project}/delete-tasks", ["x"]),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-30/persons/{person}", {"duration": 1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/x", {"duration": 1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/{person}", {"duration": -1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/{person}", {"minutes": 1}),
        ("POST", "/actions/tasks/{task}/time-spents/2024-02-01/persons/{person}/add", {}),
        ("GET", "/actions/tasks/{task}/time-spents/yesterday", None),
    ],
)
def test_what_makes_no_sense_is_refused_clearly(
    site: Site, manager: str, method: str, path: str, body: Any
) -> None:
    person, _ = site.person("user")
    place = path.format(person=person, task=site.task(), project=site.project)
    answer = site.send(method, place, manager, **({} if body is None else {"json": body}))
    assert answer.status_code == 400, answer.get_data(as_text=True)
    assert answer.get_json()["error"] is True


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", f"/actions/persons/{NOWHERE}/assign"),
        ("PUT", "/actions/tasks/clear-assignation"),
        ("GET", f"/actions/tasks/{NOWHERE}/time-spents"),
        ("GET", f"/data/tasks/{NOWHERE}/full"),
        ("PUT", f"/data/tasks/{NOWHERE}/start"),
        ("PUT", f"/actions/tasks/{NOWHERE}/to-review"),
        ("GET", f"/data/attachment-files/{NOWHERE}/file/x.txt"),
        ("GET", f"/pictures/thumbnails/attachment-files/{NOWHERE}.png"),
        ("GET", f"/data/tasks/{NOWHERE}/attachment-files"),
        ("GET", f"/data/projects/{NOWHERE}/attachment-files"),
        ("DELETE", f"/actions/projects/{NOWHERE}/task-types/{NOWHERE}/delete-tasks"),
        ("DELETE", f"/actions/tasks/{NOWHERE}/time-spents/2024-02-01/persons/{NOWHERE}"),
    ],
)
def test_what_is_not_there_is_not_found(site: Site, manager: str, method: str, path: str) -> None:
    body = {"json": {"task_ids": [NOWHERE]}} if "assign" in path else {}
    assert site.send(method, path, manager, **body).status_code == 404


def test_an_outsider_learns_nothing_of_a_task(site: Site) -> None:
    person, outsider = site.person("manager", on_team=False)
    task = site.task()
    for method, path, body in (
        ("PUT", f"/actions/tasks/{task}/assign", {"person_id": person}),
        ("PUT", f"/actions/persons/{person}/assign", {"task_ids": [task]}),
        ("PUT", f"/data/tasks/{task}/start", {}),
        ("GET", f"/actions/tasks/{task}/time-spents", None),
        ("POST", f"/actions/tasks/{task}/time-spents/{TODAY}/persons/{person}", {"duration": 5}),
        ("POST", f"/actions/projects/{site.project}/delete-tasks", [task]),
        ("GET", f"/data/tasks/{task}/full", None),
    ):
        answer = site.send(method, path, outsider, **({} if body is None else {"json": body}))
        assert answer.status_code == 404, path
