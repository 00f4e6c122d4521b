"""Feeds the frames of an archive of numbered pictures to ffmpeg, in a process of its own.

    python -m zou_server.adapters.media.render_sequence ARCHIVE JSON

JSON holds `look`, and `command`: ffmpeg's, with WIDTH and HEIGHT where the size of the frames belongs,
which the first one says. Frames are drawn by several processes at once and go on in their order; a missing
one shows the one before it. Prints ffmpeg's progress, and one line of JSON at the end: the size and what the
header of the first frame says of its number, or the problem.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import IO, Any

from PIL import Image

from zou_server.adapters.media.problem import NoPictureError
from zou_server.adapters.media.read_frame_header import HEADERS, read_frame_header
from zou_server.adapters.media.render_picture import look_in, read
from zou_server.footage.look import Look
from zou_server.services.previews.image_sequence import ImageSequence, read_sequence

AHEAD = 4
"""Frames for each process that are drawn before they are wanted."""

END = "sequence "


def main(archive: str, said: str) -> None:
    """Make the movie, and tell what came of it."""
    options = json.loads(said)
    try:
        found = _render(Path(archive), options["command"], look_in(options["look"]))
    except NoPictureError as error:
        found = {"problem": str(error)}
    except MemoryError:
        found = {"problem": "The frames are pictures that take more memory than there is."}
    sys.stdout.write(f"{END}{json.dumps(found)}\n")


def _render(archive: Path, command: Sequence[str], look: Look) -> dict[str, Any]:
    sequence = read_sequence(archive)
    if sequence is None:
        raise NoPictureError("The archive holds no numbered pictures.")
    frames = _drawn(archive, sequence, look)
    width, height, pixels = next(frames)
    sized = [word.replace("WIDTHxHEIGHT", f"{width}x{height}") for word in command]
    with subprocess.Popen(sized, stdin=subprocess.PIPE) as ffmpeg:  # noqa: S603 - ours
        assert ffmpeg.stdin is not None  # noqa: S101 - asked for above
        try:
            ffmpeg.stdin.write(pixels)
            for other_width, other_height, more in frames:
                fits = (other_width, other_height) == (width, height)
                ffmpeg.stdin.write(
                    more if fits else _resized(more, (other_width, other_height), (width, height))
                )
        except BrokenPipeError:
            raise NoPictureError("The movie of the frames could not be written.") from None
        finally:
            ffmpeg.stdin.close()
        status = ffmpeg.wait()
    if status:
        raise NoPictureError("The movie of the frames could not be written.")
    return {"width": width, "height": height, "header": _header(archive, sequence)}


def _header(archive: Path, sequence: ImageSequence) -> dict[str, Any]:
    if sequence.extension not in HEADERS:
        return {}
    with tempfile.NamedTemporaryFile(suffix=f".{sequence.extension}") as file:
        _unpack(archive, sequence.frames[0][1], file)
        return read_frame_header(Path(file.name), sequence.extension)


def _unpack(archive: Path | str, name: str, file: IO[bytes]) -> None:
    with zipfile.ZipFile(archive) as opened, opened.open(name) as packed:
        while piece := packed.read(1024**2):
            file.write(piece)
    file.flush()


def _drawn(archive: Path, sequence: ImageSequence, look: Look) -> Iterator[tuple[int, int, bytes]]:
    """Size and pixels of every frame from the first number to the last."""
    workers = max(
        1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    )
    context = multiprocessing.get_context("fork")
    names = dict(sequence.frames)
    numbers = list(names)
    with ProcessPoolExecutor(workers, context) as pool:
        waiting: dict[int, Any] = {}
        shown: tuple[int, int, bytes] | None = None
        for number in range(sequence.first, sequence.last + 1):
            while numbers and len(waiting) < workers * AHEAD:
                ahead = numbers.pop(0)
                waiting[ahead] = pool.submit(_frame, str(archive), names[ahead], sequence.extension, look)
            if number in names:
                found = waiting.pop(number).result()
                if isinstance(found, str):
                    raise NoPictureError(f"Frame {number} cannot be read: {found}")
                shown = found
            if shown is not None:
                yield shown


def _frame(archive: str, name: str, extension: str, look: Look) -> tuple[int, int, bytes] | str:
    """One frame as RGB of 8 bits, or what is wrong with it."""
    try:
        with tempfile.NamedTemporaryFile(suffix=f".{extension}") as file:
            _unpack(archive, name, file)
            image = read(Path(file.name), extension, look).convert("RGB")
            return image.width, image.height, image.tobytes()
    except NoPictureError as error:
        return str(error)
    except (zipfile.BadZipFile, OSError, RuntimeError, EOFError):
        return "the archive is damaged"


def _resized(pixels: bytes, size: tuple[int, int], wanted: tuple[int, int]) -> bytes:
    """A frame of another size than the first, scaled to it."""
    return Image.frombytes("RGB", size, pixels).resize(wanted).tobytes()


if __name__ == "__main__":
    main(*sys.argv[1:])
