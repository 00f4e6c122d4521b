"""Files that no row names: what is left when a process is killed between storing bytes and committing.

Uploads put the bytes away first, under a key that nothing had before, and commit the row that names it
after that; what fails in between takes them out again, but a killed process takes out nothing. A day later
no upload can still be under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa

from zou_server.models.chat import ChatFile
from zou_server.models.preview_background import PreviewBackgroundFile
from zou_server.models.records import DeclaredRecord
from zou_server.models.review import PreviewFile
from zou_server.models.talk import AttachmentFile
from zou_server.models.versions import Component

if TYPE_CHECKING:
    from zou_server.services.ports import ListedStorage

DAY = 24 * 3600.0
AT_ONCE = 5_000
"""Keys that one statement looks up."""

_ATTACHED = DeclaredRecord.data["this_file"]["key"].astext
"""The file of an attachment."""

NAMED_BY: Mapping[str, tuple[Any, ...]] = {
    # folder of the store: the columns that name what is in it, of retired rows too
    "previews/sources": (PreviewFile.source_key, _ATTACHED),
    "backgrounds/sources": (PreviewBackgroundFile.source_key,),
    "attachments": (AttachmentFile.file_key, ChatFile.file_key, _ATTACHED),
    "components": (Component.id,),
}

_NAMES: Mapping[str, Callable[[str], str | UUID]] = {
    # Parts of a component are kept beside it, as `<id>.part3`.
    "components": lambda key: UUID(key.rpartition("/")[2].partition(".")[0]),
}
"""Folder -> what the column holds of a key, where that is not the whole key."""


def find_orphans(engine: sa.Engine, storage: ListedStorage, older_than: float = DAY) -> Iterator[str]:
    """The keys that have been in the store for so many seconds and that no row names."""
    for folder, columns in NAMED_BY.items():
        old = storage.keys(folder, older_than)
        while keys := list(islice(old, AT_ONCE)):
            name_of = _NAMES.get(folder, str)
            names = {key: name_of(key) for key in keys}
            with engine.connect() as connection:
                named: set[Any] = set()
                for column in columns:
                    wanted = sa.select(column).where(column.in_(set(names.values())))
                    named.update(connection.scalars(wanted))
            yield from (key for key, name in names.items() if name not in named)


def remove_orphans(engine: sa.Engine, storage: ListedStorage, older_than: float = DAY) -> Iterator[str]:
    """Remove them, and tell of each."""
    for key in find_orphans(engine, storage, older_than):
        storage.delete(key)
        yield key
