"""Which sort of row an appointment is: who, or which group, is on what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zou_server.blueprints.ftrack.known_rows import KnownRows
from zou_server.models.errors import Invalid

APPOINTMENT = "Appointment"
_OF_PERSON: Mapping[str, str] = {"Project": "Membership", "Task": "Assignation"}
"""Type of what a person is on -> the facet of the row; anything else is a part of the tree."""


def facet_of_appointment(data: Mapping[str, Any], known: KnownRows) -> str:
    """The facet that a new appointment is made through; Invalid where nothing tells."""
    context = known.type_of("Context", data, "context", "context_id")
    resource = known.type_of("Resource", data, "resource", "resource_id")
    if data.get("type") == "allocation" and context not in ("Project", ""):
        raise Invalid("Allocations are to projects.", {"type": ["is for projects"]})
    if resource == "Group":
        return "GroupAppointment"
    if not context:
        return "Membership" if data.get("type") == "allocation" else "Assignation"
    return _OF_PERSON.get(context, "EntityAssignation")
