"""Drawings for the demo production: takes of shots and assets, portraits, a poster.

The same names give the same drawing each time.
"""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator, Mapping

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageOps

SIZE = (960, 540)
AVATAR = (400, 400)
HORIZON = 330
Color = tuple[int, int, int]

SKIES: Mapping[str, tuple[Color, Color]] = {
    "SQ010": ((16, 24, 58), (92, 74, 122)),
    "SQ020": ((6, 12, 30), (28, 62, 92)),
    "": ((44, 48, 60), (96, 104, 120)),
}
"""Sky above and at the horizon, by sequence; "" for assets on a turntable."""

LANTERN: Color = (255, 176, 84)
WHITE = 215
"""From this brightness on, the paper of a sketch is empty."""

DARK: Color = (12, 12, 20)
PAPER: Color = (236, 230, 214)


def draw_shot(sequence: str, shot: str, cast: Mapping[str, int], step: str, take: int) -> Image.Image:
    """A frame of a shot as it looks after a step."""
    rng = _rng(sequence, shot)
    image = _gradient(*SKIES[sequence])
    draw = ImageDraw.Draw(image)
    _moon(draw, rng)
    _water(draw, rng)
    for index, (name, times) in enumerate(cast.items()):
        for copy in range(min(times, 12)):
            x = SIZE[0] * (index + 1) // (len(cast) + 1) + copy * 70 - 35 * min(times, 12)
            FIGURES.get(name, _figure)(draw, x + rng.randint(-20, 20), HORIZON + rng.randint(30, 60))
    return _labelled(_as_after(image, step), f"{sequence} {shot}", step, take)


def draw_frames(
    sequence: str, shot: str, cast: Mapping[str, int], step: str, count: int
) -> Iterator[Image.Image]:
    """So many frames of a shot, over which the camera moves from the left to the right."""
    whole = draw_shot(sequence, shot, cast, step, 1)
    width, height = SIZE[0] * 2 // 3, SIZE[1] * 2 // 3
    for number in range(count):
        left = (SIZE[0] - width) * number // max(count - 1, 1)
        top = (SIZE[1] - height) // 2
        yield whole.crop((left, top, left + width, top + height))


def draw_asset(name: str, step: str, take: int) -> Image.Image:
    """An asset on a plain ground as it looks after a step."""
    image = _gradient(*SKIES[""])
    draw = ImageDraw.Draw(image)
    draw.ellipse((280, 400, 680, 480), fill=(30, 32, 40))
    FIGURES.get(name, _figure)(draw, 480, 430, 2.6)
    return _labelled(_as_after(image, step), name, step, take)


def draw_portrait(initials: str, color: str) -> Image.Image:
    """Initials on a coloured ground."""
    image = Image.new("RGB", AVATAR, color)
    draw = ImageDraw.Draw(image)
    draw.ellipse((40, 40, 360, 360), outline="white", width=6)
    draw.text((200, 200), initials, "white", ImageFont.load_default(150), anchor="mm")
    return image


def draw_poster(title: str) -> Image.Image:
    """The poster of the film."""
    image = _gradient(*SKIES["SQ020"])
    draw = ImageDraw.Draw(image)
    _moon(draw, _rng(title))
    _water(draw, _rng(title))
    _boat(draw, 480, 400, 1.6)
    _lantern(draw, 540, 372, 1.6)
    image = _glow(image)
    ImageDraw.Draw(image).text((480, 120), title, PAPER, ImageFont.load_default(88), anchor="mm")
    return image


def _rng(*words: str) -> random.Random:
    return random.Random(zlib.crc32(" ".join(words).encode()))  # noqa: S311 - a drawing, not a secret


def _gradient(above: Color, below: Color) -> Image.Image:
    mask = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, below), Image.new("RGB", SIZE, above), mask)


def _moon(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    x, y, radius = rng.randint(120, 840), rng.randint(60, 150), rng.randint(28, 46)
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=(224, 226, 232))
    for _ in range(60):
        star = (rng.randint(0, SIZE[0]), rng.randint(0, HORIZON - 40))
        draw.point(star, fill=(200, 206, 220))


def _water(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.rectangle((0, HORIZON, *SIZE), fill=(14, 24, 38))
    for y in range(HORIZON + 6, SIZE[1], 9):
        for _ in range(5):
            x = rng.randint(0, SIZE[0])
            draw.line((x, y, x + rng.randint(20, 30 + y - HORIZON), y), fill=(44, 66, 88), width=2)


# -- figures, standing at (x, y) ---------------------------------------------------------------------


def _figure(
    draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0, color: Color = (170, 40, 44)
) -> None:
    height, width = 110 * scale, 34 * scale
    coat = (
        (x - width, y),
        (x + width, y),
        (x + width * 0.35, y - height * 0.75),
        (x - width * 0.35, y - height * 0.75),
    )
    draw.polygon(coat, fill=color)
    radius = 15 * scale
    head = y - height * 0.85
    draw.ellipse((x - radius, head - radius, x + radius, head + radius), fill=(226, 190, 160))


def _ferryman(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    _figure(draw, x, y, scale * 1.15, (52, 54, 66))
    brim, top = y - 112 * scale, y - 150 * scale
    draw.polygon(((x - 40 * scale, brim), (x + 40 * scale, brim), (x, top)), fill=DARK)


def _fox(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    body = 26 * scale
    draw.ellipse((x - 2 * body, y - 1.4 * body, x + body, y), fill=(206, 104, 40))
    head = (
        (x + body * 0.4, y - body * 2.4),
        (x + body * 1.9, y - body * 1.4),
        (x + body * 0.4, y - body * 0.8),
    )
    draw.polygon(head, fill=(206, 104, 40))
    draw.ellipse((x + body * 0.8, y - body * 1.7, x + body, y - body * 1.5), fill=PAPER)


def _lantern(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    radius = 13 * scale
    draw.ellipse((x - radius, y - 3 * radius, x + radius, y - radius * 0.6), fill=LANTERN)
    draw.line((x - radius * 0.5, y - radius * 0.6, x + radius * 0.5, y - radius * 0.6), fill=DARK, width=3)


def _boat(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    half, depth = 120 * scale, 34 * scale
    hull = ((x - half, y - depth), (x + half, y - depth), (x + half * 0.75, y), (x - half * 0.75, y))
    draw.polygon(hull, fill=(74, 54, 40))
    draw.line((x - half, y - depth, x + half, y - depth), fill=(120, 92, 66), width=round(4 * scale))


def _ticket(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    draw.rectangle((x - 24 * scale, y - 70 * scale, x + 24 * scale, y - 46 * scale), fill=PAPER)


def _pier(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    half = 150 * scale
    draw.rectangle((x - half, y - 22 * scale, x + half, y - 8 * scale), fill=(86, 70, 58))
    for post in range(-2, 3):
        left = x + post * half * 0.45
        draw.rectangle(
            (left - 5 * scale, y - 30 * scale, left + 5 * scale, y + 30 * scale), fill=(56, 46, 40)
        )


def _river(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    half = 130 * scale
    for row in range(6):
        top = y - (70 - row * 12) * scale
        draw.arc((x - half, top, x, top + 20 * scale), 0, 180, fill=(96, 140, 170), width=4)
        draw.arc((x, top, x + half, top + 20 * scale), 180, 360, fill=(96, 140, 170), width=4)


def _fog(draw: ImageDraw.ImageDraw, x: int, y: int, scale: float = 1.0) -> None:
    for row in range(3):
        half, top = (110 - row * 25) * scale, y - (20 + row * 22) * scale
        draw.ellipse(
            (x - half, top - 14 * scale, x + half, top + 14 * scale), fill=(120 + row * 12, 128, 140)
        )


FIGURES: Mapping[str, Callable[..., None]] = {
    "The Ferryman": _ferryman,
    "Fox": _fox,
    "Paper Lantern": _lantern,
    "Ferry": _boat,
    "Ticket": _ticket,
    "Pier": _pier,
    "River at Night": _river,
    "Fog": _fog,
}
"""Name of an asset -> what draws it; everybody else is a figure in a coat."""


# -- steps -------------------------------------------------------------------------------------------


def _sketch(image: Image.Image) -> Image.Image:
    lines = ImageOps.invert(image.convert("L").filter(ImageFilter.FIND_EDGES)).point(
        lambda value: 255 if value > WHITE else value
    )
    return ImageChops.multiply(lines.convert("RGB"), Image.new("RGB", image.size, PAPER))


def _clay(image: Image.Image) -> Image.Image:
    return ImageOps.colorize(ImageOps.autocontrast(image.convert("L")), (52, 54, 58), (206, 204, 198))


def _flat(image: Image.Image) -> Image.Image:
    return ImageOps.posterize(image, 4)


def _glow(image: Image.Image) -> Image.Image:
    return ImageChops.screen(
        image, image.filter(ImageFilter.GaussianBlur(14)).point(lambda value: value // 2)
    )


def _graded(image: Image.Image) -> Image.Image:
    frame = Image.new("RGB", image.size, (0, 0, 0))
    frame.paste(_glow(image).crop((0, 60, *SIZE)).crop((0, 0, SIZE[0], SIZE[1] - 120)), (0, 60))
    return frame


LOOKS: Mapping[str, Callable[[Image.Image], Image.Image]] = {
    "Concept": _sketch,
    "Storyboard": _sketch,
    "Modeling": _clay,
    "Rigging": _clay,
    "Layout": _clay,
    "Animation": _flat,
    "Lighting": _glow,
    "Compositing": _graded,
}
"""What a picture looks like after a step; a step that is not here shows it as it is."""


def _as_after(image: Image.Image, step: str) -> Image.Image:
    look = LOOKS.get(step)
    return image if look is None else look(image)


def _labelled(image: Image.Image, name: str, step: str, take: int) -> Image.Image:
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, SIZE[1] - 44, *SIZE), fill=DARK)
    font = ImageFont.load_default(24)
    draw.text((20, SIZE[1] - 22), name, PAPER, font, anchor="lm")
    draw.text((SIZE[0] - 20, SIZE[1] - 22), f"{step}  v{take:03}", PAPER, font, anchor="rm")
    return image
