"""Folders for big temporary files, on the disk of the data: gone when the work ends, however it ends."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

LOCK = ".lock"


class LocalWorkFolders:
    """Makes folders below one folder of this machine's.

    Whoever works in one holds a lock on a file in it, which the system lets go when the process ends:
    so a folder whose lock is free is what a killed process left.
    """

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is touched yet."""
        self.root = root

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """A new, empty folder for the block."""
        path, lock = self._locked()
        try:
            with lock:
                yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    def _locked(self) -> tuple[Path, IO[bytes]]:
        """A folder and its lock; another one when somebody who tidies up was faster than the lock."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        while True:
            path = Path(tempfile.mkdtemp(dir=self.root))
            lock = (path / LOCK).open("wb")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (path / LOCK).exists():
                return path, lock
            lock.close()

    def remove_abandoned(self) -> int:
        """Remove what killed processes left, and tell how many folders it was."""
        removed = 0
        for path in self.root.glob("*/"):
            with _opened(path / LOCK) as lock:
                if lock is not None and _is_free(lock):
                    shutil.rmtree(path, ignore_errors=True)
                    removed += 1
        return removed


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes] | None]:
    """The lock file; None where there is none yet, or no longer."""
    try:
        file = path.open("rb")
    except OSError:
        yield None
        return
    with file:
        yield file


def _is_free(lock: IO[bytes]) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
