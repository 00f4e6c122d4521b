"""The lists of statuses: which workflow or schema stands for which flag of a status."""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.blueprints.ftrack.constants import fixed_id
from zou_server.blueprints.ftrack.queries.expression import Compare, Criteria, Literal, Step

TASKS, VERSIONS = fixed_id("task workflow"), fixed_id("version workflow")
FLAGS: Mapping[str, str] = {TASKS: "for_task", VERSIONS: "for_version"}
"""Workflow -> the flag of its statuses; those of all other object types are the ones for entities."""
FOR_ENTITIES = "for_entity"


def in_list(flag: str) -> Criteria:
    """The statuses of a list."""
    return Compare((Step(f"~{flag}"),), "=", Literal("True"))
