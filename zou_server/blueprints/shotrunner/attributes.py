"""What one attribute on the wire is: where it is read, filtered and sorted, and what writing it means.

A vocabulary is made of these. Wire values are what the client sends after coercion to `kind`;
canonical values are what operations take. An attribute with an empty `canonical` is read-only: in a
body it is ignored, because ActiveResource sends whole objects back.
"""

# ruff: noqa: ARG002 - the attributes share one interface, and few need all of it

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotrunner.lookup import link_to
from zou_server.blueprints.shotrunner.spelling import THUMBNAIL, wire_types
from zou_server.blueprints.shotrunner.wire_values import EMPTY, coerced
from zou_server.models.conditions import (
    EVERYTHING,
    NOTHING,
    Condition,
    Form,
    Not,
    Op,
    Order,
    Output,
    Some,
    Where,
)
from zou_server.models.registry import FACETS, Kind
from zou_server.services.write.operations import Edit, Mode, Ref, RefBy

if TYPE_CHECKING:
    from collections.abc import Mapping

EQUALITIES = frozenset({Op.EQ, Op.NE, Op.IN, Op.NOT_IN})
"""The operators of a link that are about which row it leads to."""

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """The object that a body is about: as the client sees it ({} for a new one), and as it wants it."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A column under its wire name; the base of the others.

    * `kind`: what the wire value is
    * `path`: where it is read, filtered and sorted by
    * `canonical`: the attribute of the facet that a write sets
    * `shown`: False for what is answered only when asked for (`?include=`)
    * `write_only`: True for what is sent, and never answered
    """

    key: str
    kind: Kind
    path: str
    canonical: str = ""
    shown: bool = True
    style: str = ""
    max_length: int | None = None
    write_only: bool = False

    @property
    def sort_path(self) -> str:
        """The path to sort by; "" where there is no order."""
        return self.path

    def order(self, *, descending: bool) -> Order:
        """The sort key; only for attributes that have a path to sort by."""
        return Order(self.sort_path, descending)

    def output(self) -> Output:
        """How PostgreSQL writes it."""
        return Output(self.key, self.path, style=self.style)

    def test(self, op: Op, value: Any) -> Condition:
        """The condition that a filter means."""
        return Where(self.path, op, value)

    def write(self, value: Any, state: State) -> Values:
        """The canonical values that a wire value means."""
        return {self.canonical: value}

    def is_link_to(self, kind: str) -> bool:
        """True when it can say that a row belongs to a row of this kind."""
        return False

    def leads_to(self, kind: str, number: int) -> Condition:
        """The condition that it leads to one row."""
        return self.test(Op.EQ, number)

    def lead_to(self, kind: str, number: int) -> Values:
        """The wire values that make it lead to one row."""
        return {self.key: number}


@dataclass(frozen=True, kw_only=True)
class Null(Attribute):
    """A key that clients look for and that never holds anything; it has no path."""

    def output(self) -> Output:
        """Null."""
        return Output(self.key, "", Form.NULL)

    def test(self, op: Op, value: Any) -> Condition:
        """Every row is without it."""
        return EVERYTHING if op in (Op.NULL, Op.NE) else NOTHING


@dataclass(frozen=True, kw_only=True)
class DeletedAt(Null):
    """The moment the object was deleted, which only lists of deleted ones show."""

    def output(self) -> Output:
        """The moment that the identity table has."""
        return Output(self.key, "id", style="deleted at")


def link_test(path: str, kind: str, op: Op, value: Any) -> Condition:
    """The condition that a link does (or does not) lead to rows with one number or a list of them."""
    found = link_to(path, kind, *(value if isinstance(value, list) else [value]))
    return Not(found) if op in (Op.NE, Op.NOT_IN) else found


@dataclass(frozen=True, kw_only=True)
class Link(Attribute):
    """A link to rows of one kind, as the number of the target. `path` ends in `.number`."""

    target: str
    column: str
    narrowed: bool = False
    """True where the link may lead to other kinds, whose numbers must not be shown."""

    def output(self) -> Output:
        """The number through the identity table alone, unless the target must be looked at."""
        return Output(self.key, self.path) if self.narrowed else Output(self.key, self.column, Form.LINK)

    def test(self, op: Op, value: Any) -> Condition:
        """By the id of the target; a comparison by its number."""
        if op in EQUALITIES:
            return link_test(self.column, self.target, op, value)
        return Where(self.path, op, value)

    def write(self, value: Any, state: State) -> Values:
        """A reference by number."""
        return {self.canonical: None if value is None else Ref(self.target, value)}

    def is_link_to(self, kind: str) -> bool:
        """True for the kind it is declared for."""
        return kind == self.target


@dataclass(frozen=True, kw_only=True)
class Coded(Attribute):
    """A link as a word of its target: a status by its code, a type by its name."""

    facet: str
    attribute: str

    def write(self, value: Any, state: State) -> Values:
        """A reference by that word."""
        return {self.canonical: RefBy(self.facet, self.attribute, value) if value else None}


@dataclass(frozen=True, kw_only=True)
class TargetType(Attribute):
    """The type half of a link to anything. `path` ends in `.object_kind`; `partner` is the other key."""

    partner: str
    allowed: tuple[str, ...] = ()

    def test(self, op: Op, value: Any) -> Condition:
        """Type names as the kinds they stand for."""
        named = [kind_named(each) for each in value] if isinstance(value, list) else kind_named(value)
        return Where(self.path, op, named)

    def write(self, value: Any, state: State) -> Values:
        """The whole link, once both halves are there."""
        return target_reference(self, value, state.after.get(self.partner))


@dataclass(frozen=True, kw_only=True)
class TargetNumber(Attribute):
    """The number half of a link to anything. `path` ends in `.number`; `partner` is the other key."""

    partner: str
    column: str
    allowed: tuple[str, ...] = ()

    def write(self, value: Any, state: State) -> Values:
        """The whole link, once both halves are there."""
        return target_reference(self, state.after.get(self.partner), value)

    def is_link_to(self, kind: str) -> bool:
        """True for every kind that has a name here."""
        return not self.allowed or wire_types().get(kind) in self.allowed

    def leads_to(self, kind: str, number: int) -> Condition:
        """By the id of the target."""
        return link_to(self.column, kind, number)

    def lead_to(self, kind: str, number: int) -> Values:
        """Both halves."""
        return {self.key: number, self.partner: wire_types()[kind]}


def target_reference(half: TargetType | TargetNumber, type_name: Any, number: Any) -> Values:
    """The canonical link of a pair; ValueError when one half is missing or the type is not allowed."""
    if type_name in EMPTY and number in EMPTY:
        return {half.canonical: None}
    if type_name in EMPTY or number in EMPTY:
        raise ValueError(f"needs {half.partner} as well")
    if type_name not in (half.allowed or known_types()):
        is_type = isinstance(half, TargetType)
        raise ValueError("is not included in the list" if is_type else f"needs another {half.partner}")
    try:
        return {half.canonical: Ref(kind_named(type_name), coerced(Kind.INTEGER, number))}
    except ValueError:
        return {}  # the number is what is wrong, and says so itself


def known_types() -> tuple[str, ...]:
    """Every type that a link may lead to: those of this wire, and those that only other tools show."""
    return (*wire_types().values(), *(each.kind for each in FACETS.values() if each.kind))


def kind_named(type_name: str) -> str:
    """The kind behind a type name; a name that is none stands for itself."""
    return next((kind for kind, name in wire_types().items() if name == type_name), type_name)


@dataclass(frozen=True, kw_only=True)
class Custom(Attribute):
    """An attribute that no other tool has: kept among the custom fields. `path` starts with `data.`."""

    def write(self, value: Any, state: State) -> Values:
        """One custom field; the pipeline merges it into the others."""
        return {"data": {self.canonical: value}}


_OURS = re.compile(rf"[a-z]+://[^/]+(/api/shotrunner)?/[a-z]+/[0-9]+{re.escape(THUMBNAIL)}\Z")


@dataclass(frozen=True, kw_only=True)
class PictureAddress(Attribute):
    """The address of a picture: one that a client wrote, else ours."""

    def write(self, value: Any, state: State) -> Values:
        """The address; ours is only sent back, under whichever name this server has for the client."""
        return {} if value and _OURS.match(value) else {self.canonical: value}


@dataclass(frozen=True, kw_only=True)
class Hours(Attribute):
    """Minutes that the wire shows as hours."""

    def test(self, op: Op, value: Any) -> Condition:
        """Compared in minutes."""
        minutes = [each * 60 for each in value] if isinstance(value, list) else value and value * 60
        return Where(self.path, op, minutes)

    def write(self, value: Any, state: State) -> Values:
        """In minutes."""
        return {self.canonical: None if value is None else value * 60}


@dataclass(frozen=True, kw_only=True)
class Word(Attribute):
    """A value with other words on the wire: `words` maps wire values to canonical ones."""

    words: Mapping[Any, Any]
    written: Mapping[Any, Any] | None = None
    """Wire values to what is written, where that is not what is compared."""

    def test(self, op: Op, value: Any) -> Condition:
        """Compared by what the words stand for; ValueError for a word that stands for nothing."""
        if op in (Op.NULL, Op.NOT_NULL):
            return Where(self.path, op)
        meant = (
            [_known(self.words, each) for each in value]
            if isinstance(value, list)
            else _known(self.words, value)
        )
        return Where(self.path, op, meant)

    def write(self, value: Any, state: State) -> Values:
        """The value that the word stands for."""
        return {self.canonical: _known(self.written or self.words, value)}


def _known(words: Mapping[Any, Any], word: Any) -> Any:
    if word not in words:
        raise ValueError("is not included in the list")
    return words[word]


@dataclass(frozen=True, kw_only=True)
class LinkList(Attribute):
    """A link to many as the list of its targets' numbers; `path` is the link, `target` its kind."""

    target: str

    @property
    def sort_path(self) -> str:
        """Lists have no order."""
        return ""

    def output(self) -> Output:
        """A list of numbers."""
        return Output(self.key, self.path, Form.LINKS)

    def test(self, op: Op, value: Any) -> Condition:
        """There is (no) target with the number."""
        if op in EQUALITIES:
            return link_test(self.path, self.target, op, value)
        return Where(self.path if op in (Op.NULL, Op.NOT_NULL) else f"{self.path}.number", op, value)

    def write(self, value: Any, state: State) -> Values:
        """The whole list."""
        return {self.canonical: [Ref(self.target, number) for number in value or ()]}

    def is_link_to(self, kind: str) -> bool:
        """True for the kind of its targets."""
        return kind == self.target

    def lead_to(self, kind: str, number: int) -> Values:
        """A list of one."""
        return {self.key: [number]}


@dataclass(frozen=True, kw_only=True)
class OneOfMany(LinkList):
    """A link to many of which the wire knows one: a task's assignee, the asset that an element uses.

    Writing it replaces that one and leaves the others alone.
    """

    def output(self) -> Output:
        """The one that the style picks."""
        return Output(self.key, "id", style=self.style)

    def write(self, value: Any, state: State) -> Values:
        """Away with the one shown, and add the new one; the second edit is a second operation."""
        old = state.before.get(self.key)
        edits = [
            Edit(mode, [Ref(self.target, number)])
            for mode, number in ((Mode.REMOVE, old), (Mode.ADD, value))
            if number is not None
        ]
        return {self.canonical: edits}

    def lead_to(self, kind: str, number: int) -> Values:
        """The number."""
        return {self.key: number}


@dataclass(frozen=True, kw_only=True)
class NoteType(LinkList):
    """The first label of a note as its name; writing it replaces all labels."""

    def output(self) -> Output:
        """The name that the style picks."""
        return Output(self.key, "id", style="note type")

    def test(self, op: Op, value: Any) -> Condition:
        """There is (no) label of that name."""
        if op in (Op.NULL, Op.NOT_NULL):
            return Where(self.path, op)
        if op in (Op.NE, Op.NOT_IN):
            return Not(self.test(Op.EQ if op is Op.NE else Op.IN, value))
        return Some(self.path, Where("name", op, value))

    def write(self, value: Any, state: State) -> Values:
        """The label of that name, or none."""
        return {self.canonical: Edit(Mode.SET, [RefBy(self.target, "name", value)] if value else [])}

    def is_link_to(self, kind: str) -> bool:
        """A note is not below its type."""
        return False
