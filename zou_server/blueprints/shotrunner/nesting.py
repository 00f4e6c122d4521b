"""Collections below a parent: `/sequences/3/shots.json`, along the links that the registry knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

from zou_server.blueprints.shotrunner.attributes import Attribute, LinkList, TargetNumber, Values
from zou_server.blueprints.shotrunner.deep import DEEP
from zou_server.blueprints.shotrunner.overrides import NESTED, BelowParent
from zou_server.blueprints.shotrunner.refusals import BadRequest
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies
from zou_server.blueprints.shotrunner.wire_values import coerced
from zou_server.models.conditions import All, Condition, Op, Where
from zou_server.models.registry import Kind
from zou_server.services.read.reader import Reader


@dataclass(frozen=True, slots=True)
class Parent:
    """The object in the URL that rows must belong to."""

    vocabulary: Vocabulary
    number: int
    below: BelowParent | None
    attribute: Attribute | None

    @property
    def kind(self) -> str:
        """The kind of the parent in the identity table."""
        return str(self.vocabulary.facet.kind)

    @property
    def condition(self) -> Condition:
        """That a row belongs to the parent."""
        if self.below is not None:
            return self.below.condition(self.number)
        assert self.attribute is not None  # noqa: S101 - `parent_of` makes no other
        return self.attribute.leads_to(self.kind, self.number)

    @property
    def values(self) -> Values | None:
        """The wire values that make a new row belong to the parent; None where it is not for us to say."""
        writable = self.attribute is not None and self.attribute.canonical
        return self.attribute.lead_to(self.kind, self.number) if writable and self.attribute else None


def parent_of(parent: Vocabulary, number: int, child: Vocabulary) -> Parent | None:
    """Return the parent of a nested collection; None when its rows do not belong to such parents."""
    exception = NESTED.get((parent.facet.name, child.facet.name))
    if isinstance(exception, BelowParent):
        return Parent(parent, number, exception, None)
    attribute = child.attributes[exception] if exception else link_between(parent, child)
    return Parent(parent, number, None, attribute) if attribute else None


@cache
def link_between(parent: Vocabulary, child: Vocabulary) -> Attribute | None:
    """The attribute of the child that says whose it is: `<parent>_id`, else its only kind of link there."""
    kind = str(parent.facet.kind)
    found = [each for each in child.attributes.values() if each.is_link_to(kind) and each.path]
    named = [each for each in found if each.key == f"{parent.singular}_id"]
    return min(
        [*named[:1], *found], key=lambda each: (each not in named, _RANK.get(type(each), 0)), default=None
    )


_RANK: dict[type[Attribute], int] = {TargetNumber: 1, LinkList: 2}
"""A link to one kind says more than a link to any, and that more than a list."""


def children_of(parent: Vocabulary) -> tuple[Vocabulary, ...]:
    """The collections below a type."""
    return tuple(child for child in vocabularies().values() if parent_of(parent, 0, child))


def row_condition(vocabulary: Vocabulary, number: int) -> Condition:
    """The row with a number; kind and number together are what the identity table is indexed by."""
    return All((Where("object_kind", Op.EQ, vocabulary.facet.kind), Where("number", Op.EQ, number)))


DEEPLY = "deep"
"""The parameter of a nested list that asks for all that is below its parent."""


def deepened(reader: Reader, parent: Parent, child: Vocabulary) -> Parent:
    """The parent of all that is below it; of lists that are deep anyway the same."""
    find = DEEP.get((parent.vocabulary.facet.name, child.facet.name))
    if find is None:
        return parent
    condition = find(reader, parent.kind, parent.number)
    return replace(parent, below=BelowParent(lambda _: condition, "all that is below"))


def asks_deep(given: Mapping[str, str]) -> bool:
    """True when the parameters of a nested list ask for all below; BadRequest for what is no answer."""
    try:
        return bool(coerced(Kind.BOOLEAN, given.get(DEEPLY)))
    except ValueError as error:
        raise BadRequest(fields={DEEPLY: [str(error)]}) from None
