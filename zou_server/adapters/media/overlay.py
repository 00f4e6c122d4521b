"""A movie of ours with a picture laid over all of it, and the number of each frame in the corner."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import ImageFont

from zou_server.adapters.media.ffmpeg import MEMORY, call, complaint, probe, reading
from zou_server.adapters.media.run import Limits
from zou_server.models.errors import Unreadable
from zou_server.services.playlists.draw_mark import letters
from zou_server.services.ports import Counter

MOST_SECONDS = 6 * 3600
_CODED = ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", "2", "-pix_fmt", "yuv420p")


def overlay(
    movie: Path, layer: Callable[[tuple[int, int]], Path], counter: Counter | None, folder: Path
) -> Path:
    """Make marked.mp4 in the folder."""
    known, target = probe(movie), folder / "marked.mp4"
    shown = "[0:V:0][1:v]overlay=0:0"
    if counter is not None:
        shown += f",{_numbers(counter, known.height, folder)}"
    arguments: list[str | Path] = [
        *("-loglevel", "error", *reading(movie)),
        *("-f", "image2", "-pattern_type", "none", "-i", f"file:{layer((known.width, known.height))}"),
        *("-filter_complex", f"{shown},format=yuv420p[v]", "-map", "[v]", "-map", "0:a:0?"),
        *(*_CODED, "-c:a", "copy", "-movflags", "+faststart", "-f", "mp4", target),
    ]
    finished = call(arguments, Limits(MOST_SECONDS, MEMORY))
    if finished.is_late:
        raise Unreadable("The movie took too long to mark and was given up.")
    if finished.status or not target.is_file() or not target.stat().st_size:
        raise Unreadable(f"The movie cannot be marked: {complaint(finished.said)}")
    return target


def _numbers(counter: Counter, height: int, folder: Path) -> str:
    """The filter that writes the number of each frame into the right corner."""
    font, size = folder / "font.ttf", letters(height)
    known = ImageFont.load_default(size)
    if not isinstance(known, ImageFont.FreeTypeFont):
        raise Unreadable("The movie cannot be marked: there is no font.")
    font.write_bytes(known.font_bytes)
    step = f"{counter.step.numerator}/{counter.step.denominator}"
    number = f"%{{eif\\:{counter.first}+floor((n+0.5)*{step})\\:d}}"
    return (
        f"drawtext=fontfile={_quoted(str(font))}:text='{number}':fontsize={size}:fontcolor=white@0.9:"
        f"borderw={max(1, size // 14)}:bordercolor=black@0.5:x=w-tw-{size}:y=h-2*{size}"
    )


def _quoted(text: str) -> str:
    """A value of a filter, whatever is in it."""
    for sign in ("\\", "'", ":"):
        text = text.replace(sign, f"\\{sign}")
    for sign in ("\\", "'", "[", "]", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return text
