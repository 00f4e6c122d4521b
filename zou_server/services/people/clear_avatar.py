"""Take the picture of a person, a project or the studio away."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from zou_server.models.registry import Facet
from zou_server.services.ports import Storage
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.services.thumbnails.set_avatar import noted_avatar

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def clear_avatar(work: UnitOfWork, storage: Storage, facet: Facet, id_: uuid.UUID | str) -> None:
    """Note that there is none, and forget its bytes once that stands."""
    result = work.execute([noted_avatar(facet, id_, there=False)])[0]
    key = picture_key("thumbnails", str(result.id))
    work.after_commit(lambda: storage.delete(key))
