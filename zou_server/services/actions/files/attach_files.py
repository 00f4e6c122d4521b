"""Files that go with a comment, or with a reply to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zou_server.models.registry import facet
from zou_server.models.review import Note
from zou_server.services.files.attachments import KeptFile
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.context import Context


def attach_files(context: Context, row: Note, values: Mapping[str, Any]) -> Result:
    """Make a row for each of `files` (a list of KeptFile); the author's right, and managers'.

    The result is the note.
    """
    files: list[KeptFile] = list(values.get("files", ()))
    if row.parent_id is None:
        place = {"comment_id": row.id}
    else:
        place = {"comment_id": row.parent_id, "reply_id": row.id}
    for file in files:
        context.link(facet("AttachmentFile"), {**asdict(file), **place})
    return context.result_of(context.touch(facet("Note"), row))
