"""The pictures and movies of a shared playlist: with marks on them where its link says so."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from flask import Response

from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.review.shared_link import SharedLink
from zou_server.blueprints.zou.rows import usual_row
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import NotFound
from zou_server.services.playlists.guests import refuse_marked_download
from zou_server.services.playlists.mark_takes import marked_key, order_marks, ordered_takes
from zou_server.services.playlists.share_playlist import OpenLink
from zou_server.services.previews.find_media import find_media
from zou_server.services.previews.keys import rendition_key
from zou_server.stored import Download, send_stored
from zou_server.web import json_text

MEDIA: Mapping[str, tuple[str, str]] = {
    "pictures/thumbnails/preview-files/<preview_file_id>.png": ("pictures/thumbnails", "image/png"),
    "pictures/originals/preview-files/<preview_file_id>.png": ("pictures/previews", "image/png"),
    "movies/originals/preview-files/<preview_file_id>.mp4": ("movies/originals", "video/mp4"),
    "movies/low/preview-files/<preview_file_id>.mp4": ("movies/low", "video/mp4"),
    "movies/tiles/preview-files/<preview_file_id>.png": ("movies/tiles", "image/png"),
}


class SharedRow(SharedLink):
    """What is known of a take."""

    def get(self, token: str, preview_file_id: str) -> Response:
        """The row of the preview."""
        return json_text(usual_row(self.everything, "PreviewFile", _take(self, token, preview_file_id)[0]))


class SharedMedia(SharedLink):
    """A picture or movie of a take."""

    def get(self, token: str, preview_file_id: str) -> Response:
        """The file."""
        id_, link = _take(self, token, preview_file_id)
        place, media_type = self.options
        if not link.is_marked:
            return send_stored(self.parts.storage, Download(rendition_key(place, id_), media_type))
        try:
            return send_stored(self.parts.storage, Download(marked_key(place, link.id, id_), media_type))
        except NotFound:
            return self._marked_soon(link, place, id_)

    def _marked_soon(self, link: OpenLink, place: str, id_: str) -> Response:
        """Have a take marked that is not yet; NotFound for one that cannot be, or has no such file."""
        if not self.parts.storage.exists(rendition_key(place, id_)):
            raise NotFound(f"Preview {id_} has no such file.")
        with self.studio.write(SYSTEM) as work:
            problem = ordered_takes(work, link.id).get(id_)
            if problem:
                raise NotFound(f"Preview {id_} cannot be shown by this link: {problem}")
            order_marks(work, link.id, [id_])
            work.commit()
        headers = {"Retry-After": "2", "Cache-Control": "no-store"}
        return json_text(orjson.dumps({"id": id_, "status": "processing"}), 202, headers)


class SharedDownload(SharedLink):
    """A take as it was sent, where the project lets people take previews home."""

    def get(self, token: str, preview_file_id: str) -> Response:
        """The file."""
        id_, link = _take(self, token, preview_file_id)
        refuse_marked_download(link)
        media = find_media(self.studio, SYSTEM, id_)
        media.refuse_download(None)
        if media.source_key is None:
            raise NotFound("This preview has no file.")
        name = media.original_name or f"preview.{media.source_extension}"
        return send_stored(
            self.parts.storage, Download(media.source_key, "application/octet-stream", name, attachment=True)
        )


def _take(resource: SharedLink, token: str, preview_file_id: str) -> tuple[str, OpenLink]:
    id_, found = checked_id(preview_file_id), resource.show(token)
    if id_ not in found.takes:
        raise NotFound(f"PreviewFile {preview_file_id} not found.")
    return id_, found.link
