"""The rows of a file while it is imported: in a file on disk, so that memory does not grow with them."""

from __future__ import annotations

import os
import pickle
import tempfile
import weakref
from collections.abc import Iterable, Iterator
from typing import IO, Generic, TypeVar

from zou_server.models.errors import of_disk
from zou_server.services.importers.tables.turns import TURN

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """Things in their order, read as often as wanted; those of a long list come from a file each time.

    So what a reader changes in them is not kept. The file goes with the list.
    """

    def __init__(self, things: Iterable[Thing] = ()) -> None:
        self._last: list[Thing] = []
        self._shares: list[tuple[int, int]] = []  # where each begins in the file, and its size
        self._file: IO[bytes] | None = None
        self._end = self._count = 0
        self.extend(things)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Thing]:
        for share in self.shares():
            yield from share

    def append(self, thing: Thing) -> None:
        """Keep one more."""
        self._last.append(thing)
        self._count += 1
        if len(self._last) >= TURN:
            self._write()

    def extend(self, things: Iterable[Thing]) -> None:
        """Keep more."""
        for each in things:
            self.append(each)

    def shares(self) -> Iterator[list[Thing]]:
        """The things, some at a time: as many as run together."""
        for start, size in self._shares:
            assert self._file is not None  # noqa: S101 - shares are in a file
            yield pickle.loads(os.pread(self._file.fileno(), size, start))  # noqa: S301 - written below
        if self._last:
            yield self._last

    def _write(self) -> None:
        share = pickle.dumps(self._last, pickle.HIGHEST_PROTOCOL)
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the list goes
                weakref.finalize(self, self._file.close)
            self._file.write(share)
            self._file.flush()
        except OSError as error:
            raise of_disk(error, "the rows of a file of this size") from error
        self._shares.append((self._end, len(share)))
        self._end += len(share)
        self._last = []
