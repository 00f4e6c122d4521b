"""What a query selects, as columns; and what has to be looked up once the rows are there.

PostgreSQL writes what a row and its joins hold. What lies behind a relation to rows of several kinds,
or is in no table, is a `Refill`: `reading` asks for it by id when all rows of the answer are known.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from zou_server.blueprints.ftrack.attributes import (
    TYPE_KEY,
    Attribute,
    Branch,
    CollectionRelation,
    Constant,
    ConstantRows,
    Derived,
    Loaded,
    Mapped,
    Reference,
    Value,
)
from zou_server.blueprints.ftrack.queries.expression import Path
from zou_server.blueprints.ftrack.spelling import mapped_style, reworded_style
from zou_server.blueprints.ftrack.vocabulary import Member, WireType, find, member_of
from zou_server.models.conditions import Form, Output, Projection
from zou_server.models.errors import Invalid

Tree = tuple[tuple[str, "Tree"], ...]
"""The attributes wanted of a row, and of what they lead to."""

DEEPEST = 12


@dataclass(frozen=True)
class Refill:
    """An attribute to be completed after the rows are read: under `key` of the objects at `at`."""

    at: tuple[str, ...]
    key: str
    attribute: Attribute
    tree: Tree


@dataclass(frozen=True, eq=False, slots=True)
class MemberPlan:
    """The columns of one member's rows, and what comes after."""

    projection: Projection
    refills: tuple[Refill, ...]


@dataclass
class _Draft:
    """A plan in the making."""

    outputs: list[Output] = field(default_factory=list)
    refills: list[Refill] = field(default_factory=list)

    def show(self, key: str, path: str, form: Form = Form.VALUE, **more: Any) -> None:
        self.outputs.append(Output(key, path, form, **more))

    def literal(self, key: str, value: Any) -> None:
        self.show(key, json.dumps(value), Form.LITERAL, style="json")

    def refill(self, key: str, attribute: Attribute, tree: Tree) -> None:
        self.refills.append(Refill((), key, attribute, tree))

    def nest(self, key: str, path: str, form: Form, inner: MemberPlan, **more: Any) -> None:
        self.show(key, path, form, outputs=inner.projection, **more)
        self.refills += [replace(each, at=(key, *each.at)) for each in inner.refills]

    def list_rows(self, key: str, branches: Sequence[Branch], below: Tree) -> None:
        """The rows along several links to many, in one list."""
        plans = [(branch.path, plan(*member_of(branch), below)) for branch in branches]
        (path, first), *others = plans
        also = tuple(Output(key, each, Form.OBJECTS, found.projection) for each, found in others)
        self.nest(key, path, Form.OBJECTS, first, also=also)
        for refill in [replace(each, at=(key, *each.at)) for _, found in others for each in found.refills]:
            if refill not in self.refills:
                self.refills.append(refill)


def tree_of(paths: Iterable[Path]) -> Tree:
    """The tree of dotted projections. Casts narrow nothing here: what a kind of row lacks is left out."""
    nested: dict[str, Any] = {}
    for path in paths:
        if len(path) > DEEPEST:
            raise Invalid(f"A projection goes along more than {DEEPEST} relations.")
        level = nested
        for step in path:
            level = level.setdefault(step.name, {})
    return _frozen(nested)


def tree(*names: str) -> Tree:
    """The tree of plain attributes."""
    return tuple((name, ()) for name in names)


def with_names(wanted: Tree, *names: str) -> Tree:
    """The tree with these attributes as well."""
    given = {name for name, _ in wanted}
    return (*wanted, *tree(*(name for name in names if name not in given)))


def _frozen(nested: Mapping[str, Any]) -> Tree:
    return tuple((name, _frozen(below)) for name, below in nested.items())


@lru_cache(maxsize=2048)
def plan(wire: WireType, member: Member, wanted: Tree) -> MemberPlan:
    """The plan for the rows of a member. Kept, because statements are kept by their projections."""
    draft = _Draft()
    draft.show(TYPE_KEY, member.name, Form.LITERAL)
    for name, below in with_names(wanted, *member.primary_key):
        attribute = find(wire, member, name, followed=bool(below))
        if attribute is not None:
            _SHOWN[type(attribute)](draft, name, attribute, below)
    return MemberPlan(Projection(tuple(draft.outputs)), tuple(draft.refills))


def needs_more(row: Mapping[str, Any], wanted: Tree) -> bool:
    """True when a row that is known in part does not hold everything wanted of it."""
    return any(below or name not in row for name, below in wanted)


def _value(draft: _Draft, key: str, attribute: Value, _below: Tree) -> None:
    style = reworded_style(attribute.choices) if attribute.choices else attribute.style
    draft.show(key, attribute.path, style=style)


def _mapped(draft: _Draft, key: str, attribute: Mapped, _below: Tree) -> None:
    draft.show(key, attribute.path, style=mapped_style(attribute.values))


def _constant(draft: _Draft, key: str, attribute: Constant, _below: Tree) -> None:
    draft.literal(key, attribute.value)


_OF_UNTOLD_TYPE = frozenset({"Resource"})
"""Targets whose concrete type the identity does not tell."""
_REFERENCE_ONLY: Mapping[str, Any] = {TYPE_KEY: "", "id": ""}


def _reference(draft: _Draft, key: str, attribute: Reference, below: Tree) -> None:
    if attribute.joined is not None:
        draft.nest(key, attribute.joined.path, Form.OBJECT, plan(*member_of(attribute.joined), below))
        return
    draft.show(key, attribute.id_path, Form.LINK)
    if attribute.target in _OF_UNTOLD_TYPE or needs_more(_REFERENCE_ONLY, below):
        draft.refill(key, attribute, below)


def _derived(draft: _Draft, key: str, attribute: Derived, below: Tree) -> None:
    if not attribute.keys:
        draft.literal(key, None)
        return
    shown = {ours: attribute.rows[of] for ours, of in attribute.keys.items()}
    if attribute.path:
        draft.show(key, attribute.path, style=mapped_style(shown))
    else:
        draft.literal(key, shown[""])
    if any(needs_more(row, below) for row in shown.values()):
        draft.refill(key, attribute, below)


def _rows(draft: _Draft, key: str, attribute: ConstantRows, below: Tree) -> None:
    draft.literal(key, list(attribute.rows))
    if any(needs_more(row, below) for row in attribute.rows):
        draft.refill(key, attribute, below)


def _collection(draft: _Draft, key: str, attribute: CollectionRelation, below: Tree) -> None:
    if attribute.shown and (len(attribute.branches) == 1 or attribute.is_joined):
        draft.list_rows(key, attribute.branches, below)
        return
    if attribute.shown:
        draft.show(key, attribute.shown, Form.LINKS)
    draft.refill(key, attribute, below)


def _loaded(draft: _Draft, key: str, attribute: Loaded, below: Tree) -> None:
    shown = {output.key for output in draft.outputs}
    for hidden, path in attribute.needs.items():
        if hidden not in shown:
            draft.show(hidden, path)
    draft.refill(key, attribute, below)


_SHOWN: Mapping[type, Callable[[_Draft, str, Any, Tree], None]] = {
    Value: _value,
    Mapped: _mapped,
    Constant: _constant,
    Reference: _reference,
    Derived: _derived,
    ConstantRows: _rows,
    CollectionRelation: _collection,
    Loaded: _loaded,
}
