"""A movie of a playlist: its takes one after the other, made in a job."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.base import Identity
from zou_server.models.errors import NotFound, Unreadable
from zou_server.models.playlist_sharing import BuildJob
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.services.playlists.takes import PlaylistTakes, read_playlist
from zou_server.services.ports import Segment
from zou_server.services.previews.shape import shape_of_project
from zou_server.services.write.operations import Create, Update
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.previews.process_preview import Workshop
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "build_playlist_movie"
STILL_SECONDS = 2.0
"""How long a picture is shown in the movie."""


def movie_key(job_id: uuid.UUID | str) -> str:
    """Where the movie of a job is kept."""
    name = str(job_id)
    return f"playlists/{name[:3]}/{name[3:6]}/{name}.mp4"


def order_movie(work: UnitOfWork, playlist: PlaylistTakes) -> uuid.UUID:
    """Have a movie of a playlist made; the id of the job."""
    (made,) = work.execute([Create(facet("BuildJob"), {"playlist_id": playlist.id})])
    facts = {"playlist_id": playlist.id, "created_at": f"{work.now:%Y-%m-%dT%H:%M:%S}"}
    _tell(work, "create", made.id, playlist.project_id, facts)
    work.defer(TASK, {"job_id": str(made.id)})
    return made.id


def forget_movie(work: UnitOfWork, job_id: uuid.UUID, playlist: PlaylistTakes) -> None:
    """Tell that a job is gone; its row goes by the caller's operation."""
    _tell(work, "delete", job_id, playlist.project_id, {"playlist_id": playlist.id})


def build_movie(workshop: Workshop, job_id: uuid.UUID) -> None:
    """Do such a job; what cannot be done says why in its row."""
    with workshop.studio.write(SYSTEM) as work:
        row = work.session.get(BuildJob, job_id)
        if row is None or row.deleted_at is not None or row.status != "running":
            return
        playlist_id = str(row.playlist_id)
    playlist = read_playlist(workshop.studio.read(SYSTEM), playlist_id)
    try:
        _make(workshop, job_id, playlist)
    except (Unreadable, NotFound) as error:
        end_job(workshop, job_id, playlist, "failed", error.message)
    else:
        end_job(workshop, job_id, playlist, "succeeded", None)


def give_up_movie(workshop: Workshop, job_id: uuid.UUID, reason: str) -> None:
    """Note that a movie cannot be made."""
    with workshop.studio.write(SYSTEM) as work:
        playlist_id = str(work.session.get_one(BuildJob, job_id).playlist_id)
    end_job(workshop, job_id, read_playlist(workshop.studio.read(SYSTEM), playlist_id), "failed", reason)


def _make(workshop: Workshop, job_id: uuid.UUID, playlist: PlaylistTakes) -> None:
    if not playlist.takes:
        raise Unreadable("The playlist holds no take that has a file.")
    with workshop.studio.write(SYSTEM) as work:
        project: Any = work.session.get(Project, uuid.UUID(playlist.project_id))
        shape = shape_of_project(project)
    with workshop.folders.folder() as folder, ExitStack() as opened:
        segments = [
            Segment(opened.enter_context(workshop.storage.local_copy(take.shown_key)), take.is_movie)
            for take in playlist.takes
        ]
        made = workshop.media.joined(segments, folder, shape, STILL_SECONDS)
        with made.open("rb") as stream:
            workshop.storage.put(movie_key(job_id), stream)


def end_job(
    workshop: Workshop, job_id: uuid.UUID, playlist: PlaylistTakes, status: str, message: str | None
) -> None:
    """Note how a job ended, and tell of it."""
    with workshop.studio.write(SYSTEM) as work:
        values = {"status": status, "message": message, "ended_at": work.now.isoformat()}
        work.execute([Update(facet("BuildJob"), job_id, values)])
        facts = {"playlist_id": playlist.id, "status": status, "message": message}
        _tell(work, "update", job_id, playlist.project_id, facts)
        work.commit()


def _tell(
    work: UnitOfWork, action: str, job_id: uuid.UUID, project_id: str, facts: Mapping[str, str | None]
) -> None:
    name = work.session.scalar(sa.select(Identity.name).where(Identity.id == job_id))
    work.record(
        Recorded(action, "BuildJob", job_id, name, uuid.UUID(project_id), new=dict(facts), first=True)
    )
