"""The file store on a local or mounted disk: one file for each key."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Protocol

from zou_server.data_dir import SettingsError
from zou_server.models.errors import NotFound, of_disk
from zou_server.services.files.threadpool import aside
from zou_server.services.ports import ListedStorage, Opened, Stored
from zou_server.settings import Settings

CHUNK = 1024 * 1024
INCOMING = ".incoming"
"""Folder of files that are still being written; on the same disk, so that they can be renamed into place."""

ABANDONED_SECONDS = 24 * 3600
"""A file that has not grown for so long in the folder of incoming ones is what a crash left."""

_KEY = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*/)*[A-Za-z0-9_-][A-Za-z0-9._-]*\Z")
LONGEST_KEY = 900


class StoreOfFiles(ListedStorage, Protocol):
    """A file store as the server itself needs it, beside what the services do."""

    def remove_abandoned(self, older_than: float = ABANDONED_SECONDS) -> int:
        """Remove what uploads that never ended left, and tell how much it was."""

    def check(self) -> None:
        """Try the store; Unavailable says what is wrong with it."""


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
        draft = self.root / INCOMING / secrets.token_hex(16)
        with _disk():
            draft.parent.mkdir(parents=True, exist_ok=True)
        try:
            stored = _copy(stream, draft)
            with _disk():
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
        version = f"{about.st_mtime_ns:x}-{about.st_size:x}-{about.st_ino:x}"
        return Opened(stream, about.st_size, version, dt.datetime.fromtimestamp(about.st_mtime, dt.UTC))

    @contextmanager
    def local_copy(self, key: str) -> Iterator[Path]:
        """The file of the key itself: to be read, never written."""
        path = self._path(key)
        if not path.is_file():
            raise NotFound(f"There is no file '{key}'.")
        yield path

    def exists(self, key: str) -> bool:
        """Tell whether the key has a file."""
        return self._path(key).is_file()

    def delete(self, key: str) -> None:
        """Remove the file of the key."""
        self._path(key).unlink(missing_ok=True)

    def address(self, key: str, *, media_type: str, disposition: str = "") -> str | None:  # noqa: ARG002
        """None: a disk has no addresses."""
        checked_key(key)
        return None

    def keys(self, folder: str, older_than: float) -> Iterator[str]:
        """Walk through the files below a folder."""
        oldest = time.time() - older_than
        for path in self._path(folder).rglob("*"):
            with suppress(FileNotFoundError):
                if path.is_file() and path.stat().st_mtime < oldest:
                    yield path.relative_to(self.root).as_posix()

    def remove_abandoned(self, older_than: float = ABANDONED_SECONDS) -> int:
        """Remove what killed processes left half-written, and tell how many files it was."""
        return remove_older(self.root / INCOMING, older_than)

    def check(self) -> None:
        """Try whether a file can be made."""
        with _disk():
            self.root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.root):
                pass

    def _path(self, key: str) -> Path:
        """The path of a key."""
        return self.root / checked_key(key)


def remove_older(folder: Path, seconds: float) -> int:
    """Remove the files of a folder that were not written to for so long, and tell how many."""
    oldest, removed = time.time() - seconds, 0
    for path in folder.glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < oldest:
                path.unlink()
                removed += 1
    return removed


def make_storage(settings: Settings) -> StoreOfFiles:
    """The file store that the settings name; SettingsError when it needs a package that is missing."""
    if settings.storage == "local":
        return LocalStorage(settings.storage_dir)
    try:
        from zou_server.adapters.s3_storage import Bucket, S3Storage  # noqa: PLC0415 - boto3 is an extra
    except ImportError as error:
        raise SettingsError(str(error)) from None
    bucket = Bucket(
        name=settings.s3_bucket,
        prefix=settings.s3_prefix,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        access_key=settings.s3_access_key,
        secret_key=settings.s3_secret_key,
        public_endpoint=settings.s3_public_endpoint,
        link_seconds=settings.s3_link_seconds,
    )
    return S3Storage(bucket, settings.data_dir / "scratch")


def checked_key(key: str) -> str:
    """The key itself; ValueError for one that could leave the folder, such as `../x`."""
    if len(key) > LONGEST_KEY or not _KEY.match(key):
        raise ValueError(f"not a storage key: {key[:80]!r}")
    return key


def _copy(stream: IO[bytes], path: Path) -> Stored:
    """Write a stream to a new file and make sure the disk has it."""
    digest, size = hashlib.sha256(), 0
    with _disk():
        file = path.open("xb")
    with file:
        while chunk := stream.read(CHUNK):
            aside(partial(_keep, file, digest, chunk))
            size += len(chunk)
        aside(partial(_settle, file))
    return Stored(size, digest.hexdigest())


def _keep(file: IO[bytes], digest: hashlib._Hash, chunk: bytes) -> None:
    with _disk():
        file.write(chunk)
    digest.update(chunk)


def _settle(file: IO[bytes]) -> None:
    """Wait until the disk has it."""
    with _disk():
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _disk() -> Iterator[None]:
    """The disk's own trouble as Unavailable: full, gone, read-only."""
    try:
        yield
    except OSError as error:
        raise of_disk(error, "this file") from error
