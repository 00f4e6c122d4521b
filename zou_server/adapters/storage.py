"""The file store on a local or mounted disk: one file for each key."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import IO

from zou_server.models.errors import NotFound
from zou_server.services.ports import Opened, Stored

CHUNK = 1024 * 1024
INCOMING = ".incoming"
"""Folder of files that are still being written; on the same disk, so that they can be renamed into place."""

_KEY = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\Z")


class LocalStorage:
    """A `Storage` below one folder, made when first needed.

    A file appears under its key whole, by a rename, so a reader never sees half of one and a crash
    leaves nothing but a file in the folder of incoming ones.
    """

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is touched yet."""
        self.root = root

    def put(self, key: str, stream: IO[bytes]) -> Stored:
        """Write the stream to disk, then give it its name."""
        path = self._path(key)
        incoming = self.root / INCOMING
        incoming.mkdir(parents=True, exist_ok=True)
        draft = incoming / secrets.token_hex(16)
        try:
            stored = _copy(stream, draft)
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        return stored

    def open(self, key: str) -> Opened:
        """Open the file of the key."""
        try:
            stream = self._path(key).open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise NotFound(f"There is no file '{key}'.") from None
        about = os.fstat(stream.fileno())
        return Opened(stream, about.st_size, f"{about.st_mtime_ns:x}-{about.st_size:x}-{about.st_ino:x}")

    def exists(self, key: str) -> bool:
        """Tell whether the key has a file."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove the file of the key."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        """The path of a key; ValueError for one that could leave the folder, such as `../x`."""
        if not _KEY.match(key):
            raise ValueError(f"not a storage key: {key!r}")
        return self.root / key


def _copy(stream: IO[bytes], path: Path) -> Stored:
    """Write a stream to a new file and make sure the disk has it."""
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Stored(size, digest.hexdigest())
