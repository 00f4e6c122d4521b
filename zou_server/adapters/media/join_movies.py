"""One movie of several parts, each brought to the same shape, rate and sound."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from zou_server.adapters.media.ffmpeg import MEMORY, call, complaint, probe, reading
from zou_server.adapters.media.run import Limits
from zou_server.models.errors import Unreadable
from zou_server.services.ports import MovieShape, Segment

USUAL_WIDTH = 1920
MOST_SECONDS = 6 * 3600
_SILENCE = "anullsrc=channel_layout=stereo:sample_rate=48000"
_CODED = ("-c:v", "libx264", "-preset", "fast", "-crf", "18", "-pix_fmt", "yuv420p", "-g", "2")
_SOUND = ("-c:a", "aac", "-b:a", "192k", "-ac", "2", "-ar", "48000")


def join_segments(segments: Sequence[Segment], folder: Path, shape: MovieShape, still_seconds: float) -> Path:
    """Make joined.mp4 in the folder."""
    parts = [
        _part(segment, folder / f"part{place:05}.mp4", shape, still_seconds)
        for place, segment in enumerate(segments)
    ]
    listing = folder / "parts.txt"
    listing.write_text("".join(f"file {part.name}\n" for part in parts))
    target = folder / "joined.mp4"
    arguments: list[str | Path] = [
        *("-loglevel", "error", "-f", "concat", "-safe", "1", "-i", listing, "-c", "copy"),
        *("-movflags", "+faststart", "-f", "mp4", target),
    ]
    _run(arguments, target)
    return target


def _part(segment: Segment, target: Path, shape: MovieShape, still_seconds: float) -> Path:
    """One part in the shape of all: letterboxed, with sound even where it has none."""
    width, height = shape.width or USUAL_WIDTH, shape.height
    fit = f"scale={width}:{height}:force_original_aspect_ratio=decrease:force_divisible_by=2"
    screen = f"fps={shape.rate},{fit},setsar=1,pad={width}:{height}:-1:-1,format=yuv420p"
    source = reading(segment.path) if segment.is_movie else _still(segment.path, still_seconds)
    has_sound = segment.is_movie and probe(segment.path).has_sound
    sound = "0:a:0" if has_sound else "1:a:0"
    arguments: list[str | Path] = [
        *("-loglevel", "error", *source, "-f", "lavfi", "-i", _SILENCE),
        *("-map", "0:V:0", "-map", sound, "-vf", screen, *_CODED, *_SOUND, "-shortest"),
        *("-video_track_timescale", "90000", "-f", "mp4", target),
    ]
    _run(arguments, target)
    return target


def _still(path: Path, seconds: float) -> tuple[str, ...]:
    """The arguments that name a picture of ours as an input that lasts."""
    how = ("-f", "image2", "-pattern_type", "none", "-loop", "1", "-t", str(seconds))
    return ("-protocol_whitelist", "file", *how, "-i", f"file:{path}")


def _run(arguments: list[str | Path], target: Path) -> None:
    finished = call(arguments, Limits(MOST_SECONDS, MEMORY))
    if finished.is_late:
        raise Unreadable("The movie took too long to put together and was given up.")
    if finished.status or not target.is_file() or not target.stat().st_size:
        raise Unreadable(f"The movie cannot be put together: {complaint(finished.said)}")
