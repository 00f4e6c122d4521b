"""ftrack_api's event hub, unmodified: what clients tell each other, and what commits tell them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
import websocket

from tests.clients.ftrack.hub import entities, listening, settle, subscribe
from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import USER, Site, unique
from tests.served import served
from zou_server.app import create_app
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.settings import Settings


@pytest.fixture(scope="module")
def other_site(site: Site) -> Iterator[Site]:
    """The same studio served by another process: nothing is shared but the database."""
    url = site.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings.from_env({}, database_url=url, data_dir=site.directory))
    with served(app) as address:
        yield Site(address, site.key, app, site.engine, site.directory)
    studio = app.extensions["studio"]
    studio.reads.dispose()
    studio.writes.dispose()


def _event(topic: str, **more: Any) -> Any:
    from ftrack_api.event.base import Event  # noqa: PLC0415 - the package is imported with its warnings muted

    return Event(topic=topic, **more)


def test_an_event_reaches_the_clients_of_another_process_once(site: Site, other_site: Site) -> None:
    topic = unique("studio.render")
    with (
        site.session() as here,
        other_site.session() as there,
        listening(here) as sender,
        listening(there) as listener,
    ):
        heard = subscribe(listener, f"topic={topic} and data.count>1")
        also = subscribe(listener, f'topic="{topic}" and source.user.username={USER}')
        own = subscribe(sender, f"topic={topic}")
        for count in range(4):
            sender.publish(_event(topic, data={"count": str(count)}))
        found = heard.until(lambda events: len(events) == 2)
        also.until(lambda events: len(events) == 4)
        own.until(lambda events: len(events) == 4)
        settle(listener)

        assert [each["data"]["count"] for each in found] == ["2", "3"]
        assert len(heard.events) == 2
        assert len(also.events) == len(own.events) == 4
        assert found[0]["source"]["user"]["username"] == USER


def test_actions_are_discovered_and_launched(site: Site, other_site: Site) -> None:
    name = unique("action")
    with (
        site.session() as here,
        other_site.session() as there,
        listening(here) as asking,
        listening(there) as offering,
    ):
        offering.subscribe(
            f"topic=ftrack.action.discover and source.user.username={USER}",
            lambda event: {"items": [{"label": "Go", "actionIdentifier": name}]},
        )
        offering.subscribe(
            f"topic=ftrack.action.launch and data.actionIdentifier={name}",
            lambda event: {"success": True, "message": event["data"]["selection"][0]["entityId"]},
        )
        settle(offering)
        settle(asking)
        replies = _replies(asking, "ftrack.action.discover", {"selection": []})
        assert replies.until(bool)[0]["data"]["items"][0]["actionIdentifier"] == name
        selection = [{"entityId": "x", "entityType": "task"}]
        replies = _replies(asking, "ftrack.action.launch", {"actionIdentifier": name, "selection": selection})
        assert replies.until(bool)[0]["data"] == {"success": True, "message": "x"}


def _replies(hub: Any, topic: str, data: dict[str, Any]) -> Any:
    from tests.clients.ftrack.hub import Heard  # noqa: PLC0415 - beside its only use

    replies = Heard()
    hub.publish(_event(topic, data=data), on_reply=replies)
    return replies


def test_an_event_for_one_target_reaches_nobody_else(site: Site) -> None:
    topic = unique("aimed")
    with site.session() as one, site.session() as two, listening(one) as first, listening(two) as second:
        heard = subscribe(first, f"topic={topic}")
        other = subscribe(second, f"topic={topic}")
        first.publish(_event(topic, target=f"id={_id_of(second, topic)}"))
        other.until(bool)
        settle(first)
        assert heard.events == []


def _id_of(hub: Any, topic: str) -> str:
    of = hub._subscribers  # noqa: SLF001 - the client tells nobody
    return next(each.metadata["id"] for each in of if topic in str(each.subscription))


@pytest.mark.parametrize("client", ["ftrack", "another"])
def test_every_commit_is_told_in_ftracks_words(site: Site, show: Show, client: str) -> None:
    with site.session() as session, listening(session) as hub:
        heard = subscribe(hub, "topic=ftrack.update")
        if client == "ftrack":
            shot = session.create(
                "Shot", {"name": unique("told"), "parent": session.get("Sequence", show.sequence)}
            )
            session.commit()
            id_ = shot["id"]
        else:
            id_ = site.create("Shot", name=unique("told"), parent_id=show.sequence, project_id=show.project)
        (made,) = entities(heard, id_)

        assert (made["entity_type"], made["entityType"], made["action"]) == ("Shot", "task", "add")
        assert {"name", "parent_id"} <= set(made["keys"])
        assert [each["entity_type"] for each in made["parents"]] == ["Shot", "Sequence", "Project"]
        assert made["parentId"] == show.sequence

        before = session.get("Task", show.task)["status_id"]
        done = session.query('Status where name is "Retake"').one()
        session.get("Task", show.task)["status"] = done
        session.commit()
        (changed,) = [each for each in entities(heard, show.task) if each["action"] == "update"]
        assert changed["changes"]["statusid"] == {"old": before, "new": done["id"]}
        session.get("Task", show.task)["status"] = session.get("Status", before)
        session.commit()
        session.delete(session.get("Shot", id_))
        session.commit()
        heard.until(
            lambda events: any(
                each["entityId"] == id_ and each["action"] == "remove"
                for event in events
                for each in event["data"]["entities"]
            )
        )


def test_nobody_hears_of_projects_that_they_do_not_see(site: Site, show: Show) -> None:
    login = unique("guest")
    site.create("Person", login=login, email=f"{login}@example.com", role="user")
    key = create_api_key(site.engine, f"{login}@example.com")
    with (
        site.session() as boss,
        site.session(login, key) as guest,
        listening(boss) as theirs,
        listening(guest) as hub,
    ):
        told = subscribe(theirs, "topic=ftrack.update")
        heard = subscribe(hub, "topic=ftrack.update")
        shot = boss.create("Shot", {"name": unique("secret"), "parent": boss.get("Project", show.project)})
        boss.commit()
        entities(told, shot["id"])
        settle(hub)
        assert [
            each
            for event in heard.events
            for each in event["data"]["entities"]
            if each["entityId"] == shot["id"]
        ] == []


def test_the_two_halves_of_a_handshake_may_reach_different_processes(site: Site, other_site: Site) -> None:
    headers = {"ftrack-user": USER, "ftrack-api-key": site.key}
    answer = requests.get(f"{site.url}/socket.io/1/", headers=headers, timeout=30)
    sid, beat, _, transports = answer.text.split(":")
    address = other_site.url.replace("http", "ws")
    line = websocket.create_connection(f"{address}/socket.io/1/websocket/{sid}", timeout=30)
    try:
        assert line.recv() == "1::"
        line.send('5:1+::{"name":"ftrack.event","args":[{"topic":"ftrack.meta.subscribe","data":{}}]}')
        frames = [line.recv(), line.recv()]
        assert any(frame.startswith('6:::1+[{"success":false') for frame in frames), frames
        assert "2::" in frames
    finally:
        line.close()
    assert (beat, transports) == ("15", "websocket")


def test_nobody_joins_without_a_key_or_with_a_made_up_session(site: Site) -> None:
    headers = {"ftrack-user": USER, "ftrack-api-key": "wrong"}
    assert requests.get(f"{site.url}/socket.io/1/", headers=headers, timeout=30).status_code == 401
    address = site.url.replace("http", "ws")
    with pytest.raises(websocket.WebSocketBadStatusException):
        websocket.create_connection(f"{address}/socket.io/1/websocket/abc", timeout=30)


def test_nonsense_ends_nothing(site: Site) -> None:
    with site.session() as session, listening(session) as hub:
        for frame in ("", ":", "x", "9:::", "5:::{", '5:::{"name":"x"}', "5:7+::null", "2::", "5:::[]"):
            hub._connection.send(frame)  # noqa: SLF001 - what no client sends
        settle(hub)
        assert hub.connected


def test_a_session_connects_its_hub_by_itself(site: Site) -> None:
    import ftrack_api  # noqa: PLC0415 - imported once by site.py, with its warnings muted

    session = ftrack_api.Session(site.url, site.key, USER, auto_connect_event_hub=True, plugin_paths=[])
    try:
        session._auto_connect_event_hub_thread.join(30)  # noqa: SLF001 - nothing else says when it is done
        assert session.event_hub.connected
    finally:
        session.close()
