"""Fields whose values we do not keep as such: each value stands for a condition of ours.

`Shotgun_Shot_Change` is no column: it means "kind Shot, action update". The relation is tried here on every
value there can be; those that match become a condition on what we do keep.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.events.told import event_fields
from zou_server.blueprints.shotgun.events.words import LOGGED_IN, TOLD
from zou_server.blueprints.shotgun.relations import Maker, RelationLeaf, negated, one
from zou_server.blueprints.shotgun.values import entity_parts, text
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.models.conditions import All, AnyOf, Condition, Fixed, Not, Op, Where
from zou_server.models.event import LOG_IN
from zou_server.models.person import ROLES
from zou_server.services.install.first_data import ROLE_NAMES

ACTIVE: Mapping[str, bool] = {"act": True, "dis": False}
"""A person's status here and what we keep."""

RULE_SETS: Mapping[str, tuple[int, str]] = {
    role: (number, name) for number, (role, name) in enumerate(zip(ROLES, ROLE_NAMES, strict=True), start=1)
}
"""Our role -> the id and the name of the permission group it is here."""

ACTIONS: Mapping[str, Condition] = {
    "New": All((Where("action", Op.EQ, "create"), Where("attribute", Op.NULL))),
    "Change": AnyOf(
        (
            Where("action", Op.EQ, "update"),
            All((Where("action", Op.IN, ["create", "delete"]), Where("attribute", Op.NOT_NULL))),
        )
    ),
    "Retirement": All((Where("action", Op.EQ, "delete"), Where("attribute", Op.NULL))),
    "Revival": Where("action", Op.EQ, "revive"),
}
"""The end of an event type -> the events that have it."""

Entries = Mapping[str, Condition]
Tests = Mapping[str, Callable[[str, list[str]], bool]]

TESTS: Tests = {
    "is": lambda value, wanted: value == wanted[0],
    "in": lambda value, wanted: value in wanted,
    "contains": lambda value, wanted: wanted[0] in value,
    "starts_with": lambda value, wanted: value.startswith(wanted[0]),
    "ends_with": lambda value, wanted: value.endswith(wanted[0]),
}
_OPS = dict(zip(TESTS.values(), (Op.IN_CI, Op.IN_CI, Op.CONTAINS, Op.STARTS, Op.ENDS), strict=True))
_OPPOSITES = {"is_not": "is", "not_in": "in", "not_contains": "contains"}


def rebased(condition: Condition, prefix: str) -> Condition:
    """The same condition about the row at `prefix`."""
    if not prefix:
        return condition
    if isinstance(condition, Where):
        return Where(f"{prefix}{condition.path}", condition.op, condition.value)
    if isinstance(condition, All | AnyOf):
        return type(condition)(tuple(rebased(term, prefix) for term in condition.terms))
    if isinstance(condition, Not):
        return Not(rebased(condition.term, prefix))
    message = f"a value cannot stand for {condition!r}"
    raise TypeError(message)


# -- event types -----------------------------------------------------------------------------------


@cache
def event_types() -> Mapping[str, tuple[str, str]]:
    """Every event type in lower case -> kind and action."""
    return {
        f"shotgun_{name}_{action}".lower(): (kind, action)
        for kind, name in vocabulary().kinds.items()
        for action in ACTIONS
    }


def _event_type(test: Callable[[str, list[str]], bool], wanted: list[str]) -> Condition:
    by_action: dict[str, list[str]] = {}
    for name, (kind, action) in event_types().items():
        if test(name, wanted):
            by_action.setdefault(action, []).append(kind)
    found = [All((Where("kind", Op.IN, kinds), ACTIONS[action])) for action, kinds in by_action.items()]
    if test(LOGGED_IN.lower(), wanted):
        found.append(All((Where("action", Op.EQ, LOG_IN),)))
    return AnyOf((*found, _of_tools(test, wanted)))


def _of_tools(test: Callable[[str, list[str]], bool], wanted: list[str]) -> Condition:
    """The entries that tools added whose own type is one of those wanted."""
    added, op = Where("action", Op.STARTS, Fixed(TOLD)), _OPS[test]
    if op in (Op.IN_CI, Op.STARTS):
        named = [f"{TOLD}{each}" for each in wanted]
        return Where("action", op, named if op is Op.IN_CI else named[0])
    return All((added, Where("action", op, wanted[0])))


# -- attribute names -------------------------------------------------------------------------------


@cache
def attribute_kinds() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Wire key in lower case -> attribute -> the kinds for which the attribute is called that."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for kind, fields in event_fields(vocabulary()).items():
        for attribute, field in fields.items():
            mine = found.setdefault(field.key.lower(), {})
            mine[attribute] = (*mine.get(attribute, ()), kind)
    return found


def _attribute_name(test: Callable[[str, list[str]], bool], wanted: list[str]) -> Condition:
    terms = [
        All((Where("attribute", Op.EQ, attribute), Where("kind", Op.IN, list(kinds))))
        for key, attributes in attribute_kinds().items()
        if test(key, wanted)
        for attribute, kinds in attributes.items()
    ]
    custom = [f"data.{name}" for key in wanted for name in (key, key.removeprefix("sg_"))]
    return AnyOf((*terms, Where("attribute", Op.IN_CI, custom)))


def _active(test: Callable[[str, list[str]], bool], wanted: list[str]) -> Condition:
    return AnyOf(tuple(Where("active", Op.EQ, value) for name, value in ACTIVE.items() if test(name, wanted)))


# -- makers ----------------------------------------------------------------------------------------

Finder = Callable[[Callable[[str, list[str]], bool], list[str]], Condition]


def _maker(find: Finder, relation: str) -> Maker:
    def make(leaf: RelationLeaf, values: list[Any]) -> Condition:
        if relation != "in":
            one(leaf, values)
        read = [None if value is None else text(leaf.where, value) for value in values]
        wanted = [value.lower() for value in read if value is not None]
        found = rebased(find(TESTS[relation], wanted), leaf.prefix) if wanted else AnyOf()
        return AnyOf((found, Where(leaf.path, Op.NULL))) if None in read else found

    return make


def holds_for(shown: str | None, relation: str, values: list[Any]) -> bool:
    """Whether a relation holds for one text, or for null."""
    test = TESTS.get(_OPPOSITES.get(relation, relation))
    wanted = [value.lower() for value in values if isinstance(value, str)]
    if shown is None or test is None:
        holds = None in values
        return holds != ("not" in relation.split("_"))
    return bool(wanted and test(shown.lower(), wanted)) != (relation in _OPPOSITES)


def _text_relations(find: Finder, names: Iterable[str]) -> dict[str, Maker]:
    made = {name: _maker(find, name) for name in names}
    return made | {name: negated(made[of]) for name, of in _OPPOSITES.items() if of in made}


def _rule_sets(test: Callable[[int, str], bool], leaf: RelationLeaf) -> Condition:
    roles = [role for role, (number, name) in RULE_SETS.items() if test(number, name)]
    return Where(leaf.path, Op.IN, roles)


def _has_rule_set(leaf: RelationLeaf, values: list[Any]) -> Condition:
    numbers = {entity_parts(value)[1] for value in values if value is not None}
    return _rule_sets(lambda number, _: number in numbers, leaf)


def _rule_set_named(leaf: RelationLeaf, values: list[Any]) -> Condition:
    wanted = one(leaf, values)
    if not isinstance(wanted, str):
        raise errors.wrong_class(leaf.where, "String", wanted)
    return _rule_sets(lambda _, name: wanted.lower() in name.lower(), leaf)


_ROLE: Mapping[str, Maker] = {
    "is": _has_rule_set,
    "is_not": negated(_has_rule_set),
    "in": _has_rule_set,
    "not_in": negated(_has_rule_set),
    "name_contains": _rule_set_named,
    "name_not_contains": negated(_rule_set_named),
}

ENUMERATIONS: Mapping[str, Mapping[str, Maker]] = {
    "active": _text_relations(_active, ("is", "in")),
    "role": _ROLE,
    "event_type": _text_relations(_event_type, TESTS),
    "attribute_name": _text_relations(_attribute_name, TESTS),
}
"""The `special` of a field -> relation -> maker."""
