"""The types and attributes of the wire, derived from the registry; what differs stands in `overrides`.

A wire type has members: facets, each with its own way to every attribute. Most types have one; base
types (Context), ftrack's `Type` and the link rows we do not keep have several. A model that is added
shows up here by itself.
"""

from __future__ import annotations

from collections.abc import Collection as Collection_
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from zou_server.blueprints.ftrack import overrides
from zou_server.blueprints.ftrack.attributes import (
    Attribute,
    Branch,
    CollectionRelation,
    Constant,
    ConstantRows,
    Mapped,
    Reference,
    Value,
    absent,
)
from zou_server.blueprints.ftrack.constants import CONSTANTS, Constants
from zou_server.blueprints.ftrack.custom.configurations import TYPES
from zou_server.blueprints.ftrack.own_attributes import ATTRIBUTES, BACK
from zou_server.blueprints.ftrack.recorded import UID, RecordedAttribute, RecordedType, recorded
from zou_server.blueprints.ftrack.workflow.workflows import WORKFLOW_TYPES
from zou_server.models.conditions import EVERYTHING, Condition
from zou_server.models.errors import Invalid
from zou_server.models.registry import ANY, FACETS, UNIONS, Facet, Field, Kind, facet
from zou_server.schemas.derive import writable

DIALECT = "ftrack"
ROW_ID = "~id"
"""The row's own id, where ftrack knows it by other attributes; clients never see it."""


class UnknownAttribute(Invalid):
    """A query or a write names an attribute that the type does not have."""

    code = "unknown_attribute"
    cure = "Use an attribute of the type: the schemas of the session list them."


@dataclass(frozen=True, eq=False)
class Member:
    """The rows of one facet as rows of a type; `name` is the concrete type they are shown as."""

    name: str
    facet: Facet
    attributes: Mapping[str, Attribute]
    primary_key: tuple[str, ...] = ("id",)
    where: Condition = EVERYTHING

    @property
    def created_as(self) -> Facet:
        """The facet that new rows are made through."""
        return facet(overrides.CREATED_AS.get(self.name, self.facet.name))


@dataclass(frozen=True, eq=False)
class WireType:
    """A type with stored rows."""

    name: str
    members: tuple[Member, ...]
    described: RecordedType

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The attributes that identify a row, in the order of `entity_key`."""
        return self.members[0].primary_key

    @property
    def default_projections(self) -> tuple[str, ...]:
        """The attributes that a query without projections asks for."""
        return self.described.default_projections

    @property
    def has_id(self) -> bool:
        """True when rows are known by their id, not by several attributes."""
        return self.primary_key == ("id",)

    @property
    def is_base(self) -> bool:
        """True for a type whose rows are shown as other types."""
        return any(member.name != self.name for member in self.members)

    def known(self, name: str) -> bool:
        """True when at least some rows of the type have the attribute."""
        return any(name in member.attributes for member in self.members)

    @property
    def attributes(self) -> Mapping[str, Attribute]:
        """The attributes of every row of the type."""
        return self.members[0].attributes

    @cached_property
    def by_facet(self) -> Mapping[str, Member]:
        """The members by the names of their facets."""
        return {member.facet.name: member for member in self.members}


AnyType = WireType | Constants


def find(wire: AnyType, member: Member | Constants, name: str, *, followed: bool = False) -> Attribute | None:
    """The attribute of a member; None when only other members have it, UnknownAttribute when none does.

    With `followed` it must be a relation: the status of a project is a word, that of a task a row.
    """
    members = wire.members if isinstance(wire, WireType) else (wire,)
    usable = [each for each in members if _fits(each.attributes.get(name), followed=followed)]
    if not usable:
        what = "relation" if followed and wire.known(name) else "attribute"
        raise UnknownAttribute(f"{wire.name} has no {what} '{name[:80]}'.", {name[:80]: [f"unknown {what}"]})
    found = member.attributes.get(name)
    return found if _fits(found, followed=followed) else None


def _fits(attribute: Attribute | None, *, followed: bool) -> bool:
    return attribute is not None and not (followed and isinstance(attribute, Value | Constant | Mapped))


def types() -> Mapping[str, AnyType]:
    """Every wire type by name."""
    return _built(tuple(FACETS), tuple(UNIONS))


def wire_type(name: str) -> AnyType:
    """The type of this name; Invalid when there is none."""
    found = types().get(name)
    if found is None:
        raise Invalid(f"There is no entity type '{name[:80]}'.")
    return found


def stored_type(name: str) -> WireType:
    """The type of this name, which has rows in tables."""
    found = wire_type(name)
    if not isinstance(found, WireType):
        raise Invalid(f"{name} cannot be changed.")
    return found


def member_of(branch: Branch) -> tuple[WireType, Member]:
    """The type and the member that a branch leads to."""
    wire = stored_type(branch.type)
    return wire, wire.by_facet[branch.facet]


def kind_names() -> Mapping[str, str]:
    """The concrete type's name for each kind of row that has one."""
    named = {
        member.facet.kind: member.name
        for wire in types().values()
        if isinstance(wire, WireType)
        for member in wire.members
        if member.facet.kind and not wire.is_base
    }
    return {**named, "EntityType": "Type"}  # links that lead to an ObjectType are never written by kind


# -- building -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=4)
def _built(_facets: tuple[str, ...], _unions: tuple[str, ...]) -> Mapping[str, AnyType]:
    names = _facets_by_type()
    known = recorded()
    own = {wire: _derived_type(wire, facets, names) for wire, facets in names.items() if wire not in known}
    known = {**known, **own}
    members = {
        (wire, each): Member(
            wire,
            FACETS[each],
            _completed(known[wire], dict(_attributes(FACETS[each], names)), is_stored=True),
            known[wire].primary_key,
            overrides.ONLY.get((wire, each), EVERYTHING),
        )
        for wire, facets in names.items()
        for each in facets
    }
    stored = {*names, *(union.names.get(DIALECT) or union.name for union in UNIONS.values())}
    for (wire, _), member in members.items():
        _point_back(wire, member, stored)
    found: dict[str, AnyType] = {
        each.name: _constants(each) for each in (*CONSTANTS, *WORKFLOW_TYPES, *TYPES)
    }
    for wire, facets in names.items():
        found[wire] = WireType(wire, tuple(members[wire, each] for each in facets), known[wire])
    by_facet = {each: member for (_, each), member in members.items()}
    for union in UNIONS.values():
        name = union.names.get(DIALECT, union.name)
        if name is not None:
            of = tuple(by_facet[each] for each in union.members if each in by_facet)
            found[name] = WireType(name, of, known[name])
    return found | {
        name: _constants(Constants(name, each.primary_key, {}))
        for name, each in known.items()
        if name not in found
    }


def _derived_type(name: str, facets: Iterable[str], names: Mapping[str, tuple[str, ...]]) -> RecordedType:
    """What schemas say of a type that only this studio has."""
    attributes: dict[str, RecordedAttribute] = {}
    for each in facets:
        for key, attribute in _attributes(FACETS[each], names):
            described = _described(key, attribute)
            if described is not None:
                attributes[key] = described
    return RecordedType(name, ("id",), ("id",), attributes)


def _described(key: str, attribute: Attribute) -> RecordedAttribute | None:
    if isinstance(attribute, Value):
        kind = {Kind.UUID: Kind.TEXT, Kind.DATE: Kind.DATETIME}.get(attribute.kind, attribute.kind)
        return RecordedAttribute(
            key, kind, immutable=not attribute.write, default=UID if key == "id" else None
        )
    if isinstance(attribute, Reference):
        return RecordedAttribute(key, Kind.LINK, attribute.target, immutable=not attribute.write)
    if isinstance(attribute, CollectionRelation):
        return RecordedAttribute(key, Kind.LINKS, attribute.target, many=True)
    return None


def _constants(found: Constants) -> Constants:
    completed = _completed(recorded()[found.name], found.attributes)
    return Constants(found.name, found.primary_key, completed, found.rows)


def _completed(
    known: RecordedType, attributes: Mapping[str, Attribute], *, is_stored: bool = False
) -> dict[str, Attribute]:
    """Every attribute that ftrack knows of a type, and no other; what we have nothing for is empty."""
    found = {name: attributes.get(name) or _empty(each) for name, each in known.attributes.items()}
    found |= {name: each for name, each in attributes.items() if name.startswith("~")}
    if is_stored and known.primary_key != ("id",):
        found[ROW_ID] = Value("id", Kind.UUID)
    return found


def _point_back(wire: str, member: Member, stored: Collection_[str]) -> None:
    """Give a member the collections whose rows point back at it."""
    attributes: dict[str, Attribute] = member.attributes  # type: ignore[assignment]
    for name, attribute in attributes.items():
        by = BACK.get((wire, name)) or BACK.get(("*", name))
        if isinstance(attribute, ConstantRows) and by and attribute.target in stored:
            attributes[name] = CollectionRelation(attribute.target, by=by, pointing=True)


def _empty(attribute: RecordedAttribute) -> Attribute:
    if attribute.kind is Kind.LINKS:
        return ConstantRows(attribute.target)
    if attribute.kind is Kind.LINK:
        return absent(attribute.target)
    return Constant(None if attribute.default == UID else attribute.default, attribute.kind)


def _facets_by_type() -> dict[str, tuple[str, ...]]:
    found = dict(overrides.TYPES)
    for each in FACETS.values():
        name = each.named(DIALECT)
        if name is not None and each.name not in found.get(name, ()):
            found[name] = (*found.get(name, ()), each.name)
    return found


def _scopes(of: Facet) -> tuple[str, ...]:
    """The names that overrides may use for a facet, the most general first."""
    return tuple(dict.fromkeys(("*", of.model.__name__, of.name)))


def _attributes(of: Facet, names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Attribute]]:
    """The attributes of a facet: derived ones, then what overrides say, the most special last."""
    scopes = _scopes(of)
    renamed = {field for (scope, _), field in overrides.RENAMED.items() if scope in scopes}
    hidden = {field for scope, field in overrides.HIDDEN if scope in scopes}
    for name, field in of.fields.items():
        if not field.hidden and name not in renamed and name not in hidden:
            yield from _derived(field, name, names)
    for scope in scopes:
        for (where, key), name in overrides.RENAMED.items():
            if where == scope:
                yield from _derived(of.fields[name], key, names)
        for (where, key), attribute in ATTRIBUTES.items():
            if where == scope:
                yield key, attribute


def _derived(field: Field, key: str, names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Attribute]]:
    target = _wire_target(field, names)
    if field.kind is Kind.LINKS:
        if target and field.many is not None:
            yield key, _collection(field, target, names)
        return
    write = field.name if writable(field) and field.name != "id" else ""
    kind = Kind.UUID if field.kind is Kind.LINK else field.kind
    yield (
        key,
        Value(
            field.name,
            kind,
            write=write,
        ),
    )
    if field.kind is Kind.LINK and target:
        hop = key.removesuffix("_id")
        branches = _branches(field.hop, field.target, target, names)
        yield (
            hop if hop != key else f"{key}_object",
            Reference(target, field.name, branches, write=write),
        )


def _collection(field: Field, target: str, names: Mapping[str, tuple[str, ...]]) -> CollectionRelation:
    many = field.many
    branches = _branches(field.name, field.target, target, names)
    write = field.name if many is not None and many.through and writable(field) else ""
    attach = many.by if many is not None and not many.through else ""
    return CollectionRelation(target, branches, shown=field.name, write=write, attach=attach)


def _wire_target(field: Field, names: Mapping[str, tuple[str, ...]]) -> str:
    """The wire type that a link leads to, "" when it is not on the wire."""
    if not field.target or field.target == ANY:
        return ""
    name = overrides.TARGETS.get(field.target) or FACETS[field.target].named(DIALECT)
    known = name in names or name in {union.name for union in UNIONS.values()}
    return name if name and known else ""


def _branches(hop: str, target: str, wire: str, names: Mapping[str, tuple[str, ...]]) -> tuple[Branch, ...]:
    """The members of a wire type that a link to the facet `target` may lead to."""
    facets = names.get(wire) or UNIONS[wire].members
    model = FACETS[target].model
    return tuple(
        Branch(hop if each == target else f"{hop}[{each}]", wire, each)
        for each in facets
        if FACETS[each].model is model
    )
