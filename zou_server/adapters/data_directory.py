"""The lock that keeps two servers out of one data directory."""

from __future__ import annotations

import fcntl
import os
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path


class DataDirectoryInUseError(Exception):
    """Another process holds the data directory; the message names the process."""

    code = "data_directory_in_use"
    cure = "Stop the process that the message names, or give this one another ZOU_SERVER_DATA_DIR."


class DataDirectoryLock:
    """Exclusive use of a data directory, for as long as this process lives.

    The operating system drops the lock when the process ends, however it ends, so a killed server
    leaves nothing to clean up. The file holds the process id only for the message.
    """

    def __init__(self, data_dir: Path) -> None:
        """Name the lock; nothing is taken until ``acquire``."""
        self.data_dir = data_dir
        self.path = data_dir / "lock"
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock, or raise DataDirectoryInUseError naming the process that has it."""
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(descriptor, 32, 0).decode().strip() or "unknown"
            os.close(descriptor)
            message = (
                f"data directory {self.data_dir} is in use by pid {owner}; stop that server, "
                "or choose another directory with --data-dir"
            )
            raise DataDirectoryInUseError(message) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let others in; does nothing when the lock is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def __enter__(self) -> Self:
        """Take the lock unless it is already taken."""
        if self._descriptor is None:
            self.acquire()
        return self

    def __exit__(self, *_exception: object) -> None:
        """Let others in."""
        self.release()
