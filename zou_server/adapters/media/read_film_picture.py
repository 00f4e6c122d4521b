"""Pictures of compositors and scanners (EXR, DPX, HDR, TIFF, PSD) as a screen shows them, by OpenImageIO.

What is shown is the display window of the part that is the picture, over black. Rows are read a strip at a
time, so that memory holds the finished picture and little more.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation calls it so
from PIL import Image

from zou_server.adapters.media.choose_layer import Chosen, ImagePart, choose_layer
from zou_server.adapters.media.color import LINEAR, source_space, to_screen
from zou_server.adapters.media.problem import NoPictureError
from zou_server.footage.look import PLAIN_LOOK, Look
from zou_server.services.thumbnails.sizes import MAX_PIXELS

MOST_PARTS = 1000
STRIP = 256
"""Rows that are read and converted at once."""


def read_film_picture(path: Path, look: Look = PLAIN_LOOK) -> Image.Image:
    """The picture in RGB, 8 bits; NoPictureError when it is none, broken or too large."""
    oiio.attribute("limits:imagesize_MB", 4096)
    opened = oiio.ImageInput.open(str(path))
    if opened is None:
        reason = _said(oiio.geterror()).replace(str(path), "the file")
        raise NoPictureError(f"The file is not a picture that can be read: {reason}")
    try:
        return _read(opened, path, look)
    except NoPictureError as error:
        raise NoPictureError(str(error).replace(str(path), "the file")) from error
    finally:
        opened.close()


def _read(opened: Any, path: Path, look: Look) -> Image.Image:
    chosen = choose_layer(_parts(opened), look.layers)
    opened.seek_subimage(chosen.part, 0)
    spec = opened.spec()
    width, height = spec.full_width or spec.width, spec.full_height or spec.height
    for pixels in (width * height, spec.width * spec.height):
        if not 0 < pixels <= MAX_PIXELS:
            raise NoPictureError(f"The file is a picture of {pixels} pixels; at most {MAX_PIXELS} are taken.")
    space = source_space(opened.format_name(), spec, look)
    shown = np.zeros((height, width, 3), np.uint8)
    first = spec.y - spec.full_y  # the row of the display window where the data begin
    # Half floats of a linear picture are looked up as they are: as floats they would take half as long again.
    kind = (
        oiio.HALF if space == LINEAR and not look.config and spec.format.basetype == oiio.HALF else oiio.FLOAT
    )
    for start, rows in _strips(opened, path, chosen, kind):
        _place(shown, to_screen(rows, space, look), first + start, spec.x - spec.full_x)
    return Image.fromarray(shown)


def _parts(opened: Any) -> list[ImagePart]:
    """What the parts of the file hold."""
    found: list[ImagePart] = []
    while len(found) < MOST_PARTS and opened.seek_subimage(len(found), 0):
        spec = opened.spec()
        view = spec.get_string_attribute("view")
        name = spec.get_string_attribute("oiio:subimagename") or spec.get_string_attribute("name")
        found.append(ImagePart(tuple(spec.channelnames), name, view))
    return found


def _strips(opened: Any, path: Path, chosen: Chosen, kind: Any) -> Iterator[tuple[int, Any]]:
    """The colours of the picture some rows at a time, each time with the first row's number."""
    spec = opened.spec()
    if spec.deep:
        yield 0, _flattened(path, chosen)
        return
    step = -(-STRIP // spec.tile_height) * spec.tile_height if spec.tile_height else STRIP
    for start in range(0, spec.height, step):
        yield start, _strip(opened, chosen, start, min(start + step, spec.height), kind)


def _flattened(path: Path, chosen: Chosen) -> Any:
    """A deep picture, of any number of samples a pixel, as it is seen from the front."""
    deep = oiio.ImageBuf(str(path), chosen.part, 0)
    flat = oiio.ImageBufAlgo.flatten(deep)
    pixels = None if flat.has_error else flat.get_pixels(oiio.FLOAT)
    if pixels is None:
        raise NoPictureError(f"The file is broken: {_said(flat.geterror() or deep.geterror())}")
    return np.asarray(pixels, np.float32)[:, :, list(chosen.channels)]


def _strip(opened: Any, chosen: Chosen, start: int, stop: int, kind: Any) -> Any:
    """Red, green and blue of some rows, as numbers between 0 and 1 where the file holds whole numbers."""
    spec = opened.spec()
    low, high = min(chosen.channels), max(chosen.channels) + 1
    top, bottom = spec.y + start, spec.y + stop
    if spec.tile_width:
        across = (spec.x, spec.x + spec.width)
        rows = opened.read_tiles(chosen.part, 0, *across, top, bottom, spec.z, spec.z + 1, low, high, kind)
    else:
        rows = opened.read_scanlines(chosen.part, 0, top, bottom, spec.z, low, high, kind)
    if rows is None:
        raise NoPictureError(f"The file is broken: {_said(opened.geterror())}")
    shaped = np.asarray(rows).reshape(stop - start, spec.width, high - low)
    places = [each - low for each in chosen.channels]
    return shaped if places == list(range(high - low)) else shaped[:, :, places]


def _place(shown: Any, rows: Any, top: int, left: int) -> None:
    """Lay rows of the data window where they are seen in the display window; what is outside is cut."""
    height, width = shown.shape[:2]
    y0, y1 = max(top, 0), min(top + rows.shape[0], height)
    x0, x1 = max(left, 0), min(left + rows.shape[1], width)
    if y0 < y1 and x0 < x1:
        shown[y0:y1, x0:x1] = rows[y0 - top : y1 - top, x0 - left : x1 - left]


def _said(text: str) -> str:
    """The first line of what the library complains of."""
    line = text.strip().splitlines()[0] if text.strip() else "its format is not known"
    return line.replace("\0", "")[:300]
