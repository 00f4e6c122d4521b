"""Previews that come together with their comment: their files first, then the rows and the jobs.

with kept_sources(storage, sent) as incoming, studio.write(actor) as work:
    ... make the comment ...
    add_filled(work, desk, note_id, incoming.keep())
    work.commit()
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.operations import Act
from zou_server.services.previews.formats import split_name
from zou_server.services.previews.keys import new_source_key
from zou_server.services.previews.send_preview import Desk, Sent, receive

if TYPE_CHECKING:
    from zou_server.services.ports import Storage, Stored
    from zou_server.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class KeptSource:
    """A file that is in the store as it was sent."""

    key: str
    stem: str
    stored: Stored


@dataclass
class Sources:
    """Files on their way in: `keep` says that their rows are made."""

    files: list[KeptSource] = field(default_factory=list)
    wanted: bool = False

    def keep(self) -> list[KeptSource]:
        """The files, for their rows; without this call the bytes go again."""
        self.wanted = True
        return self.files


@contextmanager
def kept_sources(storage: Storage, sent: Iterable[Sent]) -> Iterator[Sources]:
    """Put files into the store for the block that makes their previews; take them out if it does not.

    Invalid for an empty file and for a kind that is not taken.
    """
    sources = Sources()
    try:
        for file in sent:
            stem, extension = split_name(file.name)
            key = new_source_key("previews", uuid.uuid4(), extension)
            stored = storage.put(key, file.stream)
            sources.files.append(KeptSource(key, stem, stored))
            _refuse_empty(stored)
        yield sources
    except BaseException:
        sources.wanted = False
        raise
    finally:
        if not sources.wanted:
            for each in sources.files:
                storage.delete(each.key)


def add_filled(work: UnitOfWork, desk: Desk, note_id: str, sources: Sequence[KeptSource]) -> None:
    """Add a preview to a comment for each file: one revision, in the order given."""
    for source in sources:
        made = work.execute([Act("add_preview", facet("Note"), note_id, {})])[0]
        receive(work, desk, made.id, source.key, source.stored, source.stem)


def _refuse_empty(stored: Stored) -> None:
    if not stored.size:
        raise Invalid("The file is empty.", {"file": ["is empty"]})
