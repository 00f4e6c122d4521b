"""Numbered pictures that were sent one by one, put into an archive: what is reviewed is the sequence."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Protocol

from zou_server.models.errors import Invalid
from zou_server.services.previews.image_sequence import MOST, ImageSequence, frame_name, read_sequence

PIECE = 1024**2


class SentFrame(Protocol):
    """A file as a client sends it."""

    @property
    def name(self) -> str:
        """The frame's file name there."""

    @property
    def stream(self) -> IO[bytes]:
        """Its bytes, read once."""


def pack_frames(frames: Iterable[SentFrame], target: Path) -> ImageSequence:
    """Write the frames into an archive as they come; Invalid unless all of them are of one sequence."""
    count, names = 0, set[str]()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for frame in frames:
            name, count = _checked(frame.name, names), count + 1
            if count > MOST:
                raise _none(f"there are more than {MOST} of them")
            with archive.open(name, "w", force_zip64=True) as packed:
                shutil.copyfileobj(frame.stream, packed, PIECE)
    found = read_sequence(target)
    if found is None or len(found.frames) != count:
        raise _none("they are not all of one, or one is empty")
    return found


def _checked(name: str, names: set[str]) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    if frame_name(last) is None:
        raise _none(f"'{last[:80]}' has no frame number")
    if last in names:
        raise _none(f"'{last[:80]}' is there twice")
    names.add(last)
    return last


def _none(why: str) -> Invalid:
    message = f"Several files of one preview are the numbered pictures of a sequence: {why}."
    return Invalid(message, {"file": ["is more than one, and no sequence"]})
