"""Vendors make files of what is theirs, clients make none."""

from __future__ import annotations

import uuid

from tests.clients.zou.files.file_trees.site import Site, ids
from tests.studio import unique


def test_vendors_make_files_of_their_own_tasks_and_clients_none(site: Site) -> None:
    shot, task = site.new_shot()
    path = f"/data/tasks/{task}/working-files/new"
    output = {"task_type_id": str(site.names["step"]), "output_type_id": str(site.names["cache"])}
    vendor_id, vendor = site.person("vendor")
    assert site.send("POST", path, vendor, json={}).status_code == 404
    new = f"/data/entities/{shot}/output-files/new"
    assert site.send("POST", new, vendor, json=output).status_code == 404
    site.kit.create("Assignation", task_id=task, person_id=vendor_id)
    assert site.send("POST", path, vendor, json={}).status_code == 201
    assert site.send("POST", new, vendor, json=output).status_code == 201
    above = f"/data/entities/{site.names['sequence']}/output-files/new"
    assert site.send("POST", above, vendor, json=output).status_code == 403
    _, client = site.person("client")
    assert site.send("POST", path, client, json={}).status_code == 403
    assert site.send("POST", new, client, json=output).status_code == 403
    _, outsider = site.person("manager", on_team=False)
    assert site.send("POST", path, outsider, json={}).status_code == 404
    assert site.send("POST", f"/data/tasks/{task}/working-file-path", outsider, json={}).status_code == 404
    _, other = site.person("vendor")
    for listed in (f"/data/entities/{shot}/output-files", f"/data/tasks/{task}/working-files"):
        assert site.send("GET", listed, other).status_code == 404
    assert site.send("GET", "/data/output-files", other).get_json() == []


def test_vendors_see_the_copies_of_the_assets_they_work_on(site: Site, admin: tuple[uuid.UUID, str]) -> None:
    shot, scene, project = str(site.new_shot()[0]), str(site.names["scene"]), site.names["project"]
    prop = site.named("EntityType", "Prop")
    asset = site.kit.create("Asset", name=unique("Lamp"), project_id=project, entity_type_id=prop)
    body = {"asset_id": str(asset)}
    made = site.send("POST", f"/data/scenes/{scene}/asset-instances", admin[1], json=body)
    copy = made.get_json()["id"]
    vendor_id, vendor = site.person("vendor")
    assert site.send("GET", "/data/asset-instances", vendor).get_json() == []
    site.kit.create("Assignation", task_id=site.task(asset), person_id=vendor_id)
    assert ids(*site.send("GET", "/data/asset-instances", vendor).get_json()) == [copy]
    _, client = site.person("client")
    for outsider in (vendor, client):
        changed = site.send("PUT", f"/data/asset-instances/{copy}", outsider, json={"active": False})
        assert changed.status_code == 403
        assert site.send("DELETE", f"/data/asset-instances/{copy}", outsider).status_code == 403
    into = f"/data/shots/{shot}/asset-instances"
    assert site.send("POST", into, client, json={"asset_instance_id": copy}).status_code == 403
