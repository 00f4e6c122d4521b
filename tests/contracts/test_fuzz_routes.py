"""No route answers 500, whatever is sent to it: every rule of the application, with every method."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts import nasty
from tests.contracts.dialects import Ftrack, ShotRunner, Zou
from tests.contracts.world import World, open_world
from zou_server.models.base import Row
from zou_server.models.registry import FACETS

EXAMPLES = nasty.examples(2)
ARGUMENT = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")


class Target:
    """The application, who may enter it, and ids of rows that are really there."""

    def __init__(self, world: World) -> None:
        self.client = world.app.test_client(use_cookies=False)
        self.rules = sorted(one_of_each(world.app))
        admin = world.admin
        self.headers: dict[str, str] = Zou(world, admin).headers
        self.basic: dict[str, str] = ShotRunner(world, admin).headers
        self.ftrack = {
            "ftrack-user": admin.login,
            "ftrack-api-key": admin.api_key,
            "ftrack-strict-api": "true",
        }
        self.ids, self.numbers = ids_of(world)
        assert Ftrack(world, admin).query("Shot")

    def entrance(self, rule: str) -> dict[str, str]:
        """What proves the administrator to the dialect of a rule."""
        return self.ftrack if rule == "/api" else self.basic if ".<extension>" in rule else self.headers


def one_of_each(app: Flask) -> Iterator[tuple[str, str]]:
    """One spelling of each endpoint's path, with each of its methods and one it refuses.

    What is there below `/api` or with underscores too is the same code.
    """
    seen = set()
    for rule in app.url_map.iter_rules():
        endpoint = rule.endpoint.removeprefix("zou_api")
        if rule.endpoint.startswith("zou_api") and f"zou{endpoint}" in app.view_functions:
            continue
        for method in {*(rule.methods or ()), "PATCH"} - {"HEAD", "OPTIONS"}:
            if (rule.endpoint, method) not in seen:
                seen.add((rule.endpoint, method))
                yield rule.rule, method


def ids_of(world: World) -> tuple[list[str], list[str]]:
    """The ids and numbers of a row of each facet."""
    made = [
        (each, world.factory.make(each.name, full=True))
        for each in FACETS.values()
        if issubclass(each.model, Row)
    ]
    ids = [str(id_) for _, id_ in made]
    return ids, [str(world.kit.row(each.name, id_, "number")) for each, id_ in made]


@pytest.fixture(scope="module")
def target(postgres: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    """An application to be unkind to."""
    with open_world(postgres, tmp_path_factory.mktemp("fuzz")) as world:
        yield Target(world)


@pytest.mark.parametrize("tenth", range(10))
def test_no_route_answers_500_whatever_is_sent(target: Target, tenth: int) -> None:
    for rule, method in target.rules[tenth::10]:
        storm(target, rule, method)


def storm(target: Target, rule: str, method: str) -> None:
    """Send a rule some requests that it should not get."""

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def send(data: st.DataObject) -> None:
        path = filled(target, rule, data)
        query = urlencode(data.draw(nasty.queries), errors="surrogatepass")
        body = data.draw(nasty.bodies) if method != "GET" else b""
        sent_as = {"Content-Type": data.draw(nasty.content_types)}
        answer = target.client.open(
            path, method=method, query_string=query, data=body, headers={**target.entrance(rule), **sent_as}
        )
        assert answer.status_code < 500, f"{method} {path} {query} {body[:200]!r} {sent_as}"
        if answer.mimetype == "application/json":
            json.loads(answer.get_data() or b"null")
        answer.close()

    send()


def filled(target: Target, rule: str, data: st.DataObject) -> str:
    """A rule with ids in the place of its arguments: real ones, most of the time."""
    wrong = nasty.wrong_ids()

    def value(match: re.Match[str]) -> str:
        known = {
            "int": target.numbers,
            "extension": ["json", "xml", "txt", "%00"],
            "kind": ["shots", "assets", "x"],
            "name": ["shots", "tasks", "restore", "x"],
        }
        real = known.get(match["converter"] or "") or known.get(match["name"]) or target.ids
        return str(
            data.draw(
                st.sampled_from(real) | st.sampled_from(wrong)
                if real is target.ids
                else st.sampled_from(real)
            )
        )

    return ARGUMENT.sub(value, rule)
