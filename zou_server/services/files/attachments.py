"""Files sent along with notes: their bytes in the store, and what is known of them."""

from __future__ import annotations

import io
import mimetypes
import unicodedata
import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import IO

from PIL import ImageOps

from zou_server.models.errors import Invalid, NotFound
from zou_server.services.files.incoming import Incoming, incoming_files
from zou_server.services.ports import Storage, Stored
from zou_server.services.thumbnails.pictures import as_png
from zou_server.services.thumbnails.read_picture import read_picture
from zou_server.services.thumbnails.sizes import THUMBNAIL

LONGEST_NAME = 250
LONGEST_EXTENSION = 20
UNNAMED = "file"
UNKNOWN_TYPE = "application/octet-stream"
_FORBIDDEN = frozenset('/\\:*?"<>|')


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as a client sends it: the name it has there, and its bytes."""

    name: str
    stream: IO[bytes]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file whose bytes are in the store under `file_key`; `size` in bytes, `checksum` their SHA-256."""

    file_key: str
    name: str
    extension: str
    mimetype: str
    size: int
    checksum: str


def new_file_key() -> str:
    """A key that nothing has yet, below two folders so that none grows too large."""
    name = str(uuid.uuid4())
    return f"attachments/{name[:3]}/{name[3:6]}/{name}"


def stored_attachments(
    storage: Storage, sent: Iterable[SentFile]
) -> AbstractContextManager[Incoming[KeptFile]]:
    """Put files into the store for the block that makes their rows; see `incoming.py`."""
    return incoming_files(storage, sent, lambda _file: new_file_key(), _kept)


def _kept(file: SentFile, key: str, stored: Stored) -> KeptFile:
    name = harmless_name(file.name)
    extension = name.rpartition(".")[2].lower()[:LONGEST_EXTENSION] if "." in name else ""
    mimetype = mimetypes.guess_type(name)[0] or UNKNOWN_TYPE
    return KeptFile(key, name, extension, mimetype, stored.size, stored.checksum)


def harmless_name(name: str) -> str:
    """A file name that is no path, holds nothing invisible, and fits; the extension is kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    shown = "".join("_" if c in _FORBIDDEN else c for c in last if unicodedata.category(c)[0] != "C")
    shown = shown.strip(" .") or UNNAMED
    stem, dot, extension = shown.rpartition(".")
    if not dot:
        return shown[:LONGEST_NAME]
    extension = extension[:LONGEST_EXTENSION]
    return f"{stem[: LONGEST_NAME - len(extension) - 1]}.{extension}"


def attachment_thumbnail(storage: Storage, file_key: str) -> str:
    """The key of a small picture of an attachment, made when it is first asked for.

    NotFound when the attachment is no picture that can be read.
    """
    key = f"pictures/{file_key}.png"
    if not storage.exists(key):
        opened = storage.open(file_key)
        with opened.stream as stream:
            _make_thumbnail(storage, key, stream)
    return key


def _make_thumbnail(storage: Storage, key: str, stream: IO[bytes]) -> None:
    try:
        image = read_picture(stream)
    except Invalid as error:
        raise NotFound("This attachment is no picture.") from error
    storage.put(key, io.BytesIO(as_png(ImageOps.fit(image, THUMBNAIL))))
