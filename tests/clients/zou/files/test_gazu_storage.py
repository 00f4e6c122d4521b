"""gazu with a studio whose files are in a bucket of S3: sent through the server, or fetched from there."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import gazu
import pytest
import requests
from PIL import Image

from tests.clients.zou.log_in.steps import gazu_of
from tests.conftest import SuitePostgres
from tests.served import served
from tests.stores import SECRET, Store, bucket, s3_server
from tests.studio import StudioKit, open_studio
from zou_server.adapters.s3_storage import S3Storage
from zou_server.app import create_app
from zou_server.services.thumbnails.pictures import store_picture


@dataclass
class Site:
    """A served studio and its bucket."""

    kit: StudioKit
    store: Store
    url: str
    project: uuid.UUID

    def client(self, role: str, *, on_team: bool = True) -> Any:
        """A gazu client of somebody new."""
        actor = self.kit.person(role, {self.project: None} if on_team else {})
        return gazu_of(self.kit, self.url, actor.person_id)

    def preview(self, size: tuple[int, int] = (640, 360)) -> uuid.UUID:
        """A preview with its pictures."""
        task = self.kit.create("Task", project_id=self.project)
        made = self.kit.create("PreviewFile", name="take", task_id=task, extension="png", status="ready")
        store_picture(self.store.storage, made, Image.new("RGB", size, "navy"))
        return made

    def get(self, client: Any, path: str, **headers: str) -> requests.Response:
        """A GET that follows no redirect."""
        signed = {**gazu.client.make_auth_header(client=client), **headers}
        return requests.get(f"{self.url}/{path}", headers=signed, allow_redirects=False, timeout=30)


@pytest.fixture(scope="module", params=[0, 60], ids=["through the server", "by a link"])
def site(
    request: pytest.FixtureRequest, postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """The studio, served, with its files in S3."""
    with open_studio(postgres, tmp_path_factory.mktemp("s3")) as kit, s3_server() as endpoint:
        store = bucket(endpoint)
        assert isinstance(store.storage, S3Storage)
        about = store.storage.bucket
        settings = replace(
            kit.settings,
            storage="s3",
            s3_bucket=about.name,
            s3_prefix=about.prefix,
            s3_endpoint=endpoint,
            s3_access_key=about.access_key,
            s3_secret_key=SECRET,
            s3_link_seconds=request.param,
        )
        with served(create_app(settings)) as url:
            yield Site(kit, store, f"{url}/api", kit.project())


def test_gazu_sends_a_portrait_to_the_bucket_and_gets_it_back(site: Site, tmp_path: Path) -> None:
    sent, got = tmp_path / "me.jpg", tmp_path / "me.png"
    Image.new("RGB", (900, 500), "red").save(sent)
    client = site.client("admin")
    me = gazu.client.get_current_user(client=client)
    gazu.files.upload_person_avatar(me, str(sent), client=client)
    keys = site.store.keys()
    assert any(me["id"] in key for key in keys)
    gazu.files.download_person_avatar(me, str(got), client=client)
    with Image.open(got, formats=("PNG",)) as image:
        assert image.size == (400, 400)
    client.session.close()


def test_gazu_downloads_a_preview_from_the_bucket(site: Site, tmp_path: Path) -> None:
    preview, client = site.preview(), site.client("user")
    gazu.files.download_preview_file({"id": str(preview)}, str(tmp_path / "got.png"), client=client)
    with Image.open(tmp_path / "got.png") as image:
        assert image.size == (640, 360)
    client.session.close()


def test_a_download_is_sent_to_the_bucket_only_after_the_row_was_found_visible(site: Site) -> None:
    preview, insider, outsider = site.preview(), site.client("user"), site.client("user", on_team=False)
    path = f"pictures/originals/preview-files/{preview}.png"
    answer = site.get(insider, path)
    refused = site.get(outsider, path)
    assert refused.status_code == 404
    assert "Location" not in refused.headers
    if answer.status_code == 302:
        assert "no-store" in answer.headers["Cache-Control"]
        link = answer.headers["Location"]
        assert SECRET not in link
        content = requests.get(link, timeout=30)
        assert content.headers["Content-Type"] == "image/png"
    else:
        content = answer
    with Image.open(io.BytesIO(content.content)) as image:
        assert image.size == (640, 360)
    for client in (insider, outsider):
        client.session.close()


def test_parts_and_conditions_work_on_what_comes_through_the_server(site: Site) -> None:
    preview, client = site.preview(), site.client("user")
    path = f"pictures/originals/preview-files/{preview}.png"
    whole = site.get(client, path)
    if whole.status_code == 200:
        part = site.get(client, path, Range="bytes=5-14")
        assert (part.status_code, part.content) == (206, whole.content[5:15])
        assert part.headers["Content-Range"] == f"bytes 5-14/{len(whole.content)}"
        last = site.get(client, path, Range="bytes=-4")
        assert (last.status_code, last.content) == (206, whole.content[-4:])
        several = site.get(client, path, Range="bytes=0-1,4-5")
        assert (several.status_code, several.content) == (200, whole.content)
        assert site.get(client, path, Range=f"bytes={len(whole.content)}-").status_code == 416
        tag, moment = whole.headers["ETag"], whole.headers["Last-Modified"]
        assert site.get(client, path, **{"If-None-Match": tag}).status_code == 304
        assert site.get(client, path, **{"If-Modified-Since": moment}).status_code == 304
        changed = site.get(client, path, **{"Range": "bytes=5-14", "If-Range": '"another"'})
        assert (changed.status_code, changed.content) == (200, whole.content)
        assert whole.headers["X-Content-Type-Options"] == "nosniff"
    else:
        part = requests.get(whole.headers["Location"], headers={"Range": "bytes=5-14"}, timeout=30)
        assert (part.status_code, len(part.content)) == (206, 10)
    client.session.close()


def test_where_the_bucket_has_nothing_the_answer_is_not_found(site: Site) -> None:
    task = site.kit.create("Task", project_id=site.project)
    preview = site.kit.create("PreviewFile", name="none", task_id=task)
    client = site.client("user")
    assert site.get(client, f"pictures/originals/preview-files/{preview}.png").status_code == 404
    client.session.close()
