"""What is shipped beside the server works as printed: systemd, nginx, compose, image, Kubernetes."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.servers import ROOT
from zou_server.cli import main
from zou_server.setting_values import variable_of
from zou_server.settings import describe_settings

CONFIG = ROOT / "config"
SETTINGS = {each.variable for each in describe_settings()}
GUIDE = (ROOT / "docs" / "operations.md").read_text()


def commands_of(text: str) -> set[str]:
    """The subcommands of zou-server that a text names."""
    return set(re.findall(r"zou-server,? (\w[\w-]*)", text))


def test_the_systemd_unit_is_one_that_can_be_enabled(tmp_path: Path) -> None:
    unit = (CONFIG / "systemd" / "zou-server.service").read_text()
    assert "[Install]\nWantedBy=multi-user.target" in unit
    assert "StateDirectory=zou-server" in unit
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("this machine has no systemd")
    # The program need not be installed here to check the unit.
    here = tmp_path / "zou-server.service"
    here.write_text(re.sub(r"ExecStart=\S+", "ExecStart=/bin/true", unit))
    checked = subprocess.run([program, "verify", str(here)], capture_output=True, text=True, check=False)
    ours = [line for line in checked.stderr.splitlines() if "zou-server" in line]
    assert ours == [], checked.stderr


def test_nginx_takes_the_configuration(tmp_path: Path) -> None:
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        pytest.skip("this machine has no nginx")
    key, certificate = tmp_path / "privkey.pem", tmp_path / "fullchain.pem"
    subprocess.run(
        [
            *("/usr/bin/openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1"),
            *("-subj", "/CN=x", "-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    ours = (CONFIG / "nginx" / "zou-server.conf").read_text()
    ours = ours.replace("/etc/letsencrypt/live/tracker.studio.example", str(tmp_path))
    (tmp_path / "zou-server.conf").write_text(ours)
    (tmp_path / "nginx.conf").write_text(
        f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n"
        f"access_log off;\nclient_body_temp_path {tmp_path}/body;\nproxy_temp_path {tmp_path}/proxy;\n"
        f"fastcgi_temp_path {tmp_path}/f;\nuwsgi_temp_path {tmp_path}/u;\nscgi_temp_path {tmp_path}/s;\n"
        f"include {tmp_path}/zou-server.conf;\n}}\n"
    )
    checked = subprocess.run(
        [program, "-t", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr


def test_compose_passes_every_setting_and_runs_commands_that_exist() -> None:
    text = (ROOT / "docker-compose.yml").read_text()
    services = yaml.safe_load(text)["services"]
    for name in ("server", "worker"):
        assert services[name]["env_file"] == ".env"
        assert set(services[name]["environment"]) <= SETTINGS
        assert services[name]["command"][1] in main.commands
    example = (CONFIG / "example.env").read_text()
    named = set(re.findall(r"^#?(ZOU_SERVER_\w+|DATABASE_URL)=", example, re.MULTILINE))
    assert named <= SETTINGS


def documents() -> list[dict[str, Any]]:
    return [
        each for each in yaml.safe_load_all((CONFIG / "kubernetes" / "zou-server.yaml").read_text()) if each
    ]


def containers(document: dict[str, Any]) -> list[dict[str, Any]]:
    spec = document.get("spec", {}).get("template", {}).get("spec", {})
    return list(spec.get("containers", ()))


def test_the_kubernetes_manifests_are_whole() -> None:
    found = documents()
    kinds = [each["kind"] for each in found]
    assert {"Deployment", "Job", "PodDisruptionBudget", "Service", "ConfigMap"} <= set(kinds)
    names = {variable_of(each.name) for each in describe_settings()}
    (settings,) = [each for each in found if each["kind"] == "ConfigMap"]
    assert set(settings["data"]) <= names
    for document in found:
        for container in containers(document):
            assert container["command"][0] == "zou-server"
            assert container["command"][1] in main.commands
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                if probe in container:
                    assert container[probe]["httpGet"]["path"] in {"/health/live", "/health/ready"}
    (budget,) = [each for each in found if each["kind"] == "PodDisruptionBudget"]
    (server,) = [
        each for each in found if each["metadata"]["name"] == "zou-server" and each["kind"] == "Deployment"
    ]
    labels = server["spec"]["template"]["metadata"]["labels"].items()
    assert budget["spec"]["selector"]["matchLabels"].items() <= labels
    (service,) = [each for each in found if each["kind"] == "Service"]
    assert service["spec"]["selector"].items() <= labels


def test_the_image_has_one_ffmpeg_labels_and_the_versions_of_the_lock() -> None:
    text = (ROOT / "Dockerfile").read_text()
    assert "ffmpeg" not in " ".join(re.findall(r"apt-get install[^\n]*", text))
    assert "org.opencontainers.image.licenses" in text
    assert "--constraint /wheels/requirements.lock" in text
    assert text.count("FROM ${BASE}") == 2
    assert 'org.opencontainers.image.base.name="${BASE}"' in text


@pytest.mark.skipif(shutil.which("make") is None, reason="this machine has no make")
def test_the_image_is_built_on_a_base_that_is_known_by_its_digest(tmp_path: Path) -> None:
    digest = "python@sha256:" + "a" * 64
    docker = tmp_path / "docker"  # says what it was told, and the digest where it is asked for it
    docker.write_text(f'#!/bin/sh\n[ "$1 $2" = "image inspect" ] && echo {digest} || echo "$@"\n')
    docker.chmod(0o755)
    make = shutil.which("make") or ""
    told = subprocess.run(
        [make, "--silent", "image"],
        cwd=ROOT,
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"--build-arg BASE={digest}" in told.stdout


def test_the_lock_has_every_package_at_a_version_that_is_asked_for() -> None:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    locked = dict(line.split("==") for line in lines if not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    more = project["optional-dependencies"]
    for line in [*project["dependencies"], *more["embedded"], *more["s3"]]:
        asked = Requirement(line)
        assert asked.specifier.contains(locked[canonicalize_name(asked.name)]), f"{line}: run make lock"


@pytest.mark.parametrize(
    "place", ["systemd/zou-server.service", "nginx/zou-server.conf", "kubernetes/zou-server.yaml"]
)
def test_the_guide_names_what_is_shipped(place: str) -> None:
    assert f"config/{place}" in GUIDE
