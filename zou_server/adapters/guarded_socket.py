"""Connections that wait for a client, and how long: an unfinished request must not hold the server.

A request's head must be there within the time set, and its body must go on: so many bytes in that time, so
that a slow upload of gigabytes lives and a silent one does not. Of one address only so many requests may be
unfinished at once, and only so many connections may wait in all; who has been silent for longest goes first,
so that somebody who asks in good faith from the same address is answered.
"""

from __future__ import annotations

import enum
import errno
import os
import select
import socket as plain_socket
import time
from collections import OrderedDict, defaultdict
from contextlib import suppress
from typing import Any

from gevent import get_hub
from gevent.socket import socket, wait_write

from zou_server.adapters.plain_poll import plain_poll

LEAST_BYTES = 4096
"""What a body must bring in the time set."""

UNFINISHED_OF_ADDRESS = 300
WAITING_IN_ALL = 1500
"""In one web process. Less than gunicorn's ``worker_connections``, so that there is room for one more."""

LARGE_PIECE = 128 * 1024
"""Bytes that are sent from a thread if they come as one piece."""

PAUSE_MILLISECONDS = 20
"""How long such a thread waits for a client that takes nothing: a slow one costs no thread."""

RDHUP = getattr(select, "POLLRDHUP", 0)
"""The event of an end from the other side; Linux's own, elsewhere only a broken connection is seen."""

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
)


def _push(descriptor: int, data: memoryview) -> int:
    """Send what the other side takes without a pause; the count of bytes. Who goes on sees an error."""
    poll, sent = plain_poll(), 0
    poll.register(descriptor, select.POLLOUT)
    with suppress(OSError):
        while sent < len(data) and poll.poll(PAUSE_MILLISECONDS):
            sent += os.write(descriptor, data[sent:])
    return sent


class Phase(enum.Enum):
    """The phase of a connection: what it waits for."""

    FRESH = "its first request"
    IDLE = "its next request"
    HEAD = "the rest of a head"
    BODY = "the rest of a body"
    FREE = "nothing of ours: it became a web socket, or belongs to another process of the server"


class Crowd:
    """The connections of one process that wait for their clients, those silent for longest first."""

    def __init__(self, of_address: int = UNFINISHED_OF_ADDRESS, in_all: int = WAITING_IN_ALL) -> None:
        self._of_address, self._in_all = of_address, in_all
        self._all: OrderedDict[GuardedSocket, None] = OrderedDict()
        self._unfinished: defaultdict[str, OrderedDict[GuardedSocket, None]] = defaultdict(OrderedDict)

    def enter(self, waiting: GuardedSocket) -> None:
        """Let a connection wait; the one that has been silent for longest may have to go for it."""
        self._all[waiting] = None
        if waiting.phase is not Phase.IDLE:
            fellows = self._unfinished[waiting.address]
            fellows[waiting] = None
            if len(fellows) > self._of_address:
                next(iter(fellows)).shed()
                return
        if len(self._all) > self._in_all:
            next(iter(self._all)).shed()

    def leave(self, waiting: GuardedSocket) -> None:
        """It waits no more."""
        self._all.pop(waiting, None)
        fellows = self._unfinished.get(waiting.address)
        if fellows is not None:
            fellows.pop(waiting, None)
            if not fellows:
                del self._unfinished[waiting.address]


class GuardedSocket(socket):
    """The connection of a client, which is given up when it brings nothing for too long."""

    def guard(self, crowd: Crowd, address: str, seconds: float) -> None:
        """Begin: the first request has ``seconds`` for its head."""
        self.crowd, self.address, self.seconds = crowd, address, seconds
        self.phase = Phase.FRESH
        self._waited, self._received = 0.0, 0

    def expect_request(self) -> None:
        """Wait for the next request; its time begins with its first byte."""
        if self.phase is not Phase.FRESH:
            self.phase = Phase.IDLE
        self._waited = 0.0

    def expect_body(self) -> None:
        """The head is there: now the body has to go on."""
        self.phase, self._waited, self._received = Phase.BODY, 0.0, 0

    def release(self) -> None:
        """Leave it to whoever has it now."""
        self.phase = Phase.FREE
        self.settimeout(None)

    def recv(self, *arguments: Any) -> bytes:
        """Receive what there is, or give the client up: as if it had gone away."""
        if self.phase is Phase.FREE:
            return super().recv(*arguments)
        began = time.monotonic()
        self.settimeout(None if self.phase is Phase.IDLE else max(self.seconds - self._waited, 0.001))
        self.crowd.enter(self)
        try:
            received = super().recv(*arguments)
        except TimeoutError:
            self._refuse(_TOO_SLOW)
            raise OSError(errno.ECONNRESET, "the client was silent for too long") from None
        finally:
            self.crowd.leave(self)
            if self.fileno() >= 0:
                self.settimeout(None)
        self._note(len(received), time.monotonic() - began)
        return received

    def sendall(self, data: Any, flags: int = 0) -> None:
        """Send all; a large piece from a thread, for as long as the client takes it without a pause.

        In the loop that serves all requests each part that fits into the connection's buffer would cost a
        turn of everybody else.
        """
        rest = memoryview(data).cast("B")
        while len(rest) >= LARGE_PIECE and self.gettimeout() is None:
            sent = get_hub().threadpool.apply(_push, (self.fileno(), rest))
            if not sent:
                break
            rest = rest[sent:]
            if rest:
                wait_write(self.fileno())
        if rest:
            super().sendall(rest, flags)

    def has_hung_up(self) -> bool:
        """Tell whether the client has ended the connection."""
        poll = plain_poll()
        try:
            poll.register(self.fileno(), RDHUP)
        except ValueError:
            return True
        return bool(poll.poll(0))

    def shed(self) -> None:
        """Give the client up to make room for another; whoever waits for it sees the connection end."""
        self.crowd.leave(self)
        self._refuse(b"" if self.phase is Phase.IDLE else _TOO_MANY)

    def _note(self, count: int, seconds: float) -> None:
        """Count what came and how long it took; too little in the time is as bad as silence."""
        if self.phase in (Phase.FRESH, Phase.IDLE):
            self._waited = 0.0
            self.phase = Phase.HEAD
            return
        self._waited += seconds
        if self.phase is not Phase.BODY:
            return
        self._received += count
        if self._received >= LEAST_BYTES:
            self._waited, self._received = 0.0, 0

    def _refuse(self, answer: bytes) -> None:
        """Say why, if that can be said at once, and end both ways."""
        with suppress(OSError):
            if answer:
                self.settimeout(0)  # say it if that takes no waiting
                self.send(answer)
            self.shutdown(plain_socket.SHUT_RDWR)
