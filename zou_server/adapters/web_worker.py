"""The gunicorn worker of the web processes: gevent's, which also stops when clients keep connections open.

Every client of ours keeps its connection for the next request, and some listen to events. gunicorn waits for
such connections as if they were requests, so each stop would last the whole ``graceful_timeout``.

Each worker also serves a socket of its own, for the requests that reached another one by mistake.
"""

from __future__ import annotations

import gc
import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import gevent
from gunicorn.workers.ggevent import GeventWorker

from zou_server.adapters.worker_sockets import sockets_directory

if TYPE_CHECKING:
    from types import TracebackType

    from greenlet import greenlet

LOOK_SECONDS = 0.1
COLLECT_AFTER = (10_000, 20, 20)
"""New objects that start a search for garbage in a ring: a request makes thousands and leaves none."""


class Waiting:
    """The time a connection waits for its next request, at most ``keepalive`` seconds."""

    def __init__(self, worker: WebWorker, seconds: float) -> None:
        self._worker = worker
        self._timeout = gevent.Timeout(seconds, exception=False)  # type: ignore[arg-type] # False: silently
        self._greenlet: greenlet | None = None

    def give_up(self) -> None:
        """End the waiting as if the time were over; the connection is then closed."""
        if self._greenlet is not None:
            gevent.kill(self._greenlet, self._timeout)  # returns at once

    def __enter__(self) -> Self:
        self._greenlet = gevent.getcurrent()
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


class WebWorker(GeventWorker):
    """gunicorn's gevent worker; when told to stop it closes the connections that only wait.

    It is made in the parent process, which so knows its ``socket_path``, and runs in a child.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: set[Waiting] = set()
        self.socket_path: Path = sockets_directory() / secrets.token_hex(4)

    def timeout_ctx(self) -> Waiting:
        """Return the context in which gunicorn waits for the next request of a connection."""
        return Waiting(self, self.cfg.keepalive)

    def run(self) -> None:
        """Serve until told to stop, then answer what was asked."""
        # What was imported stays to the end: looking through it again and again took 5 % of all time.
        gc.collect()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
        neighbours = self.wsgi.extensions["neighbours"]
        self.sockets.append(neighbours.listen(self.socket_path))
        gevent.spawn(self._close_waiting_when_stopped)
        super().run()

    def forget_socket(self) -> None:
        """Remove the socket's file, and the directory when the parent process is gone."""
        self.socket_path.unlink(missing_ok=True)
        if os.getpid() == self.pid and os.getppid() != self.ppid:
            with suppress(OSError):  # there are others still
                self.socket_path.parent.rmdir()

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
