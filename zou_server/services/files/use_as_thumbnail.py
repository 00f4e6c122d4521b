"""A picture becomes the thumbnail of a project, of what is made in it, or of a task: in every client.

Kitsu shows the picture of a preview or of a project, ftrack that of a component, Shotgun one that a row
names. All of them are made of the same file, in one transaction; their bytes go again when it fails.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, cast

import sqlalchemy as sa

from zou_server.models.base import Identity
from zou_server.models.errors import Invalid
from zou_server.models.object_links import ObjectLink
from zou_server.models.registry import facet, facet_of_kind
from zou_server.services.files.component_bytes import LOCATION, component_key
from zou_server.services.files.kept_files import LINKS, AttachedFile, attached_file
from zou_server.services.files.row_pictures import keep_thumbnail
from zou_server.services.files.threadpool import aside
from zou_server.services.thumbnails.pictures import as_png, store_avatar, store_picture
from zou_server.services.thumbnails.read_picture import read_picture
from zou_server.services.thumbnails.set_avatar import LOGO, noted_avatar
from zou_server.services.write.operations import Create, Ref, Update

if TYPE_CHECKING:
    from PIL import Image

    from zou_server.services.ports import Storage, Stored
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(slots=True)
class _Remembering:
    """A store that knows what was put into it."""

    storage: Storage
    keys: list[str] = field(default_factory=list)

    def put(self, key: str, stream: IO[bytes]) -> Stored:
        """Keep it, and its key."""
        self.keys.append(key)
        return self.storage.put(key, stream)


@dataclass(frozen=True, slots=True)
class _Shown:
    """A picture on its way to a row."""

    work: UnitOfWork
    storage: Storage
    about: Identity
    file: AttachedFile
    image: Image.Image


def use_as_thumbnail(work: UnitOfWork, storage: Storage, number: int, about: Ref | None = None) -> None:
    """Show the picture of an attachment wherever a row is shown: what it belongs to, if none is named.

    Invalid for what is no picture, and for rows that have none.
    """
    file = attached_file(work.read, number)
    identity = _container(work, file) if about is None else _named_row(work, about)
    if identity is None:
        raise Invalid("The attachment belongs to nothing that has a thumbnail.")
    target = facet_of_kind(identity.kind)
    values_of = _VALUES.get(target.model.__name__)
    if values_of is None:
        raise Invalid(f"A {target.name} has no thumbnail.")
    if not file.key:
        raise Invalid("The attachment has no file.")
    image = _read(storage, file.key)
    kept = _Remembering(storage)
    try:
        shown = _Shown(work, cast("Storage", kept), identity, file, image)
        values = {**values_of(shown), "thumbnail_id": _component(shown)}
        work.execute([Update(target, identity.id, values)])
    except BaseException:
        for key in kept.keys:
            storage.delete(key)
        raise
    if target.name == "Project":
        work.after_commit(lambda: _keep_avatar(storage, identity.id, image))


def _container(work: UnitOfWork, file: AttachedFile) -> Identity | None:
    """The first live row that an attachment belongs to."""
    found = work.session.scalars(
        sa.select(Identity)
        .join(ObjectLink, ObjectLink.to_id == Identity.id)
        .where(
            ObjectLink.from_id == file.id,
            ObjectLink.field == LINKS.partition(":")[2],
            ObjectLink.deleted_at.is_(None),
            Identity.deleted_at.is_(None),
        )
        .order_by(ObjectLink.position, ObjectLink.created_at, ObjectLink.id)
        .limit(1)
    )
    return found.first()


def _named_row(work: UnitOfWork, about: Ref) -> Identity | None:
    where = (Identity.kind == about.kind, Identity.number == about.number)
    return work.session.scalar(sa.select(Identity).where(*where))


def _read(storage: Storage, key: str) -> Image.Image:
    with storage.open(key).stream as stream:
        return aside(lambda: read_picture(stream))


def _keep_avatar(storage: Storage, id_: uuid.UUID, image: Image.Image) -> None:
    aside(lambda: store_avatar(storage, id_, image))


def _component(shown: _Shown) -> uuid.UUID:
    """The picture as a component, which ftrack asks for."""
    id_ = uuid.uuid4()
    stored = shown.storage.put(component_key(id_), io.BytesIO(as_png(shown.image)))
    values = {"name": "thumbnail", "file_type": ".png", "size": stored.size, "object_id": shown.about.id}
    if shown.about.project_id is not None:
        values["project_id"] = shown.about.project_id
    place = {"component_id": id_, "location_id": LOCATION, "path": str(id_)}
    shown.work.execute(
        [
            Create(facet("FileComponent"), values, id=id_),
            Create(facet("ComponentLocation"), place, id=uuid.uuid4()),
        ]
    )
    return id_


def _of_entity(shown: _Shown) -> dict[str, Any]:
    """A preview of no task is the picture of a shot or an asset; Shotgun falls back on it."""
    id_ = uuid.uuid4()
    stored = aside(lambda: store_picture(shown.storage, id_, shown.image))
    values = {
        "name": str(id_)[:13],
        "original_name": (shown.file.name.rpartition(".")[0] or shown.file.name)[:250],
        "extension": "png",
        "status": "ready",
        "source": "attachment",
        "width": shown.image.width,
        "height": shown.image.height,
        "file_size": stored.size,
    }
    shown.work.execute([Create(facet("PreviewFile"), values, id=id_)])
    return {"preview_file_id": id_, "data": {"image": None, "filmstrip_image": None}}


def _of_project(shown: _Shown) -> dict[str, Any]:
    shown.work.execute([noted_avatar(facet("Project"), shown.about.id, there=True)])
    return {"data": {**_named(shown), LOGO: str(shown.file.id)}}


def _of_task(shown: _Shown) -> dict[str, Any]:
    return {"data": _named(shown)}


def _named(shown: _Shown) -> dict[str, Any]:
    stream = io.BytesIO(as_png(shown.image))
    return {"image": keep_thumbnail(shown.storage, stream, filmstrip=False), "filmstrip_image": None}


_VALUES: Mapping[str, Callable[[_Shown], dict[str, Any]]] = {
    "Entity": _of_entity,
    "Project": _of_project,
    "Task": _of_task,
}
"""Model -> what its row says of its picture."""
