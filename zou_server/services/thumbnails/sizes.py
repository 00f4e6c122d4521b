"""The sizes that pictures are kept in. Needs Pillow alone: a process that draws one picture starts fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PIL import Image, ImageOps

PREVIEW_WIDTH = 1200
THUMBNAIL = (150, 100)
SQUARE = (100, 100)
AVATAR = (400, 400)
BACKGROUND = (300, 200)

MAX_PIXELS = 50_000_000
"""A small file can unpack to a picture that fills the memory; this is more than any camera of a phone."""


def _no_wider(image: Image.Image) -> Image.Image:
    height = max(1, round(image.height * PREVIEW_WIDTH / image.width))
    return image if image.width <= PREVIEW_WIDTH else image.resize((PREVIEW_WIDTH, height))


SIZES: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "originals": lambda image: image,
    "previews": _no_wider,
    "thumbnails": lambda image: ImageOps.fit(image, THUMBNAIL),
    "thumbnails-square": lambda image: ImageOps.fit(image, SQUARE),
}
"""The sizes of a preview's picture, by the word for it in addresses and keys."""
