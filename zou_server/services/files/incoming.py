"""Files on their way in: their bytes are in the store before the rows that name them are made.

    with incoming_files(storage, sent, new_key, noted) as incoming, studio.write(actor) as work:
        work.execute([Act("attach", facet("Note"), id, {"files": incoming.keep()})])
        work.commit()

So no row is locked while a slow store takes them. When the block fails, or never asks for the files, their
bytes are gone again: an upload leaves all of itself or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from zou_server.services.ports import Storage, Stored


class NamedFile(Protocol):
    """A file as a client sends it: the name it has there, and its bytes."""

    @property
    def name(self) -> str:
        """The file's name there."""

    @property
    def stream(self) -> IO[bytes]:
        """Its bytes, read once."""


Sent = TypeVar("Sent", bound=NamedFile)
Kept = TypeVar("Kept")


class Incoming(Generic[Kept]):
    """Files on their way in: `keep` says that their rows are made."""

    def __init__(self) -> None:
        self.files: list[Kept] = []
        self.wanted = False

    def keep(self) -> list[Kept]:
        """The files, for their rows; without this call the bytes go again."""
        self.wanted = True
        return self.files


@contextmanager
def incoming_files(
    storage: Storage,
    sent: Iterable[Sent],
    new_key: Callable[[Sent], str],
    noted: Callable[[Sent, str, Stored], Kept],
) -> Iterator[Incoming[Kept]]:
    """Put files into the store for the block that makes their rows; take them out again if it does not.

    `new_key` gives a key that nothing has yet, `noted` what is known of a file that is there. Either may
    refuse the file, and with it all of them.
    """
    incoming, keys = Incoming[Kept](), list[str]()
    try:
        for file in sent:
            keys.append(new_key(file))
            incoming.files.append(noted(file, keys[-1], storage.put(keys[-1], file.stream)))
        yield incoming
    except BaseException:
        incoming.wanted = False
        raise
    finally:
        if not incoming.wanted:
            for key in keys:
                storage.delete(key)
