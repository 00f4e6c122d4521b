"""Types whose rows are in no table: states, workflows, settings. Clients know some of their ids.

Queries on them are answered in Python. The workflow types say what ftrack clients need to hear of a
studio with one vocabulary: every status may be used, every step is a task type (`workflows`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from zou_server.blueprints.ftrack.attributes import Attribute, CollectionRelation, Derived, Value
from zou_server.blueprints.ftrack.recorded import recorded
from zou_server.models.registry import Kind
from zou_server.models.security_roles import API, ASSIGNED

_NAMESPACE = uuid.UUID("5d0fc2a4-6f0e-4c93-9d5b-7b62a6f3a3f0")

Row = Mapping[str, Any]


def fixed_id(word: str) -> str:
    """The id of something that is in no table: the same on every server, forever."""
    return str(uuid.uuid5(_NAMESPACE, word))


class Source(Protocol):
    """The source of rows that are in no table: rows of one that are."""

    def ids(self, type_name: str, facets: frozenset[str] = frozenset(), flag: str = "") -> list[str]:
        """The ids of all rows of a type, in their order; of some facets only, or in one list, when named."""


def nothing(_source: Source) -> tuple[Row, ...]:
    """No row: the type is known, and nothing of the kind exists here."""
    return ()


@dataclass(frozen=True, eq=False)
class Constants:
    """A wire type with rows of its own. The scalars of `attributes` are keys of the rows."""

    name: str
    primary_key: tuple[str, ...]
    attributes: Mapping[str, Attribute]
    rows: Callable[[Source], tuple[Row, ...]] = nothing

    @property
    def default_projections(self) -> tuple[str, ...]:
        """The attributes that a query without projections asks for."""
        return recorded()[self.name].default_projections

    def known(self, name: str) -> bool:
        """True when the type has the attribute."""
        return name in self.attributes


# -- object types: the ids of the rows in the table of types, which clients know by heart -------------------

# wire type, id, kind, name as shown to people
_OBJECT_TYPES = (
    ("Task", "11c137c0-ee7e-4f9c-91c5-8c77cec22b2c", "Task", "Task"),
    ("Shot", "bad911de-3bd6-47b9-8b46-3476e237cb36", "Shot", "Shot"),
    ("Sequence", "e5139355-61da-4c8f-9db4-3abc870166bc", "Sequence", "Sequence"),
    ("Folder", "3c133785-51cb-11e3-980a-20c9d0831e59", "Folder", "Folder"),
    ("AssetBuild", "4be63b64-5010-42fb-bf1f-428af9d638f0", "Asset", "Asset Build"),
    ("Milestone", "01decdd1-51cb-11e3-9d5b-20c9d0831e59", "Milestone", "Milestone"),
    ("Episode", "22139355-61da-4c8f-9db4-3abc870166bc", "Episode", "Episode"),
)
OBJECT_TYPES: Mapping[str, Row] = {
    wire: {"__entity_type__": "ObjectType", "id": id_, "name": name} for wire, id_, _, name in _OBJECT_TYPES
}
KIND_OF: Mapping[str, str] = {wire: kind for wire, _, kind, _ in _OBJECT_TYPES}
OBJECT_KINDS = tuple(KIND_OF.values())
"""The kinds of the table of types that are object types of ftrack."""
DEFAULT_PRIORITY = "9661b320-3a0c-11e2-81c1-0800200c9a66"


def object_type(wire: str) -> Derived:
    """The relation of a context to the row that says what it is."""
    row = OBJECT_TYPES[wire]
    return Derived("ObjectType", {row["id"]: row}, keys={"": row["id"]})


# -- states -------------------------------------------------------------------------------------------------

# name, short name, what our statuses stand for
_STATES = (
    ("Not started", "NOT_STARTED", ("todo",)),
    ("In progress", "IN_PROGRESS", ("wip", "feedback", "retake")),
    ("Done", "DONE", ("done", "omitted")),
    ("Blocked", "BLOCKED", ("held",)),
)
STATES = {
    fixed_id(short): {"__entity_type__": "State", "id": fixed_id(short), "name": name, "short": short}
    for name, short, _ in _STATES
}
STATE_OF = Derived(
    "State",
    STATES,
    "state",
    {meaning: fixed_id(short) for _, short, meanings in _STATES for meaning in meanings},
)


def listed(*rows: Row) -> Callable[[Source], tuple[Row, ...]]:
    """The same rows always."""
    return lambda _source: rows


def scalars(*names: str) -> dict[str, Attribute]:
    """Plain texts of the rows."""
    return {name: Value(name, Kind.TEXT) for name in names}


_ROLES = (
    # ftrack's name, its type, ours
    ("Administrator", "PROJECT", "admin"),
    ("Project Manager", "PROJECT", "manager"),
    ("Supervisor", "PROJECT", "supervisor"),
    ("User", "PROJECT", "user"),
    ("Client", "PROJECT", "client"),
    ("Vendor", "PROJECT", "vendor"),
    ("API", "API", API),
    ("Assigned", "ASSIGNED", ASSIGNED),
)
SECURITY_ROLES: tuple[Row, ...] = tuple(
    {"__entity_type__": "SecurityRole", "id": fixed_id(f"role {name}"), "name": name, "type": type_}
    for name, type_, _ in _ROLES
)
"""The studio's roles; what each may do is the same for all projects."""
ROLE_IDS: Mapping[str, str] = {ours: fixed_id(f"role {name}") for name, _, ours in _ROLES}
ROLE_ROWS: Mapping[str, Row] = {str(row["id"]): row for row in SECURITY_ROLES}

CONSTANTS: tuple[Constants, ...] = (
    Constants("State", ("id",), scalars("id", "name", "short"), listed(*STATES.values())),
    Constants(
        "SecurityRole",
        ("id",),
        {
            **scalars("id", "name", "type"),
            "user_security_roles": CollectionRelation("UserSecurityRole", by="security_role_id"),
        },
        listed(*SECURITY_ROLES),
    ),
)
"""Types whose rows are known without a look at any table."""
