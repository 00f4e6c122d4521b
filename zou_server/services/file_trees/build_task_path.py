"""Where the files of a task belong, as asked for in 2017: a mode of any purpose, a version, a comment.

A file name always carries its version; where the tree's template has none, it is added as `_v001`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from zou_server.models.conditions import Order, Output, Projection, Query
from zou_server.models.registry import facet
from zou_server.models.values.slugs import STYLES, slug
from zou_server.services.file_trees.build_path import BuiltPath, PathAsked, build_path
from zou_server.services.file_trees.descriptor import Parts, Variable
from zou_server.services.file_trees.facts import PLAIN, Id, TreeFacts, of_task, with_vocabulary

if TYPE_CHECKING:
    from zou_server.services.read.reader import Reader

USUAL = {"Software": "Blender", "OutputType": "Geometry"}
"""What a template gets where nobody says; the studio's first where it has none of that name."""

_ID = Projection((Output("id", "id"), Output("name", "name")))


def build_task_path(
    reader: Reader, task_id: Id, asked: PathAsked, *, is_numbered: bool = False, comment: str = ""
) -> BuiltPath:
    """The path of a task's file; NotFound without the task, BadPath when the tree has no place for it.

    `is_numbered` adds version and comment to the name.
    """
    facts = usual(reader, of_task(reader, task_id), asked.mode)
    built = build_path(facts, asked)
    if not is_numbered:
        return built
    mode = facts.tree.mode(asked.mode)
    name = built.name
    if not _has_version(mode.files[facts.template]):
        name = f"{name}_v{asked.revision:03}"
    said = STYLES[mode.file_style](slug(comment))
    return replace(built, name=f"{name}_{said}" if said else name)


def preview_path(reader: Reader, task_id: Id, asked: PathAsked) -> BuiltPath | None:
    """Where the preview of a published file goes; None in a tree without a place for it."""
    facts = of_task(reader, task_id)
    mode = facts.tree.modes.get(asked.mode)
    if mode is None or facts.template not in mode.files or facts.template not in mode.folders:
        return None
    return build_path(usual(reader, facts, asked.mode), asked)


def usual(
    reader: Reader,
    facts: TreeFacts,
    mode_name: str,
    software_id: Id | None = None,
    output_type_id: Id | None = None,
) -> TreeFacts:
    """The facts with the software and output type given, else the usual ones if a mode asks for them."""
    given = {"Software": software_id, "OutputType": output_type_id}
    mode = facts.tree.mode(mode_name)
    parts = (*mode.folders.get(facts.template, ()), *mode.files.get(facts.template, ()))
    wanted = {part.name for part in parts if isinstance(part, Variable)}
    for kind, name in USUAL.items():
        if given[kind] is None and kind in wanted:
            given[kind] = _usual_id(reader, kind, name)
    return with_vocabulary(reader, facts, given["Software"], given["OutputType"])


def _usual_id(reader: Reader, kind: str, name: str) -> str | None:
    query = Query(facet(kind), _ID, order=(Order("created_at"),))
    rows = reader.rows(query, PLAIN)
    ids = sorted((row["name"] != name, place, row["id"]) for place, row in enumerate(rows))
    return ids[0][2] if ids else None


def _has_version(parts: Parts) -> bool:
    return any(isinstance(part, Variable) and part.name in ("Version", "Revision") for part in parts)
