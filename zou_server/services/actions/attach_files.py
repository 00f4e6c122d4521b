"""Files that go with a comment, or with a reply to one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Forbidden
from zou_server.models.policies import MANAGERS
from zou_server.models.registry import facet
from zou_server.services.files.attachments import KeptFile
from zou_server.services.write.operations import Result

if TYPE_CHECKING:
    from zou_server.services.write.pipeline import Pipeline


def attach_files(pipeline: Pipeline, row: Any, values: Mapping[str, Any]) -> Result:
    """Make a row for each of `files` (a list of KeptFile); the author's right, and managers'.

    The result is the note.
    """
    actor = pipeline.actor
    files: list[KeptFile] = list(values.get("files", ()))
    is_author = actor.person_id in (row.person_id, row.created_by_id)
    if actor.role_in(row.project_id) not in MANAGERS and not is_author:
        raise Forbidden("You attach files to your own comments.")
    if row.parent_id is None:
        place = {"comment_id": row.id}
    else:
        place = {"comment_id": row.parent_id, "reply_id": row.id}
    for file in files:
        pipeline.link(facet("AttachmentFile"), {**asdict(file), **place})
    return pipeline.result_of(pipeline.touch(facet("Note"), row))
