"""From the tree of a query to the query tree of the server: wire names become paths, one member at a time.

A step along a relation to rows of several kinds becomes a choice: there is a row of this kind for which
the rest holds, or one of that kind. Kinds that lack the attribute do not match; when none has it, the
attribute is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from zou_server.blueprints.ftrack import facts
from zou_server.blueprints.ftrack.attributes import (
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
from zou_server.blueprints.ftrack.queries import leaves
from zou_server.blueprints.ftrack.queries.custom_field import custom_field
from zou_server.blueprints.ftrack.queries.expression import (
    ALWAYS,
    Among,
    Both,
    Compare,
    Criteria,
    Either,
    Neither,
    Quantified,
    Select,
    Step,
    spelled,
)
from zou_server.blueprints.ftrack.queries.leaves import both, either, neither
from zou_server.blueprints.ftrack.queries.ordering import order_of, scalar
from zou_server.blueprints.ftrack.queries.place import (
    ANCESTORS_COUNT_AS,
    DEEPEST_ANCESTOR,
    DEEPEST_DESCENDANT,
    ENTITY,
    ID_ONLY,
    At,
    checked,
)
from zou_server.blueprints.ftrack.vocabulary import WireType, find, member_of, stored_type, wire_type
from zou_server.models.conditions import (
    NOTHING,
    Condition,
    InQuery,
    Op,
    Query,
    Some,
    Where,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import Facet, Kind, facet


def condition(at: At, node: Criteria) -> Condition:
    """The criteria as a condition on the rows of a member."""
    return _NODES[type(node)](at, node)


def _listed(at: At, node: Compare | Among | Quantified) -> Condition:
    """A criterion that begins with a path: take its first step."""
    step, rest = node.path[0], node.path[1:]
    attribute = find(at.wire, at.member, step.name, followed=bool(rest) or isinstance(node, Quantified))
    if attribute is None:
        return NOTHING
    if not rest:
        return _LEAVES[type(node)](at, attribute, node)
    if isinstance(attribute, Reference) and not isinstance(node, Quantified):
        known = attribute.identity.get(rest[0].name) if len(rest) == 1 and not step.cast else None
        if known is not None:
            return _value(at, known, node)
    return _into(at, attribute, step, replace(node, path=rest))


def _into(at: At, attribute: Attribute, step: Step, term: Criteria) -> Condition:
    """The criteria `term` on what a relation leads to."""
    hop = _HOPS.get(type(attribute))
    if hop is None:
        raise Invalid(f"{step.name} of {at.wire.name} cannot be followed in criteria.")
    return hop(at, attribute, step, term)


def _along_reference(at: At, attribute: Reference, step: Step, term: Criteria) -> Condition:
    branches = _narrowed(attribute.branches, step)
    if len(attribute.branches) == 1 and isinstance(term, Compare | Among):
        path = attribute.branches[0].path
        there = at.along(attribute.branches[0], at.path(f"{path}." if path else ""))
        return condition(there, term) if branches else NOTHING
    return _choice(at, branches, term)


def _along_collection(at: At, attribute: CollectionRelation, step: Step, term: Criteria) -> Condition:
    if attribute.branches:
        return _choice(at, _narrowed(attribute.branches, step), term)
    target = wire_type(step.cast or attribute.target)
    if not isinstance(target, WireType):
        return NOTHING
    if attribute.through[0]:
        return _linked(at, attribute, target, term)
    return _pointing_back(at, attribute, target, term)


def _pointing_back(at: At, attribute: CollectionRelation, target: WireType, term: Criteria) -> Condition:
    """There is a row of the target that points back here."""
    found = []
    for member in target.members:
        there = replace(at, wire=target, member=member, prefix="", depth=at.depth + 1)
        where = both((_remembered(checked(there), term), member.where))
        back = scalar(there, (Step(attribute.by),))
        if where != NOTHING and back is not None:
            found.append(InQuery(at.path("id"), Query(member.facet, ID_ONLY, where), back.path))
    return either(found)


def _linked(at: At, attribute: CollectionRelation, target: WireType, term: Criteria) -> Condition:
    """There is a link row that begins here and ends at such a row of the target."""
    link, near, far = attribute.through
    ends = []
    for member in target.members:
        there = replace(at, wire=target, member=member, prefix="", depth=at.depth + 1)
        where = both((_remembered(checked(there), term), member.where))
        if where != NOTHING:
            ends.append(InQuery(far, Query(member.facet, ID_ONLY, where), "id"))
    if not ends:
        return NOTHING
    return InQuery(at.path("id"), Query(facet(link), ID_ONLY, either(ends)), near)


@dataclass(frozen=True, slots=True)
class _Way:
    """Branches of one model along one link for which the criteria come to the same."""

    hop: str
    where: Condition
    inner: Condition
    facets: list[Facet]

    def condition(self, at: At, path: str) -> Condition:
        """There is a row this way; `path` is that of the only branch."""
        if len(self.facets) == 1:
            wanted = both((self.where, self.inner))
            return Some(at.path(path), wanted) if path else wanted
        kinds = either(facet.where for facet in self.facets)
        model = self.facets[0].model.__name__
        return Some(at.path(f"{self.hop}[{model}]"), both((kinds, self.where, self.inner)))


def _choice(at: At, branches: Iterable[Branch], term: Criteria) -> Condition:
    """There is a row along one of the branches for which the term holds."""
    ways: list[tuple[_Way, str]] = []
    for branch in branches:
        inner = _remembered(at.along(branch), term)
        if inner == NOTHING:
            continue
        facet, hop = member_of(branch)[1].facet, branch.path.removesuffix(f"[{branch.facet}]")
        way = next((way for way, _ in ways if _same(way, hop, branch, inner, facet)), None)
        if way is None:
            ways.append((_Way(hop, branch.where, inner, [facet]), branch.path))
        else:
            way.facets.append(facet)
    return either([way.condition(at, path) for way, path in ways])


def _same(way: _Way, hop: str, branch: Branch, inner: Condition, facet: Facet) -> bool:
    return way.facets[0].model is facet.model and (way.hop, way.where, way.inner) == (
        hop,
        branch.where,
        inner,
    )


def _remembered(at: At, term: Criteria) -> Condition:
    key = (at.member, term)
    if key not in at.memo:
        at.memo[key] = condition(at, term)
    return at.memo[key]


def _narrowed(branches: tuple[Branch, ...], step: Step) -> tuple[Branch, ...]:
    """The branches that a cast leaves."""
    if not step.cast:
        return branches
    facets = {member.facet.name for member in stored_type(step.cast).members}
    return tuple(branch for branch in branches if branch.facet in facets)


def _along_derived(at: At, attribute: Derived, _step: Step, term: Criteria) -> Condition:
    if not attribute.keys:
        return NOTHING
    matched = [
        ours
        for ours, key in attribute.keys.items()
        if facts.holds(attribute.target, attribute.rows[key], term)
    ]
    if not attribute.path:
        return leaves.decided(holds=bool(matched))
    return Where(at.path(attribute.path), Op.IN, matched) if matched else NOTHING


def _along_rows(_at: At, attribute: ConstantRows, _step: Step, term: Criteria) -> Condition:
    return leaves.decided(holds=any(facts.holds(attribute.target, row, term) for row in attribute.rows))


def _along_loaded(at: At, attribute: Loaded, step: Step, term: Criteria) -> Condition:
    search = _TREE.get(attribute.loader)
    if search is None:
        raise Invalid(f"{step.name} of {at.wire.name} cannot be used in criteria.")
    return search(at, attribute, term)


def _below(at: At, attribute: Loaded, term: Criteria) -> Condition:
    """There is something below, at most so many levels down; nothing hangs below a task."""
    if at.member.facet.model is not ENTITY.model:
        return NOTHING
    further = replace(at, depth=at.depth + ANCESTORS_COUNT_AS)
    members = stored_type(attribute.target).members
    kinds = [member.facet.name for member in members if member.facet.model is ENTITY.model]
    found = []
    for level in range(DEEPEST_DESCENDANT):
        down = "children." * level
        ways = [Branch(f"{down}children[{kind}]", attribute.target, kind) for kind in kinds]
        found.append(_choice(further, [*ways, Branch(f"{down}tasks", attribute.target, "Task")], term))
    return either(found)


def _above(at: At, attribute: Loaded, term: Criteria) -> Condition:
    """There is something above, at most so many levels up."""
    # `path` of the row itself, whose parent is the first above, or that of the entity it hangs on.
    above = attribute.needs["~path"].rpartition(".")[0]
    hops = [above.partition("[")[0], f"{above}.parent"] if above else ["parent", "parent.parent"]
    hops += [hops[1] + ".parent" * more for more in range(1, DEEPEST_ANCESTOR - 1)]
    members = stored_type(attribute.target).members
    kinds = [member.facet.name for member in members if member.facet.model is ENTITY.model]
    ways = [[Branch(f"{hop}[{kind}]", attribute.target, kind) for kind in kinds] for hop in hops]
    further = replace(at, depth=at.depth + ANCESTORS_COUNT_AS)
    return either([_choice(further, branches, term) for branches in ways])


_TREE: Mapping[str, Callable[[At, Loaded, Criteria], Condition]] = {
    "ancestors": _above,
    "descendants": _below,
}

_HOPS: Mapping[type, Callable[[At, Any, Step, Criteria], Condition]] = {
    Reference: _along_reference,
    CollectionRelation: _along_collection,
    Derived: _along_derived,
    ConstantRows: _along_rows,
    Loaded: _along_loaded,
}

# -- leaves -------------------------------------------------------------------------------------------------


def _leaf(at: At, attribute: Attribute, node: Compare | Among) -> Condition:
    """The last attribute of a path against its values."""
    test = _COMPARED.get(type(attribute))
    if test is None or (isinstance(attribute, Loaded) and not attribute.target):
        raise Invalid(f"{spelled(node.path)} of {at.wire.name} cannot be used in criteria.")
    return test(at, attribute, node)


def _value(at: At, attribute: Value, node: Compare | Among) -> Condition:
    if attribute.also:
        paths = (attribute.path, attribute.also)
        ways = [_value(at, replace(attribute, path=path, also=""), node) for path in paths]
        is_negative = node.negated if isinstance(node, Among) else node.operator in ("!=", "not_like")
        return both(ways) if is_negative else either(ways)
    path = at.path(attribute.path)
    if isinstance(node, Compare):
        return leaves.compare(attribute, path, node, at.now)
    if isinstance(node.values, Select):
        return _in_query(at, attribute, node, node.values)
    return leaves.among(attribute, path, node, node.values, at.now)


def _mapped(at: At, attribute: Mapped, node: Compare | Among) -> Condition:
    matched = [
        ours
        for ours, theirs in attribute.values.items()
        if leaves.constant(theirs, node) == leaves.decided(holds=True)
    ]
    return Where(at.path(attribute.path), Op.IN, matched) if matched else NOTHING


def _constant(_at: At, attribute: Constant, node: Compare | Among) -> Condition:
    return leaves.constant(attribute.value, node)


def _reference(at: At, attribute: Reference, node: Compare | Among) -> Condition:
    return _value(at, Value(attribute.id_path, Kind.UUID), node)


def _related(at: At, attribute: Attribute, node: Compare | Among) -> Condition:
    """A relation compared with an id, or with none: that there is (no) related row."""
    step = node.path[0]
    if isinstance(node, Compare) and node.value.is_null:
        exists = _into(at, attribute, step, ALWAYS)
        return neither(exists) if node.operator == "=" else exists
    return _into(at, attribute, step, replace(node, path=(Step("id"),)))


_COMPARED: Mapping[type, Callable[[At, Any, Compare | Among], Condition]] = {
    Value: _value,
    Mapped: _mapped,
    Constant: _constant,
    Reference: _reference,
    CollectionRelation: _related,
    Derived: _related,
    ConstantRows: _related,
    Loaded: _related,
}


def _exists(at: At, attribute: Attribute, node: Quantified) -> Condition:
    if isinstance(attribute, Loaded) and attribute.loader == "custom_attributes":
        return custom_field(at, node)
    return _into(at, attribute, node.path[0], node.term)


_LEAVES: Mapping[type, Callable[[At, Any, Any], Condition]] = {
    Compare: _leaf,
    Among: _leaf,
    Quantified: _exists,
}

_NODES: Mapping[type, Callable[[At, Any], Condition]] = {
    Compare: _listed,
    Among: _listed,
    Quantified: _listed,
    Both: lambda at, node: both([condition(at, term) for term in node.terms]),
    Either: lambda at, node: either([condition(at, term) for term in node.terms]),
    Neither: lambda at, node: neither(condition(at, node.term)),
}

# -- sub-queries and order ----------------------------------------------------------------------------------


def _in_query(of: At, attribute: Value, node: Among, select: Select) -> Condition:
    """Among the values of the first projection of another query."""
    inner = wire_type(select.type)
    name = spelled(node.path)
    if select.group or select.aggregates:
        raise Invalid(f"{name} cannot be compared with groups.")
    if not isinstance(inner, WireType) or attribute.choices or attribute.style:
        raise Invalid(f"{name} cannot be compared with a sub-query on {select.type}.")
    found = []
    for member in inner.members:
        at = At(inner, member, of.now)
        where = both((condition(at, select.where), member.where))
        chosen = scalar(at, select.projections[0] if select.projections else (Step("id"),))
        if where == NOTHING or chosen is None:
            continue
        comparable = leaves.COMPARABLE.get(attribute.kind)
        if chosen.choices or chosen.style or comparable is None or not comparable(chosen.kind):
            raise Invalid(f"{name} cannot be compared with what the sub-query on {select.type} selects.")
        query = Query(member.facet, ID_ONLY, where, order_of(at, select), select.limit, select.offset)
        found.append(InQuery(of.path(attribute.path), query, chosen.path))
    matched = either(found)
    return neither(matched) if node.negated else matched
