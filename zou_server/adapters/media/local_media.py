"""Renditions made on this machine: the `Media` of the services."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from zou_server.adapters.media import movies
from zou_server.adapters.media.ffmpeg import probe
from zou_server.adapters.media.join_movies import join_segments
from zou_server.adapters.media.run import GIBIBYTE, Limits, run_guarded
from zou_server.models.errors import Unreadable
from zou_server.services.ports import MovieShape, Rendered, Segment
from zou_server.services.thumbnails.sizes import SIZES

PACKAGE = Path(__file__).resolve().parents[2]
DRAWING = Limits(seconds=300, memory=4 * GIBIBYTE)

_DRAW = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from zou_server.adapters.media.render_picture import main; main(*sys.argv[1:])"
)
"""The program that draws a picture; the code it finds is the code that runs here."""


class LocalMedia:
    """Draws with Pillow and OpenImageIO and converts with ffmpeg, each in a process that may fail."""

    def picture(self, source: Path, extension: str, folder: Path) -> Rendered:
        """Every size of a picture."""
        found = _draw(source, extension, folder)
        size = {"width": found["width"], "height": found["height"]}
        return Rendered(**size, duration=0.0, files=_pictures(folder), original=size)

    def movie(self, source: Path, folder: Path, shape: MovieShape, report: Callable[[int], None]) -> Rendered:
        """Both movies, their tiles, and every size of the first frame."""
        made = movies.encode(source, folder, shape, report)
        tiles, first = movies.sheet_and_first_frame(made, folder)
        _draw(first, "png", folder)
        full, sent = probe(made.full), made.sent
        files = {"movies/originals": made.full, "movies/low": made.low, "movies/tiles": tiles}
        original = {"width": sent.width, "height": sent.height, "duration": sent.duration}
        return Rendered(full.width, full.height, made.duration, {**files, **_pictures(folder)}, original)

    def joined(
        self, segments: Sequence[Segment], folder: Path, shape: MovieShape, still_seconds: float
    ) -> Path:
        """One movie of several movies and pictures."""
        return join_segments(segments, folder, shape, still_seconds)

    def frame(self, movie: Path, number: int, folder: Path) -> Path:
        """One frame of a movie of ours."""
        target = folder / "frame.png"
        movies.frame(movie, number, target)
        return target


def _pictures(folder: Path) -> dict[str, Path]:
    return {f"pictures/{size}": folder / f"{size}.png" for size in SIZES}


def _draw(source: Path, extension: str, folder: Path) -> dict[str, Any]:
    lines: list[str] = []
    command = [sys.executable, "-P", "-c", _DRAW, str(PACKAGE.parent), str(source), extension, str(folder)]
    finished = run_guarded(command, DRAWING, lines.append)
    if finished.is_late:
        raise Unreadable("The picture took too long to draw and was given up.")
    try:
        found: dict[str, Any] = json.loads("".join(lines))
    except ValueError:
        raise Unreadable("The file cannot be drawn: what reads it broke down over it.") from None
    if "problem" in found:
        raise Unreadable(found["problem"])
    return found
