"""Filters with a name of their own (`additional_filter_presets`): the newest that were found, takes of a cut.

Source: docs/protocols/shotgun.md 5.4. What a preset keeps depends on what the other filters find, so these
are part of its sub-query.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.rows import is_, rows_of
from zou_server.models.conditions import All, Condition, InQuery, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call
    from zou_server.blueprints.shotgun.schema.wire_types import WireType

_PLAIN = Spelling()

LATEST: Mapping[str, tuple[str, Mapping[str, tuple[str, ...]]]] = {
    # type: what the rows are grouped by, and for each `latest_by` what the last of a group has most of
    "Version": (
        "object_id",
        {
            "ENTITIES_CREATED_AT": ("created_at",),
            "BY_PIPELINE_STEP_NUMBER_AND_ENTITIES_CREATED_AT": ("task.task_type.priority", "created_at"),
        },
    ),
    "PublishedFile": (
        "object_id",
        {"ENTITIES_CREATED_AT": ("created_at",), "VERSION_NUMBER": ("revision", "created_at")},
    ),
    "Cut": ("link:entity_id", {"REVISION_NUMBER": ("data.revision_number::number", "created_at")}),
}


def with_presets(call: Call, wire_type: WireType, found: Condition) -> Condition:
    """The rows that the presets of a request keep of those that its other filters find."""
    presets = call.request.get("additional_filter_presets")
    if presets is None:
        return found
    if not isinstance(presets, list) or not all(isinstance(each, dict) for each in presets):
        raise errors.missing("additional_filter_presets", "array of hashes", call.request)
    kept: dict[str, tuple[Mapping[str, Any], Condition]] = {}
    for preset in presets:
        name = preset.get("preset_name")
        make = PRESETS.get((wire_type.name, name)) if isinstance(name, str) else None
        if make is None:
            raise errors.wrong_value(wire_type.name, "has no such preset", preset)
        if str(name) in kept and kept[str(name)][0] != preset:
            raise errors.wrong_value(wire_type.name, "cannot have two presets of one name", presets)
        kept[str(name)] = (preset, make(call, wire_type, preset, found))
    return All((found, *(condition for _, condition in kept.values())))


def _latest(_call: Call, wire_type: WireType, preset: Mapping[str, Any], found: Condition) -> Condition:
    """The last row of each thing that rows are of; rows of nothing stay out."""
    group, orders = LATEST[wire_type.name]
    by = preset.get("latest_by")
    if not isinstance(by, str) or by not in orders:
        raise errors.wrong_value("latest_by", f"expected one of {', '.join(orders)}", by)
    order = (*(Order(path, descending=True) for path in orders[by]), Order("number", descending=True))
    return InQuery("id", Query(wire_type.facet, _IDS, found, order, first_of=group), "id")


def _of_cut(call: Call, _type: WireType, preset: Mapping[str, Any], _found: Condition) -> Condition:
    """What is a take of a shot that a cut has."""
    number = preset.get("cut_id")
    if not isinstance(number, int) or isinstance(number, bool):
        raise errors.wrong_class("cut_id", "Integer", number)
    if not rows_of(call, "Cut", [is_("id", number)], []):
        return Where("id", Op.IN, [])
    cut = call.words.known(("Cut", number))
    query = Query(facet("CutItem"), _SHOTS, Where("data.cut_id::text", Op.EQ, cut))
    shots = {row["shot"] for row in call.studio.read(call.actor).rows(query, _PLAIN)}
    return Where("object_id", Op.IN, sorted(shots - {None}))


_IDS = Projection((Output("id", "id"),))
_SHOTS = Projection((Output("shot", "data.shot_id::text"),))

Preset = Callable[["Call", "WireType", Mapping[str, Any], Condition], Condition]
PRESETS: Mapping[tuple[str, str], Preset] = {
    **{(name, "LATEST"): _latest for name in LATEST},
    ("Version", "CUT_SHOT_VERSIONS"): _of_cut,
}
"""Type and name of a preset -> what it keeps."""
