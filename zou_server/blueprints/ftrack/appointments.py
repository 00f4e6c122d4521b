"""A group that is appointed: its members are, each by a row of their own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zou_server.blueprints.ftrack.batch import Collected
from zou_server.blueprints.ftrack.projection import TYPE_KEY, tree
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.models.errors import Invalid
from zou_server.services.write.operations import Create

_PLACES: Mapping[str, tuple[str, str]] = {
    "Assignation": ("task_id", "assignment"),
    "Membership": ("project_id", "allocation"),
}
"""Facet of an appointment -> the column of what it is on, and ftrack's word for it."""


def of_all_members(
    reading: Reading, before: Sequence[Collected], made: Collected, data: Mapping[str, Any]
) -> list[Collected]:
    """The appointments that one of a group stands for, the first under its own id; any other as it is.

    Whoever is there already stays; Invalid when that is everybody, as for a person who is appointed twice.
    """
    operation, member = made
    if member.facet.name not in _PLACES or not isinstance(operation, Create):
        return [made]
    group = str(operation.values.get("person_id"))
    if not _is_group(reading, before, group, data.get("resource")):
        return [made]
    column, word = _PLACES[member.facet.name]
    context = str(operation.values.get(column))
    there = {row["resource_id"] for row in reading.by("Appointment", "context_id", [context], _WHOM, word)}
    there |= {
        str(values.get("person_id"))
        for values in _created(before, member.facet.name)
        if str(values.get(column)) == context
    }
    people = [each for each in _members(reading, before, group) if each not in there]
    if not people:
        raise Invalid("There is nobody in the group who is not there already.", {"resource": ["is nobody"]})
    ids = [operation.id, *(str(uuid.uuid4()) for _ in people[1:])]
    return [
        (replace(operation, values={**operation.values, "person_id": person}, id=id_), member)
        for person, id_ in zip(people, ids, strict=True)
    ]


_WHOM = tree("resource_id")


def _is_group(reading: Reading, before: Sequence[Collected], id_: str, reference: Any) -> bool:
    named = reference.get(TYPE_KEY) if isinstance(reference, Mapping) else None
    if named not in (None, "Resource"):
        return bool(named == "Group")
    is_new = any(each.id == id_ and member.name == "Group" for each, member in before)
    return is_new or bool(reading.by("Group", "id", [id_], ()))


def _members(reading: Reading, before: Sequence[Collected], group: str) -> list[str]:
    """The people in a group, also those whom this request puts there."""
    rows = reading.by("Membership", "group_id", [group], tree("user_id"))
    new = [values for values in _created(before, "GroupUserConnection") if str(values["from_id"]) == group]
    people = [*(row["user_id"] for row in rows), *(values["to_id"] for values in new)]
    return [str(each) for each in dict.fromkeys(people) if each]


def _created(before: Sequence[Collected], name: str) -> Iterator[Mapping[str, Any]]:
    for operation, member in before:
        if isinstance(operation, Create) and member.facet.name == name:
            yield operation.values
