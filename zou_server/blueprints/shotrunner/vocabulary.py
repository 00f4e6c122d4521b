"""What the wire calls things: every type that the registry shows to ShotRunner, and its attributes.

Derived from the registry through the tables of `overrides`; a new model has its path, attributes and
links here without a word in this dialect.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING, TypeVar

from zou_server.blueprints.shotrunner.added import ADDED
from zou_server.blueprints.shotrunner.attributes import Attribute, Link, LinkList, TargetNumber, TargetType
from zou_server.blueprints.shotrunner.documented import DOCUMENTED, REQUIRED
from zou_server.blueprints.shotrunner.inflection import pluralize, underscore
from zou_server.blueprints.shotrunner.overrides import (
    OMITTED,
    RENAMED,
    REPLACED,
)
from zou_server.blueprints.shotrunner.spelling import DIALECT
from zou_server.models.base import Row
from zou_server.models.conditions import Projection
from zou_server.models.registry import ANY, FACETS, Facet, Field, Kind
from zou_server.schemas.derive import writable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

Value = TypeVar("Value")

LINK_KINDS = {"Person": "Person"}
"""Facets whose rows are of several kinds, of which the wire means one."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """One type on the wire: `singular` is the root of one object, `plural` its path."""

    facet: Facet
    singular: str
    plural: str
    attributes: Mapping[str, Attribute]
    required: tuple[str, ...]

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The keys of an answer when the client does not choose."""
        return tuple(key for key, attribute in self.attributes.items() if attribute.shown)

    @cached_property
    def keys(self) -> dict[str, str]:
        """Canonical field -> the wire key that errors about it are filed under."""
        return {a.canonical: a.key for a in reversed(list(self.attributes.values())) if a.canonical}

    @property
    def default_order(self) -> tuple[str, ...]:
        """The paths of the order that a list has when nobody asks for one."""
        place = self.attributes.get("sort_order")
        return (place.path, "number") if place is not None and place.shown else ("number",)

    def projection(self, keys: tuple[str, ...]) -> Projection:
        """The outputs of some keys; the same object for the same keys."""
        return _projection(self, keys)

    def kind_of(self, key: str) -> Kind:
        """The kind of a key of an answer; text for what is no attribute."""
        found = self.attributes.get(key)
        return Kind.TEXT if found is None else found.kind

    def type_of(self, key: str) -> Kind:
        """The kind of a key of an answer."""
        return self.attributes[key].kind


@lru_cache(maxsize=1024)
def _projection(vocabulary: Vocabulary, keys: tuple[str, ...]) -> Projection:
    return Projection(tuple(vocabulary.attributes[key].output() for key in keys))


def vocabulary_of(facet: Facet) -> Vocabulary:
    """Derive the vocabulary of a facet; RuntimeError when two attributes would share a key."""
    name = underscore(facet.named(DIALECT) or facet.name)
    found: dict[str, Attribute] = {}
    for attribute in (*_derived(facet), *ADDED.get(facet.name, ())):
        if attribute.key in found:
            message = f"{facet.name} would have two attributes called {attribute.key}"
            raise RuntimeError(message)
        found[attribute.key] = attribute
    return Vocabulary(facet, name, pluralize(name), _arranged(facet, found), REQUIRED.get(facet.name, ()))


@cache
def vocabularies() -> dict[str, Vocabulary]:
    """Every type that ShotRunner knows, by its path."""
    shown = (
        each for each in FACETS.values() if each.named(DIALECT) and each.kind and issubclass(each.model, Row)
    )
    return {each.plural: each for each in map(vocabulary_of, shown)}


def _arranged(facet: Facet, found: dict[str, Attribute]) -> dict[str, Attribute]:
    """The documented attributes first and the rest hidden; all of them where there is no document."""
    documented = DOCUMENTED.get(facet.name)
    if documented is None:
        return {"id": found["id"], **found}
    shown = {key: found[key] for key in documented}
    return shown | {key: replace(each, shown=False) for key, each in found.items() if key not in shown}


def _derived(facet: Facet) -> Iterator[Attribute]:
    for field in facet.visible.values():
        if _exception(OMITTED, facet, field.name):
            continue
        replaced = _exception(REPLACED, facet, field.name)
        yield from _from_field(facet, field) if replaced is None else replaced


def _exception(table: Mapping[tuple[str, str], Value], facet: Facet, name: str) -> Value | None:
    return table.get((facet.name, name), table.get(("*", name)))


def _from_field(facet: Facet, field: Field) -> Iterable[Attribute]:
    make = _BY_KIND.get(field.kind)
    return make(field, _exception(RENAMED, facet, field.name) or field.name) if make else ()


def _canonical(field: Field) -> str:
    return field.name if writable(field) else ""


def _plain(field: Field, key: str) -> Iterable[Attribute]:
    yield Attribute(key=key, kind=field.kind, path=field.name, canonical=_canonical(field))


def _link(field: Field, key: str) -> Iterable[Attribute]:
    """The number of the target; with its type where the target may be of several."""
    key = key if key.endswith("_id") else f"{key}_id"
    kind = link_kind(field)
    canonical = _canonical(field)
    if kind:
        yield Link(
            key=key,
            kind=Kind.INTEGER,
            path=f"{field.hop}.number",
            canonical=canonical,
            target=kind,
            column=field.name,
        )
        return
    partner = f"{key.removesuffix('_id')}_type"
    yield TargetType(
        key=partner,
        kind=Kind.TEXT,
        path=f"{field.hop}.object_kind",
        canonical=canonical,
        style="type",
        partner=key,
    )
    yield TargetNumber(
        key=key,
        column=field.name,
        kind=Kind.INTEGER,
        path=f"{field.hop}.number",
        canonical=canonical,
        partner=partner,
    )


def _links(field: Field, key: str) -> Iterable[Attribute]:
    kind = link_kind(field)
    if kind:
        yield LinkList(
            key=key, kind=Kind.LINKS, path=field.name, canonical=_canonical(field), target=kind, shown=False
        )


def link_kind(field: Field) -> str:
    """The kind of what a link leads to; "" where it may be of several."""
    if field.target == ANY:
        return ""
    return FACETS[field.target].kind or LINK_KINDS.get(field.target, "")


# JSON columns are left out: the wire has scalars and lists of them, no free objects.
_BY_KIND: dict[Kind, Callable[[Field, str], Iterable[Attribute]]] = {
    Kind.TEXT: _plain,
    Kind.INTEGER: _plain,
    Kind.NUMBER: _plain,
    Kind.BOOLEAN: _plain,
    Kind.DATE: _plain,
    Kind.DATETIME: _plain,
    Kind.UUID: _plain,
    Kind.LINK: _link,
    Kind.LINKS: _links,
}
