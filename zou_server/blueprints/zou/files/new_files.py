"""Routes that make the next revision of a file, and those that tell which one it will be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.files.file_bodies import (
    PATHS,
    row_of,
    separator_of,
    with_path,
)
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import ID, INTEGER, WORD
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, ref, thing
from zou_server.models.conditions import All, Op, Order, Query, Where
from zou_server.models.registry import facet
from zou_server.services.file_trees.revisions import last_revision, output_series
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@body
class WorkingFileOfTask:
    """A working file of a task."""

    name: str | None = optional(WORD)
    mode: str | None = optional(WORD)
    comment: str | None = optional(WORD)
    description: str | None = optional(WORD)
    person_id: str | None = optional(ID)
    software_id: str | None = optional(ID)
    revision: int | None = optional(INTEGER)
    sep: str | None = optional(WORD, "sep", "separator")


@body
class OutputFileOf:
    """An output file of an entity, or of a copy of an asset."""

    output_type_id: str | None = optional(ID)
    task_type_id: str | None = optional(ID)
    source_file_id: str | None = optional(ID, "working_file_id")
    person_id: str | None = optional(ID)
    file_status_id: str | None = optional(ID)
    name: str | None = optional(WORD)
    mode: str | None = optional(WORD)
    comment: str | None = optional(WORD)
    revision: int | None = optional(INTEGER)
    representation: str | None = optional(WORD)
    extension: str | None = optional(WORD)
    nb_elements: int | None = optional(INTEGER)
    sep: str | None = optional(WORD, "sep", "separator")


@body
class OutputSeries:
    """The output files whose next revision is asked for."""

    output_type_id: str = needed(ID)
    task_type_id: str = needed(ID)
    name: str | None = optional(WORD)


class NewWorkingFile(NamedResource):
    """The next working file of a task."""

    def post(self, task_id: str, sent: WorkingFileOfTask) -> Response:
        """Make it; the caller is on the task from then on."""
        action = Act("new-working-file", facet("Task"), checked_id(task_id), said(sent))
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: _made(work, action, "WorkingFile"))


class NewEntityOutputFile(NamedResource):
    """The next output file of an entity."""

    def post(self, entity_id: str, sent: OutputFileOf) -> Response:
        """Make it; the answer has its path in two parts too."""
        action = Act("new-output-file", facet("Entity"), checked_id(entity_id), said(sent))
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: _made(work, action, "OutputFile"))


class NewInstanceOutputFile(NamedResource):
    """The next output file of a copy of an asset in a shot, a scene or another asset."""

    def post(self, asset_instance_id: str, temporal_entity_id: str, sent: OutputFileOf) -> Response:
        """Make it; the answer has its path in two parts too."""
        values = {**said(sent), "temporal_entity_id": checked_id(temporal_entity_id)}
        action = Act("new-output-file", facet("AssetInstance"), checked_id(asset_instance_id), values)
        require_owners(self.studio, _TEMPORAL, values)
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: _made(work, action, "OutputFile"))


def _made(work: UnitOfWork, action: Act, kind: str) -> tuple[str, int]:
    made = work.execute([action])[0]
    row = row_of(work.read, kind, made.id)
    if kind == "OutputFile":
        row = with_path(row, separator_of(action.values))
    return orjson.dumps(row).decode(), 201


class NextEntityRevision(NamedResource):
    """The revision that the next output file of an entity will get."""

    def post(self, entity_id: str, sent: OutputSeries) -> Response:
        """The number, 1 before the first."""
        id_ = checked_id(entity_id)
        require_owners(self.studio, (("entity_id", "Entity"),), {"entity_id": id_})
        return _next(self, {"name": "main"} | said(sent) | {"entity_id": id_})


class NextInstanceRevision(NamedResource):
    """The revision that the next output file of a copy of an asset will get."""

    def post(self, asset_instance_id: str, temporal_entity_id: str, sent: OutputSeries) -> Response:
        """The number, 1 before the first."""
        ids = {
            "asset_instance_id": checked_id(asset_instance_id),
            "temporal_entity_id": checked_id(temporal_entity_id),
        }
        require_owners(self.studio, (("asset_instance_id", "AssetInstance"), *_TEMPORAL), ids)
        return _next(self, {"name": "master"} | said(sent) | ids)


def _next(resource: NamedResource, common: Mapping[str, Any]) -> Response:
    last = last_revision(resource.studio.read(current_actor()), output_series(common))
    return json_text(orjson.dumps({"next_revision": last + 1}))


class LastWorkingFiles(NamedResource):
    """The last working file of each name that a task has."""

    def get(self, task_id: str) -> Response:
        """A map from name to file."""
        id_ = checked_id(task_id)
        require_owners(self.studio, (("task_id", "Task"),), {"task_id": id_})
        kind = facet("WorkingFile")
        query = Query(
            kind,
            wire_type(kind).projection(),
            All((Where("task_id", Op.EQ, id_), Where("is_last", Op.EQ, value=True))),
            (Order("revision"), Order("created_at")),
        )
        rows = self.studio.read(current_actor()).rows(query, ZOU)
        return json_text(orjson.dumps({row["name"] or "": row for row in rows}))


_TEMPORAL = (("temporal_entity_id", "Entity"),)
_INSTANCE = "/data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>/output-files"
_ONCE = (ref("IdempotencyKey", "parameters"),)


def _with_paths(name: str) -> Schema:
    return {"allOf": [ref(name)], "properties": PATHS}


_NEW_OUTPUT = Says(
    "OutputFile",
    "Make the next output file",
    _with_paths("OutputFile"),
    status=201,
    text="The file, with its path in two parts.",
    description="`revision` 0, or none, is the next one. Nobody else gets the same.",
    parameters=_ONCE,
    sends=OutputFileOf,
    refused=(404, 413),
)
_NEXT = Says(
    "OutputFile",
    "Tell the next revision",
    thing({"next_revision": {"type": "integer"}}, ("next_revision",)),
    text="The revision that the next such file would get.",
    sends=OutputSeries,
    refused=(404, 413),
)

ROUTES = (
    Named(
        "/data/tasks/<task_id>/working-files/new",
        NewWorkingFile,
        {
            "post": Says(
                "WorkingFile",
                "Make the next working file",
                ref("WorkingFile"),
                status=201,
                text="The file; whoever made it is on the task now.",
                description="`revision` 0, or none, is the next one. Nobody else gets the same.",
                parameters=_ONCE,
                sends=WorkingFileOfTask,
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/tasks/<task_id>/working-files/last-revisions",
        LastWorkingFiles,
        {
            "get": Says(
                "WorkingFile",
                "Get the last working files of a task",
                thing({}, additionalProperties=ref("WorkingFile")),
                text="The last file by name.",
            )
        },
    ),
    Named("/data/entities/<entity_id>/output-files/new", NewEntityOutputFile, {"post": _NEW_OUTPUT}),
    Named(f"{_INSTANCE}/new", NewInstanceOutputFile, {"post": _NEW_OUTPUT}),
    Named("/data/entities/<entity_id>/output-files/next-revision", NextEntityRevision, {"post": _NEXT}),
    Named(f"{_INSTANCE}/next-revision", NextInstanceRevision, {"post": _NEXT}),
)
