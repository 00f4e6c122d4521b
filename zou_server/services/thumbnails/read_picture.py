"""A picture that somebody sent: what it is is told by its content, never by its name."""

from __future__ import annotations

from typing import IO

from PIL import Image, ImageOps

from zou_server.models.errors import Invalid
from zou_server.services.thumbnails.sizes import MAX_PIXELS

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


def read_picture(stream: IO[bytes]) -> Image.Image:
    """Decode a picture, upright; Invalid when it is none of the known formats, broken or too large."""
    try:
        image = Image.open(stream, formats=FORMATS)
        size = image.width * image.height
        if size <= MAX_PIXELS:
            return ImageOps.exif_transpose(image).convert("RGBA" if image.has_transparency_data else "RGB")
    except Exception:  # noqa: BLE001 - a broken picture makes a decoder raise anything
        message = f"is not a picture ({', '.join(FORMATS)})"
    else:
        message = f"is a picture of {size} pixels; at most {MAX_PIXELS} are taken"
    raise Invalid(f"The file {message}.", {"file": [message]})
