"""What events say in the fewest bytes: ids in columns of their type, half of what they take in JSON.

The views of the log (`migrations/versions/`) say it again as it was. What fits no form here stays JSON.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

COLUMNS = ("new_id", "old_id")
LENGTH = 36
"""Letters of an id."""
NEW_STATUS, OLD_STATUS, PERSON = "new_task_status_id", "previous_task_status_id", "person_id"
"""What the payload says of a task that got another status, and who gave it: mostly who wrote."""


def packed_status(said: Mapping[str, Any], author: uuid.UUID) -> dict[str, Any] | None:
    """The columns of such a payload: both statuses, and in JSON the rest; None for another."""
    if not said.keys() >= {NEW_STATUS, OLD_STATUS, PERSON}:
        return None
    now, before = _id(said[NEW_STATUS]), _id(said[OLD_STATUS])
    if now is None or (before is None and said[OLD_STATUS] is not None):
        return None
    rest = {name: value for name, value in said.items() if name not in (NEW_STATUS, OLD_STATUS)}
    if rest[PERSON] == str(author):
        del rest[PERSON]
    return {
        "new_id": now,
        **({} if before is None else {"old_id": before}),
        **({"new": rest} if rest else {}),
    }


def packed_values(
    made: Sequence[tuple[str, Any]], project: uuid.UUID | None
) -> tuple[list[tuple[Any, ...]], dict[str, uuid.UUID]]:
    """The attributes of a new row with their values, and the columns that hold two of its ids.

    An attribute without a value has the own project; one that ends in 1 or 2 has the new or the old id,
    in 3 or 4 a list of it alone.
    """
    places: dict[uuid.UUID, int] = {}
    pairs = [_pair(name, value, project, places) for name, value in made]
    return pairs, {COLUMNS[place - 1]: value for value, place in places.items()}


def _pair(name: str, value: Any, project: uuid.UUID | None, places: dict[uuid.UUID, int]) -> tuple[Any, ...]:
    if name == "project_id" and value is not None and str(value) == str(project):
        return (name,)
    is_list = isinstance(value, list | tuple) and len(value) == 1
    found = _id(value[0] if is_list else value)
    if found is None or (found not in places and len(places) == len(COLUMNS)):
        return (name, value)
    return (name, 0, places.setdefault(found, len(places) + 1) + (len(COLUMNS) if is_list else 0))


def _id(value: Any) -> uuid.UUID | None:
    """The id that a value is, if PostgreSQL would write it in the same letters."""
    if isinstance(value, uuid.UUID):
        return value
    if isinstance(value, str) and len(value) == LENGTH:
        with suppress(ValueError):
            found = uuid.UUID(value)
            return found if str(found) == value else None
    return None
