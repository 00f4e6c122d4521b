"""The media of a version is its preview, which every client reviews: also where it came as a component."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.versions import Version
from zou_server.services.previews.image_sequence import is_sequence
from zou_server.services.previews.keys import new_source_key
from zou_server.services.previews.send_preview import Desk, receive
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.previews.process_preview import Workshop
    from zou_server.services.write.unit_of_work import UnitOfWork


def review_component(
    work: UnitOfWork, workshop: Workshop, version_id: uuid.UUID, key: str, extension: str
) -> None:
    """Let a version of a task that has no preview be reviewed by the file that is under the key."""
    version = work.session.get(Version, version_id)
    if version is None or version.task_id is None:
        return
    there = sa.exists().where(PreviewFile.version_id == version_id, PreviewFile.deleted_at.is_(None))
    if work.session.scalar(sa.select(there)):
        return
    id_ = uuid.uuid4()
    name = str(id_)[:13]
    values = {
        "name": name,
        "version_id": str(version_id),
        "task_id": str(version.task_id),
        "revision": version.revision or 1,
        "person_id": str(work.actor.person_id),
        "source": "ftrack",
    }
    work.execute([Create(facet("PreviewFile"), values, id=id_)])
    own = new_source_key("previews", id_, extension)
    opened = workshop.storage.open(key)
    with opened.stream as stream:
        stored = workshop.storage.put(own, stream)
    has_frames = is_sequence(workshop.storage, own)
    receive(work, Desk(workshop.studio, workshop.storage), id_, own, stored, name, has_frames=has_frames)
    work.execute([Update(facet("Version"), version_id, {"preview_file_id": str(id_)})])
