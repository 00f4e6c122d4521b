"""Sending stored bytes: whole or a range of them, not again to whoever has them, under a harmless name.

Callers have checked that the actor may see the row that the bytes are of. Where the store can be
reached by clients themselves, they are sent there for a short while instead.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.wsgi import wrap_file

if TYPE_CHECKING:
    from zou_server.services.ports import Opened, Storage

SHOWN_TYPES = frozenset(
    {
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/avif",
        "video/mp4",
        "video/webm",
        "video/quicktime",
        "audio/mpeg",
        "audio/wav",
        "application/pdf",
    }
)
"""Media types a browser may show in place; anything else (HTML, SVG) could run as a page of ours."""

LONGEST_NAME = 150
UNNAMED = "download"
_IN_NAMES = frozenset('/\\:*?"<>|;%')
_CUT = " .~"


@dataclass(frozen=True, slots=True)
class Download:
    """What to send: the key, its media type, the file name to offer ("" for none).

    `attachment` asks the browser to save it even when it could show it; `max_age` are the seconds
    that it may be kept unasked, None to ask every time.
    """

    key: str
    media_type: str
    name: str = ""
    attachment: bool = False
    max_age: int | None = None

    @property
    def disposition(self) -> str:
        """The value of Content-Disposition, "" where there is nothing to say."""
        saved = self.attachment or self.media_type not in SHOWN_TYPES
        if not self.name:
            return "attachment" if saved else ""
        return disposition(self.name, attachment=saved)


def send_stored(storage: Storage, what: Download) -> Response:
    """The answer to a GET or HEAD: 200, 206, 304, 416, or 302 to the store; NotFound without bytes."""
    opened = storage.open(what.key)
    address = storage.address(what.key, media_type=what.media_type, disposition=what.disposition)
    if address is not None:
        opened.stream.close()
        return _elsewhere(address)
    return send_opened(opened, what)


def send_opened(opened: Opened, what: Download) -> Response:
    """The same from here, wherever the store can be reached: for clients that follow no redirect."""
    return _conditional(_answer(opened, what), opened)


def _answer(opened: Opened, what: Download) -> Response:
    answer = Response(
        wrap_file(request.environ, opened.stream), mimetype=what.media_type, direct_passthrough=True
    )
    answer.content_length = opened.size
    answer.last_modified = opened.modified
    answer.set_etag(opened.version)
    # The bytes are for those who may see their row, so no proxy may keep them for others.
    answer.cache_control.private = True
    if what.max_age is None:
        answer.cache_control.no_cache = True
    else:
        answer.cache_control.max_age = what.max_age
    answer.headers["X-Content-Type-Options"] = "nosniff"
    if what.disposition:
        answer.headers["Content-Disposition"] = what.disposition
    return answer


def _conditional(answer: Response, opened: Opened) -> Response:
    """Leave out what the client has already, or has not asked for."""
    try:
        answer.make_conditional(request, accept_ranges=_accepts_range(), complete_length=opened.size)
    except HTTPException:
        answer.close()
        raise
    return answer


def _accepts_range() -> bool:
    """True unless several ranges are asked for at once: those get the whole, as HTTP allows."""
    return request.range is None or len(request.range.ranges) == 1


def _elsewhere(address: str) -> Response:
    answer = Response(status=302, headers={"Location": address})
    answer.cache_control.private = answer.cache_control.no_store = True
    return answer


def disposition(name: str, *, attachment: bool) -> str:
    """A Content-Disposition with a file name that no client can take for a path or a second header."""
    name = harmless_name(name)
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().strip(_CUT) or UNNAMED
    kind = "attachment" if attachment else "inline"
    if plain == name:
        return f'{kind}; filename="{plain}"'
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def harmless_name(name: str) -> str:
    """A file name without folders, control characters, or what changes the direction of reading."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if c in _IN_NAMES else c for c in last if unicodedata.category(c)[0] != "C")
    stem, dot, extension = kept.strip(_CUT).rpartition(".")
    if not dot:
        return extension[:LONGEST_NAME] or UNNAMED
    return f"{stem[: LONGEST_NAME - len(extension[:20]) - 1].strip(_CUT) or UNNAMED}.{extension[:20]}"
