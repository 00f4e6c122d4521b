"""Copies of assets in scenes, shots and other assets, with gazu."""

from __future__ import annotations

from typing import Any

import gazu

from tests.clients.zou.files.file_trees.site import Site, ids


def test_asset_instances_of_scenes_and_shots(site: Site, client: Any) -> None:
    scene, chair = str(site.names["scene"]), str(site.names["asset"])
    shot = str(site.new_shot()[0])
    first = gazu.scene.new_scene_asset_instance(scene, chair, "left", client=client)
    second = gazu.scene.new_scene_asset_instance(scene, {"id": chair}, client=client)
    assert second["number"] == first["number"] + 1
    assert second["name"] == f"Chair_{second['number']:04}"
    assert (first["description"], first["active"], first["shots"]) == ("left", True, [])
    in_scene: Any = gazu.scene.all_asset_instances_for_scene(scene, client=client)
    assert {first["id"], second["id"]} <= set(ids(*in_scene[chair]))
    found = gazu.scene.get_asset_instance_by_name(scene, first["name"], client=client)
    assert found["id"] == first["id"]
    assert gazu.asset.get_asset_instance(first["id"], client=client)["asset_id"] == chair

    added = gazu.shot.add_asset_instance_to_shot(shot, first, client=client)
    assert (added["id"], added["instance_casting"]) == (shot, [first["id"]])
    gazu.shot.add_asset_instance_to_shot(shot, first, client=client)
    for module, of_shot in ((gazu.shot, shot), (gazu.asset, {"id": shot})):
        in_shot: Any = module.all_asset_instances_for_shot(of_shot, client=client)
        assert ids(*in_shot[chair]) == ids(first)
    found = gazu.asset.all_shot_asset_instances_for_asset(chair, client=client)
    assert ids(*found[shot]) == ids(first)
    assert second["id"] not in [row["id"] for rows in found.values() for row in rows]
    in_scenes: Any = gazu.asset.all_scene_asset_instances_for_asset(chair, client=client)
    assert {first["id"], second["id"]} <= set(ids(*in_scenes[scene]))
    gazu.shot.remove_asset_instance_from_shot(shot, first, client=client)
    assert gazu.shot.get_asset_instances_for_shot(shot, client=client) == {}

    assert gazu.asset.disable_asset_instance(first, client=client)["active"] is False
    assert gazu.asset.enable_asset_instance(first, client=client)["active"] is True
    assert gazu.scene.update_asset_instance_name(first, "Throne", client=client)["name"] == "Throne"
    changed = gazu.scene.update_asset_instance_data(first, {"x": 1}, client=client)
    assert changed["data"] == {"x": 1}


def test_asset_instances_of_assets_and_cameras(site: Site, admins_client: Any) -> None:
    chair, room, scene = (str(site.names[name]) for name in ("asset", "room", "scene"))
    made = gazu.asset.new_asset_asset_instance(room, chair, "red", client=admins_client)
    assert (made["asset_id"], made["target_asset_id"], made["number"]) == (chair, room, 1)
    in_room = gazu.asset.all_asset_instances_for_asset(room, client=admins_client)
    assert ids(*in_room[chair]) == ids(made)
    camera_type = site.kit.create("EntityType", name="Camera")
    camera = site.kit.create(
        "Asset", name="Cam", project_id=site.names["project"], entity_type_id=camera_type
    )
    assert gazu.scene.all_camera_instances_for_scene(scene, client=admins_client) == {}
    held = gazu.scene.new_scene_asset_instance(scene, str(camera), client=admins_client)
    fresh = gazu.client.get(f"data/scenes/{scene}/camera-instances", client=admins_client)
    assert ids(*fresh[str(camera)]) == ids(held)
