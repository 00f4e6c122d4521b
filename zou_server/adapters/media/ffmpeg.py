"""The program ffmpeg: where it is, how it is called on files that nobody vouches for, what it says of one.

Only containers of movies are opened, and only the file itself: a playlist that calls itself a movie could
name other files of this machine. There is no ffprobe in the wheel, so the header that ffmpeg prints is read.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import imageio_ffmpeg

from zou_server.adapters.media.run import GIBIBYTE, FinishedProgram, Limits, run_guarded
from zou_server.footage.frame_rate import rate_or_none
from zou_server.models.errors import Unavailable, Unreadable

MAX_PIXELS = 70_000_000
"""Pixels of one frame; 8K has 35 million."""

MEMORY = 8 * GIBIBYTE
PROBE = Limits(60, MEMORY)

_CONTAINERS = "mov,mp4,matroska,webm,avi,asf,mxf,mpeg,mpegts,mpegvideo,ogg"
_SAFE = (
    *("-protocol_whitelist", "file", "-format_whitelist", _CONTAINERS),
    *("-max_pixels", str(MAX_PIXELS)),
)

_DURATION = re.compile(r"^\s*Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)", re.MULTILINE)
_VIDEO = re.compile(r"^\s*Stream #0:\d+.*?: Video: (.+)$", re.MULTILINE)
_AUDIO = re.compile(r"^\s*Stream #0:\d+.*?: Audio: ", re.MULTILINE)
_SIZE = re.compile(r"[ ,](\d{1,6})x(\d{1,6})[ ,]")
_RATE = re.compile(r"([\d.]+) fps")
_TIMECODE = re.compile(r"^\s*timecode\s*: (\d\d:\d\d:\d\d[:;]\d{2,3})\s*$", re.MULTILINE)
_ASPECT = re.compile(r"\[?SAR (\d+):(\d+)")
_OWN_PATH = re.compile(r"file:\S+")


@dataclass(frozen=True, slots=True)
class Movie:
    """The properties of a movie, by ffmpeg. `duration` in seconds, 0 where the file does not say."""

    codec: str
    pixel_format: str
    width: int
    height: int
    rate: float
    duration: float
    has_sound: bool
    has_square_pixels: bool
    timecode: str = ""


@cache
def program() -> str:
    """The ffmpeg of this machine, else that of the wheel."""
    found = shutil.which("ffmpeg")
    if found is None:
        try:
            found = imageio_ffmpeg.get_ffmpeg_exe()
        except RuntimeError as error:
            raise Unavailable("There is no ffmpeg on this machine: install it to have movies.") from error
    return found


def call(
    arguments: Sequence[str | Path], limits: Limits, on_line: Callable[[str], None] = lambda _line: None
) -> FinishedProgram:
    """Run ffmpeg without questions and without chatter."""
    quiet = ("-hide_banner", "-nostdin", "-nostats", "-y")
    return run_guarded((program(), *quiet, *arguments), limits, on_line)


def reading(source: Path) -> tuple[str, ...]:
    """The arguments that name an input which somebody sent."""
    return (*_SAFE, "-i", f"file:{source}")


def probe(source: Path) -> Movie:
    """The properties of a movie file; Unreadable when it is none."""
    said = call(reading(source), PROBE).said
    videos = [line for line in _VIDEO.findall(said) if "(attached pic)" not in line]
    size = _SIZE.search(f"{videos[0]},") if videos else None
    if not videos and _AUDIO.search(said):
        raise Unreadable("The file holds no pictures: it is sound alone.")
    if not videos or size is None:
        raise Unreadable(f"The file is not a movie that can be read: {complaint(said)}")
    line = videos[0]
    words = [word.strip() for word in re.sub(r"\([^()]*\)", "", line).split(",")]
    lasts, said_rate, aspect = _DURATION.search(said), _RATE.search(line), _ASPECT.search(line)
    rate = rate_or_none(said_rate[1]) if said_rate else None  # ffmpeg rounds 23.976 to 23.98
    starts = _TIMECODE.search(said)
    return Movie(
        codec=words[0].split(" ")[0],
        pixel_format=words[1] if len(words) > 1 else "",
        width=int(size[1]),
        height=int(size[2]),
        rate=float(rate) if rate else 0.0,
        duration=int(lasts[1]) * 3600 + int(lasts[2]) * 60 + float(lasts[3]) if lasts else 0.0,
        has_sound=_AUDIO.search(said) is not None,
        has_square_pixels=aspect is not None and aspect[1] == aspect[2],
        timecode=starts[1] if starts else "",
    )


def complaint(said: str) -> str:
    """The last thing that ffmpeg complained of, in one line and without paths of ours."""
    lines = [re.sub(r"^\[[^\]]*\]\s*", "", line).strip() for line in said.splitlines()]
    kept = [
        line for line in lines if line and not line.startswith(("Error opening input", "At least one output"))
    ]
    return _OWN_PATH.sub("the file", kept[-1])[:200] if kept else "its format is not known"
