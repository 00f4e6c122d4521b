"""Letting a frame of a movie be its picture, in every size."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import IO

from zou_server.models.errors import Invalid, NotFound
from zou_server.services.ports import Media, Storage, WorkFolders
from zou_server.services.previews.keys import movie_key, rendition_key

THUMBNAILS = ("pictures/thumbnails", "pictures/thumbnails-square", "pictures/previews")
"""The sizes that follow; the full picture of a movie stays its first frame."""


def extract_frame(
    storage: Storage, media: Media, folders: WorkFolders, id_: uuid.UUID | str, number: int
) -> IO[bytes]:
    """A frame of a preview's movie as an open PNG, counted from 0; Invalid when it is none or ends before."""
    with folders.folder() as folder:
        return _frame(storage, media, folder, id_, number).open("rb")


def show_frame(
    storage: Storage, media: Media, folders: WorkFolders, id_: uuid.UUID | str, number: int
) -> None:
    """Draw the thumbnails of a movie from this frame."""
    with folders.folder() as folder:
        drawn = media.picture(_frame(storage, media, folder, id_, number), "png", folder)
        for place in THUMBNAILS:
            with drawn.files[place].open("rb") as stream:
                storage.put(rendition_key(place, id_), stream)


def _frame(storage: Storage, media: Media, folder: Path, id_: uuid.UUID | str, number: int) -> Path:
    try:
        with storage.local_copy(movie_key("originals", id_)) as movie:
            return media.frame(movie, number, folder)
    except NotFound:
        raise Invalid(fields={"frame_number": ["can be given for a movie only"]}) from None
