"""Routes that say where a file belongs, and what a path is of: nothing is written but a project's tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional
from zou_server.blueprints.zou.crud import item_query, item_response
from zou_server.blueprints.zou.files.file_bodies import (
    PATHS,
    TEXT,
    PathRequest,
    asked_for,
    path_answer,
)
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import ID, WORD
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, ref, thing
from zou_server.models.registry import facet
from zou_server.services.file_trees.build_path import BuiltPath, PathAsked, build_path
from zou_server.services.file_trees.build_task_path import usual
from zou_server.services.file_trees.facts import TreeFacts, of_entity, of_instance, of_task
from zou_server.services.file_trees.guess_from_path import Guess, guess_from_path
from zou_server.services.file_trees.set_file_tree import set_file_tree
from zou_server.web import current_actor, json_text

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader


class WorkingFilePath(NamedResource):
    """Where a working file of a task belongs."""

    def post(self, task_id: str, sent: PathRequest) -> Response:
        """The folder and the file name."""
        reader = self.studio.read(current_actor())
        facts = of_task(reader, checked_id(task_id))
        built = _built(reader, facts, sent, asked_for(sent, mode="working", revision=1))
        return json_text(orjson.dumps({"path": built.folder, "name": built.file_name}))


class EntityOutputFilePath(NamedResource):
    """Where an output file of an entity belongs."""

    def post(self, entity_id: str, sent: PathRequest) -> Response:
        """The folder and the file name."""
        reader = self.studio.read(current_actor())
        facts = of_entity(reader, checked_id(entity_id), sent.task_type_id)
        built = _built(reader, facts, sent, asked_for(sent, mode="output", revision=0))
        return json_text(orjson.dumps(path_answer(built)))


class InstanceOutputFilePath(NamedResource):
    """Where an output file of a copy of an asset belongs."""

    def post(self, asset_instance_id: str, temporal_entity_id: str, sent: PathRequest) -> Response:
        """The folder and the file name."""
        reader = self.studio.read(current_actor())
        ids = (checked_id(asset_instance_id), checked_id(temporal_entity_id))
        facts = of_instance(reader, *ids, sent.task_type_id)
        built = _built(reader, facts, sent, asked_for(sent, mode="output", revision=0))
        return json_text(orjson.dumps(path_answer(built)))


def _built(reader: Reader, facts: TreeFacts, sent: PathRequest, asked: PathAsked) -> BuiltPath:
    return build_path(usual(reader, facts, asked.mode, sent.software_id, sent.output_type_id), asked)


@body
class PathToGuess:
    """A path of a project."""

    project_id: str = needed(ID)
    file_path: str = needed(WORD)
    sep: str | None = optional(WORD, "sep", "separator")


@body
class TreeName:
    """One of the file trees that come with the server."""

    tree_name: str = needed(WORD)


class GuessFromPath(NamedResource):
    """What a path of a project is of."""

    def post(self, sent: PathToGuess) -> Response:
        """Every template that fits, with the ids of what its variables stand for."""
        reader = self.studio.read(current_actor())
        guesses = guess_from_path(reader, sent.project_id, sent.file_path, sent.sep or "/")
        return json_text(orjson.dumps([_shown(guess) for guess in guesses]))


def _shown(guess: Guess) -> dict[str, object]:
    return {"Template": guess.template, "Mode": guess.mode, **guess.ids, **guess.words}


class SetFileTree(NamedResource):
    """Giving a project one of the trees that come with the server."""

    def post(self, project_id: str, sent: TreeName) -> Response:
        """The project, with the tree as its own."""
        id_ = checked_id(project_id)
        wire = wire_type(facet("Project"))
        with self.studio.write(current_actor()) as work:
            set_file_tree(work, id_, sent.tree_name)
            text = work.read.one(item_query(wire, id_), ZOU)
            work.commit()
        return item_response(found_or_404(text, wire, id_))


_GUESS = Says(
    "Entity",
    "Find what a path is of",
    listed(thing({"Template": TEXT, "Mode": TEXT})),
    text="One object for each meaning: its template, and ids by the names of the template's variables.",
    description="Extensions and frame numbers (`.1001`, `.####`, `.%04d`, `_[1-25]`) may be there or not.",
    sends=PathToGuess,
    refused=(404, 413),
)
_OUTPUT_PATH = Says(
    "OutputFile",
    "Make the path of an output file",
    thing(PATHS, ("folder_path", "file_name")),
    text="The folder, and the file name without extension; `sequence_path` where it stands for many files.",
    sends=PathRequest,
    refused=(404, 413),
)

ROUTES = (
    Named(
        "/data/tasks/<task_id>/working-file-path",
        WorkingFilePath,
        {
            "post": Says(
                "WorkingFile",
                "Make the path of a working file",
                thing({"path": TEXT, "name": TEXT}, ("path", "name")),
                text="The folder, and the file name without extension.",
                sends=PathRequest,
                refused=(404, 413),
            )
        },
    ),
    Named("/data/entities/<entity_id>/output-file-path", EntityOutputFilePath, {"post": _OUTPUT_PATH}),
    Named(
        "/data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>/output-file-path",
        InstanceOutputFilePath,
        {"post": _OUTPUT_PATH},
    ),
    # The other spelling, which gazu sends, is registered with it.
    Named("/data/entities/guess-from-path", GuessFromPath, {"post": _GUESS}),
    Named(
        "/actions/projects/<project_id>/set-file-tree",
        SetFileTree,
        {
            "post": Says(
                "Project",
                "Give a project a file tree by name",
                ref("Project"),
                text="The project.",
                description="The trees are the files of `config/file_trees`. For one of its own, PUT the "
                "project's `file_tree`.",
                sends=TreeName,
                refused=(404, 413),
            )
        },
    ),
)
