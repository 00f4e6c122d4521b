"""The gunicorn worker of the web processes: gevent's, which also stops when clients keep connections open.

Every client of ours keeps its connection for the next request, and some listen to events. gunicorn waits for
such connections as if they were requests, so each stop would last the whole ``graceful_timeout``.

Each worker also serves a socket of its own, for the requests that reached another one by mistake.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import gevent
from gunicorn.http.body import LengthReader
from gunicorn.http.wsgi import Response
from gunicorn.workers.ggevent import GeventWorker

from zou_server.adapters.guarded_socket import Crowd, GuardedSocket
from zou_server.adapters.is_alive import is_alive
from zou_server.adapters.postgres.database_wait import BUSY
from zou_server.adapters.worker_sockets import sockets_directory

if TYPE_CHECKING:
    from types import TracebackType

    from greenlet import greenlet

LOOK_SECONDS = 0.1
JUST_BEGUN_SECONDS = 0.5
CANCEL_SECONDS = 1.0
LINGER_SECONDS = 10.0
BLOCK = 65_536
_OF_WEB_SOCKET = frozenset({"UPGRADE", "CONTENT-LENGTH", "TRANSFER-ENCODING"})


class Waiting:
    """The time a connection waits for its next request, at most ``keepalive`` seconds."""

    def __init__(self, worker: WebWorker, seconds: float) -> None:
        self._worker = worker
        self._timeout = gevent.Timeout(seconds, exception=False)  # type: ignore[arg-type] # False: silently
        self._greenlet: greenlet | None = None
        self._since = 0.0

    def give_up(self) -> None:
        """End the waiting soon, as if the time were over; the connection is then closed.

        One that has just begun goes on: whoever connected is about to ask.
        """
        if time.monotonic() - self._since > JUST_BEGUN_SECONDS:
            gevent.get_hub().loop.run_callback(self._end)

    def _end(self) -> None:
        """End it, unless the request has come meanwhile: that is answered."""
        if self._greenlet is not None:
            self._greenlet.throw(self._timeout)

    def __enter__(self) -> Self:
        self._greenlet = gevent.getcurrent()
        self._since = time.monotonic()
        guarded = self._worker.guarded.get(self._greenlet)
        if guarded is not None:
            guarded.expect_request()
        self._timeout.__enter__()
        self._worker.waiting.add(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        self._worker.waiting.discard(self)
        self._greenlet = None
        is_silent: bool | None = self._timeout.__exit__(kind, error, trace)
        return is_silent


def _headers_without_server(self: Response) -> list[str]:
    return [each for each in _default_headers(self) if not each.startswith("Server:")]


# Which program and version answers is of use to attackers only.
_default_headers = Response.default_headers
Response.default_headers = _headers_without_server


def _write_together(self: Response, body: bytes) -> None:
    """Send an answer that is there whole by one call of the system: the client wakes once for it."""
    is_whole = self.response_length == len(body) and 0 < len(body) <= BLOCK
    if self.headers_sent or self._omits_body or not is_whole or type(self) is not Response:
        _write(self, body)
        return
    head = "".join([*self.default_headers(), *(f"{name}: {value}\r\n" for name, value in self.headers)])
    self.headers_sent = True
    self.sent = len(body)
    self.sock.sendall(f"{head}\r\n".encode("latin-1") + body)


_write = Response.write
Response.write = _write_together


def _is_read(body: Any) -> bool:
    """Tell whether the body of a request has been taken to its end."""
    return isinstance(body.reader, LengthReader) and body.reader.length == 0


def _becomes_web_socket(request: Any) -> bool:
    """Tell whether nothing more of a request will come but what a web socket says."""
    headers = {name: value for name, value in request.headers if name in _OF_WEB_SOCKET}
    return request.method == "GET" and headers.keys() == {"UPGRADE"} and headers["UPGRADE"] == "websocket"


class WebWorker(GeventWorker):
    """gunicorn's gevent worker; when told to stop it closes the connections that only wait.

    It is made in the parent process, which so knows its ``socket_path``, and runs in a child.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: set[Waiting] = set()
        self.guarded: dict[greenlet, GuardedSocket] = {}
        self.crowd = Crowd()
        self.starter = os.getppid()  # of the parent process, where we are made: it starts another one
        self.orphan_since = 0.0
        self.socket_path: Path = sockets_directory() / secrets.token_hex(4)

    def timeout_ctx(self) -> Waiting:
        """Return the context in which gunicorn waits for the next request of a connection."""
        return Waiting(self, self.cfg.keepalive)

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve a connection; one from outside is given up when it brings nothing for too long."""
        if client.family == socket.AF_UNIX:  # another process of this server
            super().handle(listener, client, addr)
            return
        guarded = GuardedSocket(client.family, client.type, client.proto, client.detach())
        guarded.guard(self.crowd, addr[0], self.wsgi.config["SILENCE_SECONDS"])
        current = gevent.getcurrent()
        self.guarded[current] = guarded
        try:
            super().handle(listener, guarded, addr)
        finally:
            del self.guarded[current]

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer one request, then take the rest of its body while that goes on."""
        if isinstance(sock, GuardedSocket):
            if _becomes_web_socket(req):
                sock.release()
            else:
                sock.expect_body()
        super().handle_request(listener_name, req, sock, addr)
        if _is_read(req.body):
            return
        with gevent.Timeout(self.cfg.keepalive, exception=False):  # type: ignore[arg-type] # False: silently
            while req.body.read(BLOCK):
                pass

    def notify(self) -> None:
        """Tell the parent process that we live; when it died, go on until there is another, then end.

        gunicorn's own worker then ends in the middle of everything, and who is connected waits in vain.
        """
        self.tmp.notify()
        if self.ppid == os.getppid():
            return
        self.orphan_since = self.orphan_since or time.monotonic()
        if time.monotonic() - self.orphan_since > LINGER_SECONDS or not self._has_starter():
            self.alive = False

    def _has_starter(self) -> bool:
        """Whether there is somebody who starts another parent process; the first process starts none."""
        return self.starter > 1 and is_alive(self.starter)

    def run(self) -> None:
        """Serve until told to stop, then answer what was asked."""
        # gunicorn finds each setting by a table of objects, many times a request; here none changes any more.
        self.cfg.__dict__.update({name: setting.get() for name, setting in self.cfg.settings.items()})
        neighbours = self.wsgi.extensions["neighbours"]
        self.sockets.append(neighbours.listen(self.socket_path))
        gevent.spawn(self._close_waiting_when_stopped)
        gevent.spawn(self._cancel_for_nobody)
        super().run()

    def forget_socket(self) -> None:
        """Remove the socket's file, and the directory when the parent process is gone."""
        self.socket_path.unlink(missing_ok=True)
        if os.getpid() == self.pid and os.getppid() != self.ppid:
            with suppress(OSError):  # there are others still
                self.socket_path.parent.rmdir()

    def _cancel_for_nobody(self) -> None:
        """Cancel what the database reads for clients that have hung up; a change is never cut."""
        while True:
            gevent.sleep(CANCEL_SECONDS)
            for each in list(BUSY.values()):
                guarded = self.guarded.get(each.greenlet)
                if each.is_long_read() and guarded is not None and guarded.has_hung_up():
                    gevent.get_hub().threadpool.spawn(each.connection.cancel)

    def _close_waiting_when_stopped(self) -> None:
        """Wait for the end, then close connections as they become idle, and those that only listen."""
        while self.alive:
            gevent.sleep(LOOK_SECONDS)
        while True:
            self.wsgi.extensions["live-events"].stop()
            self.wsgi.extensions["neighbours"].close()
            for each in list(self.waiting):
                each.give_up()
            gevent.sleep(LOOK_SECONDS)
