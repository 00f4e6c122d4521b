"""ftrack_api, unmodified, publishes: assets, versions, components, locations, sequences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.clients.ftrack.show import Show, names
from tests.clients.ftrack.site import LOGIN, ServerError, Session, Site, unique


def _asset(session: Session, show: Show, name: str = "") -> Any:
    shot = session.get("Shot", show.shots[0])
    geometry = session.query('AssetType where name is "Geometry"').one()
    return session.create("Asset", {"name": name or unique("model"), "parent": shot, "type": geometry})


def test_versions_of_an_asset_are_numbered(site: Site, session: Session, show: Show) -> None:
    asset = _asset(session, show)
    task = session.get("Task", show.task)
    first = session.create("AssetVersion", {"asset": asset, "comment": "blocking", "task": task})
    second = session.create("AssetVersion", {"asset": asset})
    session.commit()

    assert (first["version"], second["version"]) == (1, 2)
    assert (first["comment"], first["is_published"], first["user"]["username"]) == ("blocking", True, LOGIN)
    assert first["status"]["name"] == "Todo"
    with site.session() as again:
        found = again.get("Asset", asset["id"])
        assert [each["version"] for each in found["versions"]] == [1, 2]
        assert found["latest_version"]["id"] == second["id"]
        assert found["parent"]["id"] == show.shots[0]
        latest = again.query(
            f"AssetVersion where asset_id is {asset['id']} and is_latest_version is True"
        ).one()
        assert latest["id"] == second["id"]
        link = latest["link"]
        assert [each["type"] for each in link] == ["Project", "TypedContext", "TypedContext", "AssetVersion"]
        assert link[0]["id"] == show.project
        by_task = again.query(
            f"AssetVersion where task.id is {show.task} and asset.parent.id is {show.shots[0]}"
        )
        assert first["id"] in [each["id"] for each in by_task]
        assert asset["id"] in [each["id"] for each in again.get("Shot", show.shots[0])["assets"]]


def test_assets_of_one_name_begin_at_one_each(session: Session, show: Show) -> None:
    project = session.get("Project", show.project)
    made = []
    for _ in range(3):
        asset = session.create("Asset", {"name": "my_new_asset", "parent": project})
        made.append(session.create("AssetVersion", {"asset": asset}))
    session.commit()

    assert [each["version"] for each in made] == [1, 1, 1]


def test_versions_use_each_other(site: Site, session: Session, show: Show) -> None:
    model = session.create("AssetVersion", {"asset": _asset(session, show)})
    rig = session.create("AssetVersion", {"asset": _asset(session, show)})
    rig["uses_versions"].append(model)
    session.commit()

    with site.session() as again:
        assert [each["id"] for each in again.get("AssetVersion", rig["id"])["uses_versions"]] == [model["id"]]
        assert [each["id"] for each in again.get("AssetVersion", model["id"])["used_in_versions"]] == [
            rig["id"]
        ]
        found = again.query(f"AssetVersion where uses_versions any (id is {model['id']})").all()
        assert [each["id"] for each in found] == [rig["id"]]
        again.get("AssetVersion", rig["id"])["uses_versions"] = []
        again.commit()
    with site.session() as again:
        assert again.get("AssetVersion", rig["id"])["uses_versions"][:] == []


def test_a_component_is_made_kept_and_found_at_a_location(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    source = tmp_path / "cube.obj"
    source.write_text("v 0 0 0")
    version = session.create("AssetVersion", {"asset": _asset(session, show)})
    component = version.create_component(
        str(source), {"name": "cube", "metadata": {"made": "by hand"}}, "auto"
    )
    session.commit()

    assert (component["name"], component["file_type"], component["size"]) == ("cube", ".obj", 7)
    location = session.pick_location(component)
    assert location["name"] == "ftrack.unmanaged"
    assert location.get_filesystem_path(component) == str(source)
    assert location.get_component_availability(component) == 100.0
    with site.session() as again:
        found = again.query(f"Component where version.id is {version['id']}").one()
        assert found.entity_type == "FileComponent"
        assert found["metadata"]["made"] == "by hand"
        (place,) = found["component_locations"]
        assert place["resource_identifier"] == str(source)
        assert names(again.get("AssetVersion", version["id"])["components"]) == ["cube"]


def test_a_sequence_has_members(site: Site, session: Session, show: Show, tmp_path: Path) -> None:
    for frame in range(1, 4):
        (tmp_path / f"plate.{frame:04}.exr").write_text("x")
    version = session.create("AssetVersion", {"asset": _asset(session, show)})
    sequence = version.create_component(f"{tmp_path}/plate.%04d.exr [1-3]", location=None)
    session.commit()

    with site.session() as again:
        found = again.get("Component", sequence["id"])
        assert (found.entity_type, found["padding"], found["file_type"]) == ("SequenceComponent", 4, ".exr")
        assert sorted(names(found["members"])) == ["0001", "0002", "0003"]
        assert found["members"][0]["container"]["id"] == sequence["id"]


def test_a_location_is_made_and_may_not_go_while_something_is_there(session: Session) -> None:
    location = session.create("Location", {"name": unique("studio.disk"), "description": "the disk"})
    component = session.create("FileComponent", {"name": "a", "file_type": ".ma"})
    place = session.create(
        "ComponentLocation",
        {"component": component, "location": location, "resource_identifier": "a/b c/../%d.ma"},
    )
    session.commit()

    found = session.query(
        "select component_id, resource_identifier from ComponentLocation"
        f" where location_id is {location['id']} and component_id in ({component['id']})"
    ).one()
    assert found["resource_identifier"] == "a/b c/../%d.ma"
    session.delete(location)
    with pytest.raises(ServerError, match="There are components at this location"):
        session.commit()
    session.rollback()
    session.delete(place)
    session.commit()


def test_containers_hold_components(site: Site, session: Session) -> None:
    container = session.create("ContainerComponent", {"name": "all"})
    inside = [session.create("FileComponent", {"name": f"part{n}", "container": container}) for n in range(2)]
    session.commit()

    with site.session() as again:
        found = again.get("ContainerComponent", container["id"])
        assert {each["id"] for each in found["members"]} == {each["id"] for each in inside}
