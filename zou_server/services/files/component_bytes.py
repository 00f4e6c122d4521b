"""The bytes of components that this server holds.

Those that somebody sends come before their row is made, so they are kept by its id. Those of a preview are
its renditions: the component names the stored file, and has no bytes of its own until somebody sends some.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import orjson
import sqlalchemy as sa

from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.models.versions import Component
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.ports import Storage
    from zou_server.services.read.reader import Reader
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

LOCATION = uuid.UUID("3a372bde-05bc-11e4-8908-20c9d081909b")
"""The location that this server itself is."""

_FILE = Projection(
    (Output("name", "name"), Output("file_type", "file_type"), Output("key", "stored_file.file_key"))
)
_PLAIN = Spelling()
_BLOCK = 1 << 20


def component_key(id_: uuid.UUID | str, part: int = 0) -> str:
    """Where the bytes of a component are, or those of a part of them that was sent alone."""
    name = str(id_)
    ending = f".part{part}" if part else ""
    return f"components/{name[:3]}/{name[3:6]}/{name}{ending}"


@dataclass(frozen=True, slots=True)
class ComponentFile:
    """The file of a component: what it is called, its type, and where its bytes are in the file store."""

    name: str
    extension: str
    key: str


def component_file(reader: Reader, id_: uuid.UUID) -> ComponentFile:
    """The file of a component that the reader sees; NotFound for any other."""
    found = reader.one(Query(facet("Component"), _FILE, Where("id", Op.EQ, str(id_))), _PLAIN)
    if found is None:
        raise NotFound(f"There is no Component {id_}.")
    row = orjson.loads(found)
    ending = row["file_type"] or ""
    extension = ending.removeprefix(".").lower()
    return ComponentFile(f"{row['name'] or id_}{ending}", extension, row["key"] or component_key(id_))


def require_writer(work: UnitOfWork, id_: uuid.UUID) -> None:
    """Refuse whoever may not replace the bytes of a component, and bytes for one that was deleted.

    Bytes that have no row yet are anybody's: clients send them before they make the row.
    """
    found = work.session.execute(sa.select(Component.deleted_at).where(Component.id == id_)).first()
    if found is None:
        return
    if found.deleted_at is not None:
        raise NotFound(f"There is no Component {id_}.")
    work.execute([Update(facet("Component"), id_, {})])


def use_own_bytes(work: UnitOfWork, id_: uuid.UUID) -> None:
    """Let a component no longer have the bytes of a preview, as it gets others, or none."""
    shared = sa.select(Component.id).where(Component.id == id_, Component.stored_file_id.is_not(None))
    if work.session.scalar(shared) is not None:
        work.execute([Update(facet("Component"), id_, {"stored_file_id": None})])


def remove_bytes(studio: Studio, storage: Storage, actor: Actor, id_: uuid.UUID) -> None:
    """Forget the bytes of a component that the actor may change; a preview keeps its own."""
    component_file(studio.read(actor), id_)
    with studio.write(actor) as work:
        require_writer(work, id_)
        use_own_bytes(work, id_)
        work.commit()
    storage.delete(component_key(id_))


class _Parts:
    """The parts of a component one after the other, as one stream."""

    def __init__(self, storage: Storage, keys: list[str]) -> None:
        self._blocks = self._read(storage, keys)
        self._rest = b""

    @staticmethod
    def _read(storage: Storage, keys: list[str]) -> Iterator[bytes]:
        for key in keys:
            opened = storage.open(key)
            with opened.stream as stream:
                while block := stream.read(_BLOCK):
                    yield block

    def read(self, size: int = -1) -> bytes:
        """Some bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        found, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return found


def require_parts(storage: Storage, id_: uuid.UUID, numbers: Sequence[int]) -> None:
    """Refuse to join parts that were never sent."""
    missing = [number for number in numbers if not storage.exists(component_key(id_, number))]
    if missing:
        raise Invalid(f"Part {missing[0]} was not sent.", {"parts": ["were not all sent"]})


def join_parts(storage: Storage, id_: uuid.UUID, numbers: Sequence[int]) -> None:
    """Make one of the parts that were sent."""
    keys = [component_key(id_, part) for part in numbers]
    stream: IO[bytes] = _Parts(storage, keys)  # type: ignore[assignment]
    storage.put(component_key(id_), stream)
    for key in keys:
        storage.delete(key)
