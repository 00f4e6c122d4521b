"""What ProjectSchemas say of the studio's one workflow: rows that follow from the vocabulary.

A task has the statuses for tasks, a version these and its own, everything else those for entities. A task
may be of any step, an asset build of any type of
asset, and everything else is of the one type that its kind is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from zou_server.blueprints.ftrack.attributes import (
    Attribute,
    CollectionRelation,
    Constant,
    ConstantRows,
    Derived,
    Reference,
    Value,
    Whole,
)
from zou_server.blueprints.ftrack.constants import (
    OBJECT_TYPES,
    Constants,
    Row,
    Source,
    fixed_id,
    listed,
    scalars,
)
from zou_server.blueprints.ftrack.workflow.lists import FLAGS, FOR_ENTITIES, TASKS, VERSIONS
from zou_server.models.registry import Kind

_TASK_WORKFLOW = {
    "__entity_type__": "WorkflowSchema",
    "id": TASKS,
    "name": "Task workflow",
}
_VERSION_WORKFLOW = {
    "__entity_type__": "WorkflowSchema",
    "id": VERSIONS,
    "name": "Version workflow",
}
_TASK_TYPES = {"__entity_type__": "TaskTypeSchema", "id": fixed_id("task types"), "name": "Task types"}
_ASSET_TYPES = frozenset({"EntityType"})
_STEPS = frozenset({"TaskType"})


def _always(row: Row) -> Derived:
    return Derived(row["__entity_type__"], {row["id"]: row}, keys={"": row["id"]})


def _id_of(row: Row) -> Constant:
    return Constant(row["id"], Kind.UUID)


_SCHEMAS = CollectionRelation("Schema", by="project_schema_id")
_NO_OVERRIDES = ConstantRows("ProjectSchemaOverride")
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
    "_schemas": _SCHEMAS,
    "object_type_schemas": _SCHEMAS,
    "_overrides": _NO_OVERRIDES,
    "task_workflow_schema_overrides": _NO_OVERRIDES,
    "object_types": ConstantRows("ObjectType", tuple(OBJECT_TYPES.values())),
}
"""What a ProjectSchema says of the workflow, under its old and its new names."""


# -- rows that follow from others ---------------------------------------------------------------------------


def _schema_id(project_schema: str, wire: str) -> str:
    return fixed_id(f"schema of {wire} in {project_schema}")


def _schemas_of(source: Source) -> Iterator[tuple[str, str, str]]:
    """The id, the project schema and the type of each Schema."""
    for project_schema in source.ids("ProjectSchema"):
        for wire in OBJECT_TYPES:
            if wire != "Task":
                yield _schema_id(project_schema, wire), project_schema, wire


def _schemas(source: Source) -> tuple[Row, ...]:
    return tuple(
        {
            "__entity_type__": "Schema",
            "id": id_,
            "type_id": OBJECT_TYPES[wire]["id"],
            "object_type_id": OBJECT_TYPES[wire]["id"],
            "project_schema_id": project_schema,
        }
        for id_, project_schema, wire in _schemas_of(source)
    )


def _schema_statuses(source: Source) -> tuple[Row, ...]:
    statuses = source.ids("Status", flag=FOR_ENTITIES)
    return tuple(
        {
            "__entity_type__": "SchemaStatus",
            "schema_id": id_,
            "status_id": status,
            "task_status": {"__entity_type__": "Status", "id": status},
            "sort": place,
        }
        for id_, _, _ in _schemas_of(source)
        for place, status in enumerate(statuses)
    )


def _schema_types(source: Source) -> tuple[Row, ...]:
    kinds = {each["id"] for each in OBJECT_TYPES.values()}
    builds = [id_ for id_ in source.ids("Type", _ASSET_TYPES) if id_ not in kinds]
    found = []
    for id_, _, wire in _schemas_of(source):
        types = builds if wire == "AssetBuild" else [OBJECT_TYPES[wire]["id"]]
        found += [
            {
                "__entity_type__": "SchemaType",
                "schema_id": id_,
                "type_id": type_,
                "task_type": {"__entity_type__": "Type", "id": type_},
                "sort": place,
            }
            for place, type_ in enumerate(types)
        ]
    return tuple(found)


def _object_types(source: Source) -> tuple[Row, ...]:
    return tuple(
        {
            "__entity_type__": "ProjectSchemaObjectType",
            "project_schema_id": project_schema,
            "object_type_id": row["id"],
            "project_schema": {"__entity_type__": "ProjectSchema", "id": project_schema},
            "object_type": {"__entity_type__": "ObjectType", "id": row["id"]},
        }
        for project_schema in source.ids("ProjectSchema")
        for row in OBJECT_TYPES.values()
    )


def _workflow_statuses(source: Source) -> tuple[Row, ...]:
    return tuple(
        {"__entity_type__": "WorkflowSchemaStatus", "workflow_schema_id": workflow, "status_id": status}
        for workflow, flag in FLAGS.items()
        for status in source.ids("Status", flag=flag)
    )


def _workflow_types(source: Source) -> tuple[Row, ...]:
    return tuple(
        {"__entity_type__": "TaskTypeSchemaType", "task_type_schema_id": _TASK_TYPES["id"], "type_id": type_}
        for type_ in source.ids("Type", _STEPS)
    )


def _to(target: str) -> Reference:
    return Reference(target, "", ())


WORKFLOW_TYPES: tuple[Constants, ...] = (
    Constants(
        "WorkflowSchema",
        ("id",),
        {
            **scalars("id", "name"),
            "statuses": Whole("Status", frozenset(), flags=FLAGS),
            "overrides": _NO_OVERRIDES,
        },
        listed(_TASK_WORKFLOW, _VERSION_WORKFLOW),
    ),
    Constants(
        "TaskTypeSchema",
        ("id",),
        {**scalars("id", "name"), "types": Whole("Type", _STEPS)},
        listed(_TASK_TYPES),
    ),
    Constants(
        "Schema",
        ("id",),
        {
            **scalars("id", "type_id", "object_type_id", "project_schema_id"),
            "statuses": CollectionRelation("SchemaStatus", by="schema_id"),
            "types": CollectionRelation("SchemaType", by="schema_id"),
        },
        _schemas,
    ),
    Constants(
        "SchemaStatus",
        ("status_id", "schema_id"),
        {
            **scalars("status_id", "schema_id"),
            "sort": Value("sort", Kind.INTEGER),
            "task_status": _to("Status"),
        },
        _schema_statuses,
    ),
    Constants(
        "SchemaType",
        ("type_id", "schema_id"),
        {**scalars("type_id", "schema_id"), "sort": Value("sort", Kind.INTEGER), "task_type": _to("Type")},
        _schema_types,
    ),
    Constants(
        "ProjectSchemaObjectType",
        ("object_type_id", "project_schema_id"),
        {
            **scalars("object_type_id", "project_schema_id"),
            "object_type": _to("ObjectType"),
            "project_schema": _to("ProjectSchema"),
        },
        _object_types,
    ),
    Constants(
        "WorkflowSchemaStatus",
        ("workflow_schema_id", "status_id"),
        scalars("workflow_schema_id", "status_id"),
        _workflow_statuses,
    ),
    Constants(
        "TaskTypeSchemaType",
        ("task_type_schema_id", "type_id"),
        scalars("task_type_schema_id", "type_id"),
        _workflow_types,
    ),
)
