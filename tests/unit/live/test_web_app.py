"""A built web application at `/`: its files, its pages, and what of it may be kept."""

from __future__ import annotations

import base64
import gzip
import hashlib
from pathlib import Path

import pytest
from werkzeug.test import Client
from werkzeug.wrappers import Response

from zou_server.live.web_app import FOR_EVER, WebApp

SCRIPT = "window.theme = 'dark'"
PAGE = f"<html><script>{SCRIPT}</script><script src='/assets/index-BX3k9d2f.js'></script></html>"
NAVIGATION = {"Accept": "text/html,application/xhtml+xml"}


@pytest.fixture
def client(tmp_path: Path) -> Client:
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-BX3k9d2f.js").write_text("let a = 1;\n" * 500)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    api = Response('{"api": true}', mimetype="application/json")
    return Client(WebApp(api, tmp_path, ["https://store.example.com/bucket"]), use_cookies=False)


@pytest.mark.parametrize("path", ["/", "/login", "/productions/1/assets", "/shared/playlists/abc", "/data/x"])
def test_a_page_that_a_browser_opens_is_index(client: Client, path: str) -> None:
    answer = client.get(path, headers=NAVIGATION)
    assert (answer.text, answer.mimetype) == (PAGE, "text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    by_mode = client.get(path, headers={"Sec-Fetch-Mode": "navigate"})
    assert by_mode.text == PAGE


@pytest.mark.parametrize(
    "path", ["/api/data/shots", "/socket.io/", "/docs", "/openapi.json", "/health/ready"]
)
def test_the_api_keeps_its_addresses(client: Client, path: str) -> None:
    assert client.get(path, headers=NAVIGATION).json == {"api": True}


def test_what_is_no_page_and_no_file_is_the_apis(client: Client) -> None:
    assert client.get("/data/shots", headers={"Accept": "application/json"}).json == {"api": True}
    assert client.post("/login", headers=NAVIGATION).json == {"api": True}
    assert client.get("/login", headers={**NAVIGATION, "Sec-Fetch-Mode": "cors"}).json == {"api": True}
    assert client.get("/../secret", headers={"Accept": "*/*"}).json == {"api": True}


def test_files_with_a_hash_in_their_name_are_kept_for_ever(client: Client) -> None:
    assert client.get("/assets/index-BX3k9d2f.js").headers["Cache-Control"] == FOR_EVER
    plain = client.get("/favicon.svg")
    assert plain.headers["Cache-Control"] == "no-cache"
    again = client.get("/favicon.svg", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_texts_are_compressed_for_who_takes_it(client: Client) -> None:
    plain = client.get("/assets/index-BX3k9d2f.js")
    packed = client.get("/assets/index-BX3k9d2f.js", headers={"Accept-Encoding": "gzip, br"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert len(packed.data) < len(plain.data) / 10
    assert "Content-Encoding" not in plain.headers


def test_the_policy_allows_what_the_page_has_and_nothing_else(client: Client) -> None:
    policy = client.get("/", headers=NAVIGATION).headers["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    digest = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    assert rules["script-src"] == f"'self' 'wasm-unsafe-eval' 'sha256-{digest}'"
    assert "unsafe-inline" not in rules["script-src"]
    assert rules["img-src"] == "'self' data: blob: https://store.example.com"
    assert rules["object-src"] == "'none'"
