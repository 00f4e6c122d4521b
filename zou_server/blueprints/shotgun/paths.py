"""Dotted names: from `entity.Shot.sg_sequence` to the field it ends at and the canonical way there."""

from __future__ import annotations

from dataclasses import dataclass

from zou_server.blueprints.shotgun.custom import Words
from zou_server.blueprints.shotgun.schema.wire_types import LINK_TYPES, WireField, WireType
from zou_server.models.conditions import Only
from zou_server.models.free_links import is_free

MAX_LINKS = 6
"""Longer names are treated as unknown."""


@dataclass(frozen=True, slots=True)
class Reached:
    """The field that a dotted name ends at.

    * `type`: the type that has the field
    * `scopes`: the links to many on the way, canonical, each relative to the row before it
    * `prefix`: the canonical way from the last of those (or the row itself) to the field's row, with its dot
    * `only`: the rows at the start of the way in which there is a value
    * `dead`: the way leads over a type that its link never points at, so there is never a value
    """

    name: str
    type: WireType
    field: WireField
    scopes: tuple[str, ...] = ()
    prefix: str = ""
    dead: bool = False
    only: Only | None = None

    @property
    def where(self) -> str:
        """The field as messages name it."""
        return f"{self.type.name}.{self.field.key}"


def reach(words: Words, wire_type: WireType, name: str) -> Reached | None:
    """Follow a dotted name from a type; None when something on the way is unknown."""
    keys, types = name.split(".")[::2], name.split(".")[1::2]
    if len(keys) != len(types) + 1 or len(types) > MAX_LINKS:
        return None
    scopes: tuple[str, ...] = ()
    prefix, dead, here = "", False, wire_type
    for key, type_name in zip(keys, types, strict=False):
        link, target = words.field(here, key), words.type(type_name)
        if link is None or target is None or link.data_type not in LINK_TYPES or link.path == "id":
            return None
        dead = dead or type_name not in link.valid_types
        step = f"{prefix}{_hop(link, target)}"
        if link.data_type == "multi_entity" and not link.style:
            scopes, prefix = (*scopes, step), ""
        else:
            prefix = f"{step}."
        here = target
    field, first = words.field(here, keys[-1]), words.field(wire_type, keys[0])
    only = None if first is None else first.only
    return None if field is None else Reached(name, here, field, scopes, prefix, dead, only)


def _hop(link: WireField, target: WireType) -> str:
    """The link as a step of a canonical path, narrowed to the target where it may lead elsewhere too."""
    if link.hop.endswith("]") or (len(link.valid_types) == 1 and not is_free(link.path)):
        return link.hop
    return f"{link.hop}[{target.facet.name}]"
