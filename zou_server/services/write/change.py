"""A row under change: what the pipeline and the rules pass to each other."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from zou_server.models.base import Identity, Row
from zou_server.models.registry import Facet

if TYPE_CHECKING:
    from zou_server.services.write.write_events import Recorded


M = TypeVar("M", bound=Row)

UNTOLD = frozenset({"secret_token"})
"""Keys of `data` that hold secrets: no event tells of them."""


@dataclass
class Change:
    """One row being created or updated by the current list of operations.

    `before` holds the old value of each attribute that changed (None for a new row), `given` that of each one
    that the operation at hand changed, `said` the names of all that operations set, changed or not, custom
    fields one by one as `data.<key>`, `told` what its events say. `is_news` is False for what is known to
    concern nobody but its author, `is_moved` true for a task that was given a status without a comment.
    `tidings` are events that follow those of the row itself.
    """

    facet: Facet
    row: Row
    identity: Identity
    created: bool
    is_news: bool = True
    is_moved: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    said: set[str] = field(default_factory=set)
    links: dict[str, tuple[list[uuid.UUID], list[uuid.UUID]]] = field(default_factory=dict)
    tidings: list[Recorded] = field(default_factory=list)
    told: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    def of(self, model: type[M]) -> M:
        """The row as a row of the model whose rule looks at it."""
        return cast(model, self.row)  # type: ignore[valid-type]

    def say(self, values: Mapping[str, Any]) -> None:
        """Note what an operation sets."""
        self.said.update(values)
        for key in values.get("data") or ():
            self.said.add(f"data.{key}")

    def set(self, name: str, value: Any, *, keeps_nulls: bool = False) -> bool:
        """Set an attribute; True when that changed something. `data` is merged key by key."""
        if name == "data" and value is not None:
            value = {**(self.row.data or {}), **value} if keeps_nulls else merged(self.row.data, value)
        unwritten = values_of_unwritten(self.row) if self.created else None
        old = getattr(self.row, name) if unwritten is None else unwritten[name]
        if old == value and type(old) is type(value):
            return False
        if not (old is None and value is None):
            self.before.setdefault(name, old)
            if unwritten is None:
                setattr(self.row, name, value)
            else:
                unwritten[name] = value
        return True

    def default(self, name: str, value: Any) -> None:
        """Set an attribute that has no value yet, without it being somebody's change."""
        unwritten = values_of_unwritten(self.row) if self.created else None
        if unwritten is None:
            if getattr(self.row, name) is None:
                setattr(self.row, name, value)
        elif unwritten[name] is None:
            unwritten[name] = value

    def changed(self, *names: str) -> bool:
        """True when one of the attributes was set by this list of operations."""
        return not self.before.keys().isdisjoint(names)

    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Attribute -> (old, new), custom fields one by one as `data.<key>`."""
        found: dict[str, tuple[Any, Any]] = {}
        values = vars(self.row)
        for name, old in self.before.items():
            new = (
                values[name] if name in values else getattr(self.row, name)
            )  # a rule may drop what is loaded
            if name == "data":
                found.update(_data_changes(old or {}, new or {}))
            elif old != new or type(old) is not type(new):
                found[name] = (old, new)
        if self.links:
            found.update({name: pair for name, pair in self.links.items() if pair[0] != pair[1]})
        return found

    @property
    def is_changed(self) -> bool:
        """True when the row differs from what it was."""
        return self.created or bool(self.changes())


def values_of_unwritten(row: Row) -> dict[str, Any] | None:
    """The values of a row that was made and not written yet; None for one that the session keeps track of."""
    values = vars(row)
    return values if values["_sa_instance_state"].key is None else None


def merged(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> dict[str, Any]:
    """Custom fields after a write: given keys replace, None removes."""
    both = {**(old or {}), **new}
    return {key: value for key, value in both.items() if value is not None or key not in new}


def _data_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    keys = [key for key in dict.fromkeys((*old, *new)) if key not in UNTOLD]
    return {
        f"data.{key}": (old.get(key), new.get(key))
        for key in keys
        if old.get(key) != new.get(key) or (key in old) != (key in new)
    }


def display_name(facet: Facet, row: Row) -> str | None:
    """The name of the row in the identity table."""
    if facet.display == "full_name":
        return (
            f"{getattr(row, 'first_name', None) or ''} {getattr(row, 'last_name', None) or ''}".strip()
            or None
        )
    return getattr(row, facet.display, None) if facet.display else None
