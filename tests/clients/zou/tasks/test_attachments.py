"""Files sent along with comments: harmless when they come back, and gone when refused."""

from __future__ import annotations

import io
import uuid
from typing import Any

from PIL import Image

from tests.clients.zou.tasks.site import Site, form


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
