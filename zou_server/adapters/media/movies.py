"""The renditions of a movie: H.264 for browsers in two sizes, a sheet of tiles, its first frame.

Both movies are letterboxed to the shape of the project with a key frame at every second frame, so that
players can step. Sound is kept where there is some; a silent movie stays silent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from zou_server.adapters.media.ffmpeg import MEMORY, Movie, call, complaint, probe, reading
from zou_server.adapters.media.run import GIBIBYTE, FinishedProgram, Limits
from zou_server.footage.frame_rate import rate_or_none
from zou_server.models.errors import Invalid, Unreadable
from zou_server.services.ports import TILE_HEIGHT, TILES_IN_ROW, MovieShape

LOW_WIDTH = 1280
MOST_ROWS = 480
"""Rows of tiles of the longest movie."""

STRIP_FRAMES, STRIP_FRAME_WIDTH = 60, 240
"""Most frames of a strip, and how wide each is: what Shotgun's players show."""

LEAST_SECONDS, SECONDS_FOR_ONE, MOST_SECONDS = 900, 120, 6 * 3600
"""How long making a movie may take: so many seconds for each second of it, within bounds."""

SEQUENCE_MEMORY = 24 * GIBIBYTE
"""Address space of each process that draws frames and of ffmpeg, which maps more than it uses."""

ENCODED = 90
"""How many per cent of the work are done when both movies are there."""

_SCREEN = "out_color_matrix=bt709:out_range=tv"
_SQUARE = "scale=w='max(2,trunc(iw*sar/2)*2)':h=ih,setsar=1,"
_TAGS = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
_SOUND = ("-c:a", "aac", "-b:a", "192k", "-ac", "2", "-ar", "48000", "-af", "aresample=async=1:first_pts=0")


@dataclass(frozen=True, slots=True)
class Encoded:
    """Both movies, what they were made of, and how long their pictures last: the sound may end later."""

    full: Path
    low: Path
    sent: Movie
    frames: int
    duration: float
    rate: Fraction


def encode(source: Path, folder: Path, shape: MovieShape, report: Callable[[int], None]) -> Encoded:
    """Make full.mp4 and low.mp4 in the folder."""
    movie = probe(source)
    full, low = folder / "full.mp4", folder / "low.mp4"
    progress = _Progress(movie.duration, report)
    arguments = _arguments(reading(source), movie, shape, full, low)
    _expect(call(arguments, Limits(_seconds(movie.duration), MEMORY), progress), full, low)
    rate = _own_rate(movie) if _is_kept(movie, shape) else Fraction(shape.rate)
    return Encoded(full, low, movie, progress.frames, round(float(progress.frames / rate), 2), rate)


def _own_rate(movie: Movie) -> Fraction:
    known = rate_or_none(movie.rate)
    return known.exact if known else Fraction(movie.rate or 25)


def encode_frames(
    feed: Callable[[Sequence[str | Path], Limits, Callable[[str], None]], tuple[int, int]],
    count: int,
    folder: Path,
    shape: MovieShape,
    report: Callable[[int], None],
) -> Encoded:
    """Make both movies of frames that `feed` pipes into the command it gets; it returns their size."""
    full, low = folder / "full.mp4", folder / "low.mp4"
    duration = float(count / Fraction(shape.rate))
    frames = Movie(
        codec="rawvideo",
        pixel_format="rgb24",
        width=0,
        height=0,
        rate=float(Fraction(shape.rate)),
        duration=duration,
        has_sound=False,
        has_square_pixels=True,
    )
    raw = ("-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", "WIDTHxHEIGHT", "-framerate", shape.rate)
    progress = _Progress(duration, report)
    arguments = _arguments((*raw, "-i", "pipe:0"), frames, replace(shape, keep=False), full, low)
    width, height = feed(arguments, Limits(_seconds(duration), SEQUENCE_MEMORY), progress)
    sent = replace(frames, width=width, height=height)
    return Encoded(full, low, sent, count, round(duration, 2), Fraction(shape.rate))


def encode_webm(source: Path, target: Path) -> None:
    """Make a WebM of a movie of ours, in the same size."""
    movie = probe(source)
    sound = ("-c:a", "libvorbis", "-b:a", "128k") if movie.has_sound else ("-an",)
    arguments: list[str | Path] = [
        *("-loglevel", "error", *reading(source), "-map", "0:V:0", "-map", "0:a:0?"),
        *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "5", "-crf", "10", "-b:v", "4M"),
        *(*sound, "-f", "webm", target),
    ]
    _expect(call(arguments, Limits(_seconds(movie.duration), MEMORY)), target)


def _seconds(duration: float) -> float:
    return min(MOST_SECONDS, LEAST_SECONDS + duration * SECONDS_FOR_ONE)


def _arguments(
    source: Sequence[str | Path], movie: Movie, shape: MovieShape, full: Path, low: Path
) -> list[str | Path]:
    """What ffmpeg is told to make both movies."""
    return [
        *("-loglevel", "error", "-progress", "pipe:1", *source),
        *("-filter_complex", _filters(movie, shape)),
        *(_kept(full) if _is_kept(movie, shape) else _made("[full]", "fast", "18", shape.full_bits, full)),
        *_made("[low]", "veryfast", "23", shape.low_bits, low),
    ]


def _is_kept(movie: Movie, shape: MovieShape) -> bool:
    return shape.keep and movie.codec == "h264" and movie.pixel_format in ("yuv420p", "yuvj420p")


def _filters(movie: Movie, shape: MovieShape) -> str:
    square = "" if movie.has_square_pixels else _SQUARE
    if shape.width:
        fit = (
            f"scale={shape.width}:{shape.height}:force_original_aspect_ratio=decrease:"
            f"force_divisible_by=2:{_SCREEN},setsar=1,pad={shape.width}:{shape.height}:-1:-1"
        )
    else:
        fit = f"scale=-2:{shape.height}:{_SCREEN},setsar=1"
    screen = f"[0:V:0]fps={shape.rate},{square}{fit},format=yuv420p"
    smaller = f"scale=w='min({LOW_WIDTH},iw)':h=-2[low]"
    return (
        f"{screen},{smaller}" if _is_kept(movie, shape) else f"{screen},split=2[full][more];[more]{smaller}"
    )


def _made(label: str, preset: str, quality: str, bits: int, target: Path) -> tuple[str | Path, ...]:
    """One encoded movie: as good as `quality` asks, and never more than so many Mbit/s."""
    return (
        *("-map", label, "-map", "0:a:0?", "-c:v", "libx264", "-preset", preset, "-crf", quality),
        *("-maxrate", f"{bits}M", "-bufsize", f"{2 * bits}M", "-g", "2", "-pix_fmt", "yuv420p"),
        *(*_TAGS, *_SOUND, "-movflags", "+faststart", "-f", "mp4", target),
    )


def _kept(target: Path) -> tuple[str | Path, ...]:
    """The movie with the very pictures that were sent, in a container that browsers start at once."""
    return (
        *("-map", "0:V:0", "-map", "0:a:0?", "-c:v", "copy", *_SOUND),
        *("-movflags", "+faststart", "-f", "mp4", target),
    )


class _Progress:
    """Reads the lines of `-progress`: counts frames, and reports the per cent done about twice a second."""

    def __init__(self, duration: float, report: Callable[[int], None]) -> None:
        self._duration, self._report, self.frames = duration, report, 0

    def __call__(self, line: str) -> None:
        """Look at one line."""
        name, _, value = line.partition("=")
        if name == "frame" and value.strip().isdigit():
            self.frames = int(value)
        if name == "out_time_us":
            moment = int(value) / 1e6 if value.isdigit() else 0.0  # N/A before the first frame
            self._report(min(ENCODED, int(moment / self._duration * ENCODED)) if self._duration else 0)


def sheet_and_first_frame(movie: Encoded, folder: Path) -> tuple[Path, Path]:
    """The sheet of tiles, and the first frame in full size, both PNG."""
    rows = min(MOST_ROWS, -(-max(1, movie.frames) // TILES_IN_ROW))
    tiles, first = folder / "tiles.png", folder / "first.png"
    arguments: list[str | Path] = [
        *("-loglevel", "error", *reading(movie.low), *reading(movie.full)),
        *("-map", "0:V:0", "-vf", f"scale=-2:{TILE_HEIGHT},tile={TILES_IN_ROW}x{rows}"),
        *("-frames:v", "1", "-update", "1", tiles),
        *("-map", "1:V:0", "-frames:v", "1", "-update", "1", first),
    ]
    _expect(call(arguments, Limits(LEAST_SECONDS, MEMORY)), tiles, first)
    return tiles, first


def strip(source: Path, target: Path) -> None:
    """Write a JPEG with frames of a movie side by side, evenly spread over it."""
    movie = probe(source)
    frames = max(1, round(movie.duration * movie.rate))
    step = -(-frames // STRIP_FRAMES)
    count = -(-frames // step)
    chosen = f"select='not(mod(n\\,{step}))',scale={STRIP_FRAME_WIDTH}:-2,tile={count}x1"
    arguments: list[str | Path] = [
        *("-loglevel", "error", *reading(source), "-map", "0:V:0", "-vf", chosen),
        *("-frames:v", "1", "-fps_mode", "passthrough", "-q:v", "4", "-update", "1", target),
    ]
    _expect(call(arguments, Limits(_seconds(movie.duration), MEMORY)), target)


def frame(movie: Path, number: int, target: Path) -> None:
    """Write one frame of a movie of ours, counted from 0; Invalid when the movie ends before it."""
    about = probe(movie)
    last = max(0, round(about.duration * about.rate) - 1)
    if not 0 <= number <= last:
        raise Invalid(fields={"frame_number": [f"is not between 0 and {last}"]})
    # Half a frame early: the seek ends at the first frame that is not before the moment.
    moment = max(0.0, (number - 0.5) / (about.rate or 25.0))
    arguments = ["-loglevel", "error", "-ss", f"{moment:.6f}", *reading(movie)]
    arguments += ["-map", "0:V:0", "-frames:v", "1", "-update", "1", str(target)]
    finished = call(arguments, Limits(60, MEMORY))
    if not finished.status and not target.exists():  # the sound is longer than the pictures
        raise Invalid(fields={"frame_number": ["is after the last frame"]})
    _expect(finished, target)


def _expect(finished: FinishedProgram, *targets: Path) -> None:
    """Raise Unreadable unless everything that was asked for is there."""
    if finished.is_late:
        raise Unreadable("The movie took too long to convert and was given up.")
    if finished.status or not all(each.is_file() and each.stat().st_size for each in targets):
        raise Unreadable(f"The movie cannot be converted: {complaint(finished.said)}")
