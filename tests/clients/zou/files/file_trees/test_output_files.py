"""Output files of entities and of copies of assets, their types and states, with gazu."""

from __future__ import annotations

import uuid
from typing import Any

import gazu
import pytest

from tests.clients.zou.files.file_trees.site import Site, ids

# -- output files ----------------------------------------------------------------------------------------


def test_new_entity_output_file(site: Site, client: Any, artist: tuple[uuid.UUID, str]) -> None:
    """POST /data/entities/<id>/output-files/new, next-revision, last-revisions and the lists."""
    shot_id, task = site.new_shot()
    shot, step, cache, geometry = (str(shot_id), *(str(site.names[n]) for n in ("step", "cache", "geometry")))
    counted = {"client": client}
    assert gazu.files.get_next_entity_output_revision(shot, cache, step, **counted) == 1
    assert gazu.files.get_last_entity_output_revision(shot, cache, step, **counted) == 0
    source = gazu.files.new_working_file(str(task), client=client)
    first = gazu.files.new_entity_output_file(shot, cache, step, "one", source, client=client)
    second = gazu.files.new_entity_output_file(
        shot, cache, step, "two", nb_elements=25, representation="exr", client=client
    )
    other = gazu.files.new_entity_output_file(shot, geometry, step, "three", client=client)

    assert (first["revision"], second["revision"], other["revision"]) == (1, 2, 1)
    assert first["path"] == f"{first['folder_path']}/{first['file_name']}"
    assert second["file_name"].endswith("_v002_[1-25]")
    assert second["sequence_path"].endswith("_v002.1-25#")
    assert (first["source_file_id"], first["person_id"]) == (source["id"], str(artist[0]))
    assert first["file_status_id"] == gazu.files.get_file_status_by_name("To review", client=client)["id"]
    assert gazu.files.get_next_entity_output_revision(shot, cache, step, **counted) == 3
    assert gazu.files.get_last_entity_output_revision(shot, cache, step, **counted) == 2
    found = gazu.files.all_output_files_for_entity(shot, output_type=cache, task_type=step, client=client)
    assert ids(*found) == ids(first, second)
    found = gazu.files.all_output_files_for_entity(shot, representation="exr", client=client)
    assert ids(*found) == ids(second)
    types = gazu.files.all_output_types_for_entity(shot, client=client)
    assert sorted(each["name"] for each in types) == ["Cache", "Geometry"]
    by_type = gazu.client.get(f"data/entities/{shot}/output-types/{cache}/output-files", client=client)
    assert ids(*by_type) == ids(first, second)
    found = gazu.files.all_output_files_for_project(
        str(site.names["project"]), output_type=geometry, client=client
    )
    assert other["id"] in ids(*found)
    assert gazu.files.get_output_file(first["id"], client=client)["comment"] == "one"
    assert gazu.files.get_output_file_by_path(first["path"], client=client)["id"] == first["id"]
    assert gazu.files.get_working_file(source["id"], client=client)["outputs"] == [first["id"]]
    assert gazu.files.update_output_file(first, {"comment": "new"}, client=client)["comment"] == "new"
    with pytest.raises(gazu.exception.ParameterException, match="given output file already exists"):
        gazu.files.new_entity_output_file(shot, cache, step, "again", revision=1, client=client)


def test_get_last_output_files_for_entity(site: Site, client: Any) -> None:
    """GET /data/entities/<entity_id>/output-files/last-revisions."""
    shot_id, _ = site.new_shot()
    shot, step, cache = str(shot_id), str(site.names["step"]), str(site.names["cache"])
    made = [
        gazu.files.new_entity_output_file(shot, cache, step, "", name=name, client=client)
        for name in ("main", "main", "fx", "main")
    ]
    found = gazu.files.get_last_output_files_for_entity(shot, client=client)
    assert sorted((row["name"], row["revision"]) for row in found) == [("fx", 1), ("main", 3)]
    found = gazu.files.get_last_output_files_for_entity(shot, cache, step, name="main", client=client)
    assert ids(*found) == ids(made[3])


def test_new_asset_instance_output_file(site: Site, client: Any) -> None:
    """POST .../output-files/new of a copy of an asset, its next-revision, last-revisions and lists."""
    scene, chair, step, cache = (str(site.names[name]) for name in ("scene", "asset", "step", "cache"))
    copy = gazu.scene.new_scene_asset_instance(scene, chair, client=client)
    place = (copy, scene, cache, step)
    assert gazu.files.get_next_asset_instance_output_revision(*place, client=client) == 1
    first = gazu.files.new_asset_instance_output_file(*place, "", client=client)
    second = gazu.files.new_asset_instance_output_file(*place, "", client=client)
    assert (first["name"], first["revision"], second["revision"]) == ("master", 1, 2)
    assert (first["entity_id"], first["temporal_entity_id"]) == (chair, scene)
    assert first["path"] != second["path"]
    assert gazu.files.get_last_asset_instance_output_revision(*place, client=client) == 2
    found = gazu.files.all_output_files_for_asset_instance(copy, scene, step, cache, client=client)
    assert ids(*found) == ids(first, second)
    assert ids(*gazu.files.all_output_files_for_asset_instance(copy, client=client)) == ids(first, second)
    found = gazu.files.get_last_output_files_for_asset_instance(copy, scene, client=client)
    assert ids(*found) == ids(second)
    types = gazu.files.all_output_types_for_asset_instance(copy, {"id": scene}, client=client)
    assert [each["name"] for each in types] == ["Cache"]
    root = f"data/asset-instances/{copy['id']}/entities/{scene}"
    for path in ("output-files", f"output-types/{cache}/output-files"):
        assert ids(*gazu.client.get(f"{root}/{path}", client=client)) == ids(first, second)
    assert gazu.client.get(f"data/files/{first['id']}", client=client)["type"] == "OutputFile"


def test_types_statuses_and_softwares(admins_client: Any) -> None:
    client = admins_client
    made = gazu.files.new_output_type("Point cloud", "pts", client=client)
    assert gazu.files.new_output_type("Point cloud", "pts", client=client) == made
    assert gazu.files.get_output_type(made["id"], client=client)["short_name"] == "pts"
    assert gazu.files.get_output_type_by_name("Point cloud", client=client)["id"] == made["id"]
    assert made["id"] in ids(*gazu.files.all_output_types(client=client))
    status = gazu.files.new_file_status("Published", "#00FF00", client=client)
    assert gazu.files.new_file_status("Published", "#00FF00", client=client)["id"] == status["id"]
    assert gazu.files.get_file_status(status["id"], client=client)["color"] == "#00FF00"
    assert gazu.files.get_file_status_by_name("Published", client=client)["id"] == status["id"]
    software = gazu.files.new_software("Katana", "ktn", "katana", ["kat"], client=client)
    assert gazu.files.new_software("Katana", "ktn", "katana", client=client)["id"] == software["id"]
    assert gazu.files.get_software_by_name("Katana", client=client)["secondary_extensions"] == ["kat"]
    changed = gazu.files.update_software({"id": software["id"], "version": "7"}, client=client)
    assert changed["version"] == "7"
    assert gazu.files.get_software(software["id"], client=client)["version"] == "7"
    assert software["id"] in ids(*gazu.files.all_softwares(client=client))


# -- who may ---------------------------------------------------------------------------------------------


FILE_TYPES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    # collection: a row of it, and what is changed in it
    "file-status": ({"name": "On hold", "color": "#111111"}, {"color": "#222222"}),
    "output-types": ({"name": "Rig", "short_name": "rig"}, {"short_name": "rg"}),
    "softwares": ({"name": "Gaffer", "short_name": "gaf", "file_extension": "gfr"}, {"version": "1.5"}),
    "working-files": ({"name": "main", "revision": 90}, {"comment": "changed"}),
    "output-files": ({"name": "main", "revision": 90}, {"comment": "changed"}),
}


@pytest.mark.parametrize("collection", FILE_TYPES)
def test_crud_of_files_and_their_types(site: Site, admin: tuple[uuid.UUID, str], collection: str) -> None:
    """GET, POST /data/<collection>; GET, PUT, DELETE /data/<collection>/<id>; and with underscores (2017)."""
    token = admin[1]
    given, change = FILE_TYPES[collection]
    owner = {
        "working-files": {"task_id": str(site.names["task"])},
        "output-files": {"entity_id": str(site.names["shot"])},
    }
    for prefix in ("/data", "/api/data"):
        for path in dict.fromkeys((f"{prefix}/{collection}", f"{prefix}/{collection.replace('-', '_')}")):
            made = site.send("POST", path, token, json={**given, **owner.get(collection, {})})
            assert made.status_code == 201, made.get_data(as_text=True)
            row = made.get_json()
            assert row["id"] in ids(*site.send("GET", path, token).get_json())
            page = site.send("GET", f"{path}?page=1&name={given['name']}", token).get_json()
            assert row["id"] in ids(*page["data"])
            assert site.send("GET", f"{path}/{row['id']}", token).get_json()["id"] == row["id"]
            changed = site.send("PUT", f"{path}/{row['id']}", token, json=change).get_json()
            assert {key: changed[key] for key in change} == change
            assert site.send("DELETE", f"{path}/{row['id']}", token).status_code == 204
            assert site.send("GET", f"{path}/{row['id']}", token).status_code == 404


def test_a_body_that_means_nothing_is_refused_by_name(site: Site, artist: tuple[uuid.UUID, str]) -> None:
    _, task = site.new_shot()
    path = f"/data/tasks/{task}/working-files/new"
    for wrong, word in (
        ({"revison": 2}, "revison"),
        ({"revision": -1}, "revision"),
        ({"revision": "x"}, "revision"),
        ({"sep": "|"}, "separator"),
        ({"mode": "sculpting"}, "sculpting"),
        ({"name": "..\\../"}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"software_id": str(uuid.uuid4())}, "software_id"),
    ):
        answer = site.send("POST", path, artist[1], json=wrong)
        assert answer.status_code == 400, wrong
        assert word in answer.get_data(as_text=True), wrong
    assert site.send("GET", f"/data/tasks/{task}/working-files", artist[1]).get_json() == []
