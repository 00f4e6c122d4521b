"""What leaves the checkout: the wheel, the image's recipe, the compose file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.servers import READY, ROOT, STOP_SECONDS, clean_environment
from tests.waiting import wait_until
from zou_server import __version__
from zou_server.settings import Settings


def run(*command: str | Path, cwd: Path) -> str:
    """Run a program away from the checkout and return what it printed."""
    env = clean_environment(HOME=str(cwd))
    del env["PYTHONPATH"]
    answer = subprocess.run(
        [str(part) for part in command], cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, f"{command}\n{answer.stdout}\n{answer.stderr}"
    return answer.stdout


@pytest.fixture
def installed(place: Path) -> Path:
    """The bin directory of an environment that holds the built wheel, and this suite's dependencies."""
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-cache-dir")
    wheels = place / "wheels"
    # What the Dockerfile runs; --no-build-isolation only spares downloading hatchling again.
    run(*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", wheels, ROOT, cwd=place)
    (wheel,) = wheels.glob("*.whl")
    environment = place / "venv"
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=place)
    python = environment / "bin" / "python"
    run(*pip, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=place)
    site_packages = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=place)
    (Path(site_packages.strip()) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin"


def test_an_installed_wheel_works_away_from_the_checkout(installed: Path, place: Path) -> None:
    origin = run(installed / "python", "-P", "-c", "import zou_server; print(zou_server.__file__)", cwd=place)
    assert str(place) in origin
    assert run(installed / "zou-server", "version", cwd=place) == f"zou-server {__version__}\n"
    said = run(installed / "zou-server", "upgrade-db", "--data-dir", place / "data", cwd=place)
    assert said.startswith("database is at revision ")
    carried = Path(origin.strip()).parent
    assert (carried / "_config" / "gunicorn.conf.py").is_file()
    assert (carried / "_config" / "example.env").is_file()
    assert list((carried / "_migrations" / "versions").glob("*.py"))
    trees = "from zou_server.services.file_trees.shipped import shipped_trees; print(*shipped_trees())"
    assert run(installed / "python", "-P", "-c", trees, cwd=place) == "default simple studio\n"


@pytest.mark.usefixtures("whole_server")
def test_an_installed_wheel_serves(installed: Path, place: Path) -> None:
    output = place / "output"
    env = clean_environment(HOME=str(place))
    del env["PYTHONPATH"]
    command = [str(installed / "zou-server"), "serve", "--port", "0", "--data-dir", str(place / "data")]
    with output.open("wb") as file:
        server = subprocess.Popen([*command, "--workers", "1"], cwd=place, env=env, stdout=file, stderr=file)
    try:
        wait_until(lambda: READY.search(output.read_text()) or server.poll() is not None, "it does not start")
        said = READY.search(output.read_text())
        assert said is not None, output.read_text()
        port = said.group(1).rpartition(":")[2]
        ready = run(installed / "zou-server", "is-ready", "--port", port, cwd=place)
        assert '"ready"' in ready
    finally:
        server.terminate()
        assert server.wait(STOP_SECONDS) == 0


@pytest.fixture
def compose(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The compose file as Docker reads it, with the two secrets set."""
    monkeypatch.setenv("POSTGRES_PASSWORD", "p")
    text = (ROOT / "docker-compose.yml").read_text()
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def test_the_compose_file_has_server_worker_and_postgres(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert set(services) == {"server", "worker", "postgres"}
    assert services["server"]["command"] == ["zou-server", "serve", "--no-worker"]
    assert services["worker"]["command"] == ["zou-server", "worker"]
    assert services["server"]["depends_on"]["postgres"]["condition"] == "service_healthy"
    named = {volume.partition(":")[0] for service in services.values() for volume in service["volumes"]}
    assert named == set(compose["volumes"]) == {"data", "database"}


def test_the_compose_file_holds_no_secret_and_asks_for_each_by_name(compose: dict[str, Any]) -> None:
    environment = compose["services"]["server"]["environment"]
    for variable, name in (
        ("DATABASE_URL", "POSTGRES_PASSWORD"),
        ("ZOU_SERVER_SECRET_KEY", "ZOU_SERVER_SECRET_KEY"),
    ):
        assert f"${{{name}:?set {name} in .env}}" in environment[variable]


def test_the_server_knows_every_variable_the_compose_file_sets(
    compose: dict[str, Any], tmp_path: Path
) -> None:
    environment = compose["services"]["server"]["environment"]
    plain = {name: re.sub(r"\$\{\w+:[-?]([^}]*)\}", r"\1", value) for name, value in environment.items()}
    settings = Settings.from_env(plain, data_dir=tmp_path)
    assert settings.database_url.startswith("postgresql+psycopg2://zou_server:")


def test_the_example_of_settings_is_one_the_server_accepts(tmp_path: Path) -> None:
    lines = (ROOT / "config" / "example.env").read_text().splitlines()
    named = [re.match(r"#?([A-Z_]+)=(.*)", line) for line in lines]
    env = {found.group(1): found.group(2) for found in named if found}
    assert len(env) > 8
    assert Settings.from_env(env, data_dir=tmp_path).port == 5000


def test_the_image_is_built_in_two_stages_and_runs_as_nobody_special() -> None:
    recipe = (ROOT / "Dockerfile").read_text()
    assert len(re.findall(r"^FROM ", recipe, re.MULTILINE)) == 2
    assert re.search(r"^USER (?!root)\w+", recipe, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .*CMD \["zou-server", "is-ready"\]', recipe, re.MULTILINE)
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", recipe, re.MULTILINE)
    wanted = {part.strip("./") for line in copied for part in line.split()}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert wanted == allowed
    assert all(os.path.lexists(ROOT / path) for path in wanted - {"README.md"})
