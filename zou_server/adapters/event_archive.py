"""A file that events are moved into: lines of JSON, compressed where its name ends with `.gz`."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Self


class EventArchive:
    """A new file; what was kept is on the disk before `keep` returns. FileExistsError where there is one."""

    def __init__(self, path: Path) -> None:
        self._file: IO[bytes] = path.open("xb")
        self._is_compressed = path.suffix == ".gz"

    def keep(self, lines: Iterator[str]) -> None:
        """Write the lines as a whole part of the file: one that is cut leaves those before it readable."""
        if self._is_compressed:
            with gzip.GzipFile(fileobj=self._file, mode="wb") as part:
                part.writelines(f"{line}\n".encode() for line in lines)
        else:
            self._file.writelines(f"{line}\n".encode() for line in lines)
        self._file.flush()
        os.fsync(self._file.fileno())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
