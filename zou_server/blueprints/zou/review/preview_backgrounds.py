"""`/pictures/.../preview-background-files/...`: the files of the backgrounds of 3D previews."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.crud import item_query
from zou_server.blueprints.zou.files.uploads import sent_file
from zou_server.blueprints.zou.named import Named, NamedResource, Parts, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, ref, thing
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.previews.formats import media_type
from zou_server.services.previews.keep_background import KIND, Backgrounds
from zou_server.services.previews.keys import extension_of
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.stored import Download, send_stored
from zou_server.web import current_actor, json_text


def _backgrounds(parts: Parts) -> Backgrounds:
    return Backgrounds(parts.studio, parts.storage, parts.media, parts.folders)


class SendBackground(NamedResource):
    """The file of a background."""

    def post(self, background_id: str) -> Response:
        """Keep it, and draw its thumbnail."""
        id_ = checked_id(background_id)
        with sent_file(self.parts.max_upload_bytes) as (name, stream):
            _backgrounds(self.parts).keep(current_actor(), id_, name, stream)
        wire = wire_type(facet(KIND))
        text = self.studio.read(current_actor()).one(item_query(wire, id_), ZOU)
        return json_text(found_or_404(text, wire, id_), 201)


class Background(NamedResource):
    """The file of a background, as it was sent."""

    def get(self, background_id: str, extension: str) -> Response:
        """The bytes; 404 for another extension than the file's."""
        id_ = checked_id(background_id)
        found = _backgrounds(self.parts).find(current_actor(), id_)
        key = found["source_key"]
        if key is None or extension_of(key) != extension.lower():
            raise NotFound(f"Background {id_} has no such file.")
        name = f"{found['original_name'] or found['name']}.{extension_of(key)}"
        return send_stored(self.parts.storage, Download(key, media_type(extension_of(key)), name))


class BackgroundThumbnail(NamedResource):
    """A background, 300 by 200."""

    def get(self, background_id: str) -> Response:
        """The thumbnail as PNG."""
        id_ = checked_id(background_id)
        _backgrounds(self.parts).find(current_actor(), id_)
        return send_stored(self.parts.storage, Download(picture_key("thumbnails", id_), "image/png"))


_BINARY: Schema = {"type": "string", "format": "binary"}
_PLACE = "preview-background-files/<background_id>"

ROUTES = (
    Named(
        f"/pictures/{_PLACE}",
        SendBackground,
        {
            "post": Says(
                KIND,
                "Send the file of a background",
                ref(KIND),
                status=201,
                text="The background.",
                form=thing({"file": _BINARY}, ("file",)),
                refused=(404, 413),
            )
        },
    ),
    Named(
        f"/pictures/{_PLACE}.<extension>",
        Background,
        {"get": Says(KIND, "Get the file of a background", _BINARY, media="*/*")},
        arguments={"extension": {"type": "string"}},
    ),
    Named(
        f"/pictures/thumbnails/{_PLACE}.png",
        BackgroundThumbnail,
        {"get": Says(KIND, "Get the thumbnail of a background", _BINARY, media="image/png")},
    ),
)
