"""What a write asks for: a list of operations, the same for all dialects.

`values` are canonical attribute names of the facet. A link takes the id (uuid or its text), or a
`Ref` where the client knows numbers only. A link to many takes a list of those, or an `Edit`.
Values are raw: the schemas coerce and check them.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from zou_server.models.registry import Facet


@dataclass(frozen=True, slots=True)
class Ref:
    """A row by kind and number (Shotgun, ShotRunner), resolved when the operations are loaded.

    `kind` is `object.kind`: "Shot", "Task", "Person" (a human), "Script", "Status", "TaskType".
    """

    kind: str
    number: int


@dataclass(frozen=True, slots=True)
class RefBy:
    """A row of a facet by the value of a column: a status by its code, a person by login."""

    facet: str
    attribute: str
    value: str
    optional: bool = False
    """True where no such row is the same as none."""


class Mode(Enum):
    """The mode of an `Edit`: what it does to the rows that a link to many already has."""

    SET = "set"
    ADD = "add"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a link to many that says how: replace all, add some, remove some."""

    mode: Mode
    items: Sequence[Any]


Target = uuid.UUID | str | Ref


@dataclass(frozen=True, slots=True)
class Create:
    """Make a row. With `id` the client chose it: a live one is a Conflict, a retired one revives.

    An importer may say the `number`. Who runs a production may say when the row was made (`made_at`) and by
    whom (`made_by`); the log tells who said so.
    """

    facet: Facet
    values: Mapping[str, Any]
    id: Target | None = None
    number: int | None = None
    made_at: dt.datetime | None = None
    made_by: uuid.UUID | Ref | None = None


@dataclass(frozen=True, slots=True)
class Update:
    """Change attributes of a row; `version` is the `lock_version` the client last saw, if it says so.

    `data` is merged key by key into the row's custom fields: a key with None is removed, unless `keeps_nulls`
    (some clients tell a field that was emptied from one that never had a value).
    """

    facet: Facet
    id: Target
    values: Mapping[str, Any]
    version: int | None = None
    keeps_nulls: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    """Retire a row and what lives and dies with it.

    `by` names the dialect, whose own system may keep what is needed (`services/rules/keeps.py`); `force` is
    its word for all the same.
    """

    facet: Facet
    id: Target
    version: int | None = None
    by: str = ""
    force: bool = False


@dataclass(frozen=True, slots=True)
class Revive:
    """Bring back a retired row and exactly what was retired with it."""

    facet: Facet
    id: Target


@dataclass(frozen=True, slots=True)
class Act:
    """Do something to a row that has a name of its own ("comment"); see `services/actions`."""

    action: str
    facet: Facet
    id: Target
    values: Mapping[str, Any]


Operation = Create | Update | Delete | Revive | Act


class Result(NamedTuple):
    """The result of an operation: the row's id, number and facet; `changed` False when nothing happened."""

    id: uuid.UUID
    number: int
    facet: Facet
    changed: bool = True
    changes: Mapping[str, tuple[Any, Any]] = MappingProxyType({})
