"""Small real files for tests: pictures of compositors, movies of cameras."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation calls it so
from PIL import Image

from zou_server.adapters.media.ffmpeg import program


def picture(size: tuple[int, int] = (64, 48), kind: str = "PNG", colour: str = "teal") -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, colour).save(buffer, kind)
    return buffer.getvalue()


def ramp(width: int = 256, height: int = 8) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Grey from 0 to 1, from left to right."""
    row = np.linspace(0.0, 1.0, width, dtype=np.float32)
    return np.repeat(np.stack([row] * 3, axis=-1)[None], height, axis=0)


def film_picture(
    path: Path,
    pixels: np.ndarray[Any, np.dtype[Any]],
    kind: Any = oiio.HALF,
    names: tuple[str, ...] = ("R", "G", "B"),
    **attributes: Any,
) -> Path:
    """A picture that OpenImageIO writes; `oiio__x` is the attribute `oiio:x`, `tile` its size of tiles."""
    height, width, channels = pixels.shape
    spec = oiio.ImageSpec(width, height, channels, kind)
    spec.channelnames = names
    if tile := attributes.pop("tile", 0):
        spec.tile_width = spec.tile_height = tile
    for name in ("x", "y", "full_x", "full_y", "full_width", "full_height"):
        if name in attributes:
            setattr(spec, name, attributes.pop(name))
    for name, value in attributes.items():
        if isinstance(value, tuple):
            spec.attribute(name, oiio.TypeDesc(f"float[{len(value)}]"), value)
        else:
            spec.attribute(name.replace("__", ":"), value)
    output: Any = oiio.ImageOutput.create(str(path))
    assert output.open(str(path), spec), output.geterror()
    assert output.write_image(pixels), output.geterror()
    output.close()
    return path


def movie(
    path: Path,
    *options: str,
    size: str = "64x48",
    rate: str = "24",
    seconds: float = 1,
    sound: bool = False,
) -> Path:
    """A movie of a test picture, with a tone when asked; `options` are ffmpeg's for the output."""
    source = ["-f", "lavfi", "-i", f"testsrc=size={size}:rate={rate}:duration={seconds}"]
    if sound:
        source += ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
    quiet = ["-loglevel", "error", "-nostdin", "-y"]
    subprocess.run([program(), *quiet, *source, *options, str(path)], check=True, timeout=60)
    return path
