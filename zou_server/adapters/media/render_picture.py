"""Draws the renditions of one picture file, in a process of its own.

    python -m zou_server.adapters.media.render_picture FILE EXTENSION FOLDER [LOOK]

Writes FOLDER/<size>.png for each size and prints one JSON object: width and height, or the problem.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageCms, ImageOps

from zou_server.adapters.media.problem import NoPictureError
from zou_server.footage.look import PLAIN_LOOK, Look
from zou_server.services.thumbnails.sizes import MAX_PIXELS, SIZES

FILM = frozenset(["exr", "sxr", "dpx", "cin", "hdr", "rgbe", "tga", "tif", "tiff", "psd", "psb"])
"""Extensions that OpenImageIO reads; whatever else there is, Pillow does."""

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "AVIF")
PHONE = frozenset({"heic", "heif"})
DEEP = "I"
"""Modes of more than 8 bits for each value, which Pillow would cut off instead of converting."""

FAST = 3
"""How hard PNG is compressed, of 9: the last few per cent would take most of the time."""


def read(path: Path, extension: str, look: Look = PLAIN_LOOK) -> Image.Image:
    """The picture in RGB or RGBA, upright, in the colours of a screen; NoPictureError when it is none."""
    if extension in FILM:
        return _film(path, look)
    formats: tuple[str, ...] = FORMATS
    if extension in PHONE:
        from pillow_heif import register_heif_opener  # noqa: PLC0415 - only for those who need it

        register_heif_opener()
        formats = (*FORMATS, "HEIF")
    Image.MAX_IMAGE_PIXELS = None  # we count ourselves, before anything is decoded
    try:
        return _flat(path, formats)
    except NoPictureError:
        raise
    except Exception as error:  # a broken picture makes a decoder raise anything
        raise NoPictureError(f"The file is not a picture that can be read: {_reason(error)}") from error


def _film(path: Path, look: Look = PLAIN_LOOK) -> Image.Image:
    from zou_server.adapters.media.read_film_picture import read_film_picture  # noqa: PLC0415 - a slow import

    return read_film_picture(path, look)


def _flat(path: Path, formats: tuple[str, ...]) -> Image.Image:
    with Image.open(path, formats=formats) as image:
        pixels = image.width * image.height
        if pixels > MAX_PIXELS:
            raise NoPictureError(f"The file is a picture of {pixels} pixels; at most {MAX_PIXELS} are taken.")
        if image.mode.startswith(DEEP):
            return _film(path)
        return _to_srgb(ImageOps.exif_transpose(image))


def _to_srgb(image: Image.Image) -> Image.Image:
    """The picture with its own colour profile, when it has one, applied."""
    wanted = "RGBA" if image.has_transparency_data else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            return _converted(image, profile, wanted if image.mode != "CMYK" else "RGB")
    return image.convert(wanted)


def _converted(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    target = ImageCms.createProfile("sRGB")
    found = ImageCms.profileToProfile(
        image, ImageCms.ImageCmsProfile(BytesIO(profile)), target, outputMode=mode
    )
    if found is None:
        raise ValueError("the profile cannot be applied")
    found.info.pop("icc_profile", None)
    return found


def _reason(error: Exception) -> str:
    """What a decoder complains of, without paths of ours."""
    if isinstance(error, Image.UnidentifiedImageError):
        return "its format is not known"
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def render(path: Path, extension: str, folder: Path, look: Look = PLAIN_LOOK) -> dict[str, int]:
    """Write every size of the picture, and tell its own."""
    image = read(path, extension, look)
    for size, make in SIZES.items():
        make(image).save(folder / f"{size}.png", "PNG", compress_level=FAST)
    return {"width": image.width, "height": image.height}


def look_in(text: str) -> Look:
    """The look that is told to this process as JSON."""
    if not text:
        return PLAIN_LOOK
    said = json.loads(text)
    return Look(**{**said, "layers": tuple(said["layers"])})


def main(file: str, extension: str, folder: str, look: str = "") -> None:
    """Draw and tell what came of it."""
    try:
        found: dict[str, object] = dict(render(Path(file), extension, Path(folder), look_in(look)))
    except NoPictureError as error:
        found = {"problem": str(error)}
    except MemoryError:
        found = {"problem": "The file is a picture that takes more memory than there is for one."}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
