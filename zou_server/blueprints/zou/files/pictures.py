"""`/pictures/thumbnails/...`: the pictures of people, projects and the studio, as a table of routes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import EVERYTHING, All, Op, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import Facet, facet
from zou_server.services.thumbnails.pictures import picture_key
from zou_server.services.thumbnails.set_avatar import set_avatar
from zou_server.stored import Download, send_stored
from zou_server.web import RouteResource, current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio

WITH_AVATAR = ("Person", "Project", "Organisation")
"""The facets whose rows have one picture that can be replaced."""


class Picture(RouteResource):
    """One picture, for whoever may see the row that it is of."""

    def __init__(self, studio: Studio, storage: Storage, kind: Facet, size: str) -> None:
        self.studio, self.storage, self.kind, self.size = studio, storage, kind, size

    def get(self, id: str) -> Response:  # noqa: A002 - the name in the route
        """The picture as PNG; 404 when there is none."""
        key = picture_key(self.size, self._owner(checked_id(id)))
        return send_stored(self.storage, Download(key, "image/png"))

    def _owner(self, id_: str) -> str:
        """The id, when the caller may see its row and that has a picture; else NotFound."""
        wire = wire_type(self.kind)
        has_one = Where("has_avatar", Op.EQ, value=True) if "has_avatar" in self.kind.fields else EVERYTHING
        query = Query(self.kind, wire.projection(fields=("id",)), All((Where("id", Op.EQ, id_), has_one)))
        found_or_404(self.studio.read(current_actor()).one(query, ZOU), wire, id_)
        return id_


class Avatar(RouteResource):
    """Sending the picture of a person, a project or the studio."""

    def __init__(self, studio: Studio, storage: Storage, kind: Facet) -> None:
        self.studio, self.storage, self.kind = studio, storage, kind

    def post(self, id: str) -> Response:  # noqa: A002
        """Take the picture in the form's field `file`, whatever it is called there."""
        id_ = checked_id(id)
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("The form has no field 'file'.", {"file": ["is not in the form"]})
        with self.studio.write(current_actor()) as work:
            set_avatar(work, self.storage, self.kind, uuid.UUID(id_), sent.stream)
            work.commit()
        path = f"/pictures/thumbnails/{wire_type(self.kind).path}/{id_}.png"
        return json_text(orjson.dumps({"thumbnail_path": path}), 201)


def add_pictures(add: Callable[..., Any], studio: Studio, storage: Storage) -> None:
    """Register the picture of everything that has one."""
    shared = {"root": "/pictures/", "studio": studio, "storage": storage}
    for name in WITH_AVATAR:
        kind = facet(name)
        path = f"thumbnails/{wire_type(kind).path}/<id>"
        add(Picture, f"{path}.png", kind=kind, size="thumbnails", **shared)
        add(Avatar, path, kind=kind, **shared)
