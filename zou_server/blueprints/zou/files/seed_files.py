"""The routes about files that the page of 2017 names: `/project/...`. Refusals are as they were then.

Source: docs/protocols/zou.md 1 for what they answered.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.crud import item_query, item_response
from zou_server.blueprints.zou.files.file_bodies import (
    PATHS,
    TEXT,
    row_of,
    separator_of,
    with_path,
)
from zou_server.blueprints.zou.files.seed_refusal import as_in_2017
from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import ID, INTEGER, WORD
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import or_null, ref, thing
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.file_trees.build_path import BuiltPath, PathAsked
from zou_server.services.file_trees.build_task_path import build_task_path, preview_path
from zou_server.services.file_trees.set_file_tree import set_file_tree
from zou_server.services.write.operations import Act
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@body
class TreeOfProject:
    """A file tree that comes with the server, and the project that is to have it."""

    tree_name: str = needed(WORD)
    project_id: str | None = optional(ID)


@body
class FolderOfTask:
    """The task whose folder is asked for."""

    mode: str = needed(WORD)
    task_id: str = needed(ID)
    sep: str | None = optional(WORD, "sep", "separator")


@body
class FileOfTask(FolderOfTask):
    """The task a file's name is asked for, and what is said of its version."""

    version: int | None = optional(INTEGER)
    comment: str | None = optional(WORD)


@body
class Publication:
    """The task whose work is published."""

    task_id: str = needed(ID)
    person_id: str | None = optional(ID)
    comment: str | None = optional(WORD)
    working_file_revision: int | None = optional(INTEGER)
    sep: str | None = optional(WORD, "sep", "separator")


class SetTree(NamedResource):
    """Giving a project one of the trees that come with the server."""

    def post(self, sent: TreeOfProject, project_id: str = "") -> Response:
        """The project, with the tree as its own."""
        if not project_id and sent.project_id is None:
            raise Invalid(fields={"project_id": ["is required"]})
        id_, wire = checked_id(project_id or str(sent.project_id)), wire_type(facet("Project"))
        with self.studio.write(current_actor()) as work:
            set_file_tree(work, id_, sent.tree_name)
            text = work.read.one(item_query(wire, id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, wire, id_))


class _Of2017(NamedResource):
    """A resource that refuses as its page of 2017 says, also what its body holds."""

    def dispatch_request(self, **arguments: Any) -> Response:
        """Check the body, and let the handler answer."""
        with as_in_2017(request.get_json(silent=True)):
            return super().dispatch_request(**arguments)


class TreeFolder(_Of2017):
    """The folder of a task's files."""

    def post(self, sent: FolderOfTask) -> Response:
        """Its path."""
        asked = PathAsked(sent.mode, revision=1, sep=sent.sep or "/")
        built = build_task_path(self.studio.read(current_actor()), sent.task_id, asked)
        return json_text(orjson.dumps({"path": built.folder}))


class TreeFile(_Of2017):
    """The name of a task's file, with its version and a comment behind it."""

    def post(self, sent: FileOfTask) -> Response:
        """Its folder and its name."""
        version = 1 if sent.version is None else sent.version
        if version < 0:
            raise Invalid(fields={"version": ["is not a version"]})
        asked, reader = (
            PathAsked(sent.mode, revision=version, sep=sent.sep or "/"),
            self.studio.read(current_actor()),
        )
        built = build_task_path(reader, sent.task_id, asked, is_numbered=True, comment=sent.comment or "")
        return json_text(orjson.dumps({"path": built.folder, "name": built.name}))


class Publish(_Of2017):
    """Publishing what one works in."""

    def post(self, sent: Publication) -> Response:
        """A working file, the output file made of it, and where its preview goes; the task is to review."""
        values = {name: value for name, value in said(sent).items() if name != "task_id"}
        action = Act("publish", facet("Task"), sent.task_id, values)
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: _published(work, action))


def _published(work: UnitOfWork, action: Act) -> tuple[str, int]:
    made, sep = work.execute([action])[0], separator_of(action.values)
    output = row_of(work.read, "OutputFile", made.id)
    working = row_of(work.read, "WorkingFile", output["source_file_id"])
    asked = PathAsked("preview", working["name"], working["revision"], sep=sep)
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
    sends=TreeOfProject,
    refused=(404, 413),
)
_PARTS = thing({name: PATHS[name] for name in ("folder_path", "file_name")})
ROUTES = (
    Named(
        "/project/set-tree",
        SetTree,
        {"post": replace(_SET, summary="Give a project a file tree by name, all in the body (2017)")},
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
                sends=FolderOfTask,
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
                sends=FileOfTask,
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
                sends=Publication,
                refused=(413,),
            )
        },
    ),
)
