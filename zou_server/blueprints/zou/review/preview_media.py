"""`/pictures/...` and `/movies/...` of previews: sending a file, and getting what was made of it.

gazu 1.3 says with its Accept that it understands JSON: it is told to come back while a rendition is made.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from flask import Response, request

from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.files.uploads import sent_files
from zou_server.blueprints.zou.named import Named, NamedResource, Parts, Says
from zou_server.blueprints.zou.parameters import boolean, checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import JSON, Schema, answer, parameter, ref, thing
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.previews.find_media import PreviewMedia, find_media
from zou_server.services.previews.formats import EXTENSIONS, MediaForm, media_type
from zou_server.services.previews.keys import rendition_key
from zou_server.services.previews.send_preview import Desk, Sent, check_may_send, send_preview
from zou_server.stored import Download, send_stored
from zou_server.web import current_actor, json_text

WEEK = 7 * 24 * 3600
"""A rendition never changes, so browsers may keep it (docs/protocols/zou.md 7)."""

RETRY_SECONDS = 2
NO_JOB_SECONDS, LOOK_SECONDS = 120.0, 0.25
"""How long a request waits for its renditions, where the client asks for that, and how often it looks."""

_MEDIA = {"png": "image/png", "mp4": "video/mp4"}


class SendPreview(NamedResource):
    """The file of a preview, streamed into the file store."""

    def post(self, preview_file_id: str) -> Response:
        """Keep the file; what people look at is made of it in a job."""
        id_, actor = checked_id(preview_file_id), current_actor()
        normalize = boolean(request.args.get("normalize", "true"), "normalize")
        no_job = boolean(request.args.get("no_job", "false"), "no_job")
        desk = Desk(self.studio, self.parts.storage, self.parts.folders)
        with sent_files(self.parts.max_upload_bytes) as file:
            check_may_send(self.studio, actor, uuid.UUID(id_))
            sent = Sent(file.name, file.stream, normalize, file.others())
            send_preview(desk, actor, uuid.UUID(id_), sent)
        if no_job:
            self._wait(id_)
        wire = wire_type(facet("PreviewFile"))
        return json_text(
            found_or_404(self.studio.read(actor).one(item_query(wire, id_), ZOU), wire, id_), 201
        )

    def _wait(self, id_: str) -> None:
        """Until the renditions are there; a long movie answers `processing` all the same."""
        deadline = time.monotonic() + NO_JOB_SECONDS
        while time.monotonic() < deadline and find_media(self.studio, current_actor(), id_).is_processing:
            time.sleep(LOOK_SECONDS)


@dataclass(frozen=True, slots=True)
class RenditionOptions:
    """Which rendition of a preview: the first words of its key in the store."""

    place: str


class Rendition(NamedResource[RenditionOptions]):
    """What was made of a preview."""

    def get(self, preview_file_id: str) -> Response:
        """The bytes, or 202 while they are made."""
        found = find_media(self.studio, current_actor(), checked_id(preview_file_id))
        key = rendition_key(self.options.place, found.id)
        what = Download(key, _MEDIA[key.rpartition(".")[2]], max_age=WEEK)
        return _send(self.parts, found, what)


class Original(NamedResource):
    """The file as it was sent, under its own extension; without one, any movie."""

    def get(self, preview_file_id: str, extension: str = "") -> Response:
        """The bytes; 404 for another extension than the file's."""
        found = find_media(self.studio, current_actor(), checked_id(preview_file_id))
        wanted = {extension.lower()} if extension else EXTENSIONS[MediaForm.MOVIE]
        if found.source_key is None or found.source_extension not in wanted:
            raise NotFound(f"Preview {found.id} has no such file.")
        return _send(self.parts, found, _original(found, attachment=False))


class TakeHome(NamedResource[RenditionOptions]):
    """A preview as an attachment, where the project allows that: the file as sent, else a rendition."""

    def get(self, preview_file_id: str) -> Response:
        """The bytes under the name that the file had."""
        actor = current_actor()
        found = find_media(self.studio, actor, checked_id(preview_file_id))
        found.refuse_download(actor)
        place = self.options.place
        if place == "pictures/originals" and found.source_key is not None:
            return _send(self.parts, found, _original(found, attachment=True))
        key = rendition_key(place, found.id)
        extension = key.rpartition(".")[2]
        name = f"{found.original_name or found.id}.{extension}"
        return _send(self.parts, found, Download(key, _MEDIA[extension], name, attachment=True, max_age=WEEK))


def _original(found: PreviewMedia, *, attachment: bool) -> Download:
    extension = found.source_extension
    name = f"{found.original_name or found.id}.{extension}"
    return Download(str(found.source_key), media_type(extension), name, attachment=attachment, max_age=WEEK)


def _send(parts: Parts, found: PreviewMedia, what: Download) -> Response:
    """The bytes; where there are none, why, or when."""
    try:
        return send_stored(parts.storage, what)
    except NotFound:
        if found.is_processing and _prefers_json():
            return _come_back(found)
        raise NotFound(_why_none(found)) from None


def _prefers_json() -> bool:
    """True for who can do something with JSON in place of a picture; a browser's <img> cannot."""
    accepted = request.accept_mimetypes
    return accepted.quality(JSON) > max(accepted.quality(each) for each in _MEDIA.values())


def _come_back(found: PreviewMedia) -> Response:
    body = orjson.dumps({"id": found.id, "status": found.status, "progress": found.progress})
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    return json_text(body, 202, headers)


def _why_none(found: PreviewMedia) -> str:
    if found.status == "broken":
        return f"Preview {found.id} is broken: {found.problem or 'nothing could be made of its file'}"
    if found.is_processing:
        return f"Preview {found.id} is being processed."
    return f"Preview {found.id} has no such file."


# -- routes --------------------------------------------------------------------------------------------------

SEVERAL = """\
One file; or the frames of a picture sequence, each as a field `file` of its own whose name ends with the \
number of the frame (SH010.1001.exr), or all in a ZIP. They become a movie.
"""
_BINARY: Schema = {"type": "string", "format": "binary"}
_FILE = thing({"file": _BINARY}, ("file",))


def _says(summary: str, media: str, *, refused: tuple[int, ...] = (404,)) -> Mapping[str, Says]:
    pending = thing({"id": ref("Id"), "status": {"type": "string"}, "progress": {"type": "integer"}})
    also = {
        202: answer("It is being made; Retry-After says when to ask again.", pending, media=JSON),
        206: answer("The part that Range asked for.", _BINARY, media=media),
        304: answer("The client has it already."),
        416: answer("Range asks for what is not there.", ref("ZouError"), media=JSON),
    }
    text = "The bytes."
    return {"get": Says("PreviewFile", summary, _BINARY, media=media, text=text, also=also, refused=refused)}


def _rendition(path: str, place: str, summary: str) -> Named:
    says = _says(summary, _MEDIA[path.rpartition(".")[2]])
    return Named(path, Rendition, says, RenditionOptions(place))


_ID = "<preview_file_id>"
_AS_SENT = "*/*"

ROUTES = (
    Named(
        f"/pictures/preview-files/{_ID}",
        SendPreview,
        {
            "post": Says(
                "PreviewFile",
                "Send the file of a preview",
                ref("PreviewFile"),
                status=201,
                text="The preview; `processing` until everything is made of the file.",
                parameters=(
                    parameter("normalize", "query", {"type": "boolean"}, "false keeps a movie's pictures."),
                    parameter("no_job", "query", {"type": "boolean"}, "true waits for the renditions."),
                ),
                description=SEVERAL,
                form=_FILE,
                refused=(404, 413),
            )
        },
    ),
    *(
        _rendition(
            f"/pictures/{size}/preview-files/{_ID}.png", f"pictures/{size}", f"Get {words} of a preview"
        )
        for size, words in {
            "originals": "the full-size picture",
            "previews": "the picture, 1,200 wide,",
            "thumbnails": "the thumbnail, 150 by 100,",
            "thumbnails-square": "the thumbnail, 100 by 100,",
        }.items()
    ),
    _rendition(
        f"/movies/originals/preview-files/{_ID}.mp4", "movies/originals", "Get the movie of a preview"
    ),
    _rendition(f"/movies/low/preview-files/{_ID}.mp4", "movies/low", "Get the small movie of a preview"),
    _rendition(f"/movies/tiles/preview-files/{_ID}.png", "movies/tiles", "Get the film strip of a preview"),
    Named(
        f"/movies/source/preview-files/{_ID}.mp4",
        Original,
        _says("Get the movie of a preview as it was sent", "video/mp4"),
    ),
    Named(
        f"/pictures/originals/preview-files/{_ID}.<extension>",
        Original,
        _says("Get the file of a preview as it was sent", _AS_SENT),
        arguments={"extension": {"type": "string"}},
    ),
    *(
        Named(
            f"/{kind}/originals/preview-files/{_ID}/download",
            TakeHome,
            _says(f"Download {words} of a preview", _AS_SENT, refused=(403, 404)),
            RenditionOptions(f"{kind}/originals"),
        )
        for kind, words in {"pictures": "the file", "movies": "the movie"}.items()
    ),
)
