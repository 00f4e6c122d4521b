"""Where files are: local storages, which Shotgun makes, and places that ftrack's programs know by name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gazu
import pytest

from tests.clients.ftrack.site import ServerError
from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, Site
from tests.conftest import SuitePostgres
from tests.studio import unique
from zou_server.services.install.first_data import LOCATIONS

# pyactiveresource leaves its sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

BUILT_IN = [name for name, _ in LOCATIONS]
NEWEST = [{"field_name": "id", "direction": "desc"}]


@pytest.fixture(scope="module")
def boss(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """An administrator of a served studio, with all four clients."""
    with served_studio(postgres, tmp_path_factory.mktemp("places")) as (kit, url):
        project = kit.project()
        site = Site(kit, url, project, project, [kit.shot(project)], [])
        yield Caller(site, site.person("admin", on_team=False))


def _events(sg: Any) -> list[tuple[str, Any]]:
    found = sg.find("EventLogEntry", [["event_type", "contains", "Loca"]], ["event_type", "entity"])
    return [(each["event_type"], each["entity"]) for each in found]


def test_a_new_studio_has_no_local_storage_for_shotgun_and_five_locations_for_ftrack(boss: Caller) -> None:
    with boss.shotgun() as sg:
        assert sg.find("LocalStorage", [], ["code"]) == []
        assert sg.summarize("LocalStorage", [], [{"field": "id", "type": "count"}])["summaries"] == {"id": 0}
        assert _events(sg) == []
    with boss.ftrack() as session:
        assert sorted(each["name"] for each in session.query("select name from Location")) == sorted(BUILT_IN)


def test_a_storage_made_with_shotgun_is_a_location_of_ftrack(boss: Caller) -> None:
    name = unique("primary")
    with boss.shotgun() as sg, boss.ftrack() as session:
        storage = sg.create("LocalStorage", {"code": name, "linux_path": "/mnt/p"})
        location = session.query(f'select label from Location where name is "{name}"').one()
        location["description"] = "the big disk"
        session.commit()
        (found,) = sg.find("LocalStorage", [["code", "is", name]], ["description", "linux_path"])
        assert (found["id"], found["description"], found["linux_path"]) == (
            storage["id"],
            "the big disk",
            "/mnt/p",
        )
        link = {"type": "LocalStorage", "id": storage["id"], "name": name}
        assert {kind for kind, entity in _events(sg) if entity == link} == {
            "Shotgun_LocalStorage_New",
            "Shotgun_LocalStorage_Change",
        }
        session.delete(location)
        session.commit()
        assert sg.find("LocalStorage", [["code", "is", name]]) == []
        assert sg.revive("LocalStorage", storage["id"]) is True


def test_what_is_at_a_storage_says_so_with_ftrack(boss: Caller) -> None:
    name = unique("shelf")
    with boss.shotgun() as sg, boss.ftrack() as session:
        sg.create("LocalStorage", {"code": name})
        location = session.query(f'Location where name is "{name}"').one()
        component = session.create("FileComponent", {"name": "plate", "file_type": ".exr"})
        values = {"component_id": component["id"], "location_id": location["id"]}
        session.create("ComponentLocation", {**values, "resource_identifier": "a/plate.exr"})
        session.commit()
        asked = f'select location.name from ComponentLocation where location.name is "{name}"'
        (there,) = session.query(asked).all()
        assert there["location"]["name"] == name
        assert there["component_id"] == component["id"]


def test_a_location_made_with_ftrack_is_no_storage_of_shotgun(boss: Caller) -> None:
    name = unique("studio.remote")
    with boss.shotgun() as sg, boss.ftrack() as session:
        before, events = sg.find("LocalStorage", []), _events(sg)
        location = session.create("Location", {"name": name})
        session.commit()
        assert sg.find("LocalStorage", []) == before
        assert _events(sg) == events
        number = boss.site.kit.rows("NamedPlace", "number", "name")
        hidden = next(each["number"] for each in number if each["name"] == name)
        assert sg.find_one("LocalStorage", [["id", "is", hidden]]) is None
        for change in (
            lambda: sg.update("LocalStorage", hidden, {"linux_path": "/x"}),
            lambda: sg.delete("LocalStorage", hidden),
        ):
            with pytest.raises(Exception, match="LocalStorage"):
                change()
        assert session.query(f'Location where name is "{name}"').one()["id"] == location["id"]


def test_paths_are_of_no_place_but_a_storage(boss: Caller) -> None:
    project = {"type": "Project", "id": boss.site.kit.row("Project", boss.site.project, "number")}
    with boss.shotgun() as sg:
        for storage in ({"type": "LocalStorage", "name": "ftrack.server"}, {"id": 1}, "ftrack.server", None):
            path = {"relative_path": "x/y.exr", "local_storage": storage}
            with pytest.raises(Exception, match="local_storage"):
                sg.create("PublishedFile", {"project": project, "code": "x", "path": path})
        assert sg.find("PublishedFile", []) == []


def test_two_places_have_not_one_name_whichever_client_made_them(boss: Caller) -> None:
    name = unique("one")
    with boss.shotgun() as sg, boss.ftrack() as session:
        sg.create("LocalStorage", {"code": name})
        for taken in (name, "ftrack.server"):
            with pytest.raises(Exception, match="unique"):
                sg.create("LocalStorage", {"code": taken})
        session.create("Location", {"name": name})
        with pytest.raises(ServerError):
            session.commit()


def test_kitsu_and_shotrunner_know_no_places_of_files(boss: Caller) -> None:
    client = boss.zou()
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.get("data/locations", client=client)
    with pytest.raises(gazu.exception.RouteNotFoundException):
        gazu.client.get("data/local-storages", client=client)
    client.session.close()
