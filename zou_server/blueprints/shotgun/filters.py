"""The filter tree of a request, made into a condition: groups, leaves, dotted paths.

group := {"logical_operator": "and"|"or", "conditions": [group | leaf]}
leaf  := {"path": "entity.Shot.code", "relation": "is", "values": [...]}
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import Words
from zou_server.blueprints.shotgun.enumerations import ENUMERATIONS, holds_for
from zou_server.blueprints.shotgun.paths import Reached, reach
from zou_server.blueprints.shotgun.relations import RELATIONS, Maker, RelationLeaf
from zou_server.blueprints.shotgun.schema.personal import OWN, OWN_MOMENT, PERSONAL, SAYS
from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType
from zou_server.models.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    AnyOf,
    Condition,
    Form,
    InQuery,
    Not,
    Op,
    Output,
    Projection,
    Query,
    Some,
    Where,
)

MOST_CONDITIONS = 1000
MOST_LEVELS = 40


def _all(terms: tuple[Condition, ...]) -> Condition:
    """All conditions in one list, each once: PostgreSQL counts one said twice as two that have to hold."""
    each = [one for term in terms for one in (term.terms if isinstance(term, All) else (term,))]
    return All(tuple({id(one): one for one in each}.values()))


_JOINS: Mapping[object, Callable[[tuple[Condition, ...]], Condition]] = {
    "and": _all,
    # No condition at all holds for everything, also in an "or".
    "or": lambda terms: AnyOf(terms) if terms else EVERYTHING,
}


class Filters:
    """Parses the filter tree of one request."""

    def __init__(self, words: Words, wire_type: WireType, now: dt.datetime) -> None:
        self._words, self._type, self._now = words, wire_type, now
        self._left = MOST_CONDITIONS

    def parse(self, tree: Any, level: int = 0) -> Condition:
        """The condition that a group or a leaf stands for; nothing sent holds for everything."""
        if tree in (None, [], {}):
            return EVERYTHING
        if not isinstance(tree, dict):
            raise errors.missing("filters", "hash", tree)
        if level > MOST_LEVELS:
            raise errors.too_many("levels of filters", MOST_LEVELS)
        return self._leaf(tree) if "path" in tree else self._group(tree, level)

    def _group(self, tree: dict[str, Any], level: int) -> Condition:
        join, conditions = tree.get("logical_operator", "and"), tree.get("conditions", [])
        if not isinstance(join, str) or join not in _JOINS:
            raise errors.missing("logical_operator", "'and'/'or'", tree)
        if not isinstance(conditions, list):
            raise errors.missing("conditions", "array", tree)
        return _JOINS[join](tuple(self.parse(each, level + 1) for each in conditions))

    def _leaf(self, tree: dict[str, Any]) -> Condition:
        self._left -= 1
        if self._left < 0:
            raise errors.too_many("conditions", MOST_CONDITIONS)
        path, relation, values = tree["path"], tree.get("relation"), tree.get("values", [])
        if not isinstance(path, str):
            raise errors.missing("path", "string", tree)
        if path.startswith(FROM):
            return self._named(tree, path)
        reached = reach(self._words, self._type, path)
        if reached is None:
            raise errors.unknown_field(self._type.name, path)
        make = _maker(reached, relation, tree)
        values = values if isinstance(values, list) else [values]
        found = self._compared(reached, make, str(relation), values)
        return _within(reached, found, str(relation), values)

    def _compared(self, reached: Reached, make: Maker, relation: str, values: list[Any]) -> Condition:
        leaf = RelationLeaf(
            reached.where, reached.type, reached.field, reached.prefix, self._now, self._words
        )
        if not reached.dead and reached.field.style == OWN:
            return self._own(reached, relation, values)
        if reached.dead or reached.field.form is Form.NULL:
            return _never(relation, values)
        found = _with_kind(leaf, relation, make(leaf, values))
        for scope in reversed(reached.scopes):
            found = Some(scope, found)
        return found

    def _own(self, reached: Reached, relation: str, values: list[Any]) -> Condition:
        """What the caller marked or did not mark."""
        mark = PERSONAL[reached.type.name, reached.field.key]
        words = SAYS.get(mark.how, {})
        # Looked for one by one: a value may be anything that JSON can say, also what has no hash.
        if relation not in ("is", "is_not") or len(values) != 1 or values[0] not in list(words):
            raise errors.unfilterable(reached.where, reached.field.data_type)
        mine = Some(f"{reached.prefix}linked:{mark.link}[Person]", Where("id", Op.EQ, str(self._words.me)))
        found = mine if words[values[0]] is (relation == "is") else Not(mine)
        for scope in reversed(reached.scopes):
            found = Some(scope, found)
        return found

    def _named(self, tree: dict[str, Any], path: str) -> Condition:
        """The rows that a link of another type leads to: `$FROM$Task.step.entity` is a leaf of tasks."""
        name, link, rest = [*path.removeprefix(FROM).split(".", 2), "", ""][:3]
        other = self._words.type(name)
        field = self._words.field(other, link) if other is not None else None
        if other is None or field is None or field.data_type != "entity":
            raise errors.unknown_field(self._type.name, path)
        if not rest or rest.startswith(FROM):
            raise errors.unknown_field(self._type.name, path)
        inner = Filters(self._words, other, self._now)
        inner._left = self._left
        shown = EVERYTHING if field.only is None else field.only.condition
        found = All((inner.parse({**tree, "path": rest}), other.where, shown))
        return InQuery("id", Query(other.facet, _IDS, found), field.path)


FROM = "$FROM$"
"""What a path begins with that starts at the rows of another type."""
_IDS = Projection((Output("id", "id"),))
UNASKED = frozenset({"sentence", "open_notes_count", "own_file", OWN_MOMENT})
"""Styles of fields that are worked out when a row is shown, and cannot be compared."""


def relations_of(field: WireField) -> Mapping[str, Maker]:
    """The relations by which a field can be asked for."""
    if field.style in UNASKED:
        return {}
    if field.style == OWN:
        return {name: RELATIONS[field.data_type][name] for name in ("is", "is_not")}
    if field.special:
        return ENUMERATIONS[field.special]
    return RELATIONS.get(field.style) or RELATIONS.get(field.data_type, {})


def _maker(reached: Reached, relation: Any, leaf: Any) -> Maker:
    known = relations_of(reached.field)
    if not known:
        raise errors.unfilterable(reached.where, reached.field.data_type)
    if not isinstance(relation, str) or relation not in known:
        raise errors.bad_relation(reached.where, reached.field.data_type, leaf, relation, known)
    return known[relation]


def _never(relation: str, values: list[Any]) -> Condition:
    """A comparison with what is always null."""
    return EVERYTHING if holds_for(None, relation, values) else NOTHING


def _within(reached: Reached, found: Condition, relation: str, values: list[Any]) -> Condition:
    """A comparison with what only some rows have: all others show one and the same."""
    if reached.only is None:
        return found
    if holds_for(reached.field.otherwise, relation, values):
        return AnyOf((found, Not(reached.only.condition)))
    return All((reached.only.condition, found))


_SEEKS = frozenset({"is", "in", "between", "greater_than", "less_than"})


def _with_kind(leaf: RelationLeaf, relation: str, found: Condition) -> Condition:
    """Numbers are indexed together with the kind, so a search by number says the kind too."""
    kind = leaf.type.facet.kind
    if (
        leaf.field.path != "number"
        or relation not in _SEEKS
        or not kind
        or "object_kind" not in leaf.type.facet.fields
    ):
        return found
    return All((Where(f"{leaf.prefix}object_kind", Op.EQ, kind), found))
