"""How the web processes send answers: by as few calls as they take, and the same bytes as gunicorn sends."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from gunicorn.config import Config
from gunicorn.http.body import Body, ChunkedReader, LengthReader
from gunicorn.http.unreader import IterUnreader
from gunicorn.http.wsgi import Response

from zou_server.adapters import web_worker


class Wire:
    """The connection of a client: the pieces that were sent."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def sendall(self, data: bytes) -> None:
        """Note a piece."""
        self.pieces.append(bytes(data))


def sent(write: Any, method: str, status: str, length: int | None, pieces: list[bytes]) -> list[bytes]:
    """What goes over the wire for an answer of these pieces."""
    wire = Wire()
    asked = SimpleNamespace(method=method, version=(1, 1), should_close=lambda: False)
    answer = Response(asked, wire, Config())
    headers = [("X-Own", "é")] + ([("Content-Length", str(length))] if length is not None else [])
    answer.start_response(status, headers)
    for piece in pieces:
        write(answer, piece)
    answer.close()
    return wire.pieces


@pytest.fixture(autouse=True)
def _one_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gunicorn.util.http_date", lambda: "Tue, 01 Dec 2026 00:00:00 GMT")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("status", ["200 OK", "204 NO CONTENT", "304 NOT MODIFIED", "404 NOT FOUND"])
@pytest.mark.parametrize(
    ("length", "pieces"),
    [
        (4, [b"body"]),
        (4, [b"bo", b"dy"]),
        (4, [b"longer"]),
        (0, [b""]),
        (0, []),
        (None, [b"bo", b"dy"]),
        (100_000, [b"x" * 100_000]),
    ],
)
def test_the_same_bytes_are_sent_as_by_gunicorn(
    method: str, status: str, length: int | None, pieces: list[bytes]
) -> None:
    theirs = sent(web_worker._write, method, status, length, pieces)  # noqa: SLF001 - what was before
    ours = sent(Response.write, method, status, length, pieces)
    assert b"".join(ours) == b"".join(theirs)


def test_a_whole_answer_is_sent_at_once() -> None:
    (piece,) = sent(Response.write, "GET", "200 OK", 4, [b"body"])
    assert piece.startswith(b"HTTP/1.1 200 OK\r\n")
    assert piece.endswith(b"\r\n\r\nbody")


def test_a_body_is_known_to_be_read_when_all_of_it_was_taken() -> None:
    body = Body(LengthReader(IterUnreader([b"abcd"]), 4))
    assert not web_worker._is_read(body)  # noqa: SLF001
    assert body.read() == b"abcd"
    assert web_worker._is_read(body)  # noqa: SLF001
    assert web_worker._is_read(Body(LengthReader(IterUnreader([]), 0)))  # noqa: SLF001


def test_the_end_of_a_body_in_chunks_is_waited_for() -> None:
    body = Body(ChunkedReader(SimpleNamespace(trailers=[]), IterUnreader([b"0\r\n\r\n"])))
    assert not web_worker._is_read(body)  # noqa: SLF001
