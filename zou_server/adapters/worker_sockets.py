"""How a request reaches the web process that it is meant for, among those of one machine.

The processes share one port, and the system gives a connection to any of them. A client that polls comes with
a new connection each time, so its requests reach processes that do not know it. Each process therefore also
serves a unix socket of its own, named after it in a directory that only this server may enter, and passes on
what is not meant for it.

gunicorn's parent process imports this before the web processes are made cooperative: names of `socket` and
`threading` are looked up when they are used.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
import threading
from contextlib import contextmanager, suppress
from functools import cache
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

NAME = re.compile(r"[0-9a-f]{8}")
LONGEST_PATH = 100
"""A unix socket's path is cut at 104 bytes on some systems."""
BACKLOG = 128
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 60.0
"""A poll is answered after 45 seconds at the latest, and a web socket is never silent for longer."""
BLOCK = 65_536

PASSED_ON = "X-Zou-Server-Passed-On"
_MARK = "HTTP_" + PASSED_ON.upper().replace("-", "_")
_NOT_PASSED_ON = frozenset(
    {
        # of one connection (RFC 9110, 7.6.1)
        "HTTP_CONNECTION",
        "HTTP_KEEP_ALIVE",
        "HTTP_PROXY_AUTHORIZATION",
        "HTTP_PROXY_CONNECTION",
        "HTTP_TE",
        "HTTP_TRAILER",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_UPGRADE",
        "HTTP_EXPECT",
        # said anew, or said by X-Forwarded-Proto
        "HTTP_X_FORWARDED_FOR",
        "HTTP_X_FORWARDED_PROTOCOL",
        "HTTP_X_FORWARDED_SSL",
        _MARK,
    }
)


@cache
def sockets_directory() -> Path:
    """Make the directory of the unix sockets, once for each server: nobody else may enter it."""
    place = tempfile.gettempdir()
    if len(os.fsencode(place)) + 40 > LONGEST_PATH:
        place = "/tmp"  # noqa: S108 - mkdtemp makes a directory of our own in it
    return Path(tempfile.mkdtemp(prefix="zou-server-", dir=place))


def remove_sockets() -> None:
    """Remove the directory with all that is in it: the server ends."""
    shutil.rmtree(sockets_directory(), ignore_errors=True)


class WorkerSockets:
    """The unix socket of this process, and the way to those of the others. It begins without any."""

    def __init__(self) -> None:
        self.name = ""
        self._directory = Path()
        self._open: set[Any] = set()

    def listen(self, path: Path) -> socket.socket:
        """Open the socket of this process; the others' are beside it."""
        self.name, self._directory = path.name, path.parent
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(str(path))
        listener.listen(BACKLOG)
        return listener

    def pass_on(
        self, name: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes] | None:
        """Have a request answered by the process of that name; None when there is none (any more)."""
        if not self.name or name == self.name or not NAME.fullmatch(name) or _MARK in environ:
            return None
        is_socket = environ.get("HTTP_UPGRADE", "").lower() == "websocket"
        with self._connected(name) as peer:
            if peer is None:
                return None
            if not is_socket:
                return _ask(environ, start_response, peer)
            self._join(environ, peer)
        raise StopIteration  # gunicorn's word for: there is nothing to answer, close the connection

    def close(self) -> None:
        """End everything that is being passed on."""
        for each in list(self._open):
            _shut(each)

    @contextmanager
    def _connected(self, name: str) -> Iterator[socket.socket | None]:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as peer:
            peer.settimeout(CONNECT_SECONDS)
            try:
                peer.connect(str(self._directory / name))
            except OSError:
                yield None
                return
            peer.settimeout(ANSWER_SECONDS)
            self._open.add(peer)
            try:
                yield peer
            finally:
                self._open.discard(peer)

    def _join(self, environ: WSGIEnvironment, peer: socket.socket) -> None:
        """Be the wire between a client and another process until one of them ends."""
        client = environ["gunicorn.socket"]
        client.settimeout(ANSWER_SECONDS)
        self._open.add(client)
        try:
            peer.sendall(_head(environ, "Connection: Upgrade", "Upgrade: websocket"))
            back = threading.Thread(target=_pump, args=(peer, client), daemon=True)
            back.start()
            _pump(client, peer)
            back.join()
        except OSError:
            pass  # the other process ended just now; the client comes back
        finally:
            self._open.discard(client)


def _ask(
    environ: WSGIEnvironment, start_response: StartResponse, peer: socket.socket
) -> Iterable[bytes] | None:
    """Ask another process and answer what it answered; None when it ended meanwhile."""
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    length = [f"Content-Length: {len(sent)}"] if sent or environ["REQUEST_METHOD"] == "POST" else []
    try:
        peer.sendall(_head(environ, "Connection: close", *length) + sent)
        answer = HTTPResponse(peer, method=environ["REQUEST_METHOD"])
        answer.begin()
        body = answer.read()
    except (OSError, HTTPException):
        return None
    kept = [(name, value) for name, value in answer.getheaders() if name.lower() in _KEPT_OF_ANSWER]
    start_response(f"{answer.status} {answer.reason}", [*kept, ("Content-Length", str(len(body)))])
    return [body]


_KEPT_OF_ANSWER = frozenset(
    {
        "content-type",
        "content-encoding",
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "access-control-allow-methods",
        "access-control-allow-headers",
    }
)


def _head(environ: WSGIEnvironment, *more: str) -> bytes:
    """The head of a request as the client sent it but for what belongs to its connection."""
    query = environ.get("QUERY_STRING", "")
    target = environ["PATH_INFO"] + (f"?{query}" if query else "")
    lines = [f"{environ['REQUEST_METHOD']} {target} HTTP/1.1", *more, f"{PASSED_ON}: 1"]
    lines += [
        f"{name[5:].replace('_', '-').title()}: {value}"
        for name, value in environ.items()
        if name.startswith("HTTP_") and name not in _NOT_PASSED_ON
    ]
    if environ.get("CONTENT_TYPE"):
        lines.append(f"Content-Type: {environ['CONTENT_TYPE']}")
    if "HTTP_X_FORWARDED_PROTO" not in environ:
        lines.append(f"X-Forwarded-Proto: {environ['wsgi.url_scheme']}")
    hops = [environ.get("HTTP_X_FORWARDED_FOR"), environ.get("REMOTE_ADDR")]
    if any(hops):
        lines.append(f"X-Forwarded-For: {', '.join(hop for hop in hops if hop)}")
    return "\r\n".join((*lines, "", "")).encode("latin-1")


def _pump(source: socket.socket, target: socket.socket) -> None:
    """Carry bytes one way until an end; then end both ways."""
    with suppress(OSError):
        while block := source.recv(BLOCK):
            target.sendall(block)
    _shut(source)
    _shut(target)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
