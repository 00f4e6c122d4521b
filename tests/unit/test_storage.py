"""The file store on a disk: whole files under plain keys, nothing left of what failed."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest

from zou_server.adapters.storage import CHUNK, INCOMING, LocalStorage
from zou_server.models.errors import NotFound

KEY = "pictures/thumbnails/ab1/c2d/ab1c2d.png"


@pytest.fixture
def storage(tmp_path: Path) -> LocalStorage:
    """A store in a folder that does not exist yet."""
    return LocalStorage(tmp_path / "files")


def content(storage: LocalStorage, key: str) -> bytes:
    with storage.open(key).stream as stream:
        return stream.read()


def files(storage: LocalStorage) -> list[str]:
    return sorted(str(path.relative_to(storage.root)) for path in storage.root.rglob("*") if path.is_file())


def test_what_was_put_can_be_read_and_its_size_and_checksum_are_told(storage: LocalStorage) -> None:
    data = b"frame" * CHUNK
    stored = storage.put(KEY, io.BytesIO(data))
    assert (stored.size, stored.checksum) == (len(data), hashlib.sha256(data).hexdigest())
    assert content(storage, KEY) == data
    assert storage.exists(KEY)
    assert files(storage) == [KEY]


def test_putting_again_replaces_the_file_and_changes_its_version(storage: LocalStorage) -> None:
    versions = []
    for data in (b"one", b"two"):
        storage.put(KEY, io.BytesIO(data))
        opened = storage.open(KEY)
        opened.stream.close()
        versions.append(opened.version)
    assert content(storage, KEY) == b"two"
    assert versions[0] != versions[1]


def test_somebody_who_reads_keeps_the_file_they_opened(storage: LocalStorage) -> None:
    storage.put(KEY, io.BytesIO(b"one"))
    with storage.open(KEY).stream as stream:
        storage.put(KEY, io.BytesIO(b"two"))
        assert stream.read() == b"one"


def test_a_failed_upload_leaves_what_was_there_and_nothing_else(storage: LocalStorage) -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise ConnectionResetError(size)

    storage.put(KEY, io.BytesIO(b"one"))
    with pytest.raises(ConnectionResetError):
        storage.put(KEY, Broken())  # type: ignore[arg-type]
    assert content(storage, KEY) == b"one"
    assert files(storage) == [KEY]


def test_what_is_not_there_is_not_found_and_can_be_deleted(storage: LocalStorage) -> None:
    assert not storage.exists(KEY)
    with pytest.raises(NotFound):
        storage.open(KEY)
    storage.put(KEY, io.BytesIO(b"one"))
    with pytest.raises(NotFound):
        storage.open("pictures/thumbnails")
    storage.delete(KEY)
    storage.delete(KEY)
    assert not storage.exists(KEY)


@pytest.mark.parametrize(
    "key",
    ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".hidden", f"{INCOMING}/x", "a b", "a\0", "a\n"],
)
def test_a_key_cannot_leave_the_folder(storage: LocalStorage, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        storage.put(key, io.BytesIO(b""))
