"""Sockets of two machines: each hears of what happens at the other."""

from __future__ import annotations

from typing import Any

import gazu
import pytest
import requests
import websocket

from tests.clients.ftrack.hub import listening, subscribe
from tests.operations.replicas import Clients
from tests.operations.stories import with_ftrack, with_gazu
from tests.servers import RunningServer
from tests.waiting import wait_until

pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore::ResourceWarning")]


def test_who_listens_at_one_machine_hears_of_changes_made_at_the_other(
    clients: tuple[Clients, Clients], project: Any
) -> None:
    here, there = clients
    heard: list[Any] = []
    listener = gazu.events.init(client=there.zou)
    try:
        gazu.events.add_listener(listener, "project:update", heard.append)
        with_gazu(here, there, project)
        wait_until(lambda: heard, "the other machine tells of the change")
        assert heard[0]["project_id"] == project["id"]
    finally:
        listener.disconnect()


def test_what_is_said_in_the_event_hub_of_one_machine_is_heard_at_the_other(
    clients: tuple[Clients, Clients], project: Any
) -> None:
    from ftrack_api.event.base import Event  # noqa: PLC0415 - the package is imported with its warnings muted

    here, there = clients
    with (
        here.session() as near,
        there.session() as far,
        listening(near) as sender,
        listening(far) as listener,
    ):
        said = subscribe(listener, "topic=studio.render")
        changed = subscribe(listener, "topic=ftrack.update")
        sender.publish(Event(topic="studio.render", data={"frame": "12"}))
        assert said.until(bool)[0]["data"] == {"frame": "12"}
        with_ftrack(here, there, project)
        assert changed.until(bool)[0]["data"]["entities"][0]["parentId"] == project["id"]


def test_the_two_halves_of_a_handshake_with_the_hub_may_reach_two_machines(
    machines: tuple[RunningServer, RunningServer],
) -> None:
    one, two = machines
    keys = {"api_user": one.credentials["api_user"], "api_key": one.credentials["api_key"]}
    token = requests.get(f"{one.url}/socket.io/1/", params=keys, timeout=30).text.partition(":")[0]
    address = two.url.replace("http://", "ws://")
    line = websocket.create_connection(f"{address}/socket.io/1/websocket/{token}", timeout=30)
    try:
        assert line.recv().startswith("1::")
    finally:
        line.close()
