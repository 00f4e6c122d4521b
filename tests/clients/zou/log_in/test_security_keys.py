"""Security keys as a second factor, with a key in software and Kitsu's requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gazu
import pytest

from tests.clients.zou.log_in.site import Browser, LogInSite, log_in_site
from tests.clients.zou.log_in.soft_key import SoftKey
from tests.services.people.people import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogInSite]:
    with log_in_site(postgres, tmp_path_factory.mktemp("keys")) as site:
        yield site


@pytest.fixture
def email(site: LogInSite) -> str:
    return site.person()[0]


@pytest.fixture
def browser(site: LogInSite, email: str) -> Browser:
    """Somebody who is logged in."""
    browser = Browser(site.url)
    assert browser.log_in(email) == 200
    return browser


def register(browser: Browser, name: str = "blue key") -> tuple[SoftKey, list[str] | None]:
    """Set up a key; it and the recovery codes."""
    key = SoftKey(browser.url)
    answer = key.register(browser.json("PUT", "/auth/fido", {}))
    kept = browser.json("POST", "/auth/fido", {"registration_response": answer, "device_name": name})
    return key, kept.get("otp_recovery_codes")


def question(browser: Browser, email: str) -> dict[str, object]:
    """What a key is to sign at log-in."""
    found: dict[str, object] = browser.json("GET", f"/auth/fido?email={email}")
    return found


def test_a_security_key_is_asked_for_after_the_password(
    site: LogInSite, browser: Browser, email: str
) -> None:
    key, codes = register(browser)
    assert codes is not None
    assert len(codes) == 16
    user = browser.json("GET", "/auth/authenticated")["user"]
    assert (user["fido_enabled"], user["fido_devices"]) == (True, ["blue key"])
    other = Browser(site.url)
    assert other.log_in(email) == 400
    assert other.said["missing_OTP"] is True
    assert other.said["two_factor_authentication_enabled"] == ["fido"]

    answer = key.sign(question(other, email))

    assert other.log_in(email, fido_authentication_response=answer) == 200
    assert other.status() == 200
    assert other.log_in(email, fido_authentication_response=answer) == 400  # once only
    assert other.said["wrong_OTP"] is True
    client = gazu.client.create_client(f"{site.url}/api")
    answer = key.sign(question(other, email))
    gazu.log_in(email, PASSWORD, fido_authentication_response=answer, client=client)
    client.session.close()


def test_what_another_key_or_another_site_signed_opens_nothing(
    site: LogInSite, browser: Browser, email: str
) -> None:
    key, _ = register(browser)
    stranger = SoftKey(site.url)
    stranger.id = key.id
    asked = question(browser, email)
    other = Browser(site.url)
    assert other.log_in(email, fido_authentication_response=stranger.sign(asked)) == 400
    elsewhere = key.sign(asked)
    key.origin = "https://kitsu.example.org.evil.example"
    assert other.log_in(email, fido_authentication_response=key.sign(asked)) == 400
    key.origin = site.url
    never_asked = key.sign({**asked, "challenge": "AAAA"})
    assert other.log_in(email, fido_authentication_response=never_asked) == 400
    odds: list[Any] = [
        {"id": 1},
        {"response": {}},
        {"response": {"clientDataJSON": "%%"}},
        [1],
        "x",
        {"id": []},
    ]
    for odd in odds:
        status = Browser(site.url).ask(
            "POST", "/auth/login", {"email": email, "password": PASSWORD, "fido_authentication_response": odd}
        )
        assert status.status_code == 400, (odd, status.text)
    # Wrong ones count as wrong passwords: the way is closed for a minute.
    assert other.log_in(email, fido_authentication_response=elsewhere) == 400
    assert other.said["too_many_failed_login_attemps"] is True


def test_a_copy_of_a_key_is_noticed_by_its_counter(site: LogInSite, browser: Browser, email: str) -> None:
    key, _ = register(browser)
    other = Browser(site.url)
    for _ in range(3):
        assert other.log_in(email, fido_authentication_response=key.sign(question(other, email))) == 200
    key.counter = 1  # a copy that was made after the first log-in
    assert other.log_in(email, fido_authentication_response=key.sign(question(other, email))) == 400


def test_keys_are_named_and_forgotten_by_a_proof(site: LogInSite, browser: Browser, email: str) -> None:
    key, codes = register(browser)
    assert codes is not None
    second, none = register(browser, "green key")
    assert none is None
    assert browser.json("GET", "/auth/authenticated")["user"]["fido_devices"] == ["blue key", "green key"]
    again = key.register(browser.json("PUT", "/auth/fido", {}))
    browser.json("POST", "/auth/fido", {"registration_response": again, "device_name": "twice"}, 400)
    browser.json("DELETE", "/auth/fido", {"device_name": "blue key"}, 400)
    proof = {"fido_authentication_response": second.sign(question(browser, email))}
    browser.json("DELETE", "/auth/fido", {"device_name": "no such key", **proof}, 400)
    proof = {"fido_authentication_response": second.sign(question(browser, email))}
    browser.json("DELETE", "/auth/fido", {"device_name": "blue key", **proof})
    browser.json("DELETE", "/auth/fido", {"device_name": "green key", "recovery_code": codes[0]})
    assert Browser(site.url).log_in(email) == 200


def test_a_question_tells_nobody_who_exists(site: LogInSite, browser: Browser, email: str) -> None:
    register(browser)
    nobody, keyless = "nobody@example.com", site.person()[0]
    shapes = []
    for each in (email, nobody, keyless):
        first, second = question(browser, each), question(browser, each)
        assert first["allowCredentials"] == second["allowCredentials"]
        assert first["challenge"] != second["challenge"]
        shapes.append((sorted(first), [sorted(one) for one in first["allowCredentials"]]))  # type: ignore[attr-defined]
    assert shapes[0] == shapes[1] == shapes[2]
    assert browser.ask("GET", "/auth/fido").status_code == 400
