"""Give a person, a project or the studio its picture."""

from __future__ import annotations

import uuid
from typing import IO, TYPE_CHECKING

from zou_server.models.base import Identity
from zou_server.models.registry import Facet
from zou_server.services.ports import Storage
from zou_server.services.thumbnails.pictures import store_avatar
from zou_server.services.thumbnails.read_picture import read_picture
from zou_server.services.write.named_event import named_event
from zou_server.services.write.operations import Act, Operation, Update

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

LOGO = "shotrunner_logo_image"
"""The custom field that names the attachment which is a project's picture."""


def noted_avatar(facet: Facet, id_: uuid.UUID | str, *, there: bool) -> Act:
    """The operation that notes whether there is a picture."""
    return Act(f"note-avatar of {facet.model.__name__}", facet, id_, {"has_avatar": there})


def set_avatar(work: UnitOfWork, storage: Storage, facet: Facet, id_: uuid.UUID, stream: IO[bytes]) -> None:
    """Keep the picture and note that there is one; who may is decided before a byte is looked at."""
    operations: list[Operation] = [noted_avatar(facet, id_, there=True)]
    if facet.name == "Project":
        operations.append(Update(facet, id_, {"data": {LOGO: None}}))  # which attachment its picture was
    result = work.execute(operations)[0]
    about = work.session.get_one(Identity, result.id)
    work.record(named_event("set-thumbnail", about))
    store_avatar(storage, id_, read_picture(stream))
