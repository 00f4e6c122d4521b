"""File stores to test with: a folder, and a bucket of a real S3 server in this process."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from moto.server import ThreadedMotoServer

from zou_server.adapters.s3_storage import Bucket, S3Storage
from zou_server.adapters.storage import LocalStorage, StoreOfFiles

SECRET = "a-secret-that-is-never-told"
_numbers = itertools.count(1)


@dataclass
class Store:
    """A store, and what a test may look up behind its back: its keys and what was left half-done."""

    storage: StoreOfFiles
    keys: Callable[[], list[str]]
    leftovers: Callable[[], list[Any]]


def folder(path: Path) -> Store:
    """A store in a folder that does not exist yet."""
    storage = LocalStorage(path)

    def files() -> list[str]:
        return sorted(str(each.relative_to(path)) for each in path.rglob("*") if each.is_file())

    return Store(
        storage,
        lambda: [name for name in files() if not name.startswith(".incoming/")],
        lambda: [name for name in files() if name.startswith(".incoming/")],
    )


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of an S3 server that ends with the block."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        yield f"http://{host}:{port}"
    finally:
        server.stop()


def bucket(endpoint: str, scratch: Path | None = None, *, exists: bool = True, **options: Any) -> Store:
    """A store in a bucket of its own."""
    about = Bucket(
        name=f"files-{next(_numbers)}",
        prefix="studio/",
        endpoint=endpoint,
        access_key="AKIATEST",
        secret_key=SECRET,
    )
    about = replace(about, **options)
    client = about.client(endpoint)
    if exists:
        client.create_bucket(Bucket=about.name)

    def keys() -> list[str]:
        found = client.list_objects_v2(Bucket=about.name).get("Contents", ())
        return sorted(each["Key"].removeprefix("studio/") for each in found)

    def leftovers() -> list[Any]:
        return list(client.list_multipart_uploads(Bucket=about.name).get("Uploads", ()))

    return Store(S3Storage(about, scratch or Path(tempfile.gettempdir())), keys, leftovers)
