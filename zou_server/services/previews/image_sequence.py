"""A ZIP archive of numbered pictures: which frames it holds, in their order, and which are missing."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from zou_server.services.ports import Storage

ARCHIVE = "zip"
EXTENSIONS = frozenset({"exr", "dpx", "cin", "png", "jpg", "jpeg", "tif", "tiff", "tga"})
LEAST, MOST = 2, 20_000
"""Frames of a sequence; two days of film would be more."""

MOST_BYTES = 2 * 1024**3
"""How large one unpacked frame may be."""

_FRAME = re.compile(r"(?P<head>.*?)(?P<sign>[._-]?)(?P<number>-?\d{1,9})\.(?P<extension>[A-Za-z]{3,4})\Z")
_MOSTLY = 0.9


@dataclass(frozen=True, slots=True)
class ImageSequence:
    """The frames of one picture sequence: their numbers and the names in the archive, in order."""

    extension: str
    frames: Sequence[tuple[int, str]]

    name: str = ""
    """What the names of all frames begin with: SH010_comp_v003."""

    @property
    def first(self) -> int:
        """The number of the first frame."""
        return self.frames[0][0]

    @property
    def last(self) -> int:
        """The number of the last frame."""
        return self.frames[-1][0]

    @property
    def missing(self) -> list[int]:
        """The numbers between the first and the last that there is no picture of."""
        there = {number for number, _ in self.frames}
        return [number for number in range(self.first, self.last + 1) if number not in there]


def sequence_in(archive: zipfile.ZipFile) -> ImageSequence | None:
    """The sequence of an archive that holds one and little else; None for any other archive."""
    found: dict[tuple[str, str], dict[int, str]] = {}
    files = 0
    for each in archive.infolist():
        name = each.filename.rpartition("/")[2]
        if each.is_dir() or name.startswith(".") or each.filename.startswith("__MACOSX/"):
            continue
        files += 1
        frame = frame_name(name)
        if frame is not None and 0 < each.file_size <= MOST_BYTES:
            key = (
                each.filename[: len(each.filename) - len(name)] + frame["head"],
                frame["extension"].lower(),
            )
            found.setdefault(key, {}).setdefault(int(frame["number"]), each.filename)
    largest = max(found.items(), key=lambda item: len(item[1]), default=None)
    if largest is None or not LEAST <= len(largest[1]) <= MOST or len(largest[1]) < files * _MOSTLY:
        return None
    name = largest[0][0].rpartition("/")[2]
    sequence = ImageSequence(largest[0][1], sorted(largest[1].items()), name)
    return sequence if sequence.last - sequence.first < MOST else None


def frame_name(name: str) -> re.Match[str] | None:
    """The `head`, `number` and `extension` of a file's name that is that of a frame; None for any other."""
    frame = _FRAME.match(name)
    return frame if frame is not None and frame["extension"].lower() in EXTENSIONS else None


def read_sequence(source: Path | IO[bytes]) -> ImageSequence | None:
    """The sequence of a file; None when it is no archive of one."""
    try:
        with zipfile.ZipFile(source) as archive:
            return sequence_in(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return None


def is_sequence(storage: Storage, key: str, extension: str = "") -> bool:
    """True for an archive of numbered pictures that is kept under a key, which may say its extension.

    Its list of contents is read, which is at its end, and nothing else of it.
    """
    if (extension or key.rpartition(".")[2]) != ARCHIVE:
        return False
    with storage.open(key).stream as stream:
        return read_sequence(stream) is not None
