"""Routes of one working file: its comment, the moment it was saved, its content; and any file by its id."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.bodies import body, optional
from zou_server.blueprints.zou.crud import item_query, item_response
from zou_server.blueprints.zou.files.file_bodies import row_of
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import WORD
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, ref, thing
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.services.file_trees.keep_working_file import keep_working_file, working_file_key
from zou_server.services.write.operations import Act, Operation, Update
from zou_server.stored import Download, send_stored
from zou_server.web import current_actor

BINARY: Schema = {"type": "string", "format": "binary"}
OCTETS = "application/octet-stream"


@body
class RevisionComment:
    """What was done in a revision."""

    comment: str | None = optional(WORD)


class _OneWorkingFile(NamedResource):
    def changed(self, operation: Operation) -> Response:
        """Do one thing to a working file and answer it."""
        wire = wire_type(facet("WorkingFile"))
        with self.studio.write(current_actor()) as work:
            made = work.execute([operation])[0]
            text = work.read.one(item_query(wire, str(made.id)), ZOU)
            work.commit()
        return item_response(found_or_404(text, wire, str(made.id)))


class WorkingFileComment(_OneWorkingFile):
    """What was done in a revision."""

    def put(self, working_file_id: str, sent: RevisionComment) -> Response:
        """Change the comment of a working file."""
        values = {"comment": sent.comment or ""}
        return self.changed(Update(facet("WorkingFile"), checked_id(working_file_id), values))


class Modified(_OneWorkingFile):
    """The moment when a revision was saved last."""

    def put(self, working_file_id: str) -> Response:
        """Set it to now; a body means nothing."""
        id_ = checked_id(working_file_id)
        return self.changed(Act("touch-working-file", facet("WorkingFile"), id_, {}))


class Content(NamedResource):
    """The scene itself."""

    def get(self, working_file_id: str) -> Response:
        """The content, or the part of it that Range asks for; 404 when none was sent."""
        id_ = checked_id(working_file_id)
        row = row_of(self.studio.read(current_actor()), "WorkingFile", id_)
        return send_stored(
            self.parts.storage, Download(working_file_key(id_), OCTETS, _name(row), attachment=True)
        )

    def post(self, working_file_id: str) -> Response:
        """Keep the form's field `file` in place of what was there; the answer is the working file."""
        id_, uploaded = checked_id(working_file_id), request.files.get("file")
        if uploaded is None:
            raise Invalid("The form has no field 'file'.", {"file": ["is not in the form"]})
        wire = wire_type(facet("WorkingFile"))
        actor = current_actor()
        keep_working_file(self.studio, actor, self.parts.storage, uuid.UUID(id_), uploaded.stream)
        text = self.studio.read(actor).one(item_query(wire, id_), ZOU)
        return item_response(found_or_404(text, wire, id_), 201)


def _name(row: dict[str, Any]) -> str:
    path = (row["path"] or row["name"] or "").replace("\\", "/")
    return str(path.rpartition("/")[2])


class AnyFile(NamedResource):
    """A working file or an output file, whichever has the id."""

    def get(self, file_id: str) -> Response:
        """The row."""
        id_, reader = checked_id(file_id), self.studio.read(current_actor())
        for kind in ("WorkingFile", "OutputFile"):
            text = reader.one(item_query(wire_type(facet(kind)), id_), ZOU)
            if text is not None:
                return item_response(text)
        raise NotFound(f"File {id_} not found.")


ROUTES = (
    Named(
        "/actions/working-files/<working_file_id>/comment",
        WorkingFileComment,
        {
            "put": Says(
                "WorkingFile",
                "Change the comment of a working file",
                ref("WorkingFile"),
                sends=RevisionComment,
                text="The working file.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/actions/working-files/<working_file_id>/modified",
        Modified,
        {
            "put": Says(
                "WorkingFile",
                "Tell that a working file was saved",
                ref("WorkingFile"),
                sends={},
                sends_required=False,
                text="The working file.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/working-files/<working_file_id>/file",
        Content,
        {
            "get": Says(
                "WorkingFile",
                "Download the content of a working file",
                BINARY,
                media=OCTETS,
                text="The content.",
            ),
            "post": Says(
                "WorkingFile",
                "Keep the content of a working file",
                ref("WorkingFile"),
                status=201,
                form=thing({"file": BINARY}, ("file",)),
                text="The working file.",
                refused=(404, 413),
            ),
        },
    ),
    Named(
        "/data/files/<file_id>",
        AnyFile,
        {
            "get": Says(
                "WorkingFile",
                "Read a file of either kind",
                {"anyOf": [ref("WorkingFile"), ref("OutputFile")]},
                text="The working file or output file.",
            )
        },
    ),
)
