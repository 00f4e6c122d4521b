"""Many listeners in a process of their own, as cheap as they can be: what is measured is the server's work.

    python benchmarks/crowd.py

Its standard input is one line of JSON, `{"url", "tokens", "events"}`; it opens a web socket for each token,
says `joined`, and notes the moment (of the monotonic clock, which all processes share) in which each hears of
one of the events. For each empty line it answers with these moments, a list for each listener, and forgets
them.
"""

from __future__ import annotations

import base64
import json
import os
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ANSWER_TO_PING = b"\x81\x81\0\0\0\0" + b"3"
SECONDS = 60.0


class Ear:
    """One web socket, its bytes not yet understood, and when it heard of what."""

    def __init__(self, url: str, token: str, events: list[bytes]) -> None:
        place = urlsplit(url)
        self.events, self._rest = events, bytearray()
        self.arrivals: list[float] = []
        self.sock = socket.create_connection((place.hostname or "", place.port or 80), SECONDS)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        key = base64.b64encode(os.urandom(16)).decode()
        asked = {"Host": place.netloc, "Upgrade": "websocket", "Connection": "Upgrade"}
        asked |= {"Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13", "Authorization": f"Bearer {token}"}
        lines = "".join(f"{name}: {value}\r\n" for name, value in asked.items())
        self.sock.sendall(f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n{lines}\r\n".encode())
        while b"\r\n\r\n" not in self._rest:
            self._rest += self.sock.recv(65_536)
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        assert b" 101 " in head.split(b"\r\n", 1)[0], bytes(head)
        assert self._next().startswith(b"0")
        self._say(b"40/events,")
        assert (found := self._next()).startswith(b"40/events,"), found

    def _say(self, words: bytes) -> None:
        self.sock.sendall(b"\x81" + bytes([0x80 | len(words)]) + b"\0\0\0\0" + words)

    def _next(self) -> bytes:
        while (found := self._message()) is None:
            self._rest += self.sock.recv(65_536)
        return found

    def _message(self) -> bytes | None:
        """The next message that is here whole; what a server says is not masked."""
        if len(self._rest) < 2:
            return None
        size, head = self._rest[1], 2
        if size > 125:
            head = 4 if size == 126 else 10
            size = int.from_bytes(self._rest[2:head])
        if len(self._rest) < head + size:
            return None
        found = bytes(self._rest[head : head + size])
        del self._rest[: head + size]
        return found

    def hear(self) -> bool:
        """Note what has arrived; False when the server has gone."""
        now, found = time.monotonic(), self.sock.recv(65_536)
        self._rest += found
        while (said := self._message()) is not None:
            if said == b"2":
                self.sock.sendall(ANSWER_TO_PING)
            elif any(said.startswith(each) for each in self.events):
                self.arrivals.append(now)
        return bool(found)


class Crowd:
    """The process of listeners, as a benchmark uses it."""

    def __init__(self, url: str, tokens: list[str], events: list[str]) -> None:
        self.count = len(tokens)
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__))], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._say(json.dumps({"url": url, "tokens": tokens, "events": events}))
        assert self._hear() == "joined"

    def arrivals(self) -> list[list[float]]:
        """When each listener heard of something since this was asked last."""
        self._say("")
        found: list[list[float]] = json.loads(self._hear())
        return found

    def leave(self) -> None:
        """Close them all."""
        self._process.communicate()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


def main() -> None:
    """Listen until the standard input ends."""
    wanted: dict[str, Any] = json.loads(sys.stdin.readline())
    events = [f'42/events,["{name}"'.encode() for name in wanted["events"]]
    ears = [Ear(wanted["url"], token, events) for token in wanted["tokens"]]
    print("joined", flush=True)
    selector = selectors.DefaultSelector()
    selector.register(sys.stdin, selectors.EVENT_READ, None)
    for ear in ears:
        selector.register(ear.sock, selectors.EVENT_READ, ear)
    while True:
        for key, _ in selector.select():
            if key.data is not None:
                if not key.data.hear():
                    selector.unregister(key.fileobj)
            elif sys.stdin.readline():
                print(json.dumps([ear.arrivals for ear in ears]), flush=True)
                for ear in ears:
                    ear.arrivals = []
            else:
                return


if __name__ == "__main__":
    main()
