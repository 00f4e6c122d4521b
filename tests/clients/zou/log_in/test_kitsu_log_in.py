"""Kitsu's way of staying logged in: cookies that its pages never read, renewed by one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests
from sqlalchemy import text

from tests.clients.zou.log_in.site import FIREFOX, Browser, LogInSite, log_in_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.conftest import SuitePostgres

REFRESH = "/auth/refresh-token"
LATER = "UPDATE login_session SET replaced_at = replaced_at - interval '61 s' WHERE replaced_at IS NOT NULL"


@pytest.fixture(scope="module")
def site(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogInSite]:
    with log_in_site(postgres, tmp_path_factory.mktemp("kitsu_log_in")) as site:
        yield site


@pytest.fixture
def browser(site: LogInSite) -> Browser:
    """Somebody who is logged in."""
    browser = Browser(site.url)
    assert browser.log_in(site.person()[0]) == 200
    return browser


def renew_elsewhere(site: LogInSite, token: str | None) -> int:
    """What somebody else is answered who has a copy of a refresh token."""
    headers = {"User-Agent": FIREFOX, "Cookie": f"refresh_token_cookie={token}"}
    return requests.get(f"{site.url}/api{REFRESH}", headers=headers, timeout=30).status_code


def test_kitsu_stays_logged_in_by_its_cookies(browser: Browser) -> None:
    refresh = next(each for each in browser.session.cookies if each.name == "refresh_token_cookie")
    assert refresh.path == "/api/auth/refresh-token"
    assert refresh.has_nonstandard_attr("HttpOnly")
    assert refresh.get_nonstandard_attr("SameSite") == "Lax"
    first = browser.cookie("access_token_cookie")
    browser.session.cookies.pop("access_token_cookie")  # the browser drops it on its day
    assert browser.status() == 401

    renewed = browser.ask("GET", REFRESH)

    assert (renewed.status_code, renewed.json()) == (200, {"refresh": True})
    assert browser.cookie("access_token_cookie") not in (None, first)
    assert browser.cookie("refresh_token_cookie") is None
    assert browser.status() == 200
    assert browser.ask("POST", "/data/projects", {"name": "no"}).status_code == 403  # known, and no manager
    assert browser.status(REFRESH) == 401
    assert browser.status("/auth/logout") == 200
    assert browser.status() == 401


def test_a_copied_refresh_cookie_ends_the_log_in_of_whoever_uses_it_second(
    browser: Browser, site: LogInSite
) -> None:
    copied = browser.cookie("refresh_token_cookie")
    assert browser.status(REFRESH) == 200
    with site.people.begin() as connection:
        connection.execute(text(LATER))
    assert renew_elsewhere(site, copied) == 401
    assert browser.status() == 401


def test_two_tabs_renew_at_the_same_moment(browser: Browser, site: LogInSite) -> None:
    copied = browser.cookie("refresh_token_cookie")
    assert browser.status(REFRESH) == 200
    assert renew_elsewhere(site, copied) == 200
    assert browser.status() == 200
