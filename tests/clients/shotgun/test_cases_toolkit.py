"""What Toolkit asks of a site, in its own order: configuration, storages, folders, path cache, publishes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image

from tests.clients.shotgun.site import Client, Row, new

# The client leaves the files that it uploads open.
pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed file:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)
PLUGINS = ["code", "project", "users", "plugin_ids", "sg_plugin_ids", "linux_path", "descriptor"]
ROOTS = ["code", "linux_path", "mac_path", "windows_path"]
LOCATION = ["code", "entity", "path", "is_primary", "linked_entity_type", "linked_entity_id"]


@pytest.fixture(scope="module")
def started(sg: Client) -> Any:
    """A project that Toolkit knows, a shot with a task, and where its files are."""
    project = new(sg, "Project", tank_name="toolkit_show")
    shot, step = new(sg, "Shot", project=project), sg.find_one("Step", [], ["code"])
    task = new(sg, "Task", project=project, entity=shot, step=step)
    storage = sg.create("LocalStorage", {"code": "tk", "linux_path": "/tk", "windows_path": "T:\\"})
    config = {"code": "Primary", "project": project, "plugin_ids": "basic.*", "descriptor": "sgtk:dev"}
    return SimpleNamespace(project=project, shot=shot, step=step, task=task, storage=storage, config=config)


def test_a_configuration_is_looked_up(sg: Client, started: Any) -> None:
    nobody = {"filter_operator": "any", "filters": [["users", "is", None]]}
    anywhere = [["project", "is", started.project], ["project", "is", None]]
    filters = [
        {"filter_operator": "all", "filters": [{"filter_operator": "any", "filters": anywhere}, nobody]}
    ]
    order = [{"field_name": "updated_at", "direction": "asc"}]
    assert sg.find("PipelineConfiguration", filters, PLUGINS, order) == []
    made = sg.create("PipelineConfiguration", started.config)
    (found,) = sg.find("PipelineConfiguration", filters, PLUGINS, order)
    assert (found["id"], found["plugin_ids"], found["project"]) == (made["id"], "basic.*", started.project)
    assert "sg_plugin_ids" not in found
    assert (
        sg.find_one("Project", [["tank_name", "is", "toolkit_show"]], ["name", "archived"])["archived"]
        is False
    )


def test_storages_and_the_context_of_a_task(sg: Client, started: Any) -> None:
    (root,) = sg.find("LocalStorage", [["code", "in", ["tk"]]], ROOTS)
    assert (root["linux_path"], root["mac_path"]) == ("/tk", None)
    task = sg.find_one("Task", [["id", "is", started.task["id"]]], ["content", "step", "entity", "project"])
    assert (task["entity"]["id"], task["step"]["id"]) == (started.shot["id"], started.step["id"])
    steps = sg.find("Step", [["$FROM$Task.step.entity", "is", started.shot]], ["code", "short_name"])
    assert [each["id"] for each in steps] == [started.step["id"]]


def _location(started: Any, name: str, entity: Row) -> Row:
    data = {
        "code": name,
        "project": started.project,
        "entity": entity,
        "is_primary": True,
        "path": {"local_path": f"/tk/toolkit_show/{name}"},
        "linked_entity_type": entity["type"],
        "linked_entity_id": entity["id"],
        "configuration_metadata": "{}",
    }
    return {"request_type": "create", "entity_type": "FilesystemLocation", "data": data}


def test_folders_are_noted_and_the_path_cache_follows(sg: Client, started: Any) -> None:
    assert sg.find("FilesystemLocation", [["project", "is", started.project]], LOCATION) == []
    last = sg.find_one("EventLogEntry", [], ["id"], [{"field_name": "id", "direction": "desc"}])["id"]
    entry = {
        "event_type": "Toolkit_Folders_Create",
        "project": started.project,
        "description": "Toolkit created 2 folders",
        "meta": {"core_api_version": "v0.21", "sg_folder_ids": []},
    }
    made = sg.batch([_location(started, "shot", started.shot), _location(started, "show", started.project)])
    assert [each["path"]["local_path_linux"] for each in made] == [
        "/tk/toolkit_show/shot",
        "/tk/toolkit_show/show",
    ]
    assert made[0]["linked_entity_type"] == "Shot"
    entry["meta"]["sg_folder_ids"] = [each["id"] for each in made]
    told = sg.create("EventLogEntry", entry)
    news = [
        ["event_type", "in", ["Toolkit_Folders_Create", "Toolkit_Folders_Delete"]],
        ["project", "is", started.project],
        ["id", "greater_than", last],
    ]
    (found,) = sg.find("EventLogEntry", news, ["id", "meta", "attribute_name"], [{"field_name": "id"}])
    assert (found["id"], found["meta"]) == (told["id"], entry["meta"])
    rows = sg.find("FilesystemLocation", [["id", "in", found["meta"]["sg_folder_ids"]]], LOCATION)
    assert {row["entity"]["type"] for row in rows} == {"Shot", "Project"}


def test_files_are_published_and_found(sg: Client, started: Any, tmp_path: Path) -> None:
    picture = tmp_path / "thumb.png"
    Image.new("RGB", (64, 36), "red").save(picture)
    assert sg.find_one("PublishedFileType", [["code", "is", "Nuke Script"]], ["code"]) is None
    kind = sg.create("PublishedFileType", {"code": "Nuke Script"})
    made = []
    for number in (1, 2):
        data = {
            "code": f"comp.v{number:03}.nk",
            "name": "comp.nk",
            "description": "for review",
            "project": started.project,
            "entity": started.shot,
            "task": started.task,
            "version_number": number,
            "published_file_type": kind,
            "path": {"local_path": f"/tk/toolkit_show/shot/comp.v{number:03}.nk"},
            "path_cache": f"toolkit_show/shot/comp.v{number:03}.nk",
            "path_cache_storage": started.storage,
        }
        made.append(sg.create("PublishedFile", data))
    sg.upload_thumbnail("PublishedFile", made[1]["id"], str(picture))
    link = {"published_file": made[1], "dependent_published_file": made[0]}
    sg.create("PublishedFileDependency", link)
    caches = [f"toolkit_show/shot/comp.v{number:03}.nk" for number in (1, 2, 3)]
    filters = [["path_cache", "in", caches], ["project", "is", started.project]]
    fields = [
        "path_cache",
        "path_cache_storage",
        "version_number",
        "published_file_type",
        "image",
        "created_at",
    ]
    found = sg.find("PublishedFile", filters, fields, [{"field_name": "version_number", "direction": "desc"}])
    assert [each["version_number"] for each in found] == [2, 1]
    assert (found[0]["published_file_type"]["name"], found[0]["path_cache_storage"]["name"]) == (
        "Nuke Script",
        "tk",
    )
    assert found[0]["image"]
    upstream = sg.find_one("PublishedFile", [["id", "is", made[1]["id"]]], ["upstream_published_files"])
    assert [each["id"] for each in upstream["upstream_published_files"]] == [made[0]["id"]]
    newest = [{"preset_name": "LATEST", "latest_by": "VERSION_NUMBER"}]
    latest = sg.find("PublishedFile", [["entity", "is", started.shot]], additional_filter_presets=newest)
    assert [each["id"] for each in latest] == [made[1]["id"]]
