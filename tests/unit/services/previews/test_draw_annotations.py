"""Drawings of reviewers on a picture: where fabric.js would put them, and nothing for what makes no sense."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from zou_server.services.previews.draw_annotations import draw_annotations

RED = (255, 0, 0)
SIZE = (200, 100)


def drawn(*objects: Any, size: tuple[int, int] = SIZE, width: int = 200, height: int = 100) -> Image.Image:
    """A black picture with these objects on it, drawn on a canvas of some size."""
    annotation = {"width": width, "height": height, "drawing": {"objects": list(objects)}}
    return draw_annotations(Image.new("RGB", size), [annotation])


def is_red(image: Image.Image, x: int, y: int) -> bool:
    pixel = image.getpixel((x, y))
    assert isinstance(pixel, tuple)
    return pixel[0] > 200 and max(pixel[1:]) < 50


def path(*steps: list[Any], **more: Any) -> dict[str, Any]:
    """A path at its own coordinates, as fabric.js writes it."""
    xs, ys = ([step[axis] for step in steps] for axis in (-2, -1))
    stroke = 6
    place = {"left": min(xs) - stroke / 2, "top": min(ys) - stroke / 2}
    return {"type": "path", "path": list(steps), "stroke": "#ff0000", "strokeWidth": stroke, **place, **more}


def test_a_path_is_where_it_was_drawn() -> None:
    image = drawn(path(["M", 20, 50], ["L", 180, 50]))
    assert is_red(image, 21, 50)
    assert is_red(image, 100, 50)
    assert is_red(image, 179, 50)
    assert image.getpixel((100, 20)) == (0, 0, 0)


def test_a_curve_bends() -> None:
    image = drawn(path(["M", 20, 80], ["Q", 100, 0, 180, 80], top=37))
    assert is_red(image, 100, 40)
    assert image.getpixel((100, 80)) == (0, 0, 0)


def test_a_picture_of_another_size_than_the_canvas_scales_what_is_drawn() -> None:
    image = drawn(path(["M", 20, 50], ["L", 180, 50]), size=(400, 200))
    assert is_red(image, 200, 100)
    assert is_red(image, 355, 100)
    assert image.getpixel((200, 50)) == (0, 0, 0)


def test_a_pen_that_is_pressed_less_draws_a_thinner_line() -> None:
    def pen(pressure: float) -> Image.Image:
        points = [{"x": x, "y": 50, "pressure": pressure} for x in (20, 180)]
        stroke = {"type": "PSStroke", "strokePoints": points, "stroke": "red", "strokeWidth": 20}
        return drawn({**stroke, "left": 10, "top": 40})

    assert is_red(pen(1.0), 100, 57)
    assert pen(0.2).getpixel((100, 57)) == (0, 0, 0)
    assert is_red(pen(0.2), 100, 50)


@pytest.mark.parametrize(
    ("shape", "inside", "outside"),
    [
        ({"type": "rect", "width": 100, "height": 40, "left": 50, "top": 30}, (53, 50), (100, 50)),
        ({"type": "circle", "radius": 30, "left": 70, "top": 20}, (73, 53), (100, 50)),
        ({"type": "ellipse", "rx": 60, "ry": 20, "left": 40, "top": 30}, (43, 53), (100, 50)),
        ({"type": "line", "x1": 0, "y1": 0, "x2": 100, "y2": 0, "left": 50, "top": 47}, (100, 50), (30, 50)),
        ({"type": "triangle", "width": 60, "height": 60, "left": 70, "top": 20}, (100, 83), (100, 60)),
        (
            {"type": "polyline", "points": [{"x": 0, "y": 0}, {"x": 100, "y": 0}], "left": 50, "top": 47},
            (100, 50),
            (100, 20),
        ),
    ],
)
def test_outlines_are_drawn_and_what_is_inside_them_stays(
    shape: dict[str, Any], inside: tuple[int, int], outside: tuple[int, int]
) -> None:
    image = drawn({**shape, "stroke": "#ff0000", "strokeWidth": 6, "fill": "transparent"})
    assert is_red(image, *inside)
    assert image.getpixel(outside) == (0, 0, 0)


def test_a_filled_shape_is_filled_and_half_opacity_is_half_seen() -> None:
    box = {"type": "rect", "width": 100, "height": 40, "left": 50, "top": 30, "fill": "#ff0000"}
    assert is_red(drawn(box), 100, 50)
    half = drawn({**box, "opacity": 0.5}).getpixel((100, 50))
    assert half == drawn({**box, "fill": "rgba(255,0,0,0.5)"}).getpixel((100, 50))
    assert isinstance(half, tuple)
    assert 120 <= half[0] <= 135


def test_a_shape_that_was_scaled_moved_by_its_centre_and_turned_is_where_it_is_seen() -> None:
    bar = {"type": "rect", "width": 40, "height": 4, "fill": "red", "originX": "center", "originY": "center"}
    image = drawn({**bar, "left": 100, "top": 50, "scaleX": 2, "angle": 90})
    assert is_red(image, 100, 85)
    assert image.getpixel((135, 50)) == (0, 0, 0)


def test_text_is_written() -> None:
    image = drawn({"type": "i-text", "text": "HELLO", "fontSize": 60, "fill": "red", "left": 5, "top": 10})
    assert image.getbbox() is not None
    left, top, right, bottom = image.getbbox() or (0, 0, 0, 0)
    assert (left, top) > (3, 8)
    assert right - left > 100
    assert bottom < 90


@pytest.mark.parametrize(
    "nonsense",
    [
        {},
        {"type": "hologram"},
        {"type": "path", "path": "M 1 1"},
        {"type": "path", "path": [["M"], ["L", "a", 3], [], 7], "stroke": "red"},
        {"type": "path", "path": [["M", 1e99, 1], ["L", 3, 3]], "stroke": "red"},
        {"type": "PSStroke", "strokePoints": [{"x": None}], "stroke": "red"},
        {"type": "rect", "width": "wide", "fill": "no colour"},
        {"type": "text", "text": 5, "fill": "red"},
        {"type": "circle", "radius": True, "stroke": "rgba(9999999999999999999999,0,0,1.1.1)"},
    ],
)
def test_what_makes_no_sense_leaves_the_picture_as_it_is_or_draws_a_dot(nonsense: dict[str, Any]) -> None:
    image = drawn(nonsense)
    assert image.size == SIZE
    assert image.getpixel((150, 80)) == (0, 0, 0)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | st.sampled_from(["red"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y"]), inner),
    max_leaves=6,
)
KINDS = ("path", "PSStroke", "rect", "triangle", "circle", "ellipse", "line", "polygon", "text", "textbox")
KEYS = (
    *("left", "top", "width", "height", "radius", "rx", "x1", "y2", "scaleX", "scaleY", "angle", "originX"),
    *("fill", "stroke", "strokeWidth", "opacity", "path", "points", "strokePoints", "text", "fontSize"),
)


@given(st.sampled_from(KINDS), st.dictionaries(st.sampled_from(KEYS), ANYTHING), st.floats(allow_nan=True))
def test_no_drawing_breaks_the_picture(kind: str, values: dict[str, Any], width: float) -> None:
    annotation = {"width": width, "height": 10, "drawing": {"objects": [{**values, "type": kind}]}}
    assert draw_annotations(Image.new("RGB", (20, 10)), [annotation]).size == (20, 10)
