"""Pictures that people send: known by content, upright, never too large to unpack."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from zou_server.models.errors import Invalid
from zou_server.services.thumbnails.read_picture import FORMATS, read_picture


def encoded(image: Image.Image, format_: str, **options: object) -> io.BytesIO:
    buffer = io.BytesIO()
    image.save(buffer, format_, **options)
    buffer.seek(0)
    return buffer


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds no pixels."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))


@pytest.mark.parametrize("format_", FORMATS)
def test_the_usual_formats_are_read(format_: str) -> None:
    assert read_picture(encoded(Image.new("RGB", (30, 20), "red"), format_)).size == (30, 20)


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert read_picture(encoded(Image.new("RGB", (30, 20)), "JPEG", exif=exif)).size == (20, 30)


def test_transparency_is_kept() -> None:
    assert read_picture(encoded(Image.new("RGBA", (3, 2), (1, 2, 3, 4)), "PNG")).getpixel((0, 0)) == (
        1,
        2,
        3,
        4,
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a picture",
        b"%PDF-1.7",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"GIF89a" + b"\xff" * 40,
    ],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="is not a picture"):
        read_picture(io.BytesIO(content))


def test_half_a_picture_is_refused() -> None:
    whole = encoded(Image.effect_noise((64, 64), 50).convert("RGB"), "PNG").getvalue()
    with pytest.raises(Invalid, match="is not a picture"):
        read_picture(io.BytesIO(whole[: len(whole) // 2]))


@pytest.mark.parametrize("size", [(8000, 8000), (60_000, 60_000)])
def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(Invalid, match="is"):
        read_picture(io.BytesIO(png_header(*size)))
