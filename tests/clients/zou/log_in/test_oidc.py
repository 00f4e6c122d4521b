"""Log-in by OpenID Connect, at a provider of its own on loopback."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.clients.zou.log_in.oidc_provider import CLIENT, SECRET, OidcProvider, oidc_provider
from tests.clients.zou.log_in.site import Browser, LogInSite, log_in_site
from tests.served import served
from tests.services.people.people import update
from zou_server.app import create_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def running() -> Iterator[OidcProvider]:
    with oidc_provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def site(
    running: OidcProvider, postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LogInSite]:
    names = {"oidc_issuer": f"{running.url}/", "oidc_name": "Example", "oidc_client_id": CLIENT}
    with log_in_site(
        postgres, tmp_path_factory.mktemp("oidc"), **names, oidc_client_secret=SECRET, enforce_2fa=True
    ) as site:
        yield site


@pytest.fixture
def provider(running: OidcProvider) -> OidcProvider:
    """The provider, as it should be."""
    fresh = OidcProvider()
    running.person, running.claims, running.codes = fresh.person, {}, {}
    running.shows = ""
    running.refuses, running.unsigned, running.by_userinfo = "", False, False
    return running


def test_a_newcomer_is_made_and_is_logged_in(site: LogInSite, provider: OidcProvider) -> None:
    browser = Browser(site.url)
    config = browser.json("GET", "/config")
    assert (config["oidc_enabled"], config["oidc_idp_name"], config["saml_enabled"]) == (
        True,
        "Example",
        False,
    )
    answer = browser.ask("GET", "/auth/oidc/login")
    assert answer.url.rstrip("/") == site.url
    user = browser.json("GET", "/auth/authenticated")["user"]
    assert (user["email"], user["full_name"], user["role"]) == ("grace@example.com", "Grace Hopper", "user")
    assert browser.status("/data/projects") == 200  # a second factor is the provider's affair
    assert browser.status("/auth/refresh-token") == 200
    assert browser.cookie("single_sign_on") is None
    again = Browser(site.url)
    provider.person["family_name"] = "Murray Hopper"
    again.ask("GET", "/auth/oidc/login")
    found = again.json("GET", "/auth/authenticated")["user"]
    assert (found["id"], found["last_name"]) == (user["id"], "Murray Hopper")


def test_who_is_here_already_comes_in_as_themselves(site: LogInSite, provider: OidcProvider) -> None:
    email, person_id = site.person(role="manager")
    provider.person |= {"email": email.upper(), "sub": "43"}
    browser = Browser(site.url)
    browser.ask("GET", "/auth/oidc/login")
    user = browser.json("GET", "/auth/authenticated")["user"]
    assert (user["id"], user["role"]) == (str(person_id), "manager")


def test_a_provider_that_tells_more_when_asked_again_will_do(site: LogInSite, provider: OidcProvider) -> None:
    provider.by_userinfo = True
    provider.person = {
        "sub": "44",
        "email": "alan@example.com",
        "email_verified": True,
        "name": "Alan Mathison Turing",
    }
    browser = Browser(site.url)
    browser.ask("GET", "/auth/oidc/login")
    user = browser.json("GET", "/auth/authenticated")["user"]
    assert (user["first_name"], user["last_name"]) == ("Alan", "Mathison Turing")


def test_whose_address_nobody_verified_is_let_in_only_by_a_provider_that_is_trusted(
    site: LogInSite, provider: OidcProvider
) -> None:
    email, person_id = site.person(role="admin")
    provider.person = {"sub": "45", "email": email, "name": "Mallory"}
    for provider.by_userinfo in (False, True):
        browser = Browser(site.url)
        assert browser.ask("GET", "/auth/oidc/login").status_code == 401
        assert browser.status() == 401
    trusting = dataclasses.replace(site.settings, oidc_trust_email=True)
    with served(create_app(trusting)) as url:
        browser = Browser(url)
        browser.ask("GET", "/auth/oidc/login")
        assert browser.json("GET", "/auth/authenticated")["user"]["id"] == str(person_id)
        provider.person["email_verified"] = False
        assert Browser(url).ask("GET", "/auth/oidc/login").status_code == 401
    provider.person["email_verified"] = "true"
    browser = Browser(site.url)
    browser.ask("GET", "/auth/oidc/login")
    assert browser.json("GET", "/auth/authenticated")["user"]["id"] == str(person_id)


def test_a_key_that_is_new_is_asked_for(site: LogInSite, provider: OidcProvider) -> None:
    Browser(site.url).ask("GET", "/auth/oidc/login")
    provider.new_key()
    browser = Browser(site.url)
    browser.ask("GET", "/auth/oidc/login")
    assert browser.status() == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another program"},
        {"iss": "https://login.evil.example"},
        {"nonce": "of another log-in"},
        {"exp": int(time.time()) - 3600},
        {"azp": "another program", "aud": [CLIENT, "another program"]},
        {"email_verified": False},
        {"email_verified": "false"},
        {"email_verified": None},
        {"email_verified": 1},
        {"email": "nonsense"},
        {"email": None},
    ],
    ids=" and ".join,  # each process of the suite must give the same names
)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(
    site: LogInSite, provider: OidcProvider, wrong: dict[str, Any]
) -> None:
    provider.claims = wrong
    browser = Browser(site.url)
    answer = browser.ask("GET", "/auth/oidc/login")
    assert answer.status_code == 401, answer.text
    assert browser.status() == 401


def test_a_token_that_the_provider_did_not_sign_opens_nothing(
    site: LogInSite, provider: OidcProvider
) -> None:
    provider.unsigned = True
    assert Browser(site.url).ask("GET", "/auth/oidc/login").status_code == 401
    provider.unsigned = False
    stranger = OidcProvider()
    provider.shows = stranger.jwks()["keys"][0]["n"]
    provider.new_key()
    assert Browser(site.url).ask("GET", "/auth/oidc/login").status_code == 401


def test_only_the_browser_that_began_comes_back(site: LogInSite, provider: OidcProvider) -> None:
    thief, victim = Browser(site.url), Browser(site.url)
    away = thief.session.get(f"{site.url}/api/auth/oidc/login", allow_redirects=False, timeout=30)
    asked = parse_qs(urlsplit(away.headers["Location"]).query)
    assert {"code_challenge", "nonce", "state"} <= asked.keys()
    back = thief.session.get(away.headers["Location"], allow_redirects=False, timeout=30).headers["Location"]
    assert victim.session.get(back, timeout=30).status_code == 401  # no cookie of this log-in
    assert victim.status() == 401
    provider.refuses = "access_denied"
    refused = Browser(site.url).ask("GET", "/auth/oidc/login")
    assert refused.status_code == 401
    assert "access_denied" in refused.text


def test_a_closed_account_stays_closed_and_a_log_says_who_came(
    site: LogInSite, provider: OidcProvider
) -> None:
    email, person_id = site.person()
    provider.person["email"] = email
    assert Browser(site.url).ask("GET", "/auth/oidc/login").ok
    update(site.people, "Person", person_id, active=False)
    browser = Browser(site.url)
    assert browser.ask("GET", "/auth/oidc/login").status_code == 401
    assert browser.status() == 401
    chief = Browser(site.url)
    provider.person["email"], _ = site.person(role="admin")
    chief.ask("GET", "/auth/oidc/login")
    logs = chief.json("GET", f"/data/events/login-logs/last?failures=true&person_ids={person_id}")
    assert [each["succeeded"] for each in logs] == [False, True]


def test_a_studio_may_make_nobody_new(
    provider: OidcProvider, postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = {"oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    with log_in_site(postgres, tmp_path_factory.mktemp("none"), **names, newcomer_role="none") as site:
        provider.person["email"] = "stranger@example.com"
        answer = Browser(site.url).ask("GET", "/auth/oidc/login")
        assert (answer.status_code, "ask an administrator" in answer.text) == (401, True)
        provider.person["email"], _ = site.person()
        assert Browser(site.url).ask("GET", "/auth/oidc/login").ok


def test_a_provider_that_does_not_answer_is_said_to(
    postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    names = {"oidc_issuer": "http://127.0.0.1:1", "oidc_client_id": CLIENT}
    with log_in_site(postgres, tmp_path_factory.mktemp("gone"), **names) as site:
        assert Browser(site.url).ask("GET", "/auth/oidc/login").status_code == 503
        assert Browser(site.url).ask("GET", "/auth/saml/login").status_code == 404
