"""How each function of gazu.asset is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.clients.zou.gazu_sweep.stage import Stage, has, ids, there


def remove_asset(s: Stage) -> bool:
    made = s.new_asset()
    s.g.asset.remove_asset(made, force=True)
    return s.g.asset.get_asset_by_name(s.project, made["name"]) is None


def update_asset_type(s: Stage) -> bool:
    made = s.g.asset.new_asset_type(s.name("Type"))
    return s.g.asset.update_asset_type({**made, "name": f"{made['name']} new"})["name"].endswith("new")


def remove_asset_type(s: Stage) -> bool:
    made = s.g.asset.new_asset_type(s.name("Type"))
    s.g.asset.remove_asset_type(made)
    return not has(s.g.asset.all_asset_types(), id=made["id"])


def import_assets_with_csv(s: Stage) -> bool:
    name = s.name("Prop")
    path = s.text_file(f"Type,Name,Description\nCharacter,{name},By file\n")
    return has(s.g.asset.import_assets_with_csv(s.new_project(), path), name=name)


def export_assets_with_csv(s: Stage) -> bool:
    path = s.file(".csv")
    assert s.asset
    s.g.asset.export_assets_with_csv(s.project, path)
    return "Keeper" in Path(path).read_text(encoding="utf-8-sig")


def update_asset(s: Stage) -> bool:
    made = s.new_asset()
    return s.g.asset.update_asset({**made, "description": "Old"})["description"] == "Old"


def new_asset_asset_instance(s: Stage) -> bool:
    holder, held = s.new_asset(), s.new_asset()
    made = s.g.asset.new_asset_asset_instance(holder, held, "Twice")
    return made["asset_id"] == held["id"] and made["description"] == "Twice"


def all_asset_instances_for_asset(s: Stage) -> bool:
    holder, held = s.new_asset(), s.new_asset()
    made = s.g.asset.new_asset_asset_instance(holder, held)
    return ids(s.g.asset.all_asset_instances_for_asset(holder)[held["id"]]) == [made["id"]]


def all_shot_asset_instances_for_asset(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.shot.add_asset_instance_to_shot(shot, s.instance)
    return has(s.g.asset.all_shot_asset_instances_for_asset(s.asset)[shot["id"]], id=s.instance["id"])


def all_asset_instances_for_shot(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.shot.add_asset_instance_to_shot(shot, s.instance)
    return ids(s.g.asset.all_asset_instances_for_shot(shot)[s.asset["id"]]) == [s.instance["id"]]


def all_scene_asset_instances_for_asset(s: Stage) -> bool:
    wanted = s.instance["id"]
    return has(s.g.asset.all_scene_asset_instances_for_asset(s.asset)[s.scene["id"]], id=wanted)


def new_asset(s: Stage) -> bool:
    made = s.g.asset.new_asset(
        s.project, s.asset_type, s.name(), "Small", extra_data={"weight": 3}, is_shared=True
    )
    return (made["type"], made["description"], made["data"]["weight"]) == ("Asset", "Small", 3)


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_assets_for_open_projects": lambda s: (
        there(s.asset) and has(s.g.asset.all_assets_for_open_projects(), id=s.asset["id"])
    ),
    "all_assets_for_project": lambda s: (
        there(s.asset)
        and has(s.g.asset.all_assets_for_project(s.project), id=s.asset["id"], asset_type_name="Character")
    ),
    "all_assets_for_episode": lambda s: (
        there(s.asset) and has(s.g.asset.all_assets_for_episode(s.episode), id=s.asset["id"])
    ),
    "all_assets_for_shot": lambda s: ids(s.g.asset.all_assets_for_shot(s.shot)) == [s.asset["id"]],
    "all_assets_for_project_and_type": lambda s: (
        there(s.asset)
        and has(s.g.asset.all_assets_for_project_and_type(s.project, s.asset_type), id=s.asset["id"])
    ),
    "get_asset_by_name": lambda s: (
        s.g.asset.get_asset_by_name(s.project, s.asset["name"])["id"] == s.asset["id"]
    ),
    "get_asset": lambda s: s.g.asset.get_asset(s.asset["id"])["asset_type_name"] == "Character",
    "get_asset_url": lambda s: s.asset["id"] in s.g.asset.get_asset_url(s.asset),
    "get_all_assets_url": lambda s: s.project["id"] in s.g.asset.get_all_assets_url(s.project),
    "get_asset_type_url": lambda s: "Character" in s.g.asset.get_asset_type_url(s.project, s.asset_type),
    "new_asset": new_asset,
    "update_asset": update_asset,
    "update_asset_data": lambda s: (
        s.g.asset.update_asset_data(s.new_asset(), {"fur": "long"})["data"] == {"fur": "long"}
    ),
    "remove_asset": remove_asset,
    "all_asset_types": lambda s: has(s.g.asset.all_asset_types(), name="Character"),
    "all_asset_types_for_project": lambda s: (
        there(s.asset) and has(s.g.asset.all_asset_types_for_project(s.project), id=s.asset_type["id"])
    ),
    "all_asset_types_for_shot": lambda s: (
        ids(s.g.asset.all_asset_types_for_shot(s.shot)) == [s.asset_type["id"]]
    ),
    "get_asset_type": lambda s: s.g.asset.get_asset_type(s.asset_type["id"])["name"] == "Character",
    "get_asset_type_by_name": lambda s: s.g.asset.get_asset_type_by_name("Character") == s.asset_type,
    "new_asset_type": lambda s: s.g.asset.new_asset_type(s.name("Type"))["id"] != "",
    "update_asset_type": update_asset_type,
    "remove_asset_type": remove_asset_type,
    "get_asset_instance": lambda s: (
        s.g.asset.get_asset_instance(s.instance["id"])["asset_id"] == s.asset["id"]
    ),
    "all_shot_asset_instances_for_asset": all_shot_asset_instances_for_asset,
    "enable_asset_instance": lambda s: s.g.asset.enable_asset_instance(s.instance)["active"],
    "disable_asset_instance": lambda s: not s.g.asset.disable_asset_instance(s.instance)["active"],
    "all_scene_asset_instances_for_asset": all_scene_asset_instances_for_asset,
    "all_asset_instances_for_shot": all_asset_instances_for_shot,
    "all_asset_instances_for_asset": all_asset_instances_for_asset,
    "new_asset_asset_instance": new_asset_asset_instance,
    "import_assets_with_csv": import_assets_with_csv,
    "export_assets_with_csv": export_assets_with_csv,
    "get_episode_from_asset": lambda s: s.g.asset.get_episode_from_asset(s.asset)["id"] == s.episode["id"],
    "get_asset_type_from_asset": lambda s: (
        s.g.asset.get_asset_type_from_asset(s.asset)["name"] == "Character"
    ),
}
