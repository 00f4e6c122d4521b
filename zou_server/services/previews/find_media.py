"""What there is of a preview for somebody who may see it."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, replace
from typing import Any

from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import All, Op, Output, Projection, Query, Where
from zou_server.models.errors import Forbidden, NotFound
from zou_server.models.policies import LEADS
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.previews.keys import extension_of
from zou_server.services.studio import Studio

_PLAIN = Spelling()
_PATHS = {
    "status": "status",
    "source_key": "source_key",
    "original_name": "original_name",
    "progress": "progress",
    "problem": "problem",
    "author": "person_id",
    "project_id": "task.project_id",
    "may_download": "task.project.is_preview_download_allowed",
    "data": "data",
}
_PROJECTION = Projection(tuple(Output(key, path) for key, path in _PATHS.items()))
_ID = Projection((Output("id", "id"),))


@dataclass(frozen=True, slots=True)
class PreviewMedia:
    """A preview as far as its files go; `source_key` is None until a file was sent."""

    id: str
    status: str
    source_key: str | None
    original_name: str | None
    progress: int
    problem: str
    author: str | None
    project_id: str | None
    may_download: bool | None
    data: dict[str, Any] | None

    @property
    def source_extension(self) -> str:
        """The extension of the file as it was sent, "" for none."""
        return extension_of(self.source_key) if self.source_key else ""

    @property
    def is_processing(self) -> bool:
        """True while renditions of a file that was sent are made."""
        return self.status == "processing" and self.source_key is not None

    def refuse_download(self, actor: Actor | None) -> None:
        """Forbidden for artists, vendors and clients of a project that lets nobody take previews home.

        A guest, who has no account, is None.
        """
        if not (self.may_download or (actor is not None and self._is_for(actor))):
            raise Forbidden("Previews of this project may not be downloaded.")

    def _is_for(self, actor: Actor) -> bool:
        project = uuid.UUID(self.project_id) if self.project_id else None
        return actor.role_in(project) in LEADS or self.author == str(actor.person_id)


def _sees_what_shows(studio: Studio, actor: Actor, id_: str) -> bool:
    shown = Query(facet("Entity"), _ID, Where("preview_file_id", Op.EQ, id_))
    return studio.read(actor).one(shown, _PLAIN) is not None


def find_media(studio: Studio, actor: Actor, id_: str) -> PreviewMedia:
    """The preview's media; NotFound when there is no such preview for the actor.

    A preview of no task is for whoever sees the thing that it is the picture of.
    """
    query = Query(facet("PreviewFile"), _PROJECTION, Where("id", Op.EQ, id_))
    text = studio.read(actor).one(query, _PLAIN)
    if text is None and _sees_what_shows(studio, actor, id_):
        free = All((query.where, Where("task_id", Op.NULL)))
        text = studio.read(SYSTEM).one(replace(query, where=free), _PLAIN)
    if text is None:
        raise NotFound(f"PreviewFile {id_} not found.")
    found: dict[str, Any] = json.loads(text)
    return PreviewMedia(id=id_, **found)
