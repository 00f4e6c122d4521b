"""A picture made small enough for a square, for lists that show many of them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO

from zou_server.models.errors import Invalid
from zou_server.services.thumbnails.read_picture import read_picture


@dataclass(frozen=True, slots=True)
class Fitted:
    """A picture as a file: its bytes, and what it is called over HTTP."""

    content: bytes
    media_type: str


def fit_picture(stream: IO[bytes], size: int) -> Fitted | None:
    """The picture, no wider and no higher than `size`; None for what is no picture of the web."""
    try:
        image = read_picture(stream)
    except Invalid:
        return None
    image.thumbnail((size, size))
    buffer = io.BytesIO()
    kind = "PNG" if image.mode == "RGBA" else "JPEG"
    image.save(buffer, kind, quality=85)
    return Fitted(buffer.getvalue(), f"image/{kind.lower()}")
