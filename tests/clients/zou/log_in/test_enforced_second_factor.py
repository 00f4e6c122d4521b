"""A studio in which everybody must have a second factor: who has none sets it up, and does nothing before."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pyotp
import pytest
import requests
import shotgun_api3

from tests.clients.zou.log_in.site import Browser, LogInSite, log_in_site
from tests.clients.zou.log_in.soft_key import SoftKey
from tests.served import served
from tests.services.people.people import PASSWORD, hire
from zou_server.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres

NEEDED = "two_factor_authentication_required"
EXCEPTED = "guest@example.com"


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogInSite]:
    rules = {"enforce_2fa": True, "no_2fa_for": f"Boss@example.com, {EXCEPTED.upper()}"}
    with log_in_site(postgres, tmp_path_factory.mktemp("enforced"), **rules) as site:
        yield site


def test_who_has_none_can_do_nothing_but_set_it_up(site: LogInSite) -> None:
    email, _ = site.person(role="admin")
    browser = Browser(site.url)
    assert browser.json("GET", "/config")["enforce_2fa"] is True
    assert browser.log_in(email) == 200
    assert browser.said[NEEDED] is True
    assert browser.status() == 200
    token = {"Authorization": f"Bearer {browser.said['access_token']}"}
    for path in ("/api/data/projects", "/data/persons", "/api/data/user/context"):
        for headers in (token, {}):
            answer = browser.session.get(site.url + path, headers=headers, timeout=30)
            assert (answer.status_code, answer.json()[NEEDED]) == (403, True), path
    assert browser.status("/auth/refresh-token") == 401

    begun = browser.json("PUT", "/auth/totp", {})
    kept = browser.json("POST", "/auth/totp", {"totp": pyotp.TOTP(begun["otp_secret"]).now()})

    assert len(kept["otp_recovery_codes"]) == 16
    assert browser.status("/data/projects") == 200
    fresh = {"Authorization": f"Bearer {kept['access_token']}"}
    assert requests.get(f"{site.url}/api/data/projects", headers=fresh, timeout=30).status_code == 200
    assert requests.get(f"{site.url}/api/data/projects", headers=token, timeout=30).status_code == 401
    other = Browser(site.url)
    assert other.log_in(email) == 400
    assert other.said["missing_OTP"] is True
    assert other.log_in(email, recovery_code=kept["otp_recovery_codes"][0]) == 200
    assert NEEDED not in other.said
    assert other.status("/data/projects") == 200


def test_who_was_logged_in_before_it_was_enforced_sets_one_up_at_the_next_refresh(site: LogInSite) -> None:
    email, _ = site.person()
    with_one, _ = site.person()
    lenient = dataclasses.replace(site.settings, enforce_2fa=False)
    browser, script, other = Browser(site.url), Browser(site.url, "python-requests"), Browser(site.url)
    with served(create_app(lenient)) as url:
        for each in (browser, script, other):
            each.url = url
            assert each.log_in(with_one if each is other else email) == 200
            assert NEEDED not in each.said
        begun = other.json("PUT", "/auth/totp", {})
        other.json("POST", "/auth/totp", {"totp": pyotp.TOTP(begun["otp_secret"]).now()})
    for each in (browser, script, other):
        each.url = site.url
    assert other.status("/auth/refresh-token") == 200
    assert browser.status("/auth/refresh-token") == 401
    assert browser.status("/data/projects") == 401  # the log-in has ended
    fresh = {"Authorization": f"Bearer {script.said['refresh_token']}"}
    refused = script.session.get(f"{site.url}/api/auth/refresh-token", headers=fresh, timeout=30)
    assert refused.status_code == 401
    assert browser.log_in(email) == 200
    assert browser.said[NEEDED] is True


def test_a_security_key_will_do(site: LogInSite) -> None:
    email, _ = site.person()
    browser = Browser(site.url)
    assert browser.log_in(email) == 200
    answer = SoftKey(site.url).register(browser.json("PUT", "/auth/fido", {}))
    browser.json("POST", "/auth/fido", {"registration_response": answer, "device_name": "a key"})
    assert browser.status("/data/projects") == 200


def test_whoever_is_excepted_needs_none(site: LogInSite) -> None:
    hire(site.people, EXCEPTED)
    browser = Browser(site.url)
    assert browser.log_in(EXCEPTED) == 200
    assert browser.status("/data/projects") == 200


def test_no_other_dialect_lets_in_by_the_password_alone(site: LogInSite) -> None:
    email, _ = site.person(role="admin")
    assert requests.get(f"{site.url}/projects.json", auth=(email, PASSWORD), timeout=30).status_code in (
        401,
        403,
    )
    sg = shotgun_api3.Shotgun(site.url, login=email, password=PASSWORD, connect=False)
    with pytest.raises(shotgun_api3.Fault):
        sg.find_one("Project", [])
    sg.close()
