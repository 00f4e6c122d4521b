"""Playlists as Kitsu fills and shares them, and the page of guests who came by a link."""

from __future__ import annotations

import asyncio
import io
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.zou.kitsu.test_accounts import mails, text_of
from tests.contracts.statements import noted
from tests.media import picture
from tests.studio import unique
from zou_server.adapters.job_worker import run_worker
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask.testing import FlaskClient

    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite


@pytest.fixture(scope="module")
def takes(site: OwnSite, lead: Page) -> dict[str, str]:
    """A picture on the task of each of two shots: shot -> preview."""
    found = {}
    for name in ("shot", "other_shot"):
        task = site.made.tasks[name]
        (note,) = site.kit.execute(Act("comment", facet("Task"), task, {"text": "a take"}))
        (preview,) = site.kit.execute(Act("add_preview", facet("Note"), note.id, {}))
        form = {"file": (io.BytesIO(picture()), "take.png")}
        path = f"/pictures/preview-files/{preview.id}"
        answer = lead.answer("POST", path, data=form, content_type="multipart/form-data")
        assert answer.status_code == 201, answer.get_data(as_text=True)
        found[str(getattr(site.made, name))] = str(preview.id)
    asyncio.run(run_worker(site.kit.settings, wait=False))
    return found


@pytest.fixture
def playlist(lead: Page, project: str, takes: dict[str, str]) -> str:
    """A playlist of both."""
    values = {"name": unique("Dailies"), "project_id": project, "for_entity": "shot"}
    made = lead.ask("POST", "/data/playlists/", values, 201)
    entities = [{"entity_id": shot, "preview_file_id": take} for shot, take in takes.items()]
    found = lead.ask("POST", f"/actions/playlists/{made['id']}/add-entities", {"entities": entities})
    assert found["shots"] == entities
    return str(made["id"])


def test_entities_are_added_at_once_or_not_at_all(lead: Page, site: OwnSite, playlist: str) -> None:
    told = lead.last_event("playlist:add_entity")
    assert (told["playlist_id"], told["entity_id"]) == (playlist, str(site.made.other_shot))
    wrong = [{"entity_id": str(site.made.shot)}, {"entity_id": str(uuid.uuid4())}]
    path = f"/actions/playlists/{playlist}/add-entities"
    assert lead.answer("POST", path, {"entities": wrong}).status_code == 400
    assert len(lead.get(f"/data/playlists/{playlist}")["shots"]) == 2


def test_a_playlist_with_all_takes_takes_as_many_statements_however_long_it_is(
    lead: Page, site: OwnSite, project: str, playlist: str, takes: dict[str, str]
) -> None:
    values = {"name": unique("Short"), "project_id": project, "for_entity": "shot", "shots": []}
    short = lead.ask("POST", "/data/playlists/", values, 201)["id"]
    counts, answers = [], []
    studio = site.app.extensions["studio"]
    with noted(studio.reads, studio.writes) as statements:
        for each in (short, playlist):
            statements.clear()
            answers.append(lead.get(f"/data/projects/{project}/playlists/{each}"))
            counts.append(len(statements))
    assert counts == [2, 2], "who asks; the project, the playlist, its entities and their takes"
    empty, full = answers
    assert empty["shots"] == []
    assert {entry["entity_id"]: entry["preview_file_id"] for entry in full["shots"]} == takes
    for entry in full["shots"]:
        alone = lead.get(f"/data/shots/{entry['entity_id']}/preview-files")
        assert entry["preview_files"] == alone
        assert [take["id"] for step in alone.values() for take in step] == [entry["preview_file_id"]]
    elsewhere = site.kit.create("Playlist", name="Elsewhere", project_id=site.kit.project())
    for missing in (str(uuid.uuid4()), str(elsewhere)):
        refused = lead.answer("GET", f"/data/projects/{project}/playlists/{missing}")
        assert (refused.status_code, missing in refused.get_json()["message"]) == (404, True)


def test_an_id_that_is_spelled_otherwise_is_of_no_entity(
    lead: Page, project: str, takes: dict[str, str]
) -> None:
    first, second = takes
    shots = [
        {"entity_id": uuid.UUID(first).urn},
        {"entity_id": second},
        {"entity_id": first.replace("-", "")},
    ]
    values = {"name": unique("Odd"), "project_id": project, "for_entity": "shot", "shots": shots}
    made = lead.ask("POST", "/data/playlists/", values, 201)
    assert made["shots"] == shots
    found = lead.get(f"/data/projects/{project}/playlists/{made['id']}")["shots"]
    assert [each["entity_id"] for each in found] == [second]
    assert [each["id"] for step in found[0]["preview_files"].values() for each in step] == [takes[second]]


def test_takes_come_in_a_zip(lead: Page, playlist: str) -> None:
    answer = lead.answer("GET", f"/data/playlists/{playlist}/download/zip")
    assert answer.mimetype == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        assert [name[:3] for name in archive.namelist()] == ["001", "002"]
        assert all(archive.read(name) == picture() for name in archive.namelist())


def test_a_movie_of_a_playlist_is_made_in_a_job(
    lead: Page, site: OwnSite, playlist: str, project: str
) -> None:
    job = lead.get(f"/data/playlists/{playlist}/build/mp4")
    assert job["status"] == "running"
    assert lead.last_event("build-job:new")["playlist_id"] == playlist
    place = f"/data/playlists/{playlist}/jobs/{job['id']}"
    assert lead.answer("GET", f"{place}/build/mp4").status_code == 404
    asyncio.run(run_worker(site.kit.settings, wait=False))
    found = lead.get(place)
    assert (found["status"], found["message"]) == ("succeeded", None)
    assert lead.last_event("build-job:update")["status"] == "succeeded"
    movie = lead.answer("GET", f"{place}/build/mp4")
    assert (movie.mimetype, movie.data[4:8]) == ("video/mp4", b"ftyp")
    assert job["id"] in {each["id"] for each in lead.get(f"/data/projects/{project}/build-jobs")}
    lead.ask("DELETE", place, status=204)
    assert lead.answer("GET", place).status_code == 404


def test_a_movie_of_nothing_says_why_there_is_none(lead: Page, site: OwnSite, project: str) -> None:
    empty = lead.ask("POST", "/data/playlists/", {"name": "Empty", "project_id": project}, 201)["id"]
    job = lead.get(f"/data/playlists/{empty}/build/mp4")
    asyncio.run(run_worker(site.kit.settings, wait=False))
    found = lead.get(f"/data/playlists/{empty}/jobs/{job['id']}")
    assert found["status"] == "failed"
    assert "no take" in found["message"]


def test_clients_are_told_that_a_playlist_is_ready(
    lead: Page, artist: Page, site: OwnSite, playlist: str
) -> None:
    client = site.kit.person("client", {site.made.project: None})
    path = f"/data/playlists/{playlist}/notify-clients"
    assert lead.ask("POST", path, {"studio_id": None, "department_id": None}) == {"status": "success"}
    (row,) = site.kit.rows("Notification", "person_id", "notification_type", "playlist_id")[-1:]
    assert row == {
        "person_id": str(client.person_id),
        "notification_type": "playlist-ready",
        "playlist_id": playlist,
    }
    assert artist.answer("POST", path, {}).status_code == 403


# -- links and guests ----------------------------------------------------------------------------------------


def shared(lead: Page, playlist: str, **values: Any) -> str:
    """The token of a new link."""
    made = lead.ask("POST", f"/data/playlists/{playlist}/share", {"can_comment": True, **values}, 201)
    return str(made["token"])


def guest_of(site: OwnSite, token: str, name: str = "Grace") -> FlaskClient:
    """A browser whose owner said their name."""
    browser: FlaskClient = site.app.test_client()
    said = browser.post(f"/api/shared/playlists/{token}/guest", json={"first_name": name, "last_name": "H"})
    assert said.status_code == 201, said.get_data(as_text=True)
    return browser


def test_a_link_is_made_listed_and_closed(lead: Page, artist: Page, site: OwnSite, playlist: str) -> None:
    path = f"/data/playlists/{playlist}/share"
    link = lead.ask(
        "POST", path, {"expiration_date": None, "password": "open sesame", "can_comment": False}, 201
    )
    assert (link["has_password"], link["can_comment"], link["is_active"]) == (True, False, True)
    assert "password" not in link
    assert lead.get(path) == [link]
    assert artist.answer("POST", path, {}).status_code == 403
    browser = site.app.test_client()
    place = f"/api/shared/playlists/{link['token']}"
    assert browser.get(place).status_code == browser.get(f"{place}?password=wrong").status_code == 404
    assert browser.get(f"{place}?password=open sesame").status_code == 200
    assert lead.ask("DELETE", f"{path}/{link['token']}")["is_active"] is False
    assert browser.get(f"{place}?password=open sesame").status_code == 404
    assert lead.get(path) == []


def test_a_link_ends_on_its_day(lead: Page, site: OwnSite, playlist: str) -> None:
    token = shared(lead, playlist, expiration_date="2020-01-01T00:00:00")
    assert site.app.test_client().get(f"/api/shared/playlists/{token}").status_code == 404
    assert site.app.test_client().get("/api/shared/playlists/no-such-token/context").status_code == 404
    invite = f"/data/playlists/{playlist}/share/{token}/invite"
    assert lead.answer("POST", invite, {"emails": ["eve@example.com"]}).status_code == 404


def test_a_guest_sees_the_playlist_and_nothing_else(
    lead: Page, site: OwnSite, playlist: str, takes: dict[str, str], project: str
) -> None:
    token = shared(lead, playlist)
    browser, place = site.app.test_client(), f"/api/shared/playlists/{token}"
    found = browser.get(place).get_json()
    assert [shot["preview_file_id"] for shot in found["shots"]] == list(takes.values())
    assert found["shots"][0]["preview_file_extension"] == "png"
    context = browser.get(f"{place}/context").get_json()
    assert (context["project"]["id"], context["project"]["team"]) == (project, [])
    assert [step["name"] for step in context["task_types"]] == ["Animation"]
    take = next(iter(takes.values()))
    for path in ("pictures/thumbnails", "pictures/originals"):
        shown = browser.get(f"{place}/{path}/preview-files/{take}.png", buffered=True)
        assert (shown.status_code, shown.mimetype) == (200, "image/png")
    assert browser.get(f"{place}/preview-files/{take}").get_json()["id"] == take
    assert browser.get(f"{place}/preview-files/{take}/download").status_code == 403
    site.kit.update("Project", site.made.project, is_preview_download_allowed=True)
    assert browser.get(f"{place}/preview-files/{take}/download", buffered=True).data == picture()
    other = site.kit.create("PreviewFile", name=unique("other"), task_id=site.made.tasks["asset"], revision=1)
    assert browser.get(f"{place}/preview-files/{other}").status_code == 404
    assert browser.get("/api/data/persons").status_code == 401


def test_a_guest_comments_in_their_own_name_only(lead: Page, site: OwnSite, playlist: str) -> None:
    token = shared(lead, playlist)
    place, task = f"/api/shared/playlists/{token}", str(site.made.tasks["shot"])
    comment = {"task_id": task, "text": "Too dark"}
    assert site.app.test_client().post(f"{place}/comments", json=comment).status_code == 403
    grace, other = guest_of(site, token), guest_of(site, token, "Alan")
    said = grace.post(f"{place}/comments", json=comment)
    assert said.status_code == 201, said.get_data(as_text=True)
    id_ = said.get_json()["id"]
    assert lead.last_event("comment:new")["for_client"] is True
    assert id_ in {each["id"] for each in other.get(f"{place}/comments").get_json()}
    assert other.put(f"{place}/comments/{id_}", json={"text": "Fine"}).status_code == 403
    assert other.delete(f"{place}/comments/{id_}").status_code == 403
    assert grace.put(f"{place}/comments/{id_}", json={"text": "Darker"}).get_json()["text"] == "Darker"
    strange = {"task_id": str(site.made.tasks["asset"]), "text": "hello"}
    assert grace.post(f"{place}/comments", json=strange).status_code == 403
    assert grace.delete(f"{place}/comments/{id_}").status_code == 204
    closed = shared(lead, playlist, can_comment=False)
    mute = guest_of(site, closed)
    assert mute.post(f"/api/shared/playlists/{closed}/comments", json=comment).status_code == 403


@pytest.fixture
def status(site: OwnSite) -> Iterator[str]:
    """A status that the project uses; clients may give it as far as the studio says."""
    made = site.kit.create("TaskStatus", name=unique("Liked"), code=unique("lk"), is_client_allowed=True)
    use = site.kit.create("StatusUse", project_id=site.made.project, status_id=made)
    yield str(made)
    site.kit.delete("StatusUse", use)


def test_a_guest_gives_the_status_that_kitsu_sends_along(
    lead: Page, site: OwnSite, playlist: str, status: str
) -> None:
    token = shared(lead, playlist)
    place, task = f"/api/shared/playlists/{token}", str(site.made.tasks["shot"])
    grace = guest_of(site, token)
    said = grace.post(f"{place}/comments", json={"task_id": task, "text": "", "task_status_id": status})
    assert said.status_code == 201, said.get_data(as_text=True)
    assert said.get_json()["task_status_id"] == lead.get(f"/data/tasks/{task}")["task_status_id"] == status
    words = {"checklist": [{"text": "rim light", "checked": False}], "task_status_id": status}
    found = grace.put(f"{place}/comments/{said.get_json()['id']}", json=words)
    assert found.status_code == 200, found.get_data(as_text=True)
    assert (found.get_json()["text"], found.get_json()["checklist"]) == ("", words["checklist"])


def test_what_a_project_says_of_clients_and_a_status_counts_for_its_guests(
    lead: Page, site: OwnSite, playlist: str, status: str
) -> None:
    token = shared(lead, playlist)
    place, task = f"/api/shared/playlists/{token}", str(site.made.tasks["other_shot"])
    grace = guest_of(site, token)
    (use,) = site.kit.rows("StatusUse", "id", where=Where("status_id", Op.EQ, status))
    site.kit.update("StatusUse", uuid.UUID(use["id"]), is_client_allowed=False)
    body = {"task_id": task, "text": "Nice", "task_status_id": status}
    assert grace.post(f"{place}/comments", json=body).status_code == 403
    told = grace.get(f"{place}/context").get_json()["task_statuses"]
    assert {each["id"]: each["is_client_allowed"] for each in told}[status] is False
    site.kit.update("TaskStatus", uuid.UUID(status), is_client_allowed=False)
    site.kit.update("StatusUse", uuid.UUID(use["id"]), is_client_allowed=True)
    assert grace.post(f"{place}/comments", json=body).status_code == 201


def test_a_guest_who_comes_back_is_the_same_person(lead: Page, site: OwnSite, playlist: str) -> None:
    token = shared(lead, playlist)
    path, browser = f"/api/shared/playlists/{token}/guest", site.app.test_client()
    first = browser.post(path, json={"first_name": "Grace", "guest_id": ""}).get_json()
    again = browser.post(path, json={"first_name": "Grace", "last_name": "H", "guest_id": first["id"]})
    assert (again.status_code, again.get_json()["id"]) == (200, first["id"])
    thief = site.app.test_client().post(path, json={"first_name": "Eve", "guest_id": first["id"]})
    assert (thief.status_code, thief.get_json()["id"] == first["id"]) == (201, False)
    nobody = site.app.test_client().post(path, json={})
    assert (nobody.status_code, nobody.get_json()["first_name"]) == (201, "Guest")


def test_a_guest_draws_on_a_take(lead: Page, site: OwnSite, playlist: str, takes: dict[str, str]) -> None:
    token, take = shared(lead, playlist), next(iter(takes.values()))
    grace = guest_of(site, token)
    drawn = {
        "preview_file_id": take,
        "additions": [{"time": 0, "drawing": {"objects": [{"type": "line", "x2": 9, "stroke": "red"}]}}],
    }
    found = grace.put(f"/api/shared/playlists/{token}/annotations", json=drawn)
    assert found.status_code == 200, found.get_data(as_text=True)
    assert len(found.get_json()["annotations"]) == 1


def test_a_guest_attaches_files_to_what_they_said(lead: Page, site: OwnSite, playlist: str) -> None:
    token = shared(lead, playlist)
    place, task = f"/api/shared/playlists/{token}", str(site.made.tasks["shot"])
    grace, other = guest_of(site, token), guest_of(site, token, "Alan")
    id_ = grace.post(f"{place}/comments", json={"task_id": task, "text": "See"}).get_json()["id"]
    path = f"{place}/comments/{id_}/attachments"

    def form() -> dict[str, Any]:
        return {"file-1": (io.BytesIO(b"<script>1</script>"), "notes.html"), "guest_id": str(uuid.uuid4())}

    assert other.post(path, data=form()).status_code == 403
    assert grace.post(path, data={"guest_id": "x"}).status_code == 400
    kept = grace.post(path, data=form())
    assert kept.status_code == 201, kept.get_data(as_text=True)
    (file,) = kept.get_json()["attachment_files"]
    assert file["name"] == "notes.html"
    (shown,) = [each for each in other.get(f"{place}/comments").get_json() if each["id"] == id_]
    assert [each["id"] for each in shown["attachment_files"]] == [file["id"]]
    address = f"{place}/attachment-files/{file['id']}/file/notes.html"
    sent = other.get(address, buffered=True)
    assert sent.data == b"<script>1</script>"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    added = site.kit.create("AttachmentFile", name="by the studio.txt", comment_id=id_)
    assert grace.delete(f"{path}/{added}").status_code == 403
    hidden = site.comment(site.made.tasks["shot"], "wip", site.made.artist)
    theirs = site.kit.create("AttachmentFile", name="notes.txt", comment_id=hidden)
    assert other.get(f"{place}/attachment-files/{theirs}/file/notes.txt").status_code == 404
    assert other.delete(f"{path}/{file['id']}").status_code == 403
    assert grace.delete(f"{path}/{theirs}").status_code == 404
    assert grace.delete(f"{path}/{file['id']}", json={"guest_id": str(uuid.uuid4())}).status_code == 204
    assert other.get(address).status_code == 404
    told = [each for each in site.kit.events(uuid.UUID(file["id"])) if each["action"] == "delete"]
    assert {each["actor_id"] for each in told} == {kept.get_json()["person_id"]}


def test_guests_of_isolated_clients_read_their_own_words_alone(
    lead: Page, site: OwnSite, playlist: str
) -> None:
    token = shared(lead, playlist)
    place, task = f"/api/shared/playlists/{token}", str(site.made.tasks["shot"])
    grace, other, nobody = guest_of(site, token), guest_of(site, token, "Alan"), site.app.test_client()
    id_ = grace.post(f"{place}/comments", json={"task_id": task, "text": "See"}).get_json()["id"]
    form = {"file-1": (io.BytesIO(b"mine"), "mine.txt")}
    (file,) = grace.post(f"{place}/comments/{id_}/attachments", data=form).get_json()["attachment_files"]
    address = f"{place}/attachment-files/{file['id']}/file/mine.txt"

    def seen() -> list[tuple[bool, int]]:
        return [
            (
                id_ in {each["id"] for each in browser.get(f"{place}/comments").get_json()},
                browser.get(address, buffered=True).status_code,
            )
            for browser in (grace, other, nobody)
        ]

    assert seen() == [(True, 200)] * 3
    site.kit.update("Project", site.made.project, is_clients_isolated=True)
    try:
        assert seen() == [(True, 200), (False, 404), (False, 404)]
    finally:
        site.kit.update("Project", site.made.project, is_clients_isolated=False)


def test_a_link_is_sent_by_mail(lead: Page, artist: Page, site: OwnSite, playlist: str) -> None:
    token = shared(lead, playlist)
    path = f"/data/playlists/{playlist}/share/{token}/invite"
    reviewer = site.kit.person("client", {site.made.project: None}).person_id
    address = site.kit.row("Person", reviewer, "email")
    body = {
        "emails": ["eve@example.com", "Eve@example.com"],
        "person_ids": [str(reviewer)],
        "message": "Look!",
    }
    assert artist.answer("POST", path, body).status_code == 403
    assert set(lead.ask("POST", path, body)["sent"]) == {"Eve@example.com", address}
    asyncio.run(run_worker(site.kit.settings, wait=False))
    letters = {str(each["To"]): text_of(each) for each in mails(site)}
    for each in ("Eve@example.com", address):
        assert f"/playlists/shared/{token}" in letters[each]
        assert "Look!" in letters[each]
    for wrong in (["nobody"], ["a@b\nBcc: c@d"], [f"{n}@example.com" for n in range(101)]):
        assert lead.answer("POST", path, {"emails": wrong}).status_code == 400
    lead.ask("DELETE", f"/data/playlists/{playlist}/share/{token}")
    assert lead.answer("POST", path, body).status_code == 404
