"""Files of previews that come together with their comment: bytes first, then the rows and the jobs."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zou_server.services.files.incoming import Incoming, incoming_files
from zou_server.services.previews.formats import split_name
from zou_server.services.previews.image_sequence import is_sequence
from zou_server.services.previews.keys import new_source_key
from zou_server.services.previews.send_preview import Sent, refuse_empty

if TYPE_CHECKING:
    from zou_server.services.ports import Storage, Stored


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A file that is in the store as it was sent."""

    key: str
    stem: str
    stored: Stored
    has_frames: bool = False


def kept_sources(storage: Storage, sent: Iterable[Sent]) -> AbstractContextManager[Incoming[KeptSource]]:
    """Put files into the store for the block that makes their previews (`Act("add_filled_previews", ...)`).

    Invalid for an empty file and for a kind that is not taken.
    """

    def kept(file: Sent, key: str, stored: Stored) -> KeptSource:
        refuse_empty(stored)
        return KeptSource(key, split_name(file.name)[0], stored, is_sequence(storage, key))

    return incoming_files(storage, sent, _new_key, kept)


def _new_key(file: Sent) -> str:
    return new_source_key("previews", uuid.uuid4(), split_name(file.name)[1])
