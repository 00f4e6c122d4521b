"""Files of any size in a form (`multipart/form-data`), read as they come and never held in memory.

Flask's own `request.files` would write each file to a temporary folder before anybody looks at it.
"""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, cast

from flask import request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.sansio.multipart import Data, Epilogue, File, MultipartDecoder, NeedData

from zou_server.models.errors import Invalid

PIECE = 256 * 1024
MOST_WAITING = 4 * PIECE
"""Bytes that may wait for the end of a header; those of a file never wait."""

MOST_PARTS = 20_100
"""As many frames as a sequence may have, and what else is in the form."""

DRAINED = 64 * 1024 * 1024
"""So much of a refused body is read all the same: a client that is cut off never sees why."""

FORM = "multipart/form-data"
FILE_FIELD = "file"


class ArrivingFile(io.RawIOBase):
    """The file of a form while it arrives. Reading past its end checks that the form is whole.

    Invalid when the form breaks off or is none, and whatever the connection raises.
    """

    def __init__(self, decoder: MultipartDecoder, name: str, *, is_one_of_many: bool = False) -> None:
        super().__init__()
        self.name = name
        self._is_one_of_many = is_one_of_many
        self.following: ArrivingFile | None = None
        self._decoder = decoder
        self._kept = b""
        self._ended = False

    def read(self, size: int = -1) -> bytes:
        """So many bytes, fewer only at the end."""
        pieces, missing = [self._kept], size - len(self._kept)
        while not self._ended and (size < 0 or missing > 0):
            piece = self._piece()
            pieces.append(piece)
            missing -= len(piece)
        found = b"".join(pieces)
        if size < 0:
            self._kept = b""
            return found
        self._kept = found[size:]
        return found[:size]

    def _piece(self) -> bytes:
        time.sleep(0)  # a fast sender is always ready: without this no other request of the process would run
        event = next_event(self._decoder)
        if not isinstance(event, Data):
            raise Invalid("The form is broken.", {FILE_FIELD: ["is broken off"]})
        if not event.more_data:
            self._ended = True
            self.following = self._find_next()
        return event.data

    def _find_next(self) -> ArrivingFile | None:
        while not isinstance(event := next_event(self._decoder), Epilogue):
            if self._is_one_of_many and isinstance(event, File) and event.name == FILE_FIELD:
                return ArrivingFile(self._decoder, event.filename or "", is_one_of_many=True)
        return None

    @property
    def stream(self) -> IO[bytes]:
        """Itself."""
        return cast("IO[bytes]", self)

    def others(self) -> Iterator[ArrivingFile]:
        """The files that come after this one, each to be read before the next is asked for."""
        following = self.following
        while following is not None:
            yield following
            following = following.following


@contextmanager
def sent_file(limit: int) -> Iterator[tuple[str, IO[bytes]]]:
    """The name and the bytes of the form's field `file`; 413 for a body of more than `limit` bytes.

    Whoever refuses it need not read it: what is left of a small one is read to its end.
    """
    with sent_files(limit, several=False) as found:
        yield found.name, found.stream


@contextmanager
def sent_files(limit: int, *, several: bool = True) -> Iterator[ArrivingFile]:
    """The first file of the form's field `file`, which knows the `others`; see `sent_file`."""
    request.max_content_length = limit
    try:
        yield _find_file(several=several)
    except BaseException:
        _drain()
        raise


def _find_file(*, several: bool) -> ArrivingFile:
    boundary = request.mimetype_params.get("boundary", "")
    if request.mimetype != FORM or not boundary:
        raise _no_file()
    decoder = MultipartDecoder(boundary.encode("latin-1", "replace"), MOST_WAITING, max_parts=MOST_PARTS)
    while True:
        event = next_event(decoder)
        if isinstance(event, File) and event.name == FILE_FIELD:
            return ArrivingFile(decoder, event.filename or "", is_one_of_many=several)
        if isinstance(event, Epilogue):
            raise _no_file()


def _no_file() -> Invalid:
    return Invalid("The form has no field 'file'.", {FILE_FIELD: ["is not in the form"]})


def next_event(decoder: MultipartDecoder) -> object:
    """The next part of a form, or piece of one, reading on as far as that takes."""
    try:
        event = decoder.next_event()
        while isinstance(event, NeedData):
            decoder.receive_data(request.stream.read(PIECE) or None)
            event = decoder.next_event()
    except RequestEntityTooLarge:
        raise
    except ValueError as error:
        raise Invalid("The form is broken.", {FILE_FIELD: ["is broken off"]}) from error
    return event


def _drain() -> None:
    if (request.content_length or 0) > DRAINED:
        return
    with suppress(HTTPException, OSError, ValueError):
        while request.stream.read(PIECE):
            pass
