"""The Socket.IO server's own limits: who does not join is cut off, and what one answer holds is bounded."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import requests
import socketio
import websocket
from werkzeug.serving import make_server

from tests.waiting import wait_until
from zou_server.adapters.worker_sockets import WorkerSockets
from zou_server.live.live_door import LiveDoor
from zou_server.live.live_server import FRAMES_AT_ONCE, NAMESPACE, PACKETS_AT_ONCE, LiveServer, is_understood

HASTE, PATIENCE = 0.3, 2.0
"""How long who does not join is waited for: by nobody who joins, and by who joins on a busy machine."""


def not_found(_environ: Any, start_response: Any) -> list[bytes]:
    start_response("404 NOT FOUND", [])
    return []


@contextmanager
def serving(join_seconds: float) -> Iterator[Any]:
    """A server without rules about who joins, and its address."""
    live = LiveServer(str, join_seconds)
    live.register_namespace(socketio.Namespace(NAMESPACE))
    served = make_server("127.0.0.1", 0, LiveDoor(not_found, live, WorkerSockets()), threaded=True)
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    live.address = f"http://127.0.0.1:{served.port}"
    yield live
    live.stop()
    served.shutdown()
    thread.join()
    served.server_close()


@pytest.fixture
def server() -> Iterator[Any]:
    """One that those who join have time for."""
    with serving(PATIENCE) as live:
        yield live


@pytest.fixture
def http_session() -> Iterator[requests.Session]:
    """What the client would leave to the garbage collector."""
    with requests.Session() as session:
        yield session


def opened(server: Any) -> str:
    url = f"{server.address}/socket.io/?EIO=4&transport=polling"
    return requests.get(url, timeout=60).text.partition('"sid":"')[2].partition('"')[0]


def test_a_web_socket_that_does_not_join_is_closed() -> None:
    with serving(HASTE) as server:
        address = server.address.replace("http", "ws")
        line = websocket.create_connection(f"{address}/socket.io/?EIO=4&transport=websocket", timeout=60)
        assert line.recv().startswith("0{")
        assert line.recv() == ""
        line.shutdown()
        assert server.eio.sockets == {}


def test_a_session_that_does_not_join_is_ended_and_one_that_joins_is_not(
    server: Any, http_session: requests.Session
) -> None:
    idle = opened(server)
    client = socketio.Client(reconnection=False, http_session=http_session)
    client.connect(server.address, namespaces=[NAMESPACE])
    wait_until(lambda: idle not in server.eio.sockets, "who does not join stays")
    assert list(server.eio.sockets) == [client.eio.sid]
    later = opened(server)
    wait_until(lambda: later not in server.eio.sockets, "who does not join later stays")
    assert list(server.eio.sockets) == [client.eio.sid]
    assert client.connected
    client.disconnect()
    client.shutdown()


def test_an_answer_holds_what_the_python_client_takes_at_once(server: Any) -> None:
    sid = opened(server)
    url = f"{server.address}/socket.io/?EIO=4&transport=polling&sid={sid}"
    assert requests.post(url, data=f"40{NAMESPACE},", timeout=60).status_code == 200
    count = 3 * PACKETS_AT_ONCE
    for number in range(count):
        server.emit("n", number, namespace=NAMESPACE)
    answers: list[list[str]] = []
    while sum(len(answer) for answer in answers) < count + 1:
        answers.append(requests.get(url, timeout=60).text.split("\x1e"))
    assert max(len(answer) for answer in answers) == PACKETS_AT_ONCE
    told = [packet for answer in answers for packet in answer if packet.startswith("42")]
    assert told == [f'42{NAMESPACE},["n",{number}]' for number in range(count)]


def listening(server: Any) -> tuple[Any, str]:
    """A web socket that joined, and the server's name for it."""
    address = server.address.replace("http", "ws")
    line = websocket.create_connection(f"{address}/socket.io/?EIO=4&transport=websocket", timeout=20)
    line.recv()
    line.send(f"40{NAMESPACE},")
    return line, json.loads(line.recv().removeprefix(f"40{NAMESPACE},"))["sid"]


def test_all_listeners_are_told_the_same_in_its_order_by_web_socket_and_by_polling(server: Any) -> None:
    sid = opened(server)
    url = f"{server.address}/socket.io/?EIO=4&transport=polling&sid={sid}"
    requests.post(url, data=f"40{NAMESPACE},", timeout=10)
    polling = json.loads(requests.get(url, timeout=10).text.removeprefix(f"40{NAMESPACE},"))["sid"]
    lines = [listening(server) for _ in range(3)]
    said = [("n", {"number": number}) for number in range(2 * FRAMES_AT_ONCE + 3)]
    expected = [f'42{NAMESPACE},["n",{{"number":{number}}}]' for number in range(len(said))]
    server.tell([polling, "nobody", *(key for _, key in lines)], [*said, ("end", None)])
    end = f'42{NAMESPACE},["end"]'
    for line, _ in lines:
        assert [line.recv() for _ in range(len(said) + 1)] == [*expected, end]
        line.shutdown()
    polled: list[str] = []
    while end not in polled:
        polled += requests.get(url, timeout=10).text.split("\x1e")
    assert polled == [*expected, end]


@pytest.mark.parametrize("size", [0, 100, 125, 126, 127, 65_530, 65_535, 65_536, 300_000])
def test_a_web_socket_is_sent_texts_of_any_size_whole(server: Any, size: int) -> None:
    line, key = listening(server)
    words = ["é" * (size // 2), "x" * size, "✓"]
    for word in words:
        server.emit("n", word, namespace=NAMESPACE, to=key)
    server.tell([key], [("n", word) for word in words])
    for word in (*words, *words):
        assert json.loads(line.recv().removeprefix(f"42{NAMESPACE},")) == ["n", word]
    line.shutdown()


def test_who_changes_to_a_web_socket_in_between_misses_nothing(server: Any, http_session: Any) -> None:
    heard: list[int] = []
    client = socketio.Client(reconnection=False, http_session=http_session)
    client.on("n", heard.append, namespace=NAMESPACE)
    count = 400
    told = threading.Event()

    def tell() -> None:
        for number in range(count):
            while not (keys := [sid for sid, _ in server.manager.get_participants(NAMESPACE, None)]):
                time.sleep(0.001)
            server.tell(keys, [("n", number)])
        told.set()

    thread = threading.Thread(target=tell)
    thread.start()
    client.connect(server.address, namespaces=[NAMESPACE])
    assert told.wait(60)
    thread.join()
    wait_until(lambda: len(heard) >= count, "not all of it is heard")
    assert heard == list(range(count))
    client.disconnect()
    client.shutdown()


def test_what_a_client_claims_to_be_an_event_reaches_no_handler(
    server: Any, http_session: requests.Session
) -> None:
    heard: list[Any] = []
    server.on("connect", lambda *arguments: heard.append(arguments), namespace=NAMESPACE)
    server.on("shout", lambda *arguments: heard.append(arguments), namespace=NAMESPACE)
    client = socketio.Client(reconnection=False, http_session=http_session)
    client.connect(server.address, namespaces=[NAMESPACE], transports=["polling"])
    client.emit("connect", {"HTTP_AUTHORIZATION": "forged"}, namespace=NAMESPACE)
    client.emit("shout", "boo", namespace=NAMESPACE)
    client.disconnect()
    client.shutdown()
    assert len(heard) == 1


@pytest.mark.parametrize("sent", [b"3", b"40/events,", b'40/events,{"a":1}', b"2probe", b"5", b"41/events,"])
def test_what_clients_send_is_understood(sent: bytes) -> None:
    assert is_understood(sent)


@pytest.mark.parametrize("sent", [b"", b"x", b"\xff", b"40/events,[", b"4" + b"[" * 5000, b"3\x1e" * 20])
def test_what_no_client_sends_is_not(sent: bytes) -> None:
    assert not is_understood(sent)
