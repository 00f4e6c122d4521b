"""The file of an attachment: its bytes in the store, and what the row of it says of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.models.visible_rows import ATTACHED
from zou_server.query.spelling import Spelling
from zou_server.services.files.attachments import UNKNOWN_TYPE, KeptFile
from zou_server.services.write.operations import Ref, Update

if TYPE_CHECKING:
    from zou_server.services.ports import Storage
    from zou_server.services.read.reader import Reader
    from zou_server.services.write.unit_of_work import UnitOfWork

LINKS = f"links:{ATTACHED}"
"""What an attachment belongs to."""

_PLAIN = Spelling()
_ROW = Projection(tuple(Output(name, name) for name in ("id", "name", "data")))


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """The file of an attachment; `key` is "" where this server holds no bytes of it."""

    id: uuid.UUID
    name: str
    key: str
    media_type: str


def attached_file(reader: Reader, number: int) -> AttachedFile:
    """The file of the attachment with a number; NotFound when the reader sees no such attachment."""
    found = reader.one(Query(facet("Attachment"), _ROW, Where("number", Op.EQ, number)), _PLAIN)
    if found is None:
        raise NotFound(f"There is no attachment {number}.")
    row = orjson.loads(found)
    data: Mapping[str, Any] = row["data"] or {}
    file = data.get("this_file") or {}
    name = data.get("filename") or row["name"] or "file"
    return AttachedFile(
        uuid.UUID(row["id"]), name, file.get("key") or "", file.get("content_type") or UNKNOWN_TYPE
    )


def give_file(work: UnitOfWork, storage: Storage, number: int, kept: KeptFile) -> None:
    """Let an attachment be of this file; the bytes that it had go once the transaction stands."""
    before = attached_file(work.read, number)
    said = {"link_type": "upload", "content_type": kept.mimetype, "key": kept.file_key}
    data = {
        "this_file": said,
        "filename": kept.name,
        "file_size": kept.size,
        "file_extension": kept.extension,
    }
    work.execute([Update(facet("Attachment"), Ref("Attachment", number), {"data": data})])
    if before.key:
        work.after_commit(lambda: storage.delete(before.key))
