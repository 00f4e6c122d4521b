"""The header that says where the time of a request went, and nothing where nobody asked for it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from tests.contracts.world import World
from zou_server.app import create_app

STAGE = re.compile(r"^[a-z]+;dur=\d+\.\d{3}$")
READ = ["parse", "authorise", "plan", "run", "render"]
CHANGE = ["parse", "load", "apply", "settle", "write", "record"]


def stages(answer: Any) -> list[str]:
    parts = answer.headers["Server-Timing"].split(", ")
    assert all(STAGE.match(part) for part in parts), parts
    return [part.partition(";")[0] for part in parts]


def timed(world: World) -> tuple[Any, dict[str, str]]:
    client = create_app(replace(world.kit.settings, server_timing=True)).test_client()
    answer = client.post("/auth/login", json={"email": world.admin.login, "password": world.admin.password})
    return client, {"Authorization": f"Bearer {answer.get_json()['access_token']}"}


def test_a_read_says_how_long_each_of_its_stages_took(world: World) -> None:
    client, who = timed(world)
    assert stages(client.get("/data/persons", headers=who)) == READ


def test_a_change_says_how_long_each_of_its_stages_took(world: World) -> None:
    client, who = timed(world)
    answer = client.post("/data/projects", json={"name": "Timed"}, headers=who)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    assert [*CHANGE, "commit"] == [each for each in stages(answer) if each not in READ[1:]]


def test_an_error_says_it_too(world: World) -> None:
    client, _ = timed(world)
    assert stages(client.get("/data/persons"))[-1] == "render"


def test_nothing_is_said_without_the_setting(world: World) -> None:
    answer = world.app.test_client().get("/health")
    assert "Server-Timing" not in answer.headers
