"""`/actions/preview-files/<id>/extract-annotated-...`: frames with what reviewers drew on them."""

from __future__ import annotations

from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Parts, Says
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.review.previews import FRAME, frame_number
from zou_server.description import Schema
from zou_server.services.previews.annotated_frames import (
    Darkroom,
    annotated_frame,
    annotated_frames,
    find_drawn,
)
from zou_server.stored import disposition
from zou_server.web import current_actor


class AnnotatedFrame(NamedResource):
    """One frame with the drawings on it."""

    def get(self, preview_file_id: str) -> Response:
        """The frame `frame_number`, counted from 0, as PNG; a picture has one."""
        drawn = find_drawn(self.studio.read(current_actor()), checked_id(preview_file_id))
        number = frame_number(request.args, drawn.counting)
        with annotated_frame(_darkroom(self.parts), drawn, number) as stream:
            answer = Response(stream.read(), mimetype="image/png")
        answer.cache_control.private = True
        return answer


class AnnotatedFrames(NamedResource):
    """All frames that have drawings on them."""

    def get(self, preview_file_id: str) -> Response:
        """A ZIP of PNG files, named after the file that was sent and the number of the frame."""
        drawn = find_drawn(self.studio.read(current_actor()), checked_id(preview_file_id))
        stream = annotated_frames(_darkroom(self.parts), drawn)
        answer = Response(stream, mimetype="application/zip", direct_passthrough=True)
        answer.call_on_close(stream.close)
        answer.headers["Content-Disposition"] = disposition(f"{drawn.name}_annotations.zip", attachment=True)
        answer.cache_control.private = True
        return answer


def _darkroom(parts: Parts) -> Darkroom:
    return Darkroom(parts.storage, parts.media, parts.folders)


_BYTES: Schema = {"type": "string", "format": "binary"}
_ACTIONS = "/actions/preview-files/<preview_file_id>"

ROUTES = (
    Named(
        f"{_ACTIONS}/extract-annotated-frame",
        AnnotatedFrame,
        {
            "get": Says(
                "PreviewFile",
                "Get one frame of a preview with what is drawn on it",
                _BYTES,
                media="image/png",
                text="The frame.",
                parameters=FRAME,
            )
        },
    ),
    Named(
        f"{_ACTIONS}/extract-annotated-frames",
        AnnotatedFrames,
        {
            "get": Says(
                "PreviewFile",
                "Get all frames of a preview that somebody drew on",
                _BYTES,
                media="application/zip",
                text="A ZIP of PNG files.",
            )
        },
    ),
)
