"""What events say to Kitsu's pages: for each kind of row the keys that its pages read, and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from tests.media import picture
from tests.studio import unique

if TYPE_CHECKING:
    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite

Values = dict[str, Any]
DAY = dt.date(2031, 5, 14)
# kind of row, its name in events, whether its events say the project, values of a new one
ROWS: list[tuple[str, str, bool, Callable[[OwnSite], Values]]] = [
    ("AssetType", "asset-type", False, lambda _: {}),
    ("CustomAction", "custom-action", False, lambda _: {}),
    ("DayOff", "day-off", False, lambda site: {"person_id": site.made.artist.person_id, "date": DAY}),
    ("Department", "department", False, lambda _: {}),
    ("Milestone", "milestone", True, lambda site: {"project_id": site.made.project}),
    ("Studio", "studio", False, lambda _: {}),
    ("Software", "software", False, lambda _: {}),
    ("TaskStatus", "task-status", False, lambda _: {"code": unique("c").replace(" ", "")}),
    ("Episode", "episode", True, lambda site: {"project_id": site.made.project}),
    ("Sequence", "sequence", True, lambda site: {"project_id": site.made.project}),
    ("Shot", "shot", True, lambda site: {"project_id": site.made.project}),
    ("Concept", "concept", True, lambda site: {"project_id": site.made.project}),
    ("Edit", "edit", True, lambda site: {"project_id": site.made.project}),
    ("Playlist", "playlist", True, lambda site: {"project_id": site.made.project}),
]
CHANGED: Values = {"day-off": {"description": "ill"}}


@pytest.mark.parametrize(("kind", "word", "of_project", "values"), ROWS, ids=[each[1] for each in ROWS])
def test_a_row_is_named_by_its_own_key_and_by_its_project(
    admin: Page, site: OwnSite, *, kind: str, word: str, of_project: bool, values: Callable[[OwnSite], Values]
) -> None:
    named: Values = {} if kind == "DayOff" else {"name": unique(word)}
    row = site.kit.create(kind, **named, **values(site))
    told = {f"{word.replace('-', '_')}_id": str(row)}
    told |= {"project_id": str(site.made.project)} if of_project else {}
    for action, happen in (
        ("new", lambda: None),
        ("update", lambda: site.kit.update(kind, row, **CHANGED.get(word, {"name": unique(word)}))),
        ("delete", lambda: site.kit.delete(kind, row)),
    ):
        happen()
        assert told.items() <= admin.last_event(f"{word}:{action}").items(), action


def test_budgets_and_their_entries_are_told_by_their_own_names(admin: Page, lead: Page, project: str) -> None:
    place = f"/data/projects/{project}/budgets"
    budget = lead.ask("POST", place, {"name": unique("Plan"), "currency": "EUR"}, 201)["id"]
    entry = lead.ask("POST", f"{place}/{budget}/entries", {"name": "Chairs", "amount": 3}, 201)["id"]
    of_budget = {"budget_id": budget, "project_id": project}
    of_entry = {"budget_entry_id": entry, **of_budget}
    lead.ask("PUT", f"{place}/{budget}", {"name": unique("Plan")})
    assert admin.last_event("budget:update") == of_budget
    lead.ask("PUT", f"{place}/{budget}/entries/{entry}", {"amount": 4})
    assert admin.last_event("budget-entry:update") == of_entry
    lead.ask("DELETE", f"{place}/{budget}/entries/{entry}", status=204)
    assert admin.last_event("budget-entry:delete") == of_entry
    lead.ask("DELETE", f"{place}/{budget}", status=204)
    assert admin.last_event("budget:delete") == of_budget


def test_what_happens_to_a_comment_is_told(admin: Page, lead: Page, site: OwnSite, project: str) -> None:
    task, status = str(site.made.tasks["shot"]), str(site.made.statuses["wip"])
    said = {"task_status_id": status, "comment": "look"}
    comment = lead.ask("POST", f"/actions/tasks/{task}/comment", said, 201)["id"]
    place = f"/data/tasks/{task}/comments/{comment}"
    lead.ask("POST", f"{place}/ack")
    told = admin.last_event("comment:acknowledge")
    me = str(site.made.lead.person_id)
    assert {"comment_id": comment, "person_id": me, "project_id": project}.items() <= told.items()
    reply = lead.ask("POST", f"{place}/reply", {"text": "and so"})["id"]
    of_reply = {"comment_id": comment, "reply_id": reply, "task_id": task, "project_id": project}
    assert of_reply.items() <= admin.last_event("comment:reply").items()
    lead.ask("DELETE", f"{place}/reply/{reply}", status=204)
    assert of_reply.items() <= admin.last_event("comment:delete-reply").items()


def test_people_who_come_and_go_are_told(admin: Page, lead: Page, artist: Page, site: OwnSite) -> None:
    task, person = str(site.made.tasks["shot"]), str(site.made.artist.person_id)
    of_task = {"person_id": person, "task_id": task, "project_id": str(site.made.project)}
    lead.ask("PUT", "/actions/tasks/clear-assignation", {"task_ids": [task], "person_id": person})
    assert of_task.items() <= admin.last_event("task:unassign").items()
    lead.ask("PUT", f"/actions/persons/{person}/assign", {"task_ids": [task]})
    assert of_task.items() <= admin.last_event("task:assign").items()
    chat = f"/actions/user/chats/{site.made.shot}/join"
    artist.ask("POST", chat)
    assert admin.last_event("chat:joined")["person_id"] == person
    artist.ask("DELETE", chat, status=204)
    assert admin.last_event("chat:left")["person_id"] == person
    artist.ask("POST", "/actions/user/notifications/mark-all-as-read")
    assert admin.last_event("notification:all-read") == {"person_id": person}


def test_pictures_of_people_projects_and_the_studio_are_told(
    admin: Page, site: OwnSite, project: str
) -> None:
    person = str(site.made.artist.person_id)
    studio = admin.get("/data/organisations")[0]["id"]
    for word, words, id_ in (
        ("person", "persons", person),
        ("project", "projects", project),
        ("organisation", "organisations", studio),
    ):
        form = {"file": (BytesIO(picture()), "a.png")}
        answer = admin.answer("POST", f"/pictures/thumbnails/{words}/{id_}", data=form)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        assert admin.last_event(f"{word}:set-thumbnail") == {f"{word}_id": id_}


def test_a_file_of_a_take_is_told_with_what_it_is_of(admin: Page, artist: Page, site: OwnSite) -> None:
    task = str(site.made.tasks["shot"])
    said = {"task_status_id": str(site.made.statuses["wip"]), "comment": "a take"}
    comment = artist.ask("POST", f"/actions/tasks/{task}/comment", said, 201)["id"]
    take = artist.ask("POST", f"/actions/tasks/{task}/comments/{comment}/add-preview", {}, 201)
    form = {"file": (BytesIO(picture()), "a.png")}
    answer = artist.answer("POST", f"/pictures/preview-files/{take['id']}", data=form)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    told = admin.last_event("preview-file:add-file")
    kept = admin.get(f"/data/preview-files/{take['id']}")
    assert told == {
        "preview_file_id": take["id"],
        "comment_id": comment,
        "task_id": task,
        "revision": take["revision"],
        "extension": "png",
        "status": kept["status"],
        "project_id": str(site.made.project),
    }


def test_a_task_is_told_with_how_many_of_its_assets_are_ready(
    admin: Page, lead: Page, site: OwnSite, project: str
) -> None:
    shot, asset = str(site.made.shot), str(site.made.asset)
    task = str(site.made.tasks["shot"])
    step = lead.get(f"/data/tasks/{task}")["task_type_id"]
    path = f"/data/projects/{project}/entities/{shot}/casting"
    lead.ask("PUT", path, [{"asset_id": asset, "nb_occurences": 1}])
    lead.ask("PUT", f"/data/entities/{asset}", {"ready_for": step})
    told = {"task_id": task, "project_id": project, "nb_assets_ready": 1}
    assert admin.last_event("task:update-casting-stats") == told
