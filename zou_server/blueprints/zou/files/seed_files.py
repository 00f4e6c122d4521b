"""The routes about files that the page of 2017 names: `/project/...`. Refusals are as they were then.

Source: docs/protocols/zou.md 1 for what they answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.crud import item_query, item_response
from zou_server.blueprints.zou.files.file_bodies import (
    PATHS,
    SEPARATOR,
    TEXT,
    body_values,
    checked_body,
    row_of,
    sent,
    separator_of,
    with_path,
)
from zou_server.blueprints.zou.files.seed_refusal import as_in_2017
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import or_null, ref, thing
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.file_trees.build_path import Asked, BuiltPath
from zou_server.services.file_trees.build_task_path import build_task_path, preview_path
from zou_server.services.file_trees.set_file_tree import set_file_tree
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

TREE_KEYS: Mapping[str, str] = {"project_id": "project_id", "tree_name": "tree_name"}
FOLDER_KEYS: Mapping[str, str] = {"mode": "mode", "task_id": "task_id", **SEPARATOR}
FILE_KEYS: Mapping[str, str] = {**FOLDER_KEYS, "version": "version", "comment": "comment"}
PUBLISH_KEYS: Mapping[str, str] = {
    "task_id": "task_id",
    "person_id": "person_id",
    "comment": "comment",
    "working_file_revision": "working_file_revision",
    **SEPARATOR,
}


class SetTree(NamedResource):
    """Giving a project one of the trees that come with the server."""

    def post(self, project_id: str = "") -> Response:
        """The project, with the tree as its own."""
        found = checked_body(TREE_KEYS, "tree_name", *(() if project_id else ("project_id",)))
        id_, wire = checked_id(project_id or str(found["project_id"])), wire_type(facet("Project"))
        with self.studio.write(current_actor()) as work:
            set_file_tree(work, id_, found["tree_name"])
            text = work.read.one(item_query(wire, id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, wire, id_))


class TreeFolder(NamedResource):
    """The folder of a task's files."""

    def post(self) -> Response:
        """Its path."""
        with as_in_2017(request.get_json(silent=True)):
            found = checked_body(FOLDER_KEYS, "mode", "task_id")
            built = build_task_path(self.studio.read(current_actor()), found["task_id"], _asked(found))
        return json_text(orjson.dumps({"path": built.folder}))


class TreeFile(NamedResource):
    """The name of a task's file, with its version and a comment behind it."""

    def post(self) -> Response:
        """Its folder and its name."""
        with as_in_2017(request.get_json(silent=True)):
            found = checked_body(FILE_KEYS, "mode", "task_id")
            built = build_task_path(
                self.studio.read(current_actor()),
                found["task_id"],
                _asked(found),
                is_numbered=True,
                comment=found["comment"] or "",
            )
        return json_text(orjson.dumps({"path": built.folder, "name": built.name}))


def _asked(found: Mapping[str, Any]) -> Asked:
    version = found.get("version")
    if version is not None and version < 0:
        raise Invalid(fields={"version": ["is not a version"]})
    return Asked(found["mode"], revision=1 if version is None else version, sep=found["sep"] or "/")


class Publish(NamedResource):
    """Publishing what one works in."""

    def post(self) -> Response:
        """A working file, the output file made of it, and where its preview goes; the task is to review."""
        with as_in_2017(request.get_json(silent=True)), self.studio.write(current_actor()) as work:
            values = body_values(PUBLISH_KEYS)
            task_id = str(checked_body(PUBLISH_KEYS, "task_id")["task_id"])
            action = Act(
                "publish", facet("Task"), task_id, {k: v for k, v in values.items() if k != "task_id"}
            )
            return answered_once(work, lambda: _published(work, action))


def _published(work: UnitOfWork, action: Act) -> tuple[str, int]:
    made, sep = work.execute([action])[0], separator_of(action.values)
    output = row_of(work.read, "OutputFile", made.id)
    working = row_of(work.read, "WorkingFile", output["source_file_id"])
    asked = Asked("preview", working["name"], working["revision"], sep=sep)
    preview = preview_path(work.read, str(action.id), asked)
    answer = {
        "working_file": with_path(working, sep),
        "output_file": with_path(output, sep),
        "preview_path": _shown(preview),
    }
    return orjson.dumps(answer).decode(), 201


def _shown(built: BuiltPath | None) -> dict[str, str] | None:
    return None if built is None else {"folder_path": built.folder, "file_name": built.name}


_SET = Says(
    "Project",
    "Give a project a file tree by name (2017)",
    ref("Project"),
    text="The project.",
    description="Today's path is `/actions/projects/{project_id}/set-file-tree`.",
    sends=sent(TREE_KEYS, "tree_name"),
    refused=(404, 413),
)
_PARTS = thing({name: PATHS[name] for name in ("folder_path", "file_name")})
ROUTES = (
    Named(
        "/project/set-tree",
        SetTree,
        {"post": replace(_SET, sends=sent(TREE_KEYS, "project_id", "tree_name"))},
    ),
    Named("/project/<project_id>/set-tree", SetTree, {"post": _SET}),
    Named(
        "/project/tree/folder",
        TreeFolder,
        {
            "post": Says(
                "WorkingFile",
                "Make the folder of a task's files (2017)",
                thing({"path": TEXT}, ("path",)),
                text="The folder.",
                sends=sent(FOLDER_KEYS, "mode", "task_id"),
                refused=(413,),
            )
        },
    ),
    Named(
        "/project/tree/file",
        TreeFile,
        {
            "post": Says(
                "WorkingFile",
                "Make the name of a task's file (2017)",
                thing({"path": TEXT, "name": TEXT}, ("path", "name")),
                text="The folder, and the file name with its version.",
                sends=sent(FILE_KEYS, "mode", "task_id"),
                refused=(413,),
            )
        },
    ),
    Named(
        "/project/files/working-files/publish",
        Publish,
        {
            "post": Says(
                "OutputFile",
                "Publish a working file (2017)",
                thing(
                    {
                        "working_file": {"allOf": [ref("WorkingFile")], "properties": PATHS},
                        "output_file": {"allOf": [ref("OutputFile")], "properties": PATHS},
                        "preview_path": or_null(_PARTS),
                    },
                    ("working_file", "output_file", "preview_path"),
                ),
                status=201,
                text="Both files, and where the preview goes; the task waits for review.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=sent(PUBLISH_KEYS, "task_id"),
                refused=(413,),
            )
        },
    ),
)
