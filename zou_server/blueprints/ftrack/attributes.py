"""What an attribute of a wire type can be. Everything the dialect does with one is a table over these.

Paths are canonical (of the registry) and start at the row of the member that has the attribute.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zou_server.models.conditions import EVERYTHING, Condition
from zou_server.models.registry import Kind

TYPE_KEY = "__entity_type__"
"""Where an object says of which type it is."""
PARENT = "#parent"
"""Where `parent` is written: to the column for an entity or to the one for a project."""
OBJECT_TYPE = "#object_type"
"""Where `object_type` is written: it says again what the type of the row says already."""
BUILD_TYPE = "#type"
"""Where `type` of an entity is written: an asset takes the type of asset that is called like a step."""


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar that a path leads to.

    `style` names the spelling (see `spelling.STYLES`), `choices` says our word for each wire word,
    `write` is the canonical attribute that a write sets ("" when it is read-only), `by` the facet and
    column that a written word is looked up in; equality looks at the path `also`, too.
    """

    path: str
    kind: Kind
    style: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    write: str = ""
    by: tuple[str, str] | None = None
    also: str = ""


@dataclass(frozen=True, slots=True)
class Mapped:
    """A scalar that is looked up under the value at `path`; what is written goes to the special `write`."""

    path: str
    kind: Kind
    values: Mapping[str, Any]
    write: str = ""


@dataclass(frozen=True, slots=True)
class Constant:
    """A scalar that is the same for every row."""

    value: Any
    kind: Kind


@dataclass(frozen=True, slots=True)
class Branch:
    """One kind of row that a relation may lead to: along which path, of which type and facet.

    The path "" is the row itself (a row may be seen as two types).
    """

    path: str
    type: str
    facet: str
    where: Condition = EVERYTHING


@dataclass(frozen=True, slots=True)
class Reference:
    """A relation to one row; `id_path` leads to its id, `identity` to what the identity table knows."""

    target: str
    id_path: str
    branches: tuple[Branch, ...]
    identity: Mapping[str, Value] = field(default_factory=dict)
    write: str = ""

    @property
    def joined(self) -> Branch | None:
        """The only branch, when what it leads to can be shown by a join."""
        return self.branches[0] if len(self.branches) == 1 and self.branches[0].path else None


@dataclass(frozen=True, slots=True)
class Derived:
    """A relation to a row that is in no table: `keys` says which, by the value at `path`.

    Without a path there is one key, "", for every row; without keys the relation is always empty.
    `rows` are what is known of the targets here, by id.
    """

    target: str
    rows: Mapping[str, Mapping[str, Any]]
    path: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    write: str = ""


@dataclass(frozen=True, slots=True)
class ConstantRows:
    """A relation to many rows that are in no table, the same for every row."""

    target: str
    rows: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionRelation:
    """A relation to many rows.

    `branches` serve criteria. It is shown along the link to many `shown`, or (`by`) by asking for the
    targets whose attribute `by` is one of our ids. A write sets the link `write`, or points the targets'
    `attach` here (a canonical column, or PARENT), or (`pointing`) their attribute `by`. `only` is the `type`
    of the targets, where it matters. Many to many goes `through` (link facet, its column that points here,
    the one that points there). `is_joined` is one whose rows come along several links, one for each branch.
    """

    target: str
    branches: tuple[Branch, ...] = ()
    shown: str = ""
    by: str = ""
    write: str = ""
    attach: str = ""
    only: str = ""
    through: tuple[str, str, str] = ("", "", "")
    pointing: bool = False
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A relation of a row in no table to every row of a type (of these facets) that meets the criteria."""

    target: str
    facets: frozenset[str]
    criteria: str = ""
    flags: Mapping[str, str] = field(default_factory=dict)
    """Id of the row -> the flag of the rows that are its own."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An attribute put together after the rows are read, by the loader of this name.

    `needs` are hidden keys of the row and the paths that fill them. With a `target` it is a collection. Some
    are written, to the column `write`.
    """

    loader: str
    needs: Mapping[str, str]
    target: str = ""
    write: str = ""


Attribute = (
    Value | Mapped | Constant | Reference | Derived | ConstantRows | CollectionRelation | Whole | Loaded
)

NOTHING_OF_THE_KIND: Mapping[str, Mapping[str, Any]] = {}


def absent(target: str) -> Derived:
    """A relation that a type must have and whose rows never have a target."""
    return Derived(target, NOTHING_OF_THE_KIND)
