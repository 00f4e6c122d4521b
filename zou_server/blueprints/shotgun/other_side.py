"""Links that other rows have: `Sequence.shots` is written by changing the sequence of shots."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import projection_for
from zou_server.blueprints.shotgun.schema.other_ends import OtherEnd, other_end
from zou_server.blueprints.shotgun.schema.said import OTHER_SIDE
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.blueprints.shotgun.values import links
from zou_server.models.conditions import Op, Query, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Edit, Mode, Ref, Target, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call
    from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType
    from zou_server.blueprints.shotgun.writes import Given


def changes_of_others(
    call: Call, wire_type: WireType, target: Target, given: Sequence[Given]
) -> Iterator[Update]:
    """The changes of other rows that these fields of a row are; `target` is the row itself."""
    for each in given:
        field = call.words.field(wire_type, each.name)
        if field is not None and field.writer == "other_side":
            yield from _changes(call, wire_type, field, target, each)


def _changes(
    call: Call, wire_type: WireType, field: WireField, target: Target, given: Given
) -> Iterator[Update]:
    side, where = other_end(field.write.removeprefix(OTHER_SIDE)), f"{wire_type.name}.{field.key}"
    if side is None:
        raise errors.read_only(where, given.value)
    wanted = links(where, [] if given.value is None else given.value)
    kind = facet(side.facet).kind
    for each in wanted:
        if each.kind != kind:
            raise errors.wrong_value(where, f"expected {', '.join(field.valid_types)}", given.value)
    before = [] if given.mode is Mode.ADD else _before(call, wire_type, field, target)
    joining = [] if given.mode is Mode.REMOVE else [each for each in wanted if each not in before]
    leaving = {
        Mode.ADD: [],
        Mode.REMOVE: [each for each in before if each in wanted],
        Mode.SET: [each for each in before if each not in wanted],
    }[given.mode]
    if leaving and side.needed:
        raise errors.wrong_value(where, "leaves a row without what it belongs to", given.value)
    for each in joining:
        yield _changed(side, each, target, Mode.ADD)
    for each in leaving:
        yield _changed(side, each, target, Mode.REMOVE)


def _changed(side: OtherEnd, other: Ref, target: Target, mode: Mode) -> Update:
    if side.is_single:
        value: Any = target if mode is Mode.ADD else None
    else:
        value = Edit(mode, [target])
    also = {side.instead_of: None} if side.instead_of else {}
    return Update(facet(side.facet), other, {side.attribute: value, **also})


def _before(call: Call, wire_type: WireType, field: WireField, target: Target) -> list[Ref]:
    """The rows that have the link now."""
    if not isinstance(target, Ref):
        return []  # the row is made by this request
    query = Query(
        wire_type.facet,
        projection_for(call.words, wire_type, [field.key]),
        Where("number", Op.EQ, target.number),
        limit=1,
    )
    found = call.studio.read(call.actor).rows(query, SPELLING)
    return links(field.key, found[0][field.key]) if found else []
