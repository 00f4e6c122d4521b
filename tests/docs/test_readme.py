"""The examples in the README and in the guides run, in their order, against a served studio."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from tests.servers import ROOT, RunningServer, clean_environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import SuitePostgres

GUIDES = ("README.md", "docs/clients/zou.md", "docs/clients/ftrack.md")
"""Documents whose examples may be run with the placeholders below."""

BLOCK = re.compile(r"^#+ (?P<heading>[^\n]+)$|^```python\n(?P<code>.*?)^```", re.MULTILINE | re.DOTALL)
ADDRESS = "http://127.0.0.1:5000"
PLACEHOLDERS = {'"PASSWORD"': "password", '"SCRIPT_KEY"': "script_key", '"API_KEY"': "api_key"}
"""What stands in the examples -> the name of the credential that the first start prints."""


@pytest.fixture(scope="module")
def server(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A new studio, as `zou-server serve` makes it."""
    data_dir = tmp_path_factory.mktemp("readme") / "data"
    url = postgres.empty_database()
    with RunningServer(data_dir, "--no-worker", "--demo", DATABASE_URL=url) as running:
        yield running
    postgres.drop(url)


def examples(guide: str) -> Iterator[tuple[str, str]]:
    """The Python blocks of a document, each with the heading it stands under."""
    heading = guide
    for match in BLOCK.finditer((ROOT / guide).read_text()):
        if match["code"] is None:
            heading = match["heading"]
        else:
            yield heading, match["code"]


def filled_in(code: str, server: RunningServer) -> str:
    """The example with the server's own address and credentials."""
    credentials = server.credentials
    code = code.replace(ADDRESS, server.url)
    for placeholder, name in PLACEHOLDERS.items():
        code = code.replace(placeholder, repr(credentials[name]))
    return code


@pytest.mark.parametrize("guide", GUIDES)
def test_every_example_runs(guide: str, server: RunningServer, tmp_path: Path) -> None:
    found = list(examples(guide))
    assert found
    for heading, code in found:
        answer = subprocess.run(
            [sys.executable, "-P", "-c", filled_in(code, server)],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=tmp_path,
            env=clean_environment(HOME=str(tmp_path)),
        )
        assert answer.returncode == 0, f"{heading}\n{answer.stdout}\n{answer.stderr}"


def test_the_readme_has_an_example_for_each_client() -> None:
    code = "\n".join(code for _, code in examples("README.md"))
    for client in ("import gazu", "import shotgun_api3", "import ftrack_api", "from pyactiveresource"):
        assert client in code


def test_every_guide_begins_at_the_address_of_a_server_that_was_just_started() -> None:
    for guide in (ROOT / "docs" / "clients").glob("*.md"):
        found = set(re.findall(r"(?:localhost|127\.0\.0\.1):(\d+)", guide.read_text()))
        assert found <= {"5000"}, guide


def test_a_browser_at_the_root_is_told_what_this_is_and_a_program_as_before(server: RunningServer) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = requests.get(f"{server.url}/", headers=browser, timeout=30)
    assert page.headers["Content-Type"].startswith("text/html")
    for place in ("/docs", "/health/ready"):
        assert f'href="{place}"' in page.text
        assert requests.get(f"{server.url}{place}", timeout=30).status_code == 200
    assert "Kitsu</a>" not in page.text
    assert requests.get(f"{server.url}/", timeout=30).json()["api"] == "zou-server"


def test_demo_on_a_studio_that_is_there_says_that_it_does_nothing(
    server: RunningServer, tmp_path: Path
) -> None:
    kitsu, url = "https://kitsu.studio.example", server.database_url
    options = (tmp_path / "data", "--no-worker", "--demo")
    with RunningServer(*options, ZOU_SERVER_KITSU_URL=kitsu, DATABASE_URL=url) as again:
        assert "--demo fills a new studio only" in again.output
        page = requests.get(f"{again.url}/", headers={"Accept": "text/html"}, timeout=30)
        assert '<a href="https://kitsu.studio.example">Kitsu</a>' in page.text
