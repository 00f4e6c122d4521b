"""Uploads in parts: each part is kept under the name of its upload until a row takes the whole."""

from __future__ import annotations

import io
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import orjson

from zou_server.models.errors import NotFound
from zou_server.services.files.threadpool import aside

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.ports import Storage

MOST_PARTS = 10_000
IN_MEMORY = 1 << 20
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class UploadParts:
    """The parts in the file store."""

    storage: Storage

    def begin(self, actor: Actor, name: str) -> str:
        """The secret name of a new upload."""
        upload = secrets.token_hex(24)
        said = {"name": name, "person_id": str(actor.person_id)}
        self.storage.put(_key(upload, "about"), io.BytesIO(orjson.dumps(said)))
        return upload

    def check(self, upload: str) -> None:
        """NotFound for the name of no upload."""
        if not _is_name(upload) or not self.storage.exists(_key(upload, "about")):
            raise NotFound("There is no such upload.")

    def put(self, upload: str, number: int, stream: IO[bytes]) -> str:
        """Keep a part; returns its checksum."""
        self.check(upload)
        if not 1 <= number <= MOST_PARTS:
            raise NotFound("There is no such part.")
        return self.storage.put(_key(upload, f"{number:05}"), stream).checksum

    @contextmanager
    def whole(self, upload: str) -> Iterator[tuple[str, IO[bytes]]]:
        """The file's name, and its parts in one stream."""
        self.check(upload)
        opened = self.storage.open(_key(upload, "about"))
        with opened.stream:
            name = orjson.loads(opened.stream.read())["name"]
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as joined:
            aside(lambda: self._join(upload, joined))
            joined.seek(0)
            yield name, joined

    def _join(self, upload: str, into: IO[bytes]) -> None:
        for number in range(1, MOST_PARTS + 1):
            key = _key(upload, f"{number:05}")
            if not self.storage.exists(key):
                return
            opened = self.storage.open(key)
            with opened.stream:
                while piece := opened.stream.read(PIECE):
                    into.write(piece)

    def forget(self, upload: str) -> None:
        """Remove the parts: a row has the whole."""
        for number in range(1, MOST_PARTS + 1):
            key = _key(upload, f"{number:05}")
            if not self.storage.exists(key):
                break
            self.storage.delete(key)
        self.storage.delete(_key(upload, "about"))


def _is_name(upload: str) -> bool:
    return len(upload) == 48 and all(c in "0123456789abcdef" for c in upload)  # noqa: PLR2004 - 24 bytes


def _key(upload: str, part: str) -> str:
    return f"uploads/parts/{upload}/{part}"
