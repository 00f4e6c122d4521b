"""Ids as clients write them, in keys, references and values: each in one spelling, however it was sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from zou_server.blueprints.ftrack.attributes import TYPE_KEY
from zou_server.models.errors import Invalid

Action = Mapping[str, Any]


def known_uuid(id_: Any, name: str = "entity_key") -> uuid.UUID:
    """An id as a UUID; Invalid for none."""
    found = _parsed(id_)
    if found is None:
        raise Invalid(f"{name}: '{str(id_)[:80]}' is not an id.", {name: ["is not an id"]})
    return found


def _parsed(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def one_spelling(value: Any) -> Any:
    """A uuid in its usual spelling; anything else as it is."""
    found = _parsed(value)
    return value if found is None else str(found)


def reference_id(name: str, value: Any) -> str | None:
    """The id in a reference, which may also be the bare id; None for null."""
    if value is None:
        return None
    found = value.get("id") if isinstance(value, Mapping) else value
    if not isinstance(found, str):
        raise Invalid(
            f"{name}: a reference is an object with __entity_type__ and id.", {name: ["not a reference"]}
        )
    return str(known_uuid(found, name))


def references(name: str, value: Any) -> list[Mapping[str, Any]]:
    """The references in a collection; null is an empty one."""
    listed = [] if value is None else value
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        raise Invalid(f"{name}: a collection is a list of references.", {name: ["not a list of references"]})
    return listed


def told_type(value: Any) -> str | None:
    """The type that a reference names; None where it names none."""
    told = value.get(TYPE_KEY) if isinstance(value, Mapping) else None
    if told is not None and not isinstance(told, str):
        raise Invalid(f"{TYPE_KEY} is not the name of a type.", {TYPE_KEY: ["is not a name"]})
    return told


def key_of(action: Action, data: Mapping[str, Any]) -> str | None:
    """The id of the row: what the key says, as a list, an object or the bare text, else what the data say."""
    said = row_key(("id",), action).get("id")
    given = data.get("id")
    if said is None:
        return None if given is None else str(known_uuid(given, "id"))
    found = str(known_uuid(said))
    if given is not None and one_spelling(given) != found:
        raise Invalid("entity_key and id differ.", {"id": ["differs from entity_key"]})
    return found


def row_key(primary_key: Sequence[str], action: Action) -> dict[str, Any]:
    """What `entity_key` says of the attributes that identify a row; nothing where it is missing."""
    key = action.get("entity_key")
    if key is None or key == []:
        return {}
    if isinstance(key, Mapping):
        if not key.keys() <= {*primary_key, TYPE_KEY}:
            raise _no_key()
        told_type(key)
        return {name: key[name] for name in primary_key if name in key}
    listed = key if isinstance(key, list) else [key]
    if len(listed) != len(primary_key) or None in listed:
        raise _no_key()
    return dict(zip(primary_key, listed, strict=True))


def _no_key() -> Invalid:
    return Invalid("entity_key is not the key of one row.", {"entity_key": ["is not a key"]})


def with_key(primary_key: Sequence[str], action: Action, data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with what the key says of them; Invalid where the two differ."""
    said = row_key(primary_key, action)
    for name, value in said.items():
        if one_spelling(data.get(name, value)) != one_spelling(value):
            raise Invalid(f"entity_key and {name} differ.", {name: ["differs from entity_key"]})
    return {**said, **data}
