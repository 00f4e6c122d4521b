"""Keep the content of a working file: the scene itself, beside what is known of it."""

from __future__ import annotations

import uuid
from typing import IO, TYPE_CHECKING

from zou_server.models.actor import Actor
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio


def working_file_key(id_: uuid.UUID | str) -> str:
    """Where the content of a working file is kept."""
    name = str(id_)
    return f"files/working/{name[:3]}/{name[3:6]}/{name}"


def keep_working_file(
    studio: Studio, actor: Actor, storage: Storage, id_: uuid.UUID, stream: IO[bytes]
) -> None:
    """Keep the content in place of what was there, and note its size.

    Who may is decided before a byte is looked at. Nothing is locked while the bytes are on their way.
    """
    file = facet("WorkingFile")
    with studio.write(actor) as work:
        work.execute([Update(file, id_, {})])  # never committed: it only asks whether the actor may
    key = working_file_key(id_)
    stored = storage.put(key, stream)
    try:
        with studio.write(actor) as work:
            work.execute([Update(file, id_, {"size": stored.size})])
            work.commit()
    except NotFound:
        storage.delete(key)
        raise
