"""What of the schema is of use in a project: by what kind of production it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

_EPISODES = frozenset({"Episode"})
_SHOTS = frozenset({"Sequence", "Scene", "Shot", "Element", "ElementShotConnection", "ShotShotConnection"})
_ASSETS = frozenset({"Asset", "AssetAssetConnection", "AssetShotConnection", "AssetSequenceConnection"})
HIDDEN: Mapping[str, frozenset[str]] = {
    # kind of production: what the other clients leave out of its pages
    "short": _EPISODES,
    "featurefilm": _EPISODES,
    "shots": _EPISODES | _ASSETS,
    "assets": _EPISODES | _SHOTS,
    "editsonly": _EPISODES | _ASSETS | _SHOTS,
}
_KIND = Projection((Output("kind", "production_type"),))
_PLAIN = Spelling()


def project_in(call: Call) -> int | None:
    """The number of the project that a call asks about, None for none."""
    project = call.request.get("project") if isinstance(call.payload, dict) else None
    found = project.get("id") if isinstance(project, dict) else None
    return found if type(found) is int else None


def hidden_types(call: Call) -> frozenset[str]:
    """The types that are of no use in the project asked about."""
    number = project_in(call)
    if number is None:
        return frozenset()
    query = Query(facet("Project"), _KIND, Where("number", Op.EQ, number))
    rows = call.studio.read(call.actor).rows(query, _PLAIN)
    return HIDDEN.get(rows[0]["kind"] or "", frozenset()) if rows else frozenset()
