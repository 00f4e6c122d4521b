"""Comments of a task over plain HTTP: what is taken, what the list shows, and who sees it."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.clients.zou.tasks.site import NOWHERE, Site, form
from tests.contracts.statements import noted
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act


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
        ({"json": {"task_status_id": "x"}}, "task_status_id"),
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
        sent = {"target_task_id": task} if path.endswith("move") else {"text": "x"}
        body = {"json": sent} if method == "POST" else {}
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
