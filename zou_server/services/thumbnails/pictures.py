"""Where pictures are kept, and from an image to the files of all their sizes.

Keys are spread over folders by the first digits of the id, so that no folder grows too large.
"""

from __future__ import annotations

import io
import uuid

from PIL import Image, ImageOps

from zou_server.services.ports import Storage, Stored
from zou_server.services.thumbnails.sizes import AVATAR, SIZES


def picture_key(size: str, id_: uuid.UUID | str) -> str:
    """Where the picture of a row is kept in one size."""
    name = str(id_)
    return f"pictures/{size}/{name[:3]}/{name[3:6]}/{name}.png"


def store_picture(storage: Storage, id_: uuid.UUID, image: Image.Image) -> Stored:
    """Keep an image as the picture of a preview in every size; returns what is known of the original."""
    original = as_png(image)
    stored = {}
    for size, make in SIZES.items():
        resized = make(image)
        content = original if resized is image else as_png(resized)
        stored[size] = storage.put(picture_key(size, id_), io.BytesIO(content))
    return stored["originals"]


def store_avatar(storage: Storage, id_: uuid.UUID, image: Image.Image) -> Stored:
    """Keep an image as the picture of a person, a project or the studio."""
    return storage.put(picture_key("thumbnails", id_), io.BytesIO(as_png(ImageOps.fit(image, AVATAR))))


def as_png(image: Image.Image) -> bytes:
    """The image as the content of a PNG file."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()
