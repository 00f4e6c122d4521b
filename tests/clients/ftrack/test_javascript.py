"""`@ftrack/api` from npm, unmodified, against a served studio."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import USER, Site

VERSION = "1"
SCRIPT = """
import { Session } from "@ftrack/api";

const [url, user, key, project] = process.argv.slice(2);
const session = new Session(url, user, key, { autoConnectEventHub: false });
await session.initializing;
const id = crypto.randomUUID();
await session.create("Shot", { id, name: "from_js", parent_id: project });
await session.update("Shot", [id], { description: "made in a browser" });
const found = await session.query(`select name, description, status.name from Shot where id is "${id}"`);
const schema = await session.query("select id from ProjectSchema limit 1");
await session.delete("Shot", [id]);
const after = await session.query(`Shot where id is "${id}"`);
console.log(JSON.stringify({
    version: session.serverInformation.version,
    found: found.data[0],
    left: after.data.length,
    schemas: session.schemas.length,
}));
process.exit(0);
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the client in it."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed")
    where = tmp_path_factory.mktemp("javascript")
    (where / "package.json").write_text('{"type": "module"}')
    installed = subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", f"@ftrack/api@{VERSION}"],
        cwd=where,
        capture_output=True,
        timeout=120,
        check=False,
    )
    if installed.returncode != 0:
        pytest.skip("npm cannot fetch @ftrack/api")
    (where / "run.js").write_text(SCRIPT)
    return where


def test_it_reads_makes_changes_and_deletes(folder: Path, site: Site, show: Show) -> None:
    node = shutil.which("node")
    assert node is not None
    done = subprocess.run(
        [node, "run.js", site.url, USER, site.key, show.project],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["found"]["description"] == "made in a browser"
    assert said["found"]["status"]["name"] == "Todo"
    assert said["left"] == 0
    assert said["schemas"] > 100
