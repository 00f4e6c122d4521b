"""Backgrounds for 3D previews: keeping the file and its thumbnail, and finding them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import IO, Any

from PIL import Image, ImageOps

from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.ports import Media, Storage, WorkFolders
from zou_server.services.previews.formats import MediaForm, form_of, split_name
from zou_server.services.previews.keys import extension_of, new_source_key
from zou_server.services.studio import Studio
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.services.thumbnails.sizes import BACKGROUND
from zou_server.services.write.operations import Act

KIND = "PreviewBackgroundFile"
_PLAIN = Spelling()
_KEYS = ("source_key", "original_name", "name")
_PROJECTION = Projection(tuple(Output(key, key) for key in _KEYS))


@dataclass(frozen=True, slots=True)
class Backgrounds:
    """Where backgrounds are kept, and what draws them."""

    studio: Studio
    storage: Storage
    media: Media
    folders: WorkFolders

    def keep(self, actor: Actor, id_: str, name: str, stream: IO[bytes]) -> None:
        """Take the file in place of the one there was; Invalid for what is no picture."""
        self._note(actor, id_, {})
        stem, extension = split_name(name)
        if form_of(extension) is not MediaForm.PICTURE:
            raise Invalid("A background is a picture.", {"file": ["is no picture"]})
        before = self.find(actor, id_)["source_key"]
        key = new_source_key("backgrounds", id_, extension)
        size = self.storage.put(key, stream).size
        try:
            thumbnail = self._draw(id_, key)
            known = {"source_key": key, "size": size, "name": stem, "extension": extension}
            with thumbnail:
                self._note(actor, id_, known)
                self.storage.put(picture_key("thumbnails", id_), thumbnail)
        except BaseException:
            self.storage.delete(key)
            raise
        if before is not None:
            self.storage.delete(before)

    def find(self, actor: Actor, id_: str) -> dict[str, Any]:
        """The key of the file (None before one was sent) and its names; NotFound without such a row."""
        text = self.studio.read(actor).one(Query(facet(KIND), _PROJECTION, Where("id", Op.EQ, id_)), _PLAIN)
        if text is None:
            raise NotFound(f"{KIND} {id_} not found.")
        found: dict[str, Any] = json.loads(text)
        return found

    def _note(self, actor: Actor, id_: str, values: dict[str, Any]) -> None:
        with self.studio.write(actor) as work:
            work.execute([Act("receive_background", facet(KIND), id_, values)])
            if values:
                work.commit()

    def _draw(self, id_: str, key: str) -> IO[bytes]:
        """The thumbnail as an open PNG file; Unreadable when the file cannot be drawn."""
        with self.folders.folder() as folder, self.storage.local_copy(key) as source:
            drawn = self.media.picture(source, extension_of(key), folder)
            target = folder / f"{id_}.png"
            with Image.open(drawn.files["pictures/previews"]) as image:
                ImageOps.fit(image, BACKGROUND).save(target, "PNG")
            return target.open("rb")
