"""Copies of assets in scenes, assets and shots: putting them there, and listing them by what they are in.

A list is an object: the id of the other end (of the asset, shot or scene) -> the copies there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional, said
from zou_server.blueprints.zou.crud import create, item_query, item_response
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.shapes import ID, WORD
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import Schema, listed, ref
from zou_server.models.conditions import EVERYTHING, All, Condition, Op, Order, Query, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Edit, Mode, Update
from zou_server.web import current_actor, json_text


@body
class CopyInScene:
    """An asset of which a copy is put into a scene."""

    asset_id: str = needed(ID)
    description: str | None = optional(WORD)


@body
class CopyInAsset:
    """An asset of which a copy is put into another asset."""

    asset_id: str = needed(ID, "asset_to_instantiate_id")
    description: str | None = optional(WORD)


@body
class CopyInShot:
    """A copy of an asset that is put into a shot."""

    asset_instance_id: str = needed(ID)


@dataclass(frozen=True, slots=True)
class CopiesOptions:
    """Which copies a route lists.

    `owner` is the facet of the row that they hang on, `at` where a copy has its id, `by` the key of a copy
    that groups them; `extra` is what else is true of them.
    """

    owner: str
    at: str
    by: str = "asset_id"
    extra: Condition = EVERYTHING


class Copies(NamedResource[CopiesOptions]):
    """The copies that hang on a row, by what is at their other end."""

    def get(self, **ids: str) -> Response:
        """Id of the other end -> its copies."""
        ((argument, id_),) = ids.items()
        checked = {argument: checked_id(id_)}
        require_owners(self.studio, ((argument, self.options.owner),), checked)
        where = All((Where(self.options.at, Op.EQ, checked[argument]), self.options.extra))
        wire = wire_type(facet("AssetInstance"))
        query = Query(wire.facet, wire.projection(relations=True), where, (Order("created_at"),))
        rows = self.studio.read(current_actor()).rows(query, ZOU)
        return json_text(orjson.dumps(_grouped(rows, self.options.by)))


def _grouped(rows: list[dict[str, Any]], key: str) -> dict[str, list[dict[str, Any]]]:
    """The rows by the id, or by each of the ids, that they have under a key."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        for id_ in row[key] if isinstance(row[key], list) else [row[key]]:
            found.setdefault(id_, []).append(row)
    return found


class SceneCopies(Copies):
    """Copies of assets in a scene."""

    def post(self, scene_id: str, sent: CopyInScene) -> Response:
        """Make it, with the next number."""
        ids = {"scene_id": checked_id(scene_id)}
        require_owners(self.studio, (("scene_id", "Scene"),), ids)
        return create(self.studio, wire_type(facet("AssetInstance")), said(sent) | ids)


class AssetCopies(Copies):
    """Copies of assets in another asset."""

    def post(self, asset_id: str, sent: CopyInAsset) -> Response:
        """Make it, with the next number."""
        ids = {"asset_id": checked_id(asset_id)}
        require_owners(self.studio, (("asset_id", "Asset"),), ids)
        values = said(sent) | {"target_asset_id": ids["asset_id"]}
        return create(self.studio, wire_type(facet("AssetInstance")), values)


class ShotCopies(Copies):
    """Copies of assets that stand in a shot."""

    def post(self, shot_id: str, sent: CopyInShot) -> Response:
        """Put it there; the answer is the shot."""
        id_, wire = checked_id(shot_id), wire_type(facet("Shot"))
        require_owners(self.studio, (("shot_id", "Shot"),), {"shot_id": id_})
        _edit_shots(self, sent.asset_instance_id, Edit(Mode.ADD, [id_]))
        text = self.studio.read(current_actor()).one(item_query(wire, id_), ZOU)
        return item_response(found_or_404(text, wire, id_), 201)


class RemoveFromShot(NamedResource):
    """A copy of an asset that stands in a shot."""

    def delete(self, shot_id: str, asset_instance_id: str) -> Response:
        """Take it out of the shot; the copy itself stays."""
        id_ = checked_id(shot_id)
        require_owners(self.studio, (("shot_id", "Shot"),), {"shot_id": id_})
        _edit_shots(self, checked_id(asset_instance_id), Edit(Mode.REMOVE, [id_]))
        return Response(status=204)


def _edit_shots(resource: NamedResource, instance_id: str, edit: Edit) -> None:
    with resource.studio.write(current_actor()) as work:
        work.execute([Update(facet("AssetInstance"), instance_id, {"shots": edit})])
        work.commit()


_BY_OTHER: Schema = {"type": "object", "additionalProperties": listed(ref("AssetInstance"))}


def _list(summary: str) -> Says:
    return Says("AssetInstance", summary, _BY_OTHER, text="Id of the other end -> its copies.")


ROUTES = (
    Named(
        "/data/scenes/<scene_id>/asset-instances",
        SceneCopies,
        {
            "get": _list("List the copies of assets in a scene, by asset"),
            "post": Says(
                "AssetInstance",
                "Put a copy of an asset into a scene",
                ref("AssetInstance"),
                status=201,
                text="The copy, with the next number among its like.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=CopyInScene,
                refused=(404, 413),
            ),
        },
        CopiesOptions("Scene", "scene_id"),
    ),
    Named(
        "/data/assets/<asset_id>/asset-asset-instances",
        AssetCopies,
        {
            "get": _list("List the copies of assets in an asset, by asset"),
            "post": Says(
                "AssetInstance",
                "Put a copy of an asset into another asset",
                ref("AssetInstance"),
                status=201,
                text="The copy, with the next number among its like.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=CopyInAsset,
                refused=(404, 413),
            ),
        },
        CopiesOptions("Asset", "target_asset_id"),
    ),
    Named(
        "/data/shots/<shot_id>/asset-instances",
        ShotCopies,
        {
            "get": _list("List the copies of assets that stand in a shot, by asset"),
            "post": Says(
                "AssetInstance",
                "Put a copy of an asset into a shot",
                ref("Shot"),
                status=201,
                text="The shot.",
                sends=CopyInShot,
                refused=(404, 413),
            ),
        },
        CopiesOptions("Shot", "shots.id"),
    ),
    Named(
        "/data/scenes/<scene_id>/camera-instances",
        Copies,
        {"get": _list("List the cameras in a scene, by asset")},
        CopiesOptions("Scene", "scene_id", extra=Where("asset.entity_type.name", Op.EQ_CI, "Camera")),
    ),
    Named(
        "/data/assets/<asset_id>/shot-asset-instances",
        Copies,
        {"get": _list("List the copies of an asset that stand in shots, by shot")},
        CopiesOptions("Asset", "asset_id", "shots"),
    ),
    Named(
        "/data/assets/<asset_id>/scene-asset-instances",
        Copies,
        {"get": _list("List the copies of an asset in scenes, by scene")},
        CopiesOptions("Asset", "asset_id", "scene_id", Where("scene_id", Op.NOT_NULL)),
    ),
    Named(
        "/data/shots/<shot_id>/asset-instances/<asset_instance_id>",
        RemoveFromShot,
        {
            "delete": Says(
                "AssetInstance", "Take a copy of an asset out of a shot", status=204, text="It is out."
            )
        },
    ),
)
