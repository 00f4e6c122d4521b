"""Files that people send along in chats: kept, shown to who may see the chat, and gone with the message."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from tests import media
from tests.clients.zou.kitsu.page import Page, page_of
from tests.clients.zou.log_in.steps import request_of

if TYPE_CHECKING:
    import uuid

    from tests.clients.zou.people.own.site import OwnSite


def say(page: Page, entity: uuid.UUID, words: str, **files: tuple[bytes, str]) -> Any:
    """Send a message with files as the form of Kitsu's chat does."""
    form = {name: (io.BytesIO(content), title) for name, (content, title) in files.items()}
    path = f"/api/data/entities/{entity}/chat/messages"
    return request_of(page.site.app, page.token, "POST", path, data={"message": words, **form})


def stored(site: OwnSite) -> set[str]:
    """Every file that the server keeps."""
    root = site.kit.settings.storage_dir
    return {str(path) for path in root.rglob("*") if path.is_file()}


def test_a_message_comes_with_its_files(lead: Page, artist: Page, site: OwnSite) -> None:
    entity = site.made.shot
    lead.ask("POST", f"/actions/user/chats/{entity}/join")
    answer = say(lead, entity, "two files", a=(media.picture(), "look.png"), b=(b"words", "notes.txt"))
    assert answer.status_code == 201
    message = answer.get_json()
    names = {each["name"]: each for each in message["attachment_files"]}
    assert set(names) == {"look.png", "notes.txt"}
    assert names["notes.txt"]["size"] == 5
    assert names["notes.txt"]["chat_message_id"] == message["id"]
    (listed,) = artist.get(f"/data/entities/{entity}/chat/messages")
    assert {each["id"] for each in listed["attachment_files"]} == {each["id"] for each in names.values()}
    (shown,) = artist.get(f"/data/entities/{entity}/chat")["messages"]
    assert len(shown["attachment_files"]) == 2
    file = f"/data/attachment-files/{names['notes.txt']['id']}/file/notes.txt"
    assert artist.answer("GET", file).data == b"words"
    small = artist.answer("GET", f"/pictures/thumbnails/attachment-files/{names['look.png']['id']}.png")
    assert (small.status_code, small.mimetype) == (200, "image/png")
    lead.ask("DELETE", f"/data/entities/{entity}/chat/messages/{message['id']}", status=204)
    assert artist.answer("GET", file).status_code == 404


def test_only_who_may_see_a_chat_gets_its_files(lead: Page, site: OwnSite) -> None:
    entity, project = site.made.other_shot, site.made.project
    lead.ask("POST", f"/actions/user/chats/{entity}/join")
    (kept,) = say(lead, entity, "secret", a=(b"words", "notes.txt")).get_json()["attachment_files"]
    file = f"/data/attachment-files/{kept['id']}/file/notes.txt"
    strangers = (
        site.made.outsider,
        site.kit.person("vendor", {project: None}),
        site.kit.person("client", {project: None}),
    )
    for person in strangers:
        assert page_of(site, person).answer("GET", file).status_code == 404
    assert request_of(site.app, "", "GET", f"/api{file}").status_code in (401, 422)
    vendor = site.kit.person("vendor", {project: None})
    site.kit.create("Assignation", task_id=site.made.tasks["other_shot"], person_id=vendor.person_id)
    assert page_of(site, vendor).answer("GET", file).data == b"words"


def test_who_may_say_nothing_leaves_no_file(lead: Page, artist: Page, site: OwnSite) -> None:
    entity = site.made.scene
    lead.ask("POST", f"/actions/user/chats/{entity}/join")
    before = stored(site)
    assert say(artist, entity, "not a participant", a=(b"words", "notes.txt")).status_code == 400
    assert say(lead, entity, " ", a=(b"words", "notes.txt")).status_code == 400
    assert page_of(site, site.made.outsider).answer("GET", f"/data/entities/{entity}/chat").status_code == 404
    assert stored(site) == before
    assert lead.get(f"/data/entities/{entity}/chat/messages") == []
