"""What reviewers drew, drawn on the picture that they drew it on.

Kitsu draws with fabric.js and keeps what that writes: an annotation has the size of the canvas and a list
of objects, each with a type, a place (`left`, `top`, by its origin), a scale, an angle, and its own points.
Strokes, outlines and text are drawn; what is none of these is left out, and so is whatever makes no sense.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from PIL import Image, ImageColor, ImageDraw, ImageFont

Point = tuple[float, float]
Drawn = Mapping[str, Any]

MOST_OBJECTS = 2_000
MOST_POINTS = 20_000
MOST_LETTERS = 2_000
LONGEST = 100_000.0
"""Numbers beyond this are no place on a picture."""

SMOOTH_PIXELS = 5_000_000
"""Pictures up to this size are drawn on at twice their size, so that lines have soft edges."""

CURVE_STEPS = 12
ROUND_STEPS = 64
_RGBA = re.compile(r"rgba\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*,\s*([0-9.]+)\s*\)\Z")


def draw_annotations(picture: Image.Image, annotations: Iterable[Drawn]) -> Image.Image:
    """A copy of the picture with everything of these annotations on it."""
    finer = 2 if picture.width * picture.height <= SMOOTH_PIXELS else 1
    layer = Image.new("RGBA", (picture.width * finer, picture.height * finer))
    for annotation in annotations:
        drawing = annotation.get("drawing")
        objects = drawing.get("objects") if isinstance(drawing, Mapping) else None
        canvas = (_side(annotation, "width", picture.width), _side(annotation, "height", picture.height))
        scale = (layer.width / canvas[0], layer.height / canvas[1])
        for each in (objects if isinstance(objects, list) else [])[:MOST_OBJECTS]:
            if isinstance(each, Mapping):
                _draw(layer, each, scale)
    if finer > 1:
        layer = layer.resize(picture.size, Image.Resampling.LANCZOS)
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def _side(annotation: Drawn, name: str, usual: int) -> float:
    """A side of the canvas that an annotation was drawn on; the picture's where it does not say."""
    found = _number(annotation.get(name))
    return found if found is not None and found >= 1 else float(usual)


def _draw(layer: Image.Image, drawn: Drawn, scale: Point) -> None:
    kind = str(drawn.get("type")).lower()
    if kind in _TEXTS:
        _draw_text(layer, drawn, scale)
    elif kind in _SHAPES:
        _draw_lines(layer, drawn, scale, _SHAPES[kind](drawn))


# -- lines ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StrokeShape:
    """The lines of an object in its own space; `pressed` is how hard the pen was at each point, up to 1."""

    lines: Sequence[Sequence[Point]]
    pressed: Sequence[float] = ()


def _draw_lines(layer: Image.Image, drawn: Drawn, scale: Point, shape: StrokeShape) -> None:
    if not any(shape.lines):
        return
    place = _placed(drawn, shape.lines)
    lines = [[(x * scale[0], y * scale[1]) for x, y in map(place, line)] for line in shape.lines]
    own = math.sqrt(abs(_scale(drawn, "scaleX") * _scale(drawn, "scaleY")))
    width = max(1.0, (_number(drawn.get("strokeWidth")) or 1.0) * own * math.sqrt(scale[0] * scale[1]))
    width = min(width, float(max(layer.size)))
    colour = _colour(drawn, "stroke")
    piece = Image.new("RGBA", layer.size)
    pen = ImageDraw.Draw(piece)
    fill = _colour(drawn, "fill")
    for line in lines:
        if fill is not None and len(line) > 2 and not shape.pressed:  # noqa: PLR2004 - an area has three corners
            pen.polygon(line, fill=fill)
        if colour is not None:
            _stroke(pen, line, width, colour, shape.pressed)
    layer.alpha_composite(piece)


def _stroke(
    pen: ImageDraw.ImageDraw,
    line: Sequence[Point],
    width: float,
    colour: tuple[int, ...],
    pressed: Sequence[float],
) -> None:
    """A line with round ends and corners."""
    for place, (x, y) in enumerate(line):
        wide = width * (pressed[place] if place < len(pressed) else 1.0)
        half = max(0.5, wide / 2)
        pen.ellipse((x - half, y - half, x + half, y + half), fill=colour)
        if place:
            pen.line((line[place - 1], (x, y)), fill=colour, width=max(1, round(wide)))


def _placed(drawn: Drawn, lines: Sequence[Sequence[Point]]) -> Callable[[Point], Point]:
    """From a point of the object to a point of the canvas, as fabric.js places it."""
    xs, ys = [x for line in lines for x, _ in line], [y for line in lines for _, y in line]
    middle = ((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2)
    size = (max(xs) - min(xs), max(ys) - min(ys))
    scale = (_scale(drawn, "scaleX"), _scale(drawn, "scaleY"))
    stroke = _number(drawn.get("strokeWidth")) or 0.0
    turn = math.radians(_number(drawn.get("angle")) or 0.0)
    sine, cosine = math.sin(turn), math.cos(turn)
    shift = [
        _SHIFTS.get(str(drawn.get(origin)), -0.5) * -1 * (length + stroke) * factor
        for origin, length, factor in zip(("originX", "originY"), size, scale, strict=True)
    ]
    left, top = (_number(drawn.get(name)) or 0.0 for name in ("left", "top"))
    centre = (left + shift[0] * cosine - shift[1] * sine, top + shift[0] * sine + shift[1] * cosine)

    def place(point: Point) -> Point:
        x, y = (point[0] - middle[0]) * scale[0], (point[1] - middle[1]) * scale[1]
        return centre[0] + x * cosine - y * sine, centre[1] + x * sine + y * cosine

    return place


_SHIFTS = {"left": -0.5, "top": -0.5, "center": 0.0, "right": 0.5, "bottom": 0.5}
"""Origin -> where it is in an object of length 1 whose middle is 0."""


def _path(drawn: Drawn) -> StrokeShape:
    """A path of moves, lines and curves, its coordinates absolute as fabric.js keeps them."""
    lines: list[list[Point]] = []
    for step in _list(drawn.get("path"))[:MOST_POINTS]:
        numbers = [_number(each) for each in step[1:]] if isinstance(step, list) and step else []
        if not numbers or None in numbers or len(numbers) % 2:
            continue
        points = [(x, y) for x, y in zip(numbers[::2], numbers[1::2], strict=True) if x is not None]
        given = [(x, y) for x, y in points if y is not None]
        if step[0] == "M" or not lines:
            lines.append([given[-1]])
        else:
            lines[-1].extend(_curve([lines[-1][-1], *given]))
    return StrokeShape(lines)


def _curve(corners: Sequence[Point]) -> list[Point]:
    """The points of a Bézier curve behind its first one; a line has one."""
    if len(corners) == 2:  # noqa: PLR2004 - from here to there
        return [corners[1]]
    return [_between(corners, step / CURVE_STEPS) for step in range(1, CURVE_STEPS + 1)]


def _between(corners: Sequence[Point], share: float) -> Point:
    points = list(corners)
    while len(points) > 1:
        points = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairwise(points)]
    return points[0]


def _pressed_stroke(drawn: Drawn) -> StrokeShape:
    """The line of a pen: points, and how hard it was pressed at each."""
    points, pressed = [], []
    for each in _list(drawn.get("strokePoints"))[:MOST_POINTS]:
        x, y = (_number(each.get(name)) if isinstance(each, Mapping) else None for name in "xy")
        if x is not None and y is not None:
            points.append((x, y))
            pressure = _number(each.get("pressure"))
            pressed.append(1.0 if pressure is None else min(max(pressure, 0.05), 1.0))
    return StrokeShape([points] if points else [], pressed)


def _rectangle(drawn: Drawn) -> StrokeShape:
    width, height = (_number(drawn.get(name)) or 0.0 for name in ("width", "height"))
    return StrokeShape([[(0, 0), (width, 0), (width, height), (0, height), (0, 0)]])


def _triangle(drawn: Drawn) -> StrokeShape:
    width, height = (_number(drawn.get(name)) or 0.0 for name in ("width", "height"))
    return StrokeShape([[(0, height), (width / 2, 0), (width, height), (0, height)]])


def _round(drawn: Drawn) -> StrokeShape:
    radius = _number(drawn.get("radius"))
    across, down = (_number(drawn.get(name)) or radius or 0.0 for name in ("rx", "ry"))
    turns = (2 * math.pi * step / ROUND_STEPS for step in range(ROUND_STEPS + 1))
    return StrokeShape([[(across * math.cos(turn), down * math.sin(turn)) for turn in turns]])


def _straight(drawn: Drawn) -> StrokeShape:
    x1, y1, x2, y2 = (_number(drawn.get(name)) or 0.0 for name in ("x1", "y1", "x2", "y2"))
    return StrokeShape([[(x1, y1), (x2, y2)]])


def _corners(drawn: Drawn) -> StrokeShape:
    points = []
    for each in _list(drawn.get("points"))[:MOST_POINTS]:
        x, y = (_number(each.get(name)) if isinstance(each, Mapping) else None for name in "xy")
        if x is not None and y is not None:
            points.append((x, y))
    closed = points[:1] if str(drawn.get("type")).lower() == "polygon" else []
    return StrokeShape([[*points, *closed]] if points else [])


_SHAPES: Mapping[str, Callable[[Drawn], StrokeShape]] = {
    # type of an object in lower case -> its lines
    "path": _path,
    "psstroke": _pressed_stroke,
    "rect": _rectangle,
    "triangle": _triangle,
    "circle": _round,
    "ellipse": _round,
    "line": _straight,
    "polyline": _corners,
    "polygon": _corners,
}


# -- text ----------------------------------------------------------------------------------------------------

_TEXTS = frozenset({"text", "i-text", "itext", "textbox"})
USUAL_LETTERS = 20.0


def _draw_text(layer: Image.Image, drawn: Drawn, scale: Point) -> None:
    colour, text = _colour(drawn, "fill"), drawn.get("text")
    if colour is None or not isinstance(text, str):
        return
    size = (_number(drawn.get("fontSize")) or USUAL_LETTERS) * abs(_scale(drawn, "scaleY")) * scale[1]
    font = ImageFont.load_default(min(max(size, 4.0), float(layer.height)))
    left, top = (_number(drawn.get(name)) or 0.0 for name in ("left", "top"))
    pen = ImageDraw.Draw(layer)
    text = "".join(c for c in text[:MOST_LETTERS] if c == "\n" or c.isprintable())
    anchor = (left * scale[0], top * scale[1])
    if drawn.get("originX") == "center":
        box = pen.multiline_textbbox(anchor, text, font=font)
        anchor = (anchor[0] - (box[2] - box[0]) / 2, anchor[1] - (box[3] - box[1]) / 2)
    pen.multiline_text(anchor, text, fill=colour, font=font)


# -- values --------------------------------------------------------------------------------------------------


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _number(value: Any) -> float | None:
    """A number that is a place or a size, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= LONGEST else None  # what is no number is not below it either


def _scale(drawn: Drawn, name: str) -> float:
    found = _number(drawn.get(name))
    return 1.0 if found is None else found


def _colour(drawn: Drawn, name: str) -> tuple[int, ...] | None:
    """Red, green, blue and alpha; None where nothing is to be seen."""
    text, opacity = drawn.get(name), _number(drawn.get("opacity"))
    if not isinstance(text, str) or text in ("", "transparent", "none"):
        return None
    seen = 1.0 if opacity is None else min(max(opacity, 0.0), 1.0)
    if match := _RGBA.match(text):
        *parts, alpha = match.groups()
        red, green, blue = (min(int(part[:4]), 255) for part in parts)
        found = (red, green, blue, _share(alpha))
    else:
        try:
            found = ImageColor.getcolor(text[:100], "RGBA")  # type: ignore[assignment] # a tuple for RGBA
        except ValueError:
            return None
    alpha_seen = round(found[3] * seen)
    return (*found[:3], alpha_seen) if alpha_seen else None


def _share(text: str) -> int:
    try:
        return round(255 * min(float(text), 1.0))
    except ValueError:
        return 255
