"""The media of a version is its preview, which every client reviews: also where it came as a component."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.models.review import PreviewFile
from zou_server.models.versions import Version
from zou_server.services.previews.image_sequence import is_sequence
from zou_server.services.previews.keys import new_source_key
from zou_server.services.previews.send_preview import Desk, receive
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.ports import Stored
    from zou_server.services.previews.process_preview import Workshop
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class ReviewCopy:
    """A copy of a component's file, the source of a preview to be."""

    id: uuid.UUID
    key: str
    stored: Stored
    has_frames: bool


def copy_for_review(workshop: Workshop, version_id: uuid.UUID, key: str, extension: str) -> ReviewCopy | None:
    """Copy the file under the key for the review of a version; None where it is not wanted.

    Bytes take their time, and no transaction waits for them: `review_component` comes after.
    """
    with workshop.studio.write(SYSTEM) as work:
        if _reviewed(work, version_id) is None:
            return None
    id_ = uuid.uuid4()
    own = new_source_key("previews", id_, extension)
    with workshop.storage.open(key).stream as stream:
        stored = workshop.storage.put(own, stream)
    return ReviewCopy(id_, own, stored, is_sequence(workshop.storage, own))


def review_component(work: UnitOfWork, workshop: Workshop, version_id: uuid.UUID, copy: ReviewCopy) -> None:
    """Let a version of a task that has no preview yet be reviewed by the copy."""
    # Two that come at once see each other: the second waits here until the first has its preview.
    work.session.execute(sa.select(Version.id).where(Version.id == version_id).with_for_update())
    version = _reviewed(work, version_id)
    if version is None:
        work.after_commit(lambda: workshop.storage.delete(copy.key))
        return
    name = str(copy.id)[:13]
    values = {
        "name": name,
        "version_id": str(version_id),
        "task_id": str(version.task_id),
        "revision": version.revision or 1,
        "person_id": str(work.actor.person_id),
        "source": "ftrack",
    }
    work.execute([Create(facet("PreviewFile"), values, id=copy.id)])
    desk = Desk(workshop.studio, workshop.storage)
    receive(work, desk, copy.id, copy.key, copy.stored, name, has_frames=copy.has_frames)
    work.execute([Update(facet("Version"), version_id, {"preview_file_id": str(copy.id)})])


def _reviewed(work: UnitOfWork, version_id: uuid.UUID) -> Version | None:
    """The version, if it is of a task and has no preview."""
    there = sa.exists().where(PreviewFile.version_id == version_id, PreviewFile.deleted_at.is_(None))
    wanted = sa.select(Version).where(Version.id == version_id, Version.task_id.is_not(None), ~there)
    return work.session.scalar(wanted)
