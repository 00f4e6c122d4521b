"""Pictures of compositors and scanners (EXR, DPX, HDR, TIFF, PSD) as a screen shows them, by OpenImageIO.

What is shown is the display window of the first part, over black. Rows are read a strip at a time, so
that memory holds the finished picture and little more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation calls it so
from PIL import Image

from zou_server.adapters.media.color import source_space, to_screen
from zou_server.adapters.media.problem import NoPictureError
from zou_server.services.thumbnails.sizes import MAX_PIXELS

STRIP = 256
"""Rows that are read and converted at once."""

_NAMES = (("R", "G", "B"), ("r", "g", "b"), ("red", "green", "blue"))
_GREY = ("Y", "y", "A", "Z")


def read_film_picture(path: Path) -> Image.Image:
    """The picture in RGB, 8 bits; NoPictureError when it is none, broken or too large."""
    oiio.attribute("limits:imagesize_MB", 4096)
    opened = oiio.ImageInput.open(str(path))
    if opened is None:
        reason = _said(oiio.geterror()).replace(str(path), "the file")
        raise NoPictureError(f"The file is not a picture that can be read: {reason}")
    try:
        return _read(opened)
    except NoPictureError as error:
        raise NoPictureError(str(error).replace(str(path), "the file")) from error
    finally:
        opened.close()


def _read(opened: Any) -> Image.Image:
    spec = opened.spec()
    width, height = spec.full_width or spec.width, spec.full_height or spec.height
    for pixels in (width * height, spec.width * spec.height):
        if not 0 < pixels <= MAX_PIXELS:
            raise NoPictureError(f"The file is a picture of {pixels} pixels; at most {MAX_PIXELS} are taken.")
    chosen = chosen_channels(tuple(spec.channelnames))
    space = source_space(opened.format_name(), spec)
    shown = np.zeros((height, width, 3), np.uint8)
    step = -(-STRIP // spec.tile_height) * spec.tile_height if spec.tile_height else STRIP
    first = spec.y - spec.full_y  # the row of the display window where the data begin
    for start in range(0, spec.height, step):
        rows = _strip(opened, chosen, start, min(start + step, spec.height))
        _place(shown, to_screen(rows, space), first + start, spec.x - spec.full_x)
    return Image.fromarray(shown)


def _strip(opened: Any, chosen: tuple[int, int, int], start: int, stop: int) -> Any:
    """Red, green and blue of some rows, as numbers between 0 and 1 where the file holds whole numbers."""
    spec = opened.spec()
    low, high = min(chosen), max(chosen) + 1
    top, bottom = spec.y + start, spec.y + stop
    if spec.tile_width:
        across = (spec.x, spec.x + spec.width)
        rows = opened.read_tiles(0, 0, *across, top, bottom, spec.z, spec.z + 1, low, high, oiio.FLOAT)
    else:
        rows = opened.read_scanlines(0, 0, top, bottom, spec.z, low, high, oiio.FLOAT)
    if rows is None:
        raise NoPictureError(f"The file is broken: {_said(opened.geterror())}")
    shaped = np.asarray(rows, np.float32).reshape(stop - start, spec.width, high - low)
    return shaped[:, :, [each - low for each in chosen]]


def chosen_channels(names: tuple[str, ...]) -> tuple[int, int, int]:
    """The places of red, green and blue among the channels of a file."""
    for wanted in _NAMES:
        if all(name in names for name in wanted):
            return tuple(names.index(name) for name in wanted)  # type: ignore[return-value]
    layers = dict.fromkeys(name.rpartition(".")[0] for name in names if "." in name)
    for layer in layers:
        for wanted in _NAMES:
            found = [f"{layer}.{name}" for name in wanted]
            if all(name in names for name in found):
                return tuple(names.index(name) for name in found)  # type: ignore[return-value]
    grey = next((names.index(name) for name in _GREY if name in names), 0)
    return (grey, grey, grey)


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
