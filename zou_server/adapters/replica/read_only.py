"""What a server that only reads has in the place of what writes: each refuses, before anything is done."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NoReturn

from sqlalchemy import create_engine

from zou_server.models.errors import ReadOnly
from zou_server.services.ports import Opened, Storage, Stored

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from zou_server.settings import Settings


def refusing_engine(settings: Settings) -> Engine:
    """An engine whose connections are never made: ReadOnly for whoever wants to write."""
    return create_engine(settings.database_url, creator=_refuse)


def _refuse() -> NoReturn:
    raise ReadOnly


class ReadOnlyStorage:
    """A store that gives and takes nothing."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def put(self, key: str, stream: IO[bytes]) -> Stored:  # noqa: ARG002 - the port's
        """ReadOnly, whatever it is."""
        raise ReadOnly

    def delete(self, key: str) -> None:  # noqa: ARG002 - the port's
        """ReadOnly, whatever it is."""
        raise ReadOnly

    def open(self, key: str) -> Opened:
        """Open what is under the key; NotFound when nothing is."""
        return self._storage.open(key)

    def local_copy(self, key: str) -> AbstractContextManager[Path]:
        """A file on this machine's disk with what is under the key, to read while the block runs."""
        return self._storage.local_copy(key)

    def exists(self, key: str) -> bool:
        """Tell whether something is under the key."""
        return self._storage.exists(key)

    def address(self, key: str, *, media_type: str, disposition: str = "") -> str | None:
        """A URL where the bytes can be fetched for a short while without any credential."""
        return self._storage.address(key, media_type=media_type, disposition=disposition)


class TimedWakeUps:
    """Wake-ups by the clock, where no database wakes anybody: a replica, or a pooler of connections."""

    SECONDS = 1.0

    def wait(self, seconds: float) -> None:
        """Return after a second, or sooner."""
        time.sleep(min(seconds, self.SECONDS))

    def wake(self) -> None:
        """Nothing: nobody waits for long."""

    def close(self) -> None:
        """Nothing: there is no connection."""
