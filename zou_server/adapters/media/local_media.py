"""Renditions made on this machine: the `Media` of the services."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from zou_server.adapters.media import movies
from zou_server.adapters.media.ffmpeg import probe, program
from zou_server.adapters.media.join_movies import join_segments
from zou_server.adapters.media.overlay import overlay
from zou_server.adapters.media.read_frame_header import frame_numbers
from zou_server.adapters.media.render_sequence import END
from zou_server.adapters.media.run import GIBIBYTE, Limits, run_guarded
from zou_server.footage.frame_rate import frame_rate, rate_or_none
from zou_server.footage.look import BUILT_IN, PLAIN_LOOK, Look
from zou_server.models.errors import Unreadable
from zou_server.services.ports import Counter, MovieShape, Rendered, Segment
from zou_server.services.previews.image_sequence import read_sequence
from zou_server.services.thumbnails.sizes import SIZES

PACKAGE = Path(__file__).resolve().parents[2]
DRAWING = Limits(seconds=300, memory=4 * GIBIBYTE)

_DRAW = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); "
    "from zou_server.adapters.media.render_picture import main; main(*sys.argv[1:])"
)
"""The program that draws a picture; the code it finds is the code that runs here."""

_SEQUENCE = _DRAW.replace("render_picture", "render_sequence")
QUIET = ("-hide_banner", "-nostdin", "-nostats", "-y")


class LocalMedia:
    """Draws with Pillow and OpenImageIO and converts with ffmpeg, each in a process that may fail."""

    def __init__(self, configs: str = "") -> None:
        """Colour configurations of projects are the files of this directory."""
        self._configs = configs

    def picture(self, source: Path, extension: str, folder: Path, look: Look = PLAIN_LOOK) -> Rendered:
        """Every size of a picture."""
        found = _draw(source, extension, folder, self._found(look))
        size = {"width": found["width"], "height": found["height"]}
        return Rendered(**size, duration=0.0, files=_pictures(folder), original=size)

    def movie(self, source: Path, folder: Path, shape: MovieShape, report: Callable[[int], None]) -> Rendered:
        """Both movies, their tiles, and every size of the first frame."""
        made = movies.encode(source, folder, shape, report)
        return self._shown(made, folder, _start(made))

    def sequence(
        self, source: Path, folder: Path, shape: MovieShape, report: Callable[[int], None]
    ) -> Rendered:
        """The same of an archive of numbered pictures, one frame for each number."""
        found = read_sequence(source)
        if found is None:
            raise Unreadable("The archive holds no numbered pictures.")
        look, said = self._found(shape.look), dict[str, Any]()

        def feed(
            arguments: Sequence[str | Path], limits: Limits, on_line: Callable[[str], None]
        ) -> tuple[int, int]:
            said.update(_feed(source, [program(), *QUIET, *map(str, arguments)], look, limits, on_line))
            return said["width"], said["height"]

        made = movies.encode_frames(feed, found.last - found.first + 1, folder, shape, report)
        rate = frame_rate(shape.rate)
        first, start = frame_numbers(found.first, rate, said["header"])
        facts = {
            "first_frame": first,
            "frame_rate": str(rate),
            "start_timecode": start,
            "missing_frames": [number + first - found.first for number in found.missing[:1000]],
        }
        return self._shown(made, folder, facts)

    def _found(self, look: Look) -> Look:
        """The look with the file of its configuration; Unreadable when there is none of that name."""
        if not look.config or look.config.startswith(BUILT_IN):
            return look
        folder = Path(self._configs).resolve()
        path = (folder / look.config).resolve()
        if not self._configs or not path.is_relative_to(folder) or not path.is_file():
            raise Unreadable(f"There is no colour configuration '{look.config}' on this server.")
        return replace(look, config=str(path))

    def _shown(self, made: movies.Encoded, folder: Path, facts: Mapping[str, Any]) -> Rendered:
        """What was made of a movie, with its tiles and every size of its first frame."""
        tiles, first = movies.sheet_and_first_frame(made, folder)
        _draw(first, "png", folder)
        full, sent = probe(made.full), made.sent
        files = {"movies/originals": made.full, "movies/low": made.low, "movies/tiles": tiles}
        original = {"width": sent.width, "height": sent.height, "duration": sent.duration}
        return Rendered(
            full.width, full.height, made.duration, {**files, **_pictures(folder)}, original, facts
        )

    def web_movie(self, source: Path, folder: Path) -> Path:
        """A movie of ours as WebM."""
        target = folder / "web.webm"
        movies.encode_webm(source, target)
        return target

    def strip(self, movie: Path, folder: Path) -> Path:
        """Frames of a movie of ours side by side."""
        target = folder / "strip.jpg"
        movies.strip(movie, target)
        return target

    def joined(
        self, segments: Sequence[Segment], folder: Path, shape: MovieShape, still_seconds: float
    ) -> Path:
        """One movie of several movies and pictures."""
        return join_segments(segments, folder, shape, still_seconds)

    def overlaid(
        self,
        movie: Path,
        layer: Callable[[tuple[int, int]], Path],
        counter: Counter | None,
        folder: Path,
    ) -> Path:
        """A movie of ours with a picture over it."""
        return overlay(movie, layer, counter, folder)

    def frame(self, movie: Path, number: int, folder: Path) -> Path:
        """One frame of a movie of ours."""
        target = folder / "frame.png"
        movies.frame(movie, number, target)
        return target


def _pictures(folder: Path) -> dict[str, Path]:
    return {f"pictures/{size}": folder / f"{size}.png" for size in SIZES}


def _start(made: movies.Encoded) -> dict[str, Any]:
    """The rate of a movie, and the frame that its start timecode labels: 00:00:41:17 is 1001 at 24."""
    shown = rate_or_none(str(made.rate)) or frame_rate("25")
    sent = rate_or_none(made.sent.rate) or shown
    facts: dict[str, Any] = {"frame_rate": str(shown)}
    if sent != shown:
        facts["source_frame_rate"] = str(sent)
    if not made.sent.timecode:
        return facts
    try:
        first = sent.frames(made.sent.timecode, drop=";" in made.sent.timecode)
    except ValueError:
        return facts
    return facts | {"first_frame": first, "start_timecode": made.sent.timecode}


def _feed(
    source: Path,
    command: Sequence[str],
    look: Look,
    limits: Limits,
    on_line: Callable[[str], None],
) -> dict[str, Any]:
    """Run ffmpeg over the frames of an archive; their size, and what the header of the first says."""
    ends: list[str] = []

    def hear(line: str) -> None:
        if line.startswith(END):
            ends.append(line.removeprefix(END))
        else:
            on_line(line)

    options = json.dumps({"command": list(command), "look": _told(look)})
    words = [sys.executable, "-P", "-c", _SEQUENCE, str(PACKAGE.parent), str(source), options]
    finished = run_guarded(words, limits, hear)
    if finished.is_late:
        raise Unreadable("The frames took too long to convert and were given up.")
    try:
        found: dict[str, Any] = json.loads(ends[-1])
    except (IndexError, ValueError):
        raise Unreadable("The frames cannot be drawn: what reads them broke down over them.") from None
    if "problem" in found:
        raise Unreadable(found["problem"])
    return found


def _told(look: Look) -> str:
    """A look as a process of its own is told it."""
    return json.dumps(asdict(look))


def _draw(source: Path, extension: str, folder: Path, look: Look = PLAIN_LOOK) -> dict[str, Any]:
    lines: list[str] = []
    command = [sys.executable, "-P", "-c", _DRAW, str(PACKAGE.parent), str(source), extension, str(folder)]
    command.append(_told(look))
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
