"""Which part and which channels of a film picture are the picture, among depths, masks and data.

An EXR may hold dozens of layers, in parts of its own or side by side, and nothing in it says which one people
look at. Plain R, G, B are called "rgba", as compositors do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zou_server.footage.layers import LAYERS

PICTURE = "rgba"
COLOURS = (("r", "g", "b"), ("red", "green", "blue"))
GREY = ("Y", "y", "A", "Z")
_DATA = (
    "ao|occlusion|z|depth|deep|n|normals?|p|pos|position|points?|wpos|pworld|pref|motion|vectors?|velocity|flow|forward",
    "backward|uv|st|ids?|crypto\\w*|mattes?|masks?|shadows?|object\\w*|material\\w*|alpha|index\\w*",
)
_TECHNICAL = re.compile(rf"(?:^|[._ -])(?:{'|'.join(_DATA)})(?:$|[._ -]|\d)", re.IGNORECASE)
"""Names of layers that hold data, or a part of the picture that nobody looks at alone."""


@dataclass(frozen=True, slots=True)
class ImagePart:
    """One part of a file: what it is called, of which eye, and its channels."""

    channels: tuple[str, ...]
    name: str = ""
    view: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A part by its number, and red, green and blue by the places of their channels."""

    part: int
    channels: tuple[int, int, int]
    layer: str = ""


def choose_layer(parts: Sequence[ImagePart], preferred: Sequence[str] = LAYERS) -> Chosen:
    """The first layer that is preferred, else the first picture, else any colours, else grey."""
    found = [
        layer for number, part in enumerate(parts) for layer in _layers(number, part, alone=len(parts) == 1)
    ]
    wanted = [word.strip().casefold() for word in preferred if word.strip()]
    for word in wanted:
        for layer in found:
            if word in _words(layer.layer):
                return layer
    pictures = [layer for layer in found if not _TECHNICAL.search(layer.layer)]
    return next(iter((*pictures, *found)), None) or _grey(parts)


def _words(layer: str) -> tuple[str, str]:
    """What a layer may be asked for by: its whole name, and the last word of it (ViewLayer.Combined)."""
    folded = layer.casefold()
    return folded, folded.rpartition(".")[2]


def _layers(number: int, part: ImagePart, *, alone: bool) -> Iterator[Chosen]:
    """The layers of a part that have the three colours, plain ones first."""
    by_layer: dict[str, dict[str, int]] = {}
    for place, channel in enumerate(part.channels):
        layer, _, colour = channel.rpartition(".")
        by_layer.setdefault(layer, {}).setdefault(colour.casefold(), place)
    own = _without_view(part.name, part.view)
    for layer, places in sorted(by_layer.items(), key=lambda each: each[0] != ""):
        for colours in COLOURS:
            if all(colour in places for colour in colours):
                red, green, blue = (places[colour] for colour in colours)
                name = _without_view(layer, part.view) or ("" if alone else own)
                yield Chosen(number, (red, green, blue), name or PICTURE)


def _without_view(name: str, view: str) -> str:
    """The name of a layer without that of the eye it is for: `rgba.left` is the picture."""
    words = [word for word in name.split(".") if word.casefold() != view.casefold()] if view else [name]
    return ".".join(words)


def _grey(parts: Sequence[ImagePart]) -> Chosen:
    """One channel thrice, where no layer has colours."""
    for name in GREY:
        for number, part in enumerate(parts):
            if name in part.channels:
                place = part.channels.index(name)
                return Chosen(number, (place, place, place), name)
    return Chosen(0, (0, 0, 0), parts[0].channels[0] if parts and parts[0].channels else "")
