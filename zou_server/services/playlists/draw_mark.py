"""What is written over the pictures of a shared link: a watermark all over them, and what they are below."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from zou_server.models.errors import Invalid

LONGEST = 80
_FADED, _CLEAR = 90, 230
"""How much of a letter is seen, of 255: of the watermark, and of what is below."""

_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Mark:
    """The texts to draw: `watermark` all over, `caption` in the left corner; "" for none."""

    watermark: str = ""
    caption: str = ""


def checked_watermark(text: str | None) -> str | None:
    """The text, None for none; Invalid for one that is too long, or has letters that the font has not."""
    found = (text or "").strip()
    if len(found) > LONGEST:
        raise Invalid(fields={"watermark": [f"is longer than {LONGEST} characters"]})
    if not found.isascii() or not found.isprintable():
        raise Invalid(fields={"watermark": ["has other characters than those of ASCII"]})
    return found or None


def letters(height: int) -> int:
    """How high the letters of the corner are in a picture of a height."""
    return max(10, height // 28)


def draw_mark(size: tuple[int, int], mark: Mark) -> Image.Image:
    """A layer to be laid over a picture of this size."""
    layer = Image.new("RGBA", size, (0, 0, 0, 0))
    if mark.watermark:
        _all_over(layer, mark.watermark)
    if mark.caption:
        height = letters(size[1])
        _write(layer, (height, size[1] - 2 * height), mark.caption, height, _CLEAR)
    return layer


def _all_over(layer: Image.Image, text: str) -> None:
    """The text again and again, upwards to the right, so that no part of the picture is without."""
    width, height = layer.size
    side = int((width**2 + height**2) ** 0.5) + 1
    sheet = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    size = max(12, height // 14)
    length = int(ImageFont.load_default(size).getlength(f"{text}     ")) or size
    for row, top in enumerate(range(0, side, size * 4)):
        for left in range(-(row % 2) * length // 2, side, length):
            _write(sheet, (left, top), text, size, _FADED)
    turned = sheet.rotate(30, Image.Resampling.BICUBIC)
    start = ((side - width) // 2, (side - height) // 2)
    layer.alpha_composite(turned.crop((*start, start[0] + width, start[1] + height)))


def _write(layer: Image.Image, place: tuple[int, int], text: str, size: int, seen: int) -> None:
    pen = ImageDraw.Draw(layer)
    edge = max(1, size // 14)
    pen.text(
        place,
        text,
        fill=(*_WHITE, seen),
        font=ImageFont.load_default(size),
        stroke_width=edge,
        stroke_fill=(*_BLACK, seen // 2),
    )
