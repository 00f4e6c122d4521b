"""A playlist as guests see it, who came by a link and have no account: Kitsu's page `/shared/playlists`.

The link's token is their only key, and its password where it has one (`?password=`). They see the chosen
take of each entity, and of the talk what is for clients. A guest says their name once and is known by a
signed cookie from then on: nobody writes, changes or removes a comment in the name of another guest.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional, said, usually
from zou_server.blueprints.zou.errors import register_errors
from zou_server.blueprints.zou.named import Named, Parts, Says
from zou_server.blueprints.zou.review.playlist_takes import detailed
from zou_server.blueprints.zou.review.shared_attachments import (
    SharedAttachment,
    SharedAttachments,
    SharedFile,
)
from zou_server.blueprints.zou.review.shared_link import SharedLink, cookie_of, signer_of
from zou_server.blueprints.zou.review.shared_media import MEDIA, SharedDownload, SharedMedia, SharedRow
from zou_server.blueprints.zou.rows import json_of, rows_of, same, shown, usual_row
from zou_server.blueprints.zou.shapes import ANYTHING, ID, TEXT, WORD
from zou_server.blueprints.zou.tasks.comment_shapes import COMMENT, NEWEST_FIRST
from zou_server.description import Schema, listed, thing
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.models.status import is_for_clients
from zou_server.services.playlists.guests import refuse_other_tasks
from zou_server.services.write.operations import Act, Create, Delete, Update
from zou_server.web import DialectApi, json_text

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

COOKIE_DAYS = 90
GUEST_DOMAIN = "guest.kitsu"

_PROJECT = shown(id="", name="", fps="", ratio="", resolution="")
_STEP = shown(id="", name="", color="", for_entity="")
_STATUS = shown(
    id="", name="", short_name="code", color="", is_client_allowed="", is_default="", for_concept=""
)
_USE = shown(id="status_id", is_client_allowed="")


class SharedPlaylist(SharedLink):
    """The playlist itself."""

    def get(self, token: str) -> Response:
        """Its entities in their order, each with the chosen take."""
        found = self.show(token)
        entries = [
            entry for entry in found.playlist["shots"] or [] if entry.get("preview_file_id") in found.takes
        ]
        shots = [{**shot, "preview_files": {}} for shot in detailed(self.everything, entries)]
        return json_of(
            {**found.playlist, "shots": shots, "can_comment": found.link.can_comment, "type": "Playlist"}
        )


class SharedContext(SharedLink):
    """What the page needs to know of the studio."""

    def get(self, token: str) -> Response:
        """The project, its steps and statuses; nobody of the team."""
        found, reader = self.show(token), self.everything
        (project,) = rows_of(reader, "Project", _PROJECT, same("id", str(found.link.project_id)))
        steps = [take["task_type_id"] for take in found.takes.values()]
        return json_of(
            {
                "project": {**project, "team": []},
                "task_types": rows_of(reader, "TaskType", _STEP, Where("id", Op.IN, steps)),
                "task_statuses": _statuses(reader, str(found.link.project_id)),
                "can_comment": found.link.can_comment,
            }
        )


def _statuses(reader: Reader, project_id: str) -> list[dict[str, Any]]:
    """The statuses of a project, of all where it chose none; a project's word on clients comes first."""
    uses = rows_of(reader, "StatusUse", _USE, same("project_id", project_id))
    chosen = {use["id"]: use["is_client_allowed"] for use in uses}
    where = [Where("id", Op.IN, list(chosen))] if chosen else []
    found = rows_of(reader, "TaskStatus", _STATUS, *where, order=(Order("priority"), Order("name")))
    for status in found:
        of_project = chosen.get(status["id"])
        status["is_client_allowed"] = is_for_clients(status["is_client_allowed"], of_project)
    return found


@body
class Guest:
    """Who a guest says they are."""

    first_name: str = usually("Guest", WORD)
    last_name: str | None = optional(TEXT)
    email: str | None = optional(WORD)
    guest_id: str | None = optional(ID)


class Guests(SharedLink):
    """A guest says their name."""

    def post(self, token: str, sent: Guest) -> Response:
        """The person they are from now on; the browser keeps a cookie that proves it.

        Who comes back with the id they had is the same person still, where the cookie says so too.
        """
        link = self.show(token).link
        if sent.guest_id is not None and sent.guest_id == self.known(link):
            return json_text(usual_row(self.everything, "Person", sent.guest_id))
        values = {
            "first_name": sent.first_name,
            "last_name": sent.last_name or "",
            "email": f"guest-{uuid.uuid4().hex[:12]}@{GUEST_DOMAIN}",
            "role": "client",
            "is_guest": True,
        }
        with self.studio.write(SYSTEM) as work:
            (made,) = work.execute([Create(facet("HumanUser"), values)])
            text = usual_row(work.read, "Person", str(made.id))
            work.commit()
        answer = json_text(text, 201)
        answer.set_cookie(
            cookie_of(token),
            signer_of(link.token).dumps(str(made.id)),
            max_age=COOKIE_DAYS * 86400,
            httponly=True,
            samesite="Lax",
            secure=request.is_secure,
        )
        return answer


# -- talk ----------------------------------------------------------------------------------------------------


@body
class NewComment:
    """What a guest says of a task that the playlist shows a take of."""

    task_id: str = needed(ID)
    sets_status_id: str | None = optional(ID, "task_status_id")
    text: str = usually("", TEXT, "text", "comment")
    checklist: object = optional(ANYTHING)
    guest_id: str | None = optional(ID, "guest_id", "person_id")
    preview_file_id: str | None = optional(ID)


@body
class OtherWords:
    """What the comment says now."""

    text: str | None = optional(TEXT, "text", "comment")
    sets_status_id: str | None = optional(ID, "task_status_id")
    checklist: object = optional(ANYTHING)
    guest_id: str | None = optional(ID, "guest_id", "person_id")


class SharedComments(SharedLink):
    """The talk about what the playlist shows."""

    def get(self, token: str) -> Response:
        """What is for clients and what they said, the newest first."""
        found = self.show(token)
        heads = (Where("object_id", Op.IN, found.task_ids), Where("parent_id", Op.NULL))
        where = (*heads, self.talk(found.link))
        return json_of(rows_of(self.everything, "Note", COMMENT, *where, order=NEWEST_FIRST))

    def post(self, token: str, sent: NewComment) -> Response:
        """Say something; it is for the clients to see."""
        found = self.show(token)
        actor = self.guest(found.link)
        refuse_other_tasks(sent.task_id, found.task_ids)
        values = {"text": sent.text, "for_client": True, **_given(sent, "sets_status_id", "checklist")}
        with self.studio.write(actor) as work:
            (made,) = work.execute([Act("comment", facet("Task"), sent.task_id, values)])
            work.commit()
        return _comment(self.everything, str(made.id), 201)


class SharedComment(SharedLink):
    """A guest's own comment."""

    def put(self, token: str, comment_id: str, sent: OtherWords) -> Response:
        """Say it in other words."""
        actor, id_ = self.own_comment(token, comment_id)
        with self.studio.write(actor) as work:
            work.execute([Update(facet("Note"), id_, _given(sent, "text", "sets_status_id", "checklist"))])
            work.commit()
        return _comment(self.everything, id_)

    def delete(self, token: str, comment_id: str) -> Response:
        """Take it back."""
        actor, id_ = self.own_comment(token, comment_id)
        with self.studio.write(actor) as work:
            work.execute([Delete(facet("Note"), id_)])
            work.commit()
        return Response(status=204)


def _given(sent: NewComment | OtherWords, *names: str) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(sent, name)) is not None}


def _comment(reader: Reader, id_: str, status: int = 200) -> Response:
    (row,) = rows_of(reader, "Note", COMMENT, same("id", id_))
    return json_of(row, status)


@body
class GuestDrawings:
    """What a guest drew on a take, changed and wiped out."""

    preview_file_id: str = needed(ID)
    additions: object = optional(ANYTHING)
    updates: object = optional(ANYTHING)
    deletions: object = optional(ANYTHING)
    guest_id: str | None = optional(ID, "guest_id", "person_id")


class SharedAnnotations(SharedLink):
    """Drawings on a take."""

    def put(self, token: str, sent: GuestDrawings) -> Response:
        """Merge them into what is drawn there already; the answer is the preview."""
        found = self.show(token)
        actor, values = self.guest(found.link), said(sent)
        values.pop("guest_id", None)
        id_ = values.pop("preview_file_id")
        if id_ not in found.takes:
            raise NotFound(f"PreviewFile {id_} not found.")
        with self.studio.write(actor) as work:
            work.execute([Act("annotate_preview", facet("PreviewFile"), id_, values)])
            work.commit()
        return json_text(usual_row(self.everything, "PreviewFile", id_))


# -- the routes ----------------------------------------------------------------------------------------------

_ROOT = "/shared/playlists/<token>"
_ABOUT = "Playlist"
_TOKEN: Mapping[str, Schema] = {"token": {"type": "string"}, "file_name": {"type": "string"}}
_OBJECT: Schema = thing({"id": {}})
FILES: Schema = thing({}, additionalProperties={"type": "string", "format": "binary"})
_BINARY: Schema = {"type": "string", "format": "binary"}
_OPEN: list[dict[str, list[str]]] = []


def _says(summary: str, answers: Schema | None = _OBJECT, **more: Any) -> Says:
    return Says(
        _ABOUT, summary, answers, text=more.pop("text", "What was asked for."), security=_OPEN, **more
    )


def _sent(summary: str, sends: type, status: int = 200) -> Says:
    return _says(summary, sends=sends, status=status, refused=(403, 404, 413))


def _named(path: str, resource: type[SharedLink], options: Any = None, **says: Says) -> Named[Any]:
    return Named(f"{_ROOT}{path}", resource, says, options, _TOKEN)


SHARED: tuple[Named[Any], ...] = (
    _named("", SharedPlaylist, get=_says("A playlist as guests see it")),
    _named(
        "/context",
        SharedContext,
        get=_says("What the page of a shared playlist needs", thing({"project": {}})),
    ),
    _named("/guest", Guests, post=_sent("Say who you are, as a guest", Guest, 201)),
    _named(
        "/comments",
        SharedComments,
        get=_says("The talk about a shared playlist", listed(_OBJECT)),
        post=_sent("Comment on a shared playlist", NewComment, 201),
    ),
    _named(
        "/comments/<comment_id>",
        SharedComment,
        put=_sent("Say it in other words, as a guest", OtherWords),
        delete=_says("Take a comment back, as a guest", None, status=204, refused=(403, 404)),
    ),
    _named(
        "/comments/<comment_id>/attachments",
        SharedAttachments,
        post=_says(
            "Attach files to a comment, as a guest", form=FILES, status=201, refused=(400, 403, 404, 413)
        ),
    ),
    _named(
        "/comments/<comment_id>/attachments/<attachment_file_id>",
        SharedAttachment,
        delete=_says("Remove a file of a comment, as a guest", None, status=204, refused=(403, 404)),
    ),
    _named(
        "/attachment-files/<attachment_file_id>/file/<path:file_name>",
        SharedFile,
        get=_says("A file of a comment that guests see", _BINARY, media="*/*"),
    ),
    _named("/annotations", SharedAnnotations, put=_sent("Draw on a take, as a guest", GuestDrawings)),
    _named(
        "/preview-files/<preview_file_id>",
        SharedRow,
        get=_says("What is known of a take of a shared playlist"),
    ),
    _named(
        "/preview-files/<preview_file_id>/download",
        SharedDownload,
        get=_says(
            "A take of a shared playlist as it was sent",
            _BINARY,
            media="application/octet-stream",
            refused=(403, 404),
        ),
    ),
    *(
        _named(
            f"/{path}",
            SharedMedia,
            (place, media),
            get=_says("A picture or movie of a shared playlist", _BINARY, media=media),
        )
        for path, (place, media) in MEDIA.items()
    ),
)


def build_shared(parts: Parts, name: str, prefix: str) -> Blueprint:
    """The routes of shared playlists, under a prefix: nobody logs in here."""
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    register_errors(blueprint)
    api = DialectApi(blueprint)
    for route in SHARED:
        options = {"parts": parts, "named": route}
        api.add_resource(
            route.resource, route.path, endpoint=route.path.replace(".", "_"), resource_class_kwargs=options
        )
    return blueprint
