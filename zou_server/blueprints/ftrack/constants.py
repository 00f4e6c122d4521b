"""Types whose rows are in no table: workflows, locations, states. Clients know their ids.

Queries on them are answered in Python. The workflow types say what ftrack clients need to hear of a
studio with one vocabulary: every status may be used, every step is a task type.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zou_server.blueprints.ftrack.attributes import (
    Attribute,
    Collection,
    Constant,
    Derived,
    Rows,
    Value,
    Whole,
)
from zou_server.models.registry import Kind

_NAMESPACE = uuid.UUID("5d0fc2a4-6f0e-4c93-9d5b-7b62a6f3a3f0")

Row = Mapping[str, Any]


def fixed_id(word: str) -> str:
    """The id of something that is in no table: the same on every server, forever."""
    return str(uuid.uuid5(_NAMESPACE, word))


@dataclass(frozen=True, eq=False)
class Constants:
    """A wire type with rows of its own. The scalars of `attributes` are keys of the rows."""

    name: str
    primary_key: tuple[str, ...]
    default_projections: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    rows: tuple[Row, ...]

    def known(self, name: str) -> bool:
        """True when the type has the attribute."""
        return name in self.attributes


# -- object types: the ids of the rows in the table of types, which clients know by heart -------------------

# wire type, id, name as shown to people, the facets whose rows are its types
_OBJECT_TYPES = (
    ("Task", "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c", "Task", ("TaskType",)),
    ("Shot", "bad911de-3bd6-47b9-8b46-3476e237cb36", "Shot", ()),
    ("Sequence", "e5139355-61da-4c8f-9db4-3abc870166bc", "Sequence", ()),
    ("Folder", "3c133785-51cb-11e3-980a-20c9d0831e59", "Folder", ()),
    ("AssetBuild", "4be63b64-5010-42fb-bf1f-428af9d638f0", "Asset Build", ("AssetType",)),
    ("Milestone", "01decdd1-51cb-11e3-9d5b-20c9d0831e59", "Milestone", ()),
    ("Episode", "22139355-61da-4c8f-9db4-3abc870166bc", "Episode", ()),
)
OBJECT_TYPES: Mapping[str, Row] = {
    wire: {"__entity_type__": "ObjectType", "id": id_, "name": name} for wire, id_, name, _ in _OBJECT_TYPES
}
TYPES_OF: Mapping[str, tuple[str, ...]] = {wire: facets for wire, _, _, facets in _OBJECT_TYPES}
DEFAULT_PRIORITY = "9661b320-3a0c-11e2-81c1-0800200c9a66"


def object_type(wire: str) -> Derived:
    """The relation of a context to the row that says what it is."""
    row = OBJECT_TYPES[wire]
    return Derived("ObjectType", {row["id"]: row}, keys={"": row["id"]})


# -- states -------------------------------------------------------------------------------------------------

# name, short name, the meanings of our statuses
_STATES = (
    ("Not started", "NOT_STARTED", ("todo",)),
    ("In progress", "IN_PROGRESS", ("wip", "feedback", "retake")),
    ("Done", "DONE", ("done",)),
    ("Blocked", "BLOCKED", ()),
)
STATES = {
    fixed_id(short): {"__entity_type__": "State", "id": fixed_id(short), "name": name, "short": short}
    for name, short, _ in _STATES
}
STATE_OF = Derived(
    "State",
    STATES,
    "meaning",
    {meaning: fixed_id(short) for _, short, meanings in _STATES for meaning in meanings},
)

# -- workflows ----------------------------------------------------------------------------------------------

_TASK_WORKFLOW = {
    "__entity_type__": "WorkflowSchema",
    "id": fixed_id("task workflow"),
    "name": "Task workflow",
}
_VERSION_WORKFLOW = {
    "__entity_type__": "WorkflowSchema",
    "id": fixed_id("version workflow"),
    "name": "Version workflow",
}
_TASK_TYPES = {"__entity_type__": "TaskTypeSchema", "id": fixed_id("task types"), "name": "Task types"}
SCHEMAS: Mapping[str, Row] = {
    wire: {
        "__entity_type__": "Schema",
        "id": fixed_id(f"schema of {wire}"),
        "type_id": row["id"],
        "object_type_id": row["id"],
    }
    for wire, row in OBJECT_TYPES.items()
    if wire != "Task"
}
_USED_FOR_TASKS = "for_task is True"


def _always(row: Row) -> Derived:
    return Derived(row["__entity_type__"], {row["id"]: row}, keys={"": row["id"]})


def _id_of(row: Row) -> Constant:
    return Constant(row["id"], Kind.UUID)


_SCHEMA_ROWS = Rows("Schema", tuple(SCHEMAS.values()))
_NO_OVERRIDES = Rows("ProjectSchemaOverride")
WORKFLOW: Mapping[str, Attribute] = {
    "_task_workflow": _always(_TASK_WORKFLOW),
    "task_workflow_schema": _always(_TASK_WORKFLOW),
    "task_workflow_schema_id": _id_of(_TASK_WORKFLOW),
    "_version_workflow": _always(_VERSION_WORKFLOW),
    "asset_version_workflow_schema": _always(_VERSION_WORKFLOW),
    "asset_version_workflow_schema_id": _id_of(_VERSION_WORKFLOW),
    "_task_type_schema": _always(_TASK_TYPES),
    "task_type_schema": _always(_TASK_TYPES),
    "task_type_schema_id": _id_of(_TASK_TYPES),
    "_schemas": _SCHEMA_ROWS,
    "object_type_schemas": _SCHEMA_ROWS,
    "_overrides": _NO_OVERRIDES,
    "task_workflow_schema_overrides": _NO_OVERRIDES,
}
"""What a ProjectSchema says of the studio's one workflow, under its old and its new names."""

# -- locations and settings ---------------------------------------------------------------------------------

# The client puts its own instances under these ids.
_LOCATIONS = (
    ("ftrack.origin", "ce9b348f-8809-11e3-821c-20c9d081909b"),
    ("ftrack.unmanaged", "cb268ecc-8809-11e3-a7e2-20c9d081909b"),
    ("ftrack.review", "cd41be70-8809-11e3-b98a-20c9d081909b"),
    ("ftrack.connect", "07b82a97-8cf9-11e3-9383-20c9d081909b"),
    ("ftrack.server", "3a372bde-05bc-11e4-8908-20c9d081909b"),
)


def _scalars(*names: str) -> dict[str, Attribute]:
    return {name: Value(name, Kind.TEXT, computed=True) for name in names}


def _ided(name: str, attributes: Mapping[str, Attribute], rows: tuple[Row, ...]) -> Constants:
    identified = {"id": Value("id", Kind.UUID, default="{uid}"), **attributes}
    return Constants(name, ("id",), ("id",), identified, rows)


CONSTANTS: tuple[Constants, ...] = (
    _ided("State", _scalars("name", "short"), tuple(STATES.values())),
    _ided(
        "WorkflowSchema",
        {**_scalars("name"), "statuses": Whole("Status", frozenset({"Status"}), _USED_FOR_TASKS)},
        (_TASK_WORKFLOW, _VERSION_WORKFLOW),
    ),
    _ided(
        "TaskTypeSchema",
        {**_scalars("name"), "types": Whole("Type", frozenset({"TaskType"}))},
        (_TASK_TYPES,),
    ),
    _ided(
        "Schema",
        {
            **_scalars("type_id", "object_type_id"),
            "statuses": Collection("SchemaStatus", by="schema_id"),
            "types": Collection("SchemaType", by="schema_id"),
        },
        tuple(SCHEMAS.values()),
    ),
    _ided("ProjectSchemaOverride", _scalars("type_id", "project_schema_id", "workflow_schema_id"), ()),
    _ided(
        "Location",
        _scalars("name", "label", "description"),
        tuple(
            {"__entity_type__": "Location", "id": id_, "name": name, "label": name, "description": None}
            for name, id_ in _LOCATIONS
        ),
    ),
    Constants(
        "Setting",
        ("name", "group"),
        ("name", "group"),
        _scalars("name", "group", "value"),
        (
            {
                "__entity_type__": "Setting",
                "name": "storage_scenario",
                "group": "STORAGE",
                "value": '{"scenario": "ftrack.automatic", "data": {}}',
            },
        ),
    ),
)
