"""Which statuses a task, a version and anything else may have: lists of ftrack's, flags of each status here.

The rows of these lists are in no table; one that is made or deleted sets the flag of its status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zou_server.blueprints.ftrack.constants import Constants, Source
from zou_server.blueprints.ftrack.operation_parts import Action, known_uuid
from zou_server.blueprints.ftrack.projection import TYPE_KEY
from zou_server.blueprints.ftrack.vocabulary import wire_type
from zou_server.blueprints.ftrack.workflow.lists import FLAGS, FOR_ENTITIES, TASKS, VERSIONS
from zou_server.blueprints.ftrack.writing import references
from zou_server.models.errors import Invalid

_LISTS: Mapping[str, tuple[str, str]] = {
    "SchemaStatus": ("schema_id", "status_id"),
    "WorkflowSchemaStatus": ("workflow_schema_id", "status_id"),
}
"""Type of the rows of a list -> what the list is, and the status."""
WORKFLOW = "WorkflowSchema"


@dataclass(frozen=True, slots=True)
class Use:
    """A status is in a list from now on, or no longer."""

    status: str
    flag: str
    holds: bool


def is_status_list(action: Action) -> bool:
    """True for an action on a list of statuses or a row of one."""
    return action.get("entity_type") in (*_LISTS, WORKFLOW)


def uses(action: Action, lists: Source) -> list[Use]:
    """What an action says of statuses; Invalid for what no list can be."""
    name, data = str(action["entity_type"]), action.get("entity_data") or {}
    if not isinstance(data, Mapping):
        raise Invalid("entity_data is not an object.", {"entity_data": ["is not an object"]})
    if name == WORKFLOW:
        return list(_replaced(action, data, lists))
    if action["action"] == "update":
        raise Invalid(f"{name} cannot be changed: make another, or delete it.")
    list_key, status_key = _LISTS[name]
    key = action.get("entity_key")
    primary = ("status_id", "schema_id") if name == "SchemaStatus" else (list_key, status_key)
    row = dict(data) | (dict(zip(primary, key, strict=False)) if isinstance(key, list) else {})
    row |= {status_key: _id(row.get(status_key) or row.get("task_status") or row.get("status"))}
    row |= {list_key: _id(row.get(list_key) or row.get(list_key.removesuffix("_id")))}
    flag = _flag(name, row[list_key], lists)
    holds = action["action"] == "create"
    return [_checked(Use(row[status_key], flag, holds), lists)]


def _replaced(action: Action, data: Mapping[str, Any], lists: Source) -> Iterator[Use]:
    key = action.get("entity_key")
    id_ = _id(key[0] if isinstance(key, list) and key else key)
    if action["action"] != "update" or set(data) - {TYPE_KEY, "id", "statuses"} or id_ not in FLAGS:
        raise Invalid("Of a WorkflowSchema only the statuses can be changed.")
    wanted = [_id(each) for each in references("statuses", data.get("statuses"))]
    there = _statuses_of(id_, lists)
    for status in dict.fromkeys(wanted):
        if status not in there:
            yield Use(status, FLAGS[id_], holds=True)
    for status in there:
        if status not in wanted:
            yield _checked(Use(status, FLAGS[id_], holds=False), lists)


def _rows(lists: Source, type_name: str) -> list[Mapping[str, Any]]:
    wire = wire_type(type_name)
    return [*wire.rows(lists)] if isinstance(wire, Constants) else []


def _statuses_of(workflow: str, lists: Source) -> list[str]:
    rows = _rows(lists, "WorkflowSchemaStatus")
    return [str(row["status_id"]) for row in rows if row["workflow_schema_id"] == workflow]


def _flag(name: str, list_id: str, lists: Source) -> str:
    if name == "WorkflowSchemaStatus" and list_id in FLAGS:
        return FLAGS[list_id]
    if name == "SchemaStatus" and any(row["id"] == list_id for row in _rows(lists, "Schema")):
        return FOR_ENTITIES
    raise Invalid(f"{name}: there is no such list of statuses.")


def _checked(use: Use, lists: Source) -> Use:
    """Whatever a task can be, a version can be: such a status is taken from tasks, or stays."""
    if use.flag == FLAGS[VERSIONS] and not use.holds and use.status in _statuses_of(TASKS, lists):
        raise Invalid("A status that tasks have is one of versions too.")
    return use


def _id(value: Any) -> str:
    found = value.get("id") if isinstance(value, Mapping) else value
    return str(known_uuid(str(found)))


def row_of(action: Action) -> dict[str, Any]:
    """The answer to an action on a list: what was said."""
    key = action.get("entity_key")
    known = {"id": key[0] if isinstance(key, list) else key} if action["entity_type"] == WORKFLOW else {}
    return {**known, **(action.get("entity_data") or {}), TYPE_KEY: str(action["entity_type"])}
