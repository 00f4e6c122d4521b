"""Routes that put copies of assets into scenes, assets and shots; the lists are in `navigation.py`."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.crud import create, item_query, item_response
from zou_server.blueprints.zou.file_bodies import checked_body, sent
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id, found_or_404
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import ref
from zou_server.models.registry import facet
from zou_server.services.operations import Edit, Mode, Update
from zou_server.web import current_actor

IN_SCENE = {"asset_id": "asset_id", "description": "description"}
IN_ASSET = {"asset_to_instantiate_id": "asset_id", "description": "description"}
IN_SHOT = {"asset_instance_id": "asset_instance_id"}


class NewSceneInstance(NamedResource):
    """A copy of an asset in a scene."""

    def post(self, scene_id: str) -> Response:
        """Make it, with the next number."""
        ids = {"scene_id": checked_id(scene_id)}
        values = checked_body(IN_SCENE, "asset_id")
        require_owners(self.studio, (("scene_id", "Scene"),), ids)
        return create(self.studio, wire_type(facet("AssetInstance")), values | ids)


class NewAssetInstance(NamedResource):
    """A copy of an asset in another asset."""

    def post(self, asset_id: str) -> Response:
        """Make it, with the next number."""
        ids = {"asset_id": checked_id(asset_id)}
        values = checked_body(IN_ASSET, "asset_id")
        require_owners(self.studio, (("asset_id", "Asset"),), ids)
        values = values | {"target_asset_id": ids["asset_id"]}
        return create(self.studio, wire_type(facet("AssetInstance")), values)


class AddToShot(NamedResource):
    """A copy of an asset that is to stand in a shot."""

    def post(self, shot_id: str) -> Response:
        """Put it there; the answer is the shot."""
        id_, wire = checked_id(shot_id), wire_type(facet("Shot"))
        values = checked_body(IN_SHOT, "asset_instance_id")
        require_owners(self.studio, (("shot_id", "Shot"),), {"shot_id": id_})
        _edit_shots(self, str(values["asset_instance_id"]), Edit(Mode.ADD, [id_]))
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


ROUTES = (
    Named(
        "/data/scenes/<scene_id>/asset-instances",
        NewSceneInstance,
        {
            "post": Says(
                "AssetInstance",
                "Put a copy of an asset into a scene",
                ref("AssetInstance"),
                status=201,
                text="The copy, with the next number among its like.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=sent(IN_SCENE, "asset_id"),
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/assets/<asset_id>/asset-asset-instances",
        NewAssetInstance,
        {
            "post": Says(
                "AssetInstance",
                "Put a copy of an asset into another asset",
                ref("AssetInstance"),
                status=201,
                text="The copy, with the next number among its like.",
                parameters=(ref("IdempotencyKey", "parameters"),),
                sends=sent(IN_ASSET, "asset_to_instantiate_id"),
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/shots/<shot_id>/asset-instances",
        AddToShot,
        {
            "post": Says(
                "AssetInstance",
                "Put a copy of an asset into a shot",
                ref("Shot"),
                status=201,
                text="The shot.",
                sends=sent(IN_SHOT, "asset_instance_id"),
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/shots/<shot_id>/asset-instances/<asset_instance_id>",
        RemoveFromShot,
        {"delete": Says("AssetInstance", "Take a copy of an asset out of a shot", status=204)},
    ),
)
