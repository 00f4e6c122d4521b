"""Playlists as files: a ZIP of the takes, and movies of them that are made in a job."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import ExitStack

from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import committed_row, json_of, rows_of, same
from zou_server.blueprints.zou.shapes import ID, list_of
from zou_server.description import Schema, listed, ref, thing
from zou_server.models.conditions import Condition, Form, Order, Output, Projection
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.playlists.build_movie import forget_movie, movie_key, order_movie
from zou_server.services.playlists.notify_clients import notify_clients
from zou_server.services.playlists.takes import PlaylistTakes, read_playlist
from zou_server.services.playlists.zip_takes import zip_takes
from zou_server.services.previews.find_media import find_media
from zou_server.services.read.reader import Reader
from zou_server.services.write.operations import Act, Delete, Operation
from zou_server.stored import Download, disposition, send_stored
from zou_server.web import current_actor

CHUNK = 1024 * 1024
JOB = Projection(
    (
        *(Output(key, key) for key in ("id", "status", "job_type", "ended_at", "message", "playlist_id")),
        *(Output(key, key) for key in ("created_at", "updated_at")),
        Output("type", "BuildJob", Form.LITERAL),
    )
)


class TakesInZip(NamedResource):
    """The takes of a playlist as they were sent."""

    def get(self, playlist_id: str) -> Response:
        """One ZIP file, numbered in the order of the playlist."""
        actor = current_actor()
        playlist = read_playlist(self.studio.read(actor), checked_id(playlist_id))
        for take in playlist.takes:
            find_media(self.studio, actor, take.id).refuse_download(actor)
        with ExitStack() as opened:
            target = opened.enter_context(self.parts.folders.folder()) / "takes.zip"
            zip_takes(self.parts.storage, playlist.takes, target)
            stream, size = opened.enter_context(target.open("rb")), target.stat().st_size
            kept = opened.pop_all()

        def chunks() -> Iterator[bytes]:
            while chunk := stream.read(CHUNK):
                yield chunk

        answer = Response(chunks(), mimetype="application/zip")
        answer.headers["Content-Disposition"] = disposition(f"{playlist.name}.zip", attachment=True)
        answer.content_length = size
        answer.call_on_close(kept.close)
        return answer


class BuildMovie(NamedResource):
    """A movie of a playlist, ordered."""

    def get(self, playlist_id: str) -> Response:
        """The job that makes it; `build-job:update` tells when it is there."""
        with self.studio.write(current_actor()) as work:
            playlist = read_playlist(work.read, checked_id(playlist_id))
            job_id = str(order_movie(work, playlist))
            (job,) = rows_of(work.read, "BuildJob", JOB, same("id", job_id))
            work.commit()
        return json_of(job)


class OneJob(NamedResource):
    """A movie that is made or was."""

    def get(self, playlist_id: str, build_job_id: str) -> Response:
        """How far it is."""
        return json_of(_job(self.studio.read(current_actor()), playlist_id, build_job_id))

    def delete(self, playlist_id: str, build_job_id: str) -> Response:
        """Forget it, and its file."""
        with self.studio.write(current_actor()) as work:
            job = _job(work.read, playlist_id, build_job_id)
            playlist: PlaylistTakes = read_playlist(work.read, job["playlist_id"])
            work.execute([Delete(facet("BuildJob"), job["id"])])
            forget_movie(work, uuid.UUID(job["id"]), playlist)
            work.after_commit(lambda: self.parts.storage.delete(movie_key(job["id"])))
            work.commit()
        return Response(status=204)


class MovieOfJob(NamedResource):
    """The movie that a job made."""

    def get(self, playlist_id: str, build_job_id: str) -> Response:
        """The file; 404 until it is there."""
        reader = self.studio.read(current_actor())
        job = _job(reader, playlist_id, build_job_id)
        if job["status"] != "succeeded":
            raise NotFound("This movie is not there yet, or could not be made.")
        name = f"{read_playlist(reader, job['playlist_id']).name}.mp4"
        return send_stored(
            self.parts.storage, Download(movie_key(job["id"]), "video/mp4", name, attachment=True)
        )


class ProjectJobs(NamedResource):
    """The movies of all playlists of a project."""

    def get(self, project_id: str) -> Response:
        """The newest first."""
        id_ = checked_id(project_id)
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        return json_of(_jobs(self.studio.read(current_actor()), same("playlist.project_id", id_)))


def _jobs(reader: Reader, *terms: Condition) -> list[dict[str, str]]:
    return rows_of(reader, "BuildJob", JOB, *terms, order=(Order("created_at", descending=True),))


def _job(reader: Reader, playlist_id: str, job_id: str) -> dict[str, str]:
    here = (same("id", checked_id(job_id)), same("playlist_id", checked_id(playlist_id)))
    found = _jobs(reader, *here)
    if not found:
        raise NotFound(f"BuildJob {job_id} not found.")
    return found[0]


# -- clients, and many entities ------------------------------------------------------------------------------


@body
class Audience:
    """Whom to tell: the clients of one site or department; all of them without either."""

    studio_id: str | None = optional(ID)
    department_id: str | None = optional(ID)


class NotifyClients(NamedResource):
    """Telling the clients that a playlist is ready."""

    def post(self, playlist_id: str, sent: Audience) -> Response:
        """They get a notification."""
        notify_clients(
            self.studio, current_actor(), checked_id(playlist_id), sent.studio_id, sent.department_id
        )
        return json_of({"status": "success"})


@body
class Entry:
    """An entity, and the take to show of it."""

    entity_id: str = needed(ID)
    preview_file_id: str | None = optional(ID)


@body
class Entries:
    """What goes to the end of a playlist."""

    entities: list[Entry] = needed(list_of(Entry))


class AddEntities(NamedResource):
    """Many entities at the end of a playlist, in their order."""

    def post(self, playlist_id: str, sent: Entries) -> Response:
        """All or none; the answer is the playlist."""
        id_ = checked_id(playlist_id)
        with self.studio.write(current_actor()) as work:
            added: list[Operation] = [
                Act("add_to_playlist", facet("Playlist"), id_, {"entry": _entry(each)})
                for each in sent.entities
            ]
            work.execute(added)
            return committed_row(work, "Playlist", id_)


def _entry(sent: Entry) -> dict[str, str]:
    take = {} if sent.preview_file_id is None else {"preview_file_id": sent.preview_file_id}
    return {"entity_id": sent.entity_id, **take}


# -- the routes ----------------------------------------------------------------------------------------------

_BINARY: Schema = {"type": "string", "format": "binary"}
_JOB = thing({output.key: {} for output in JOB.outputs}, ("id", "status", "playlist_id"))
_ABOUT = "Playlist"

ROUTES = (
    Named(
        "/actions/playlists/<playlist_id>/add-entities",
        AddEntities,
        {
            "post": Says(
                _ABOUT,
                "Put entities at the end of a playlist",
                ref("Playlist"),
                sends=Entries,
                text="The playlist.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/playlists/<playlist_id>/download/zip",
        TakesInZip,
        {
            "get": Says(
                _ABOUT,
                "The takes of a playlist as they were sent",
                _BINARY,
                media="application/zip",
                text="One ZIP file.",
                refused=(403, 404),
            )
        },
    ),
    Named(
        "/data/playlists/<playlist_id>/build/mp4",
        BuildMovie,
        {"get": Says(_ABOUT, "Have a movie of a playlist made", _JOB, text="The job that makes it.")},
    ),
    Named(
        "/data/playlists/<playlist_id>/jobs/<build_job_id>",
        OneJob,
        {
            "get": Says(_ABOUT, "How far a movie of a playlist is", _JOB, text="The job."),
            "delete": Says(_ABOUT, "Forget a movie of a playlist", status=204, text="It is gone."),
        },
    ),
    Named(
        "/data/playlists/<playlist_id>/jobs/<build_job_id>/build/mp4",
        MovieOfJob,
        {"get": Says(_ABOUT, "The movie of a playlist", _BINARY, media="video/mp4", text="The movie.")},
    ),
    Named(
        "/data/projects/<project_id>/build-jobs",
        ProjectJobs,
        {"get": Says(_ABOUT, "List the movies of a project's playlists", listed(_JOB), text="Newest first.")},
    ),
    Named(
        "/data/playlists/<playlist_id>/notify-clients",
        NotifyClients,
        {
            "post": Says(
                _ABOUT,
                "Tell the clients that a playlist is ready",
                thing({"status": {"type": "string"}}, ("status",)),
                sends=Audience,
                sends_required=False,
                text="They are told.",
                refused=(403, 404, 413),
            )
        },
    ),
)
