"""A built web app, the API and live events of one `zou-server serve --web-app`, as a browser meets them."""

from __future__ import annotations

import gc
import queue
import warnings
from pathlib import Path
from typing import Any

import pytest
import requests
import socketio

from tests.servers import RunningServer, run_command

pytestmark = [
    pytest.mark.usefixtures("whole_server"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the client leaves its sockets to the collector
]
PAGE = "<!doctype html><title>app</title><script type=module src=/assets/index-BX3k9d2f.js></script>"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OF_A_BROWSER = {"Accept": "text/html,application/xhtml+xml", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def app_dir(place: Path) -> Path:
    directory = place / "dist"
    (directory / "assets").mkdir(parents=True)
    (directory / "index.html").write_text(PAGE)
    (directory / "assets" / "index-BX3k9d2f.js").write_text("let production = 1;\n" * 400)
    return directory


def test_the_app_its_api_and_what_it_hears_live_have_one_address(data_dir: Path, app_dir: Path) -> None:
    with (
        RunningServer(data_dir, "--web-app", str(app_dir), workers=2) as server,
        requests.Session() as browser,
    ):
        browser.headers["User-Agent"] = FIREFOX  # a browser keeps its tokens as cookies
        page = browser.get(f"{server.url}/productions/1/shots", headers=OF_A_BROWSER, timeout=60)
        assert (page.status_code, page.text) == (200, PAGE)
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        script = browser.get(f"{server.url}/assets/index-BX3k9d2f.js", timeout=60)
        assert script.headers["Content-Encoding"] == "gzip"
        assert "immutable" in script.headers["Cache-Control"]

        known = {name: server.credentials[name] for name in ("email", "password")}
        assert browser.post(f"{server.url}/api/auth/login", json=known, timeout=60).json()["login"] is True
        heard: queue.Queue[dict[str, Any]] = queue.Queue()
        live = socketio.Client(http_session=browser)
        live.on("project:new", heard.put, namespace="/events")
        live.connect(server.url, namespaces=["/events"])
        try:
            made = browser.post(f"{server.url}/api/data/projects", json={"name": "Live"}, timeout=60).json()
            assert heard.get(timeout=60)["project_id"] == made["id"]
        finally:
            live.disconnect()
            with warnings.catch_warnings(action="ignore"):
                gc.collect()
        assert server.complaints() == []


def test_a_directory_without_an_app_is_refused_before_anything_starts(place: Path) -> None:
    (place / "empty").mkdir()
    said = run_command("serve", "--web-app", str(place / "empty"), "--data-dir", str(place / "data"))
    assert said.returncode != 0
    assert "index.html" in said.stderr
    assert not (place / "data" / "postgres").exists()
