"""Which statuses a task, a version and anything else may have: lists of ftrack's, flags of each status here.

The rows of these lists are in no table; one that is made or deleted sets the flag of its status.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zou_server.blueprints.ftrack.attributes import TYPE_KEY
from zou_server.blueprints.ftrack.constants import Constants, Source
from zou_server.blueprints.ftrack.ids import Action, key_of, reference_id, references, row_key, with_key
from zou_server.blueprints.ftrack.operation_parts import data_of
from zou_server.blueprints.ftrack.vocabulary import wire_type
from zou_server.blueprints.ftrack.workflow.lists import FLAGS, FOR_ENTITIES
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


def is_status_list(name: str) -> bool:
    """True for the type of a list of statuses, or of its rows."""
    return name in (*_LISTS, WORKFLOW)


def uses(name: str, action: Action, lists: Source) -> list[Use]:
    """What an action says of statuses; Invalid for what no list can be."""
    data = data_of(action)
    if name == WORKFLOW:
        return list(_replaced(action, data, lists))
    if action["action"] == "update":
        raise Invalid(f"{name} cannot be changed: make another, or delete it.")
    list_key, status_key = _LISTS[name]
    row = with_key(wire_type(name).primary_key, action, data)
    list_id = _named(row, list_key, list_key.removesuffix("_id"))
    flag = _flag(name, list_id, lists)
    return [Use(_named(row, status_key, "task_status", "status"), flag, holds=action["action"] == "create")]


def _replaced(action: Action, data: Mapping[str, Any], lists: Source) -> Iterator[Use]:
    id_ = key_of(action, data) or ""
    if action["action"] != "update" or set(data) - {TYPE_KEY, "id", "statuses"} or id_ not in FLAGS:
        raise Invalid("Of a WorkflowSchema only the statuses can be changed.")
    if "statuses" not in data:
        return
    wanted = [_named({"statuses": each}, "statuses") for each in references("statuses", data["statuses"])]
    there = _statuses_of(id_, lists)
    for status in dict.fromkeys(wanted):
        if status not in there:
            yield Use(status, FLAGS[id_], holds=True)
    for status in there:
        if status not in wanted:
            yield Use(status, FLAGS[id_], holds=False)


def _named(row: Mapping[str, Any], *names: str) -> str:
    """The id of what one of the attributes names; Invalid where none does."""
    for name in names:
        id_ = reference_id(name, row.get(name))
        if id_ is not None:
            return id_
    raise Invalid(f"{names[0]} is missing.", {names[0]: ["is missing"]})


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


def row_of(name: str, action: Action) -> dict[str, Any]:
    """The answer to an action on a list: what was said."""
    key = row_key(wire_type(name).primary_key, action)
    return {**key, **data_of(action), TYPE_KEY: name}
