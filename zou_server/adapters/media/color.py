"""From the numbers in a picture file to those of a screen (sRGB), by OpenColorIO's built-in configuration.

Scene-linear pictures get the sRGB curve and no film look: what a compositor's viewer shows by default.
Log pictures become linear first. OpenImageIO's wheel carries OpenColorIO and its configurations.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation calls it so

from zou_server.adapters.media.problem import NoPictureError
from zou_server.footage.look import PLAIN_LOOK, Look

CONFIG = "ocio://default"
DISPLAY, VIEW = "sRGB - Display", "Un-tone-mapped"
LINEAR = "Linear Rec.709 (sRGB)"
LOG, SCREEN = "log", "screen"
SCENE = "scene_linear"
"""The role of linear pictures in every configuration."""

_AP0 = (0.7347, 0.2653, 0.0, 1.0, 0.0001, -0.077)
_AP1 = (0.713, 0.293, 0.165, 0.83, 0.128, 0.044)
_PRIMARIES: Mapping[tuple[float, ...], str] = {_AP0: "ACES2065-1", _AP1: "ACEScg"}
"""The chromaticities of red, green and blue in an EXR header -> the colour space they mean."""

_BLACK, _WHITE, _DENSITY, _GAMMA = 95.0, 685.0, 0.002, 0.6
"""Printing density: the 10-bit codes of black and of 90 % white, the density of a code, the film's gamma."""

Pixels = np.ndarray[Any, np.dtype[np.float32]]


def source_space(format_name: str, spec: Any, look: Look = PLAIN_LOOK) -> str:
    """The colour space that a picture's numbers are in: a name of the configuration, LOG or SCREEN."""
    space = _said_space(format_name, spec)
    if not look.config or space in (LOG, SCREEN):
        return space
    known = space != LINEAR and space in _config(look.config).getColorSpaceNames()
    return space if known else look.space or SCENE


def _said_space(format_name: str, spec: Any) -> str:
    if format_name in ("cineon", "dpx"):
        return _film_space(spec)
    said = spec.get_string_attribute("oiio:ColorSpace")
    if format_name == "openexr":
        found = spec.getattribute("chromaticities") or ()
        primaries = tuple(round(float(each), 4) for each in found)[:6]
        return _PRIMARIES.get(primaries) or (said if _is_scene_linear(said) else LINEAR)
    is_float = spec.format.basetype in (oiio.HALF, oiio.FLOAT, oiio.DOUBLE)
    return LINEAR if is_float or format_name == "hdr" else SCREEN


def _film_space(spec: Any) -> str:
    """What a DPX header says of its codes; those that say nothing are log, as scanners wrote them."""
    transfer = spec.get_string_attribute("dpx:Transfer").lower()
    if transfer.startswith("linear"):
        return LINEAR
    return SCREEN if any(word in transfer for word in ("video", "smpte", "itu-r")) else LOG


def _is_scene_linear(name: str) -> bool:
    known = _config(CONFIG).getColorSpaceNames()
    return name in known and (name.startswith(("ACES2065", "ACEScg", "Linear")))


def to_screen(pixels: Pixels, space: str, look: Look = PLAIN_LOOK) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Rows of RGB as a screen shows them, in whole numbers from 0 to 255."""
    if space == LINEAR and not look.config:
        with np.errstate(over="ignore"):
            return _table()[np.ascontiguousarray(pixels, np.float16).view(np.uint16)]
    finite = np.nan_to_num(pixels, nan=0.0, posinf=65504.0, neginf=0.0).astype(np.float32)
    if space != SCREEN:
        linear = LINEAR if not look.config else look.space or SCENE
        finite = (
            _displayed(from_log(finite), linear, look) if space == LOG else _displayed(finite, space, look)
        )
    return (np.clip(finite, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


@cache
def _table() -> np.ndarray[Any, np.dtype[np.uint8]]:
    """What each of the 65,536 half floats is on the screen: linear colours have one curve for all three."""
    halves = np.arange(2**16, dtype=np.uint16).view(np.float16).astype(np.float32)
    finite = np.nan_to_num(halves, nan=0.0, posinf=65504.0, neginf=0.0)
    shown = _displayed(np.repeat(finite.reshape(256, 256, 1), 3, axis=2), LINEAR, PLAIN_LOOK)
    found: np.ndarray[Any, np.dtype[np.uint8]] = (np.clip(shown, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
    return np.ascontiguousarray(found[:, :, 0].reshape(-1))


def from_log(codes: Pixels) -> Pixels:
    """Scene-linear values of printing densities (1.0 is the code 1023)."""
    black = 10.0 ** ((_BLACK - _WHITE) * _DENSITY / _GAMMA)
    linear = 10.0 ** ((codes * 1023.0 - _WHITE) * _DENSITY / _GAMMA)
    found: Pixels = ((linear - black) / (1.0 - black)).astype(np.float32)
    return found


def _displayed(pixels: Pixels, space: str, look: Look) -> Pixels:
    name, (display, view) = look.config or CONFIG, _shown_by(look)
    rows, columns, channels = pixels.shape
    given = oiio.ImageBuf(oiio.ImageSpec(columns, rows, channels, oiio.FLOAT))
    given.set_pixels(given.roi, np.ascontiguousarray(pixels))
    shown = oiio.ImageBufAlgo.ociodisplay(
        given, display, view, fromspace=space, unpremult=False, colorconfig=name
    )
    if shown.has_error:
        reason = shown.geterror().replace(name, "it").splitlines()[0][:200]
        raise NoPictureError(f"The colour configuration of the project cannot show the picture: {reason}")
    return np.asarray(shown.get_pixels(oiio.FLOAT), np.float32)


@cache
def _shown_by(look: Look) -> tuple[str, str]:
    """The display and the view that a look means."""
    if not look.config:
        return DISPLAY, VIEW
    config = _config(look.config)
    display = look.display or config.getDefaultDisplayName()
    view = look.view or config.getDefaultViewName(display or "")
    if display not in config.getDisplayNames() or view not in config.getViewNames(display):
        raise NoPictureError(
            f"The colour configuration of the project has no view '{view}' of a display '{display}'."
        )
    return display, view


@cache
def _config(name: str) -> Any:
    config = oiio.ColorConfig(name)
    if not config.getDefaultDisplayName():
        raise NoPictureError("The colour configuration of the project cannot be read.")
    return config
