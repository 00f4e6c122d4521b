"""A version whose picture Shotgun took away has none there until a new file comes; others show it on."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest
import shotgun_api3

from tests.clients.served_studio import served_studio
from tests.clients.test_who_does_what_in_every_dialect import Caller, with_one_task
from tests.conftest import SuitePostgres
from tests.media import picture
from tests.waiting import wait_until
from zou_server.adapters.job_worker import run_worker

# pyactiveresource leaves its sockets to the garbage collector, and shotgun_api3 the file that it uploads.
pytestmark = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
Row = dict[str, Any]
PICTURES = ["image", "filmstrip_image"]


@pytest.fixture(scope="module")
def boss(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Caller]:
    """An administrator of a served studio, with all four clients."""
    with served_studio(postgres, tmp_path_factory.mktemp("pictures")) as (kit, url):
        site = with_one_task(kit, url)
        yield Caller(site, site.person("admin", on_team=False))


def shown_by_kitsu(boss: Caller, image: Path) -> tuple[Row, str]:
    """The version of a picture that Kitsu uploaded, and the preview's id."""
    client = boss.zou()
    status = gazu.client.get("data/task-status", client=client)[0]["id"]
    said = {"task_status_id": status, "comment": "look"}
    comment = gazu.client.post(f"actions/tasks/{boss.site.tasks[0]}/comment", said, client=client)
    path = f"actions/tasks/{boss.site.tasks[0]}/comments/{comment['id']}/add-preview"
    preview = gazu.client.post(path, {}, client=client)["id"]
    gazu.client.upload(f"pictures/preview-files/{preview}", str(image), client=client)
    client.session.close()
    finish(boss)
    with boss.shotgun() as sg:
        version = sg.find_one("Version", [], ["image"], [{"field_name": "id", "direction": "desc"}])
    assert version["image"]
    return version, preview


def still(path: Path) -> Path:
    path.write_bytes(picture())
    return path


def finish(boss: Caller) -> None:
    """Let the jobs run that make pictures."""
    for _ in range(2):
        asyncio.run(run_worker(boss.site.kit.settings, wait=False))


def shown(sg: Any, version: Row) -> list[Any]:
    found = sg.find_one("Version", [["id", "is", version["id"]]], PICTURES)
    return [found[name] for name in PICTURES]


def is_found(sg: Any, version: Row, relation: str) -> bool:
    mine = [["id", "is", version["id"]], ["image", relation, None]]
    return sg.find_one("Version", mine) is not None


def test_a_picture_that_was_taken_away_is_shown_no_more(boss: Caller, tmp_path: Path) -> None:
    version, preview = shown_by_kitsu(boss, still(tmp_path / "a.png"))
    with boss.shotgun() as sg:
        assert is_found(sg, version, "is_not")
        answer = sg.update("Version", version["id"], {"image": None})
        assert answer == {"type": "Version", "id": version["id"], "image": None}
        assert shown(sg, version) == [None, None]
        assert (is_found(sg, version, "is"), is_found(sg, version, "is_not")) == (True, False)
        sg.update("Version", version["id"], {"description": "still none"})
        finish(boss)
        assert shown(sg, version) == [None, None]
        last = [["entity", "is", version], ["attribute_name", "is", "image"]]
        meta = sg.find_one("EventLogEntry", last, ["meta"])["meta"]
        assert (meta["old_value"], meta["new_value"]) == (None, None)
    client = boss.zou()
    row = gazu.client.get(f"data/preview-files/{preview}", client=client)
    assert row["status"] == "ready"
    client.session.close()
    with boss.ftrack() as session:
        (component,) = session.query("AssetVersion where components.name is 'ftrackreview-image'").all()
        assert component["thumbnail_url"]["url"]


def test_a_picture_of_its_own_or_a_new_file_is_shown_again(boss: Caller, tmp_path: Path) -> None:
    image = still(tmp_path / "b.png")
    version, _ = shown_by_kitsu(boss, image)
    with boss.shotgun() as sg:
        sg.update("Version", version["id"], {"image": None})
        sg.upload_thumbnail("Version", version["id"], str(image))
        assert is_found(sg, version, "is_not")
        wait_until(lambda: "thumbnail" in shown(sg, version)[0], "no thumbnail")
        sg.update("Version", version["id"], {"image": None})
        assert shown(sg, version)[0] is None
        sg.upload("Version", version["id"], str(image), "sg_uploaded_movie")
        assert "transient" in shown(sg, version)[0]
        finish(boss)
        assert "transient" not in shown(sg, version)[0]
        assert is_found(sg, version, "is_not")


def test_a_file_in_place_of_a_broken_one_is_shown_again(boss: Caller, tmp_path: Path) -> None:
    version, preview = shown_by_kitsu(boss, still(tmp_path / "c.png"))
    with boss.shotgun() as sg:
        sg.update("Version", version["id"], {"image": None})
        boss.site.kit.update("PreviewFile", uuid.UUID(preview), status="broken")
        client = boss.zou()
        image = still(tmp_path / "d.png")
        gazu.client.upload(f"pictures/preview-files/{preview}", str(image), client=client)
        client.session.close()
        finish(boss)
        assert shown(sg, version)[0]


def test_the_picture_of_a_preview_is_shared(boss: Caller, tmp_path: Path) -> None:
    version, _ = shown_by_kitsu(boss, still(tmp_path / "e.png"))
    project = {"type": "Project", "id": boss.site.kit.row("Project", boss.site.project, "number")}
    with boss.shotgun() as sg:
        asset = sg.create("Asset", {"project": project, "code": "shares"})
        assert sg.share_thumbnail([asset], source_entity=version)
        images = [
            sg.find_one(each["type"], [["id", "is", each["id"]]], ["image"])["image"]
            for each in (version, asset)
        ]
        assert images[0].partition("?")[0] == images[1].partition("?")[0]
        sg.update("Version", version["id"], {"image": None})
        assert sg.share_thumbnail([asset], source_entity=version) is None
        assert sg.find_one("Asset", [["id", "is", asset["id"]]], ["image"])["image"] is None
        other, _ = shown_by_kitsu(boss, still(tmp_path / "f.png"))
        assert sg.share_thumbnail([other], source_entity=asset) is None
        assert shown(sg, other)[0] is None


def test_the_picture_of_a_preview_that_is_not_ready_is_not_shared(boss: Caller, tmp_path: Path) -> None:
    version, preview = shown_by_kitsu(boss, still(tmp_path / "g.png"))
    boss.site.kit.update("PreviewFile", uuid.UUID(preview), status="processing")
    with boss.shotgun() as sg:
        target = {"type": "Shot", "id": boss.site.kit.row("Shot", boss.site.shots[0], "number")}
        with pytest.raises(shotgun_api3.ShotgunThumbnailNotReady):
            sg.share_thumbnail([target], source_entity=version)


def test_a_strip_is_taken_away_alone(boss: Caller, tmp_path: Path) -> None:
    image = still(tmp_path / "h.png")
    version, _ = shown_by_kitsu(boss, image)
    with boss.shotgun() as sg:
        sg.upload_thumbnail("Version", version["id"], str(image))
        sg.upload_filmstrip_thumbnail("Version", version["id"], str(image))
        assert all(shown(sg, version))
        # The client keeps it back in an update of its own.
        each = {"request_type": "update", "entity_type": "Version", "entity_id": version["id"]}
        sg.batch([{**each, "data": {"filmstrip_image": None}}])
        address, strip = shown(sg, version)
        assert (bool(address), strip) == (True, None)
