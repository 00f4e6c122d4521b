"""Addresses of files in answers: written by the database with a mark, signed when the answer is sent.

Clients send no credential when they fetch a file from a site with a port in its address, so the address
itself says for how long it is good.
"""

from __future__ import annotations

import hmac
import re
import time
from dataclasses import dataclass

MARK = "https://site.invalid"
PENDING = "/images/status/transient/thumbnail_pending.png"
ATTACHMENTS, THUMBNAILS, PREVIEWS, MOVIES = "attachment", "thumbnail", "preview", "movie"
WEB_MOVIES, STRIPS, PICTURES = "webmovie", "filmstrip", "picture"
PLACES = frozenset({ATTACHMENTS, THUMBNAILS, PREVIEWS, MOVIES, WEB_MOVIES, STRIPS, PICTURES})
DAY = 86_400
_MARKED = re.compile(rf"{re.escape(MARK)}(?:/(?P<place>{'|'.join(sorted(PLACES))})/(?P<id>[0-9a-f-]{{36}}))?")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Signs and checks; an address is good until the end of the day after the one when it was given."""

    secret: bytes

    @classmethod
    def keyed(cls, secret_key: str) -> Addresses:
        """Addresses of a site with this secret."""
        return cls(hmac.digest(secret_key.encode(), b"zou-server file addresses", "sha256"))

    def filled(self, text: str, site: str) -> str:
        """The answer with real addresses in place of the marks."""
        if MARK not in text:
            return text
        until = (int(time.time()) // DAY + 2) * DAY
        return _MARKED.sub(lambda found: f"{site}{self._path(found, until)}", text)

    def _path(self, found: re.Match[str], until: int) -> str:
        place, id_ = found["place"], found["id"]
        return self.path(place, id_, until) if place else ""

    def path(self, place: str, id_: str, until: int) -> str:
        """The path of a file with its proof."""
        return f"/file_serve/{place}/{id_}?until={until}&proof={self._proof(place, id_, until)}"

    def is_good(self, place: str, id_: str, until: str, proof: str) -> bool:
        """True for an address of ours that has not run out."""
        if not until.isdigit() or int(until) < time.time():
            return False
        return hmac.compare_digest(self._proof(place, id_, int(until)).encode(), proof.encode())

    def _proof(self, place: str, id_: str, until: int) -> str:
        return hmac.digest(self.secret, f"{place}/{id_}/{until}".encode(), "sha256").hex()[:40]
