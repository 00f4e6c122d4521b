"""Two people on one task: what the one says with any of the four clients, the other's browser hears."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
from PIL import Image

from tests.clients.test_who_does_what_in_every_dialect import PASSWORD, Caller, Site
from tests.clients.zou.live.site import LiveSite, bearer, live_site
from tests.conftest import SuitePostgres
from tests.studio import unique
from zou_server.services.people.set_password import set_password

# The clients leave sockets and files to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def live(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """A served studio."""
    with live_site(postgres, tmp_path_factory.mktemp("heard"), 1) as site:
        yield site


@pytest.fixture(scope="module")
def lead(live: LiveSite) -> Caller:
    """Who speaks, with all four clients."""
    made = live.made
    site = Site(live.kit, live.server.url, made.project, made.other, [made.shot], [made.task])
    set_password(live.kit.studio.writes, made.lead.person_id, PASSWORD)
    return Caller(site, made.lead)


@pytest.fixture(scope="module")
def browser(live: LiveSite) -> Iterator[Any]:
    """What the other hears."""
    client = live.client(live.made.artist)
    with live.joined(bearer(client)) as heard:
        yield heard
    client.session.close()


def _number(lead: Caller, kind: str, id_: uuid.UUID) -> int:
    found: int = lead.site.kit.row(kind, id_, "number")
    return found


def _with_gazu(lead: Caller, task: uuid.UUID, text: str, status: str) -> None:
    client = lead.zou()
    (wanted,) = [each for each in gazu.task.all_task_statuses(client=client) if each["short_name"] == status]
    gazu.task.add_comment(str(task), wanted, text, client=client)
    client.session.close()


def _with_shotgun(lead: Caller, task: uuid.UUID, text: str, status: str) -> None:
    link = {"type": "Task", "id": _number(lead, "Task", task)}
    project = {"type": "Project", "id": _number(lead, "Project", lead.site.project)}
    code = next(
        row["shotgun_code"]
        for row in lead.site.kit.rows("Status", "code", "shotgun_code")
        if row["code"] == status
    )
    with lead.shotgun() as sg:
        sg.create("Note", {"project": project, "tasks": [link], "subject": "s", "content": text})
        sg.update("Task", link["id"], {"sg_status_list": code})


def _with_ftrack(lead: Caller, task: uuid.UUID, text: str, status: str) -> None:
    with lead.ftrack() as session:
        author = session.query(f'User where username is "{lead.email}" or email is "{lead.email}"').first()
        found = session.get("Task", str(task))
        found.create_note(text, author=author)
        wanted = next(r["id"] for r in lead.site.kit.rows("Status", "id", "code") if r["code"] == status)
        found["status"] = session.get("Status", wanted)
        session.commit()


def _with_shotrunner(lead: Caller, task: uuid.UUID, text: str, status: str) -> None:
    classes, number = lead.shotrunner(), _number(lead, "Task", task)
    note = classes.Note({"noteable_type": "Task", "noteable_id": number, "message": text})
    assert note.save(), note.errors.full_messages()
    found = classes.Task.find(number)
    found.status = status
    assert found.save(), found.errors.full_messages()


@pytest.mark.parametrize("speak", [_with_gazu, _with_shotgun, _with_ftrack, _with_shotrunner])
def test_a_browser_hears_of_a_comment_its_mention_and_the_status_whichever_client_said_so(
    live: LiveSite, lead: Caller, browser: Any, speak: Callable[..., None]
) -> None:
    task = live.kit.create("Task", name=unique("T"), entity_id=live.made.shot, task_type_id=live.made.step)
    text = f"{unique('look')} @{live.made.artist.name}"
    speak(lead, task, text, "wip")
    told = browser.wait_for("comment:new", task)
    assert told["project_id"] == str(live.made.project)
    assert told["person_id"] == str(live.made.lead.person_id)
    assert live.kit.row("Note", uuid.UUID(told["comment_id"]), "text") == text
    assert browser.wait_for("task:update", task)["project_id"] == str(live.made.project)
    assert live.kit.row("Task", task, "task_status_id") == str(live.made.statuses["wip"])
    rows = live.kit.rows("Notification", "id", "comment_id", "person_id", "notification_type")
    (bell,) = [row for row in rows if row["comment_id"] == told["comment_id"]]
    assert (bell["person_id"], bell["notification_type"]) == (str(live.made.artist.person_id), "mention")
    assert browser.wait_for("notification:new", bell["id"])["person_id"] == bell["person_id"]


def test_a_browser_hears_of_what_shotgun_uploads_for_review(
    live: LiveSite, lead: Caller, browser: Any, tmp_path: Path
) -> None:
    Image.new("RGB", (64, 36), "navy").save(place := tmp_path / "shown.png")
    project = {"type": "Project", "id": _number(lead, "Project", lead.site.project)}
    link = {"type": "Task", "id": _number(lead, "Task", lead.site.tasks[0])}
    with lead.shotgun() as sg:
        version = sg.create("Version", {"project": project, "code": unique("take"), "sg_task": link})
        sg.upload("Version", version["id"], str(place), "sg_uploaded_movie")
    id_ = lead.site.kit.rows("PreviewFile", "id", "task_id")[-1]["id"]
    told = browser.wait_for("preview-file:new", id_)
    assert told["project_id"] == str(live.made.project), json.dumps(told)
