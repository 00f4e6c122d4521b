"""Paths of files, what a path is of, and the trees that say so: gazu and the routes of today."""

from __future__ import annotations

import uuid
from typing import Any

import gazu
import pytest

from tests.clients.zou.files.file_trees.site import NAME, SHOT, Site

# -- paths -----------------------------------------------------------------------------------------------


def test_build_working_file_path(site: Site, client: Any) -> None:
    """POST /data/tasks/<task_id>/working-file-path."""
    task = str(site.names["task"])
    assert gazu.files.build_working_file_path(task, client=client) == f"{SHOT}/work/{NAME}_main_v001"
    found = gazu.files.build_working_file_path(task, name="Light rig", revision=12, sep="\\", client=client)
    assert found == f"{SHOT}/work/{NAME}_light_rig_v012".replace("/", "\\")


def test_build_entity_output_file_path(site: Site, client: Any) -> None:
    """POST /data/entities/<entity_id>/output-file-path."""
    shot, step, cache = (str(site.names[name]) for name in ("shot", "step", "cache"))
    found = gazu.files.build_entity_output_file_path(
        shot, cache, step, revision=3, representation="abc", client=client
    )
    assert found == f"{SHOT}/output/cache/main/abc/{NAME}_cache_main_abc_v003"
    many = gazu.files.build_entity_output_file_path(shot, cache, step, nb_elements=25, client=client)
    assert many.endswith("_cache_main_v000_[1-25]")
    answer = gazu.client.post(
        f"data/entities/{shot}/output-file-path",
        {"task_type_id": step, "output_type_id": cache, "nb_elements": 25, "extension": "exr"},
        client=client,
    )
    assert answer["sequence_path"].endswith("_cache_main_v000.1-25#.exr")


def test_build_asset_instance_output_file_path(site: Site, client: Any) -> None:
    """POST /data/asset-instances/<asset_instance_id>/entities/<temporal_entity_id>/output-file-path."""
    scene, chair, step, cache = (str(site.names[name]) for name in ("scene", "asset", "step", "cache"))
    copy = gazu.scene.new_scene_asset_instance(scene, chair, client=client)
    found = gazu.files.build_asset_instance_output_file_path(
        copy, scene, cache, step, revision=2, client=client
    )
    number = f"{copy['number']:04}"
    folder = f"scenes/e001/s01/sc01/instances/sc01/prop/chair/{number}/animation/output/cache/main"
    assert found == (
        f"/studio/productions/cosmos_landromat/{folder}/"
        f"cosmos_landromat_e001_s01_sc01_prop_chair_{number}_animation_cache_main_v002"
    )


def test_guess_from_path(site: Site, client: Any) -> None:
    """POST /data/entities/guess_from_path and /data/entities/guess-from-path."""
    project, shot, step, cache = (str(site.names[name]) for name in ("project", "shot", "step", "cache"))
    path = gazu.files.build_entity_output_file_path(
        shot, cache, step, revision=3, nb_elements=9, client=client
    )
    expected = {
        "Template": "shot",
        "Mode": "output",
        "Project": project,
        "Sequence": str(site.names["sequence"]),
        "Shot": shot,
        "TaskType": step,
        "OutputType": cache,
        "Name": "main",
        "Revision": 3,
    }
    assert gazu.entity.guess_from_path(project, path, client=client) == [expected | {"Frames": "1-9"}]
    plain = path.removesuffix("_[1-9]")
    assert gazu.entity.guess_from_path(project, plain, client=client) == [expected]
    frame = gazu.entity.guess_from_path(project, f"{plain}.1001.exr".replace("/", "\\"), "\\", client=client)
    assert frame == [expected | {"Frames": "1001"}]
    for pattern in ("####", "%04d", "1-9#"):
        found = gazu.entity.guess_from_path(project, f"{plain}.{pattern}.exr", client=client)
        assert [{**each, "Frames": ""} for each in found] == [expected | {"Frames": ""}]
    body = {"project_id": project, "file_path": SHOT}
    hyphens = gazu.client.post("data/entities/guess-from-path", body, client=client)
    assert hyphens == []
    found = gazu.entity.guess_from_path(project, f"{SHOT}/work/anything.ma", client=client)
    assert [(each["Mode"], each["Shot"]) for each in found] == [("working", shot)]


# -- file trees ------------------------------------------------------------------------------------------


def test_set_file_tree(site: Site, admin: tuple[uuid.UUID, str]) -> None:
    """POST /actions/projects/<project_id>/set-file-tree and POST /project/set-tree."""
    project = site.kit.project()
    for prefix in ("", "/api"):
        answer = site.send(
            "POST",
            f"{prefix}/actions/projects/{project}/set-file-tree",
            admin[1],
            json={"tree_name": "simple"},
        )
        assert answer.status_code == 200
        assert answer.get_json()["file_tree"]["working"]["mountpoint"] == "/simple"
        for path in ("/project/set-tree", "/project/set_tree"):
            body = {"project_id": str(project), "tree_name": "studio"}
            answer = site.send("POST", f"{prefix}{path}", admin[1], json=body)
            assert answer.status_code == 200
            assert answer.get_json()["file_tree"]["working"]["mountpoint"] == "/projects"
        answer = site.send(
            "POST", f"{prefix}/project/{project}/set-tree", admin[1], json={"tree_name": "simple"}
        )
        assert answer.status_code == 200
    path = f"/actions/projects/{project}/set-file-tree"
    for name in ("../default", "nothing", "default.json"):
        answer = site.send("POST", path, admin[1], json={"tree_name": name})
        assert (answer.status_code, name in answer.get_json()["error"]) == (400, True)
    assert site.send("POST", path, admin[1], json={}).status_code == 400
    absent = {"project_id": str(uuid.uuid4()), "tree_name": "simple"}
    assert site.send("POST", "/project/set-tree", admin[1], json=absent).status_code == 404


def test_only_managers_of_a_project_change_its_tree(
    site: Site, artist: tuple[uuid.UUID, str], manager: tuple[uuid.UUID, str]
) -> None:
    project = site.names["project"]
    before = site.kit.row("Project", project, "file_tree")
    path = f"/actions/projects/{project}/set-file-tree"
    assert site.send("POST", path, artist[1], json={"tree_name": "simple"}).status_code == 403
    assert site.send("POST", path, manager[1], json={"tree_name": "default"}).status_code == 200
    site.kit.update("Project", project, file_tree=before)


def test_update_project_file_tree(site: Site, admins_client: Any) -> None:
    """PUT /data/projects/<instance_id> with a tree of one's own, and with one that is wrong."""
    project = {"id": str(site.kit.project())}
    tree = {
        "working": {
            "mountpoint": "S:",
            "root": "shows",
            "folder_path": {"shot": "<Project>/<Shot>", "style": "uppercase"},
            "file_name": {"shot": "<Shot.id>_<Version>"},
        }
    }
    assert gazu.files.update_project_file_tree(project, tree, client=admins_client)["file_tree"] == tree
    shot = site.kit.create("Shot", name="Ab é", project_id=project["id"])
    task = str(site.task(shot))
    name = site.kit.row("Project", uuid.UUID(project["id"]), "name").replace(" ", "_").upper()
    found = gazu.files.build_working_file_path(task, sep="\\", client=admins_client)
    assert found == f"S:\\shows\\{name}\\AB_E\\{shot}_001"
    tree["working"]["folder_path"]["shot"] = "<Projct>/<Shot>"  # type: ignore[index]
    with pytest.raises(gazu.exception.ParameterException, match=r"mode working.*<Projct>"):
        gazu.files.update_project_file_tree(project, tree, client=admins_client)
    with pytest.raises(gazu.exception.ParameterException, match="no mode 'output'"):
        gazu.files.build_working_file_path(task, mode="output", client=admins_client)
