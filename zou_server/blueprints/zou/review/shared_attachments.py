"""Files that guests of a shared playlist send along with what they said, and those they may see."""

from __future__ import annotations

from flask import Response, request

from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.review.shared_link import SharedLink
from zou_server.blueprints.zou.rows import json_of, rows_of, same, shown
from zou_server.blueprints.zou.tasks.comment_shapes import COMMENT
from zou_server.blueprints.zou.tasks.comments import attach, sent_files
from zou_server.models.conditions import All, InQuery, Op, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.services.files.attachments import UNKNOWN_TYPE, stored_attachments
from zou_server.services.write.operations import Delete
from zou_server.stored import Download, send_stored

_FILE = shown(key="file_key", name="", mimetype="", comment_id="", reply_id="")


class SharedAttachments(SharedLink):
    """Files for a guest's own comment."""

    def post(self, token: str, comment_id: str) -> Response:
        """Keep the files of the form; the answer is the comment."""
        actor, id_ = self.own_comment(token, comment_id)
        request.max_content_length = self.parts.max_upload_bytes
        if not sent_files():
            raise Invalid("The form has no file.", {"file": ["is not in the form"]})
        with (
            stored_attachments(self.parts.storage, sent_files()) as incoming,
            self.studio.write(actor) as work,
        ):
            attach(work, id_, incoming)
            work.commit()
        (row,) = rows_of(self.everything, "Note", COMMENT, same("id", id_))
        return json_of(row, 201)


class SharedAttachment(SharedLink):
    """One file of a guest's own comment."""

    def delete(self, token: str, comment_id: str, attachment_file_id: str) -> Response:
        """Take it back."""
        actor, id_ = self.own_comment(token, comment_id)
        file_id = checked_id(attachment_file_id)
        if not rows_of(
            self.everything, "AttachmentFile", shown(id=""), same("id", file_id), same("comment_id", id_)
        ):
            raise NotFound(f"Attachment {file_id} not found.")
        with self.studio.write(actor) as work:
            work.execute([Delete(facet("AttachmentFile"), file_id)])
            work.commit()
        return Response(status=204)


class SharedFile(SharedLink):
    """The bytes of a file of a comment that guests see; never shown as a page of this address."""

    def get(self, token: str, attachment_file_id: str, file_name: str) -> Response:  # noqa: ARG002
        """The file, to be kept by the browser."""
        found, id_ = self.show(token), checked_id(attachment_file_id)
        where = All((Where("object_id", Op.IN, found.task_ids), self.talk(found.link)))
        seen = Query(facet("Note"), Projection(()), where)
        rows = rows_of(
            self.everything, "AttachmentFile", _FILE, same("id", id_), InQuery("comment_id", seen, "id")
        )
        if not rows or not rows[0]["key"]:
            raise NotFound(f"Attachment {id_} not found.")
        (row,) = rows
        media_type = row["mimetype"] or UNKNOWN_TYPE
        return send_stored(
            self.parts.storage, Download(row["key"], media_type, row["name"] or "", attachment=True)
        )
