"""Log-in by SAML, at a provider whose answers a browser carries."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients.zou.log_in.saml_provider import NAMES, SamlProvider
from tests.clients.zou.log_in.site import SECONDS, Browser, LogInSite, log_in_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    import requests

    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def provider() -> SamlProvider:
    return SamlProvider()


@pytest.fixture(scope="module")
def site(
    provider: SamlProvider, postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LogInSite]:
    folder = tmp_path_factory.mktemp("saml")
    metadata = folder / "metadata.xml"
    metadata.write_text(provider.metadata())
    with log_in_site(postgres, folder / "data", saml_metadata=str(metadata), saml_name="Example") as site:
        yield site


def begin(browser: Browser) -> str:
    """Press the button; where the browser goes."""
    away = browser.session.get(f"{browser.url}/api/auth/saml/login", allow_redirects=False, timeout=SECONDS)
    assert away.status_code == 302, away.text
    return away.headers["Location"]


def come_back(browser: Browser, form: dict[str, str]) -> requests.Response:
    """The provider's page posts its form."""
    headers = {"Origin": "https://login.example.com"}
    return browser.session.post(
        f"{browser.url}/api/auth/saml/sso", data=form, headers=headers, timeout=SECONDS
    )


def test_a_newcomer_is_made_and_is_logged_in(site: LogInSite, provider: SamlProvider) -> None:
    browser = Browser(site.url)
    config = browser.json("GET", "/config")
    assert (config["saml_enabled"], config["saml_idp_name"]) == (True, "Example")
    assert come_back(browser, provider.answer(begin(browser))).url.rstrip("/") == site.url
    user = browser.json("GET", "/auth/authenticated")["user"]
    assert (user["email"], user["full_name"]) == ("grace@example.com", "Grace Hopper")
    # Once more, though the page of the provider is another site and the log-in of before is in its cookies.
    assert come_back(browser, provider.answer(begin(browser))).ok
    assert browser.json("GET", "/auth/authenticated")["user"]["id"] == user["id"]


def test_who_is_here_already_comes_in_as_themselves(site: LogInSite, provider: SamlProvider) -> None:
    email, person_id = site.person(role="supervisor")
    known = SamlProvider(email="Ada@login.example.com", attributes={"mail": email})
    known.key, known.certificate = provider.key, provider.certificate
    browser = Browser(site.url)
    assert come_back(browser, known.answer(begin(browser))).ok
    assert browser.json("GET", "/auth/authenticated")["user"]["id"] == str(person_id)


def _another_name(response: Any) -> None:
    response.find(".//saml:NameID", NAMES).text = "boss@example.com"


def _wrapped(response: Any) -> None:
    """Put an assertion of one's own before the signed one."""
    signed = response.find("saml:Assertion", NAMES)
    forged = deepcopy(signed)
    forged.set("ID", "_forged")
    forged.remove(forged.find("{http://www.w3.org/2000/09/xmldsig#}Signature"))
    forged.find(".//saml:NameID", NAMES).text = "boss@example.com"
    signed.addprevious(forged)


@pytest.mark.parametrize(
    "wrong",
    [
        {"signed": False},
        {"minutes": -60},
        {"minutes": 60},
        {"to": "_another_request"},
        {"audience": "https://another.example.com"},
        {"issuer": "https://login.evil.example"},
        {"service": "https://another.example.com/api/auth/saml/sso"},
        {"spoil": (_another_name,)},
        {"spoil": (_wrapped,)},
    ],
    ids=[
        "unsigned",
        "too old",
        "too young",
        "another request",
        "another audience",
        "another issuer",
        "another service",
        "another name",
        "wrapped",
    ],
)
def test_an_answer_that_is_not_to_this_log_in_opens_nothing(
    site: LogInSite, provider: SamlProvider, wrong: dict[str, Any]
) -> None:
    browser = Browser(site.url)
    answer = come_back(browser, provider.answer(begin(browser), **wrong))
    assert answer.status_code == 401, answer.text
    assert browser.status() == 401


def test_another_providers_signature_opens_nothing(site: LogInSite) -> None:
    browser = Browser(site.url)
    assert come_back(browser, SamlProvider().answer(begin(browser))).status_code == 401


def test_only_the_browser_that_began_comes_back(site: LogInSite, provider: SamlProvider) -> None:
    thief, victim = Browser(site.url), Browser(site.url)
    assert come_back(victim, provider.answer(begin(thief))).status_code == 401
    for odd in ({}, {"SAMLResponse": "%%%"}, {"SAMLResponse": "PGE+"}, {"SAMLResponse": "PGEvPg=="}):
        begin(victim)
        assert come_back(victim, odd).status_code == 401, odd
    assert victim.status() == 401
    assert victim.ask("GET", "/auth/oidc/login").status_code == 404


def test_metadata_that_cannot_be_read_is_said_to_be(
    postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("none")
    with log_in_site(postgres, folder / "data", saml_metadata=str(folder / "none.xml")) as site:
        assert Browser(site.url).ask("GET", "/auth/saml/login").status_code == 503
