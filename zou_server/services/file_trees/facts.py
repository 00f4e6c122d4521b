"""What a path is made of: the rows around a task, an entity or a copy of an asset, in one statement each.

Read through the caller's own reader, so that nobody learns a name from a path that they may not see.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from zou_server.models.conditions import Form, Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.file_trees.descriptor import BadPath, FileTree, parse_tree
from zou_server.services.file_trees.shipped import DEFAULT, shipped_tree
from zou_server.services.read.reader import Reader

PLAIN = Spelling()
Id = uuid.UUID | str


@dataclass(frozen=True, slots=True)
class NamedRow:
    """A row whose name goes into paths."""

    id: str
    name: str
    short_name: str = ""
    code: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class TreeFacts:
    """A project's tree, the template that fits (`shot`, `instance`, ...), and the rows by variable."""

    project_id: str
    tree: FileTree
    template: str
    rows: Mapping[str, NamedRow]

    def with_row(self, variable: str, row: NamedRow | None) -> TreeFacts:
        """The same with one row more."""
        return self if row is None else replace(self, rows={**self.rows, variable: row})


def of_task(reader: Reader, task_id: Id) -> TreeFacts:
    """The facts of a task; NotFound when it is not there, BadPath when it is about no entity."""
    row = _row(reader, "Task", _TASK, task_id)
    if row["entity"] is None:
        raise BadPath("The task is about no entity, so its files have no place in the file tree.")
    facts = _of_entity_row({**row["entity"], "project": row["project"]})
    return _with_step(facts.with_row("Task", _named(row)), row["task_type"])


def of_entity(reader: Reader, entity_id: Id, task_type_id: Id | None) -> TreeFacts:
    """The facts of an entity in a step; NotFound when one of them is not there."""
    facts = _of_entity_row(_row(reader, "Entity", _ENTITY, entity_id))
    return with_task_type(reader, facts, task_type_id)


def of_instance(reader: Reader, instance_id: Id, temporal_id: Id, task_type_id: Id | None) -> TreeFacts:
    """The facts of a copy of an asset in a shot, a scene or another asset."""
    row = _row(reader, "AssetInstance", _INSTANCE, instance_id)
    around = _row(reader, "Entity", _ENTITY, temporal_id)
    place = _of_entity_row(around)
    asset = row["asset"]
    rows = {
        **place.rows,
        "Instance": _named(row),
        "Asset": _named(asset),
        "AssetType": _named(asset["entity_type"]),
    }
    # The scene is that in which the copy was made: copies are counted there.
    rows.pop("Scene", None)
    if row["scene"] is not None:
        rows["Scene"] = _named(row["scene"])
    template = "instance_asset" if around["kind"] == "Asset" else "instance"
    facts = replace(place, template=template, rows={k: v for k, v in rows.items() if v is not None})
    return with_task_type(reader, facts, task_type_id)


def with_task_type(reader: Reader, facts: TreeFacts, id_: Id | None) -> TreeFacts:
    """The facts and a step; BadPath when it is not there."""
    return facts if id_ is None else _with_step(facts, _linked(reader, "TaskType", "task_type_id", id_))


def with_vocabulary(
    reader: Reader, facts: TreeFacts, software_id: Id | None, output_type_id: Id | None
) -> TreeFacts:
    """The facts, a software and an output type; BadPath when one is not there."""
    if software_id is not None:
        facts = facts.with_row("Software", _named(_linked(reader, "Software", "software_id", software_id)))
    if output_type_id is not None:
        found = _linked(reader, "OutputType", "output_type_id", output_type_id)
        facts = facts.with_row("OutputType", _named(found))
    return facts


def tree_of(reader: Reader, project_id: Id) -> FileTree:
    """The tree of a project."""
    return _tree(_row(reader, "Project", _PROJECT, project_id))


# -- reading ---------------------------------------------------------------------------------------


def _columns(*names: str) -> tuple[Output, ...]:
    return tuple(Output(name, name) for name in names)


def _object(key: str, path: str, projection: Projection) -> Output:
    return Output(key, path, Form.OBJECT, projection)


_NAMED = Projection(_columns("id", "name"))
_CODED = Projection(_columns("id", "name", "code"))
_SHORT = Projection(_columns("id", "name", "short_name"))
_STEP = Projection((*_SHORT.outputs, _object("department", "department", _NAMED)))
_PROJECT = Projection(_columns("id", "name", "code", "file_tree"))
_PLACE = Projection(
    (
        *_columns("id", "name", "code", "kind"),
        _object("entity_type", "entity_type", _SHORT),
        _object("sequence", "sequence", _CODED),
        _object("episode", "episode", _CODED),
        _object("source", "source", _CODED),
    )
)
_ENTITY = Projection((*_PLACE.outputs, _object("project", "project", _PROJECT)))
_TASK = Projection(
    (
        *_columns("id", "name"),
        _object("project", "project", _PROJECT),
        _object("task_type", "task_type", _STEP),
        _object("entity", "entity[Entity]", _PLACE),
    )
)
_INSTANCE = Projection(
    (
        *_columns("id", "name"),
        Output("number", "instance_number"),
        _object("asset", "asset", _PLACE),
        _object("scene", "scene", _CODED),
    )
)
_LINKED: Mapping[str, Projection] = {"TaskType": _STEP, "Software": _SHORT, "OutputType": _SHORT}


def _row(reader: Reader, kind: str, projection: Projection, id_: Id) -> dict[str, Any]:
    text = reader.one(Query(facet(kind), projection, Where("id", Op.EQ, str(id_))), PLAIN)
    if text is None:
        raise NotFound(f"{kind} {id_} not found.")
    found: dict[str, Any] = orjson.loads(text)
    return found


def _linked(reader: Reader, kind: str, key: str, id_: Id) -> dict[str, Any]:
    """A row that a body names: one that is not there makes the body wrong."""
    try:
        return _row(reader, kind, _LINKED[kind], id_)
    except NotFound as error:
        raise BadPath(error.message, {key: ["does not exist"]}) from None


# -- what was read ---------------------------------------------------------------------------------


def _of_entity_row(row: Mapping[str, Any]) -> TreeFacts:
    kind = row["kind"]
    episode = row["episode"] or row["source"]
    found = {
        "Sequence": row["sequence"],
        "Episode": episode,
        "AssetType": row["entity_type"] if kind == "Asset" else None,
        "TemporalEntity": row,
        "TemporalEntityType": row["entity_type"],
        "Project": row["project"],
        kind: row,
    }
    rows = {variable: _named(each) for variable, each in found.items() if each is not None}
    return TreeFacts(row["project"]["id"], _tree(row["project"]), kind.lower(), _present(rows))


def _present(rows: Mapping[str, NamedRow | None]) -> dict[str, NamedRow]:
    return {variable: row for variable, row in rows.items() if row is not None}


def _tree(project: Mapping[str, Any]) -> FileTree:
    own = project["file_tree"]
    if own is None:
        return parse_tree(shipped_tree(DEFAULT), f"the file tree '{DEFAULT}'")
    return parse_tree(own, f"the file tree of the project '{project['name']}'")


def _with_step(facts: TreeFacts, step: Mapping[str, Any] | None) -> TreeFacts:
    if step is None:
        return facts
    return facts.with_row("TaskType", _named(step)).with_row("Department", _named(step["department"]))


def _named(row: Mapping[str, Any] | None) -> NamedRow | None:
    if row is None:
        return None
    return NamedRow(
        row["id"], row["name"] or "", row.get("short_name") or "", row.get("code") or "", row.get("number")
    )
