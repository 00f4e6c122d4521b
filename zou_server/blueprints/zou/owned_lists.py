"""The lists of rows below what they live and die with: `/data/shots/<shot_id>/cameras`, for every type.

A type that the tables of `navigation.py` and of the wings say nothing of has its list, and the making of
its rows, below its project or below what leads it there.
"""

from __future__ import annotations

from collections.abc import Iterator

from zou_server.blueprints.zou.groups import NAMED
from zou_server.blueprints.zou.navigation import ROUTES, ListRoute
from zou_server.blueprints.zou.vocabulary import DIALECT, WireType, wire_type, wire_types
from zou_server.models.base import Row
from zou_server.models.registry import Field, facet

ELSEWHERE = {
    "AssetInstance": "below the scene or shot it stands in (`production/asset_instances.py`)",
    "BudgetEntry": "below its budget and that one's project (`nested.py`)",
    "Chat": "below what it is about (`people/own_chats.py`)",
    "ChatMessage": "below what its chat is about (`people/chats.py`)",
    "ProductionScheduleVersionTaskLink": "below its version (`production/schedule.py`)",
    "SearchFilter": "in the desk of its person (`people/own_filters.py`)",
    "SearchFilterGroup": "the same",
}
"""Types whose lists are in other places."""


def all_lists() -> tuple[ListRoute, ...]:
    """Every list below something: those of the table, and one for each type that the table leaves out."""
    listed = {route.facet for route in ROUTES if route.owners}
    taken = {route.path for route in ROUTES} | {route.path.removeprefix("/data/") for route in NAMED}
    others = (wire for wire in wire_types().values() if wire.facet.name not in listed | ELSEWHERE.keys())
    derived = (route for wire in others for route in _owned(wire) if route.path not in taken)
    return (*ROUTES, *derived)


def _owned(wire: WireType) -> Iterator[ListRoute]:
    link = wire.facet.parent or wire.facet.fields.get("project_id")
    if link is None or link.read_only or not issubclass(wire.facet.model, Row):
        return
    owner = facet(link.target)
    if owner.named(DIALECT) is not None:
        yield _list_below(wire, link, wire_type(owner))


def _list_below(wire: WireType, link: Field, owner: WireType) -> ListRoute:
    path = f"{owner.path}/<{link.name}>/{wire.path}"
    return ListRoute(path, wire.facet.name, ((link.name, owner.facet.name),), (link.name,), creates=True)
