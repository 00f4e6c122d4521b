"""What every answer about people and their work carries, whoever asks by whichever dialect."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
import requests

from tests.contracts.rules.hands import DIALECTS, Hand
from tests.contracts.rules.site import PASSWORD

if TYPE_CHECKING:
    from tests.contracts.rules.site import Site


def _zou(site: Site, hand: Hand) -> requests.Response:
    bearer = {"Authorization": f"Bearer {hand.client.tokens['access_token']}"}
    return requests.get(f"{site.url}/api/data/persons", headers=bearer, timeout=30)


def _shotgun(site: Site, hand: Hand) -> requests.Response:
    ask: dict[str, Any] = {
        "type": "HumanUser",
        "filters": {"logical_operator": "and", "conditions": []},
        "return_fields": ["email"],
    }
    who = {"user_login": hand.email, "user_password": PASSWORD}
    call = {"method_name": "read", "params": [who, ask]}
    return requests.post(f"{site.url}/api3/json", json=call, timeout=30)


def _ftrack(site: Site, hand: Hand) -> requests.Response:
    who = {"ftrack-user": hand.email, "ftrack-api-key": hand.api_key}
    ask = [{"action": "query", "expression": "select email from User"}]
    return requests.post(f"{site.url}/api", json=ask, headers=who, timeout=30)


def _shotrunner(site: Site, hand: Hand) -> requests.Response:
    return requests.get(f"{site.url}/users.json", auth=(hand.email, PASSWORD), timeout=30)


ASKS: dict[str, Callable[[Site, Hand], requests.Response]] = {
    "zou": _zou,
    "shotgun": _shotgun,
    "ftrack": _ftrack,
    "shotrunner": _shotrunner,
}
"""How one asks for everybody's address."""


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nothing_on_the_way_keeps_what_was_answered_to_one_person(site: Site, dialect: str) -> None:
    hand = site.hand(site.person("admin"), dialect)
    answer = ASKS[dialect](site, hand)
    assert hand.email in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
