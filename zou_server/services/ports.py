"""What the services need of the outside, as they see it; `zou_server.adapters` makes it real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, Protocol


@dataclass(frozen=True, slots=True)
class Stored:
    """What was put away: its size in bytes and its SHA-256 in hexadecimal."""

    size: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Opened:
    """Stored bytes to read: whoever opens closes the stream.

    `version` is a short text that changes whenever the bytes under the key do (an ETag).
    """

    stream: IO[bytes]
    size: int
    version: str


class Storage(Protocol):
    """Bytes by key. A key is a relative path of plain words: `pictures/thumbnails/ab1/c2d/<id>.png`."""

    def put(self, key: str, stream: IO[bytes]) -> Stored:
        """Keep what the stream holds under the key, in place of what was there; all of it or nothing."""

    def open(self, key: str) -> Opened:
        """Open what is under the key; NotFound when nothing is."""

    def exists(self, key: str) -> bool:
        """Tell whether something is under the key."""

    def delete(self, key: str) -> None:
        """Forget what is under the key; nothing happens when nothing is."""
