"""What every file store promises, said once and tried on a disk and in a bucket of a real S3 server."""

from __future__ import annotations

import hashlib
import io
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.stores import SECRET, Store, bucket, folder, s3_server
from zou_server.adapters.s3_storage import PART, S3Storage
from zou_server.adapters.storage import LocalStorage
from zou_server.commands.check import check_storage
from zou_server.models.errors import NotFound, Unavailable
from zou_server.settings import Settings

KEY = "pictures/thumbnails/ab1/c2d/ab1c2d.png"
BIG = random.Random(3).randbytes(2 * PART + 12_345)  # noqa: S311 - content, not a secret


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of an S3 server."""
    with s3_server() as address:
        yield address


@pytest.fixture(params=["disk", "bucket"])
def store(request: pytest.FixtureRequest, endpoint: str, tmp_path: Path) -> Store:
    """A store with nothing in it."""
    return folder(tmp_path / "files") if request.param == "disk" else bucket(endpoint, tmp_path / "scratch")


def content(store: Store, key: str = KEY) -> bytes:
    with store.storage.open(key).stream as stream:
        return stream.read()


class Broken(io.RawIOBase):
    """A client that goes away after some bytes."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self.left = after

    def read(self, size: int = -1) -> bytes:
        if self.left <= 0:
            raise ConnectionResetError(size)
        given = min(size, self.left)
        self.left -= given
        return b"x" * given


class InPieces(io.BytesIO):
    """A connection that gives what has arrived, which is less than was asked for."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 70_001))


@pytest.mark.parametrize("data", [b"", b"frame", BIG[:PART], BIG], ids=["nothing", "small", "a part", "big"])
def test_what_was_put_can_be_read_and_its_size_and_checksum_are_told(store: Store, data: bytes) -> None:
    stored = store.storage.put(KEY, io.BytesIO(data))
    assert (stored.size, stored.checksum) == (len(data), hashlib.sha256(data).hexdigest())
    opened = store.storage.open(KEY)
    with opened.stream as stream:
        assert (opened.size, stream.read()) == (len(data), data)
    assert store.storage.exists(KEY)
    assert (store.keys(), store.leftovers()) == ([KEY], [])


def test_a_stream_that_comes_in_pieces_is_kept_whole(store: Store) -> None:
    stored = store.storage.put(KEY, InPieces(BIG))
    assert stored.checksum == hashlib.sha256(BIG).hexdigest()
    assert content(store) == BIG


def test_any_part_of_what_is_stored_can_be_read(store: Store) -> None:
    store.storage.put(KEY, io.BytesIO(BIG))
    with store.storage.open(KEY).stream as stream:
        for at in (PART - 3, 5, len(BIG) - 4, 6):
            stream.seek(at)
            assert stream.read(9) == BIG[at : at + 9]
        stream.seek(-7, io.SEEK_END)
        assert stream.read() == BIG[-7:]
        assert (stream.tell(), stream.read()) == (len(BIG), b"")


def test_putting_again_replaces_what_was_there_and_changes_its_version(store: Store) -> None:
    versions = []
    for data in (b"one", b"two"):
        store.storage.put(KEY, io.BytesIO(data))
        opened = store.storage.open(KEY)
        opened.stream.close()
        versions.append(opened.version)
    assert content(store) == b"two"
    assert versions[0] != versions[1]


def test_somebody_who_reads_never_gets_a_mixture_of_two_files(store: Store) -> None:
    store.storage.put(KEY, io.BytesIO(b"a" * PART))
    with store.storage.open(KEY).stream as stream:
        first = stream.read(10)
        store.storage.put(KEY, io.BytesIO(b"b" * PART))
        stream.seek(PART - 10)
        try:
            last = stream.read(10)
        except Unavailable:
            last = first
    assert (first, last) == (b"a" * 10, b"a" * 10)
    assert content(store) == b"b" * PART


@pytest.mark.parametrize("after", [0, 10, PART + 10])
def test_a_failed_upload_leaves_what_was_there_and_nothing_else(store: Store, after: int) -> None:
    store.storage.put(KEY, io.BytesIO(b"one"))
    with pytest.raises(ConnectionResetError):
        store.storage.put(KEY, Broken(after))  # type: ignore[arg-type]
    assert content(store) == b"one"
    assert (store.keys(), store.leftovers()) == ([KEY], [])


def test_of_two_who_write_at_once_one_wins_whole(store: Store) -> None:
    both = [letter * (PART + 1000) for letter in (b"a", b"b")]
    start = threading.Barrier(2)

    def write(data: bytes) -> None:
        start.wait()
        store.storage.put(KEY, io.BytesIO(data))

    writers = [threading.Thread(target=write, args=(data,)) for data in both]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert content(store) in both
    assert (store.keys(), store.leftovers()) == ([KEY], [])


def test_what_is_not_there_is_not_found_and_can_be_deleted(store: Store) -> None:
    assert not store.storage.exists(KEY)
    with pytest.raises(NotFound):
        store.storage.open(KEY)
    with pytest.raises(NotFound), store.storage.local_copy(KEY):
        pass
    store.storage.put(KEY, io.BytesIO(b"one"))
    with pytest.raises(NotFound):
        store.storage.open("pictures/thumbnails")
    store.storage.delete(KEY)
    store.storage.delete(KEY)
    assert not store.storage.exists(KEY)


def test_programs_get_a_file_with_the_ending_of_the_key(store: Store) -> None:
    store.storage.put(KEY, io.BytesIO(b"one"))
    with store.storage.local_copy(KEY) as path:
        assert (path.suffix, path.read_bytes()) == (".png", b"one")
    if isinstance(store.storage, S3Storage):
        assert not path.exists()


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../x",
        "a/../b",
        "a//b",
        "a/",
        ".hidden",
        ".incoming/x",
        "a b",
        "a\0",
        "a\n",
        "é",
        "a" * 2000,
    ],
)
def test_an_odd_key_is_refused_before_anything_is_touched(store: Store, key: str) -> None:
    for use in (store.storage.open, store.storage.exists, store.storage.delete):
        with pytest.raises(ValueError, match="not a storage key"):
            use(key)
    with pytest.raises(ValueError, match="not a storage key"):
        store.storage.put(key, io.BytesIO(b""))
    with pytest.raises(ValueError, match="not a storage key"):
        store.storage.address(key, media_type="image/png")
    assert (store.keys(), store.leftovers()) == ([], [])


# -- whole processes -----------------------------------------------------------------------------------------

PROGRAM = """
import io, resource, signal, sys, time
from pathlib import Path
from zou_server.adapters.storage import LocalStorage
from zou_server.models.errors import Unavailable

class Endless(io.RawIOBase):
    def __init__(self, size, then):
        self.left, self.then = size, then
    def read(self, size=-1):
        given = min(size, self.left)
        self.left -= given
        if given == 0:
            self.then()
        return b"x" * given

def storage(place):
    if not place.startswith("http"):
        return LocalStorage(Path(place))
    from zou_server.adapters.s3_storage import Bucket, S3Storage
    endpoint, _, name = place.rpartition("/")
    keys = {"access_key": "AKIATEST", "secret_key": "x"}
    return S3Storage(Bucket(name, prefix="studio/", endpoint=endpoint, **keys), Path("/tmp"))
"""


def place(store: Store) -> str:
    """How a program of its own finds the store."""
    if isinstance(store.storage, S3Storage):
        return f"{store.storage.bucket.endpoint}/{store.storage.bucket.name}"
    assert isinstance(store.storage, LocalStorage)
    return str(store.storage.root)


def run(program: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM + program, *arguments], stdout=subprocess.PIPE, text=True
    )


def out(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def test_a_killed_upload_leaves_nothing_under_the_key_and_its_remains_are_removed(store: Store) -> None:
    program = f"""
def wait():
    print("half", flush=True)
    time.sleep(60)
storage(sys.argv[1]).put("{KEY}", Endless({PART + 10_000_000}, wait))
"""
    with run(program, place(store)) as process:
        assert out(process).readline() == "half\n"
        process.send_signal(signal.SIGKILL)
    assert (store.keys(), len(store.leftovers())) == ([], 1)
    if isinstance(store.storage, LocalStorage):  # moto says that every upload began in 2010
        assert store.storage.remove_abandoned() == 0, "it may still be under way"
    time.sleep(0.01)
    assert store.storage.remove_abandoned(older_than=0) == 1
    assert store.leftovers() == []


def test_a_store_lists_what_has_been_in_a_folder_for_a_while(store: Store) -> None:
    inside = {"previews/sources/ab1/c2d/one.png", "previews/sources/ab1/c2d/two.mov"}
    for key in (*inside, "previews/sourcesx/three.png", "attachments/four"):
        store.storage.put(key, io.BytesIO(b"x"))
    soon = -60  # clocks of stores differ a little
    assert set(store.storage.keys("previews/sources", soon)) == inside
    assert list(store.storage.keys("previews/sources", 3600)) == []
    assert list(store.storage.keys("nothing/here", soon)) == []


def test_memory_does_not_grow_with_the_file(store: Store) -> None:
    program = f"""
import boto3
unit = 1024 if sys.platform == "linux" else 2**20
use = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit
store = storage(sys.argv[1])
store.put("{KEY}", Endless(1000, lambda: None))
before = use()
size = 200 * 2**20
assert store.put("{KEY}", Endless(size, lambda: None)).size == size
with store.open("{KEY}").stream as stream:
    while stream.read(2**20):
        pass
print(use() - before)
"""
    with run(program, place(store)) as process:
        grown = int(out(process).read())
    assert grown < 64, f"{grown} MB for a file of 200 MB"


def test_a_disk_without_room_is_unavailable_and_keeps_nothing(tmp_path: Path) -> None:
    store = folder(tmp_path / "files")
    store.storage.put(KEY, io.BytesIO(b"one"))
    program = f"""
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000_000, 5_000_000))
try:
    storage(sys.argv[1]).put("{KEY}", Endless(20_000_000, lambda: None))
except Unavailable as error:
    print(error.message)
"""
    with run(program, place(store)) as process:
        assert "does not take this file: File too large" in out(process).read()
    assert content(store) == b"one"
    assert (store.keys(), store.leftovers()) == ([KEY], [])


# -- what a bucket may lack ----------------------------------------------------------------------------------


def test_a_bucket_that_works_passes_its_check_and_keeps_nothing_of_it(endpoint: str) -> None:
    store = bucket(endpoint)
    store.storage.check()
    assert store.keys() == []


def test_a_bucket_that_is_not_there_is_told_of_without_its_secret(endpoint: str) -> None:
    store = bucket(endpoint, exists=False)
    with pytest.raises(Unavailable, match="NoSuchBucket") as caught:
        store.storage.check()
    assert SECRET not in repr(caught.value) + repr(store.storage.__dict__)


def test_the_check_command_says_what_a_bucket_lacks(endpoint: str, tmp_path: Path) -> None:
    for exists, verdict, sentence in ((True, "ok", "read from"), (False, "wrong", "NoSuchBucket")):
        storage = bucket(endpoint, exists=exists).storage
        assert isinstance(storage, S3Storage)
        settings = Settings.from_env(
            {},
            data_dir=tmp_path,
            storage="s3",
            s3_bucket=storage.bucket.name,
            s3_endpoint=endpoint,
            s3_access_key="AKIATEST",
            s3_secret_key=SECRET,
        )
        found = check_storage(settings)
        assert (found.verdict, found.subject) == (verdict, "storage")
        assert sentence in found.sentence
        assert SECRET not in found.sentence + repr(settings)


def test_a_store_that_cannot_be_reached_is_unavailable() -> None:
    store = bucket("http://127.0.0.1:9", exists=False)
    with pytest.raises(Unavailable, match="cannot be reached"):
        store.storage.open(KEY)


def test_a_bucket_gives_addresses_only_when_it_is_told_how_long_they_last(endpoint: str) -> None:
    silent, telling = bucket(endpoint), bucket(endpoint, link_seconds=30)
    assert silent.storage.address(KEY, media_type="image/png") is None
    address = telling.storage.address(KEY, media_type="image/png")
    assert address is not None
    assert SECRET not in address
    assert "X-Amz-Expires=30" in address
