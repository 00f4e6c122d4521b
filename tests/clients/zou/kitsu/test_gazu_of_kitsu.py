"""gazu, unmodified: templates of projects, shared playlists and shots of scenes."""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gazu
import pytest

from tests.studio import unique
from zou_server.adapters.job_worker import run_worker

if TYPE_CHECKING:
    from tests.clients.zou.people.own.site import OwnSite

# gazu leaves sockets and files to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture(scope="module")
def client(site: OwnSite) -> Iterator[Any]:
    client = site.client(site.kit.person("admin", {site.made.project: None}))
    yield client
    client.session.close()


def test_templates_of_projects(site: OwnSite, client: Any) -> None:
    api, made, project = gazu.project_template, site.made, {"id": str(site.made.project)}
    name = unique("Tpl")
    template = api.new_project_template(name, "a template", fps="24", client=client)
    assert api.get_project_template(template["id"], client=client)["fps"] == "24"
    assert api.get_project_template_by_name(name, client=client)["id"] == template["id"]
    assert template["id"] in {each["id"] for each in api.all_project_templates(client=client)}
    changed = {"id": template["id"], "description": "changed"}
    assert api.update_project_template(changed, client=client)["description"] == "changed"
    step, status = {"id": str(made.steps["Animation"])}, {"id": str(made.statuses["wip"])}
    kind = {"id": str(made.asset_type)}
    rule = {"id": str(site.kit.create("StatusAutomation", in_task_status_id=made.statuses["done"]))}
    background = {"id": str(site.kit.create("PreviewBackgroundFile", name=unique("sky")))}
    members: dict[str, tuple[Any, dict[str, Any]]] = {
        "task_type": (step, {"priority": 1}),
        "task_status": (status, {"priority": 1, "roles_for_board": ["admin"]}),
        "asset_type": (kind, {}),
        "status_automation": (rule, {}),
        "preview_background_file": (background, {}),
    }
    plurals = {"task_status": "task_statuses"}
    for word, (row, more) in members.items():
        listed = getattr(api, f"all_{plurals.get(word, word + 's')}_for_project_template")
        getattr(api, f"add_{word}_to_project_template")(template, row, **more, client=client)
        assert [each["id"] for each in listed(template, client=client)] == [row["id"]]
    chosen = api.set_project_template_default_preview_background_file(template, background, client=client)
    assert chosen["default_preview_background_file_id"] == background["id"]
    fields = [{"name": unique("Field"), "entity_type": "Shot", "data_type": "string"}]
    kept = api.set_project_template_metadata_descriptors(template, fields, client=client)
    assert kept["metadata_descriptors"] == fields
    applied = api.apply_project_template(project, template, client=client)
    assert applied["fps"] == "24"
    assert step["id"] in applied["task_types"]
    for word, (row, _) in members.items():
        listed = getattr(api, f"all_{plurals.get(word, word + 's')}_for_project_template")
        getattr(api, f"remove_{word}_from_project_template")(template, row, client=client)
        assert listed(template, client=client) == []
    other = api.new_project_template_from_project(project, unique("From"), client=client)
    assert other["fps"] == "24"
    for each in (template, other):
        api.remove_project_template(each, client=client)
    assert api.get_project_template_by_name(name, client=client) is None


def test_playlists_as_files_and_by_links(site: OwnSite, client: Any, tmp_path: Path) -> None:
    api, project = gazu.playlist, {"id": str(site.made.project)}
    playlist = api.new_playlist(project, unique("Dailies"), client=client)
    api.download_playlist_zip(playlist, str(tmp_path / "takes.zip"), client=client)
    assert zipfile.is_zipfile(tmp_path / "takes.zip")
    job = api.build_playlist_movie(playlist, client=client)
    asyncio.run(run_worker(site.kit.settings, wait=False))
    assert api.get_build_job(playlist, job, client=client)["status"] == "failed"  # there is no take
    assert job["id"] in {each["id"] for each in api.all_build_jobs_for_project(project, client=client)}
    with pytest.raises(gazu.exception.RouteNotFoundException):
        api.download_playlist_build(playlist, job, str(tmp_path / "movie.mp4"), client=client)
    api.remove_build_job(playlist, job, client=client)
    assert api.notify_clients_playlist_ready(playlist, client=client) == {"status": "success"}
    link = api.new_share_link(playlist, password="open sesame", can_comment=False, client=client)
    assert [each["token"] for each in api.all_share_links_for_playlist(playlist, client=client)] == [
        link["token"]
    ]
    api.remove_share_link(playlist, link["token"], client=client)
    assert api.all_share_links_for_playlist(playlist, client=client) == []


def test_shots_of_a_scene(site: OwnSite, client: Any) -> None:
    scene, shot = {"id": str(site.made.scene)}, {"id": str(site.made.shot)}
    assert gazu.scene.add_shot_to_scene(scene, shot, client=client)["id"] == shot["id"]
    assert [each["id"] for each in gazu.scene.all_shots_for_scene(scene, client=client)] == [shot["id"]]
    gazu.scene.remove_shot_from_scene(scene, shot, client=client)
    assert gazu.scene.all_shots_for_scene(scene, client=client) == []
