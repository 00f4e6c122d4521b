"""gazu and browsers log in, stay logged in and log out at a served application."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import gazu
import pytest
from flask_jwt_extended import create_access_token
from gazu.exception import AuthFailedException, NotAuthenticatedException, ParameterException
from sqlalchemy import text

from tests.served import served
from tests.services.people.people import PASSWORD, create, hire, new_email, update
from zou_server.adapters.database import make_engine
from zou_server.app import create_app
from zou_server.services.people.set_password import set_password
from zou_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
OTHER_PASSWORD = "another long password"


@pytest.fixture(scope="module")
def studio_settings(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of one studio for the whole module."""
    url = postgres.migrated_database()
    yield Settings.from_env({}, database_url=url, data_dir=tmp_path_factory.mktemp("log_in"))
    postgres.drop(url)


@pytest.fixture(scope="module")
def people(studio_settings: Settings) -> Iterator[Engine]:
    """An engine to hire people with."""
    engine = make_engine(studio_settings)
    create(engine, "Organisation", name="The studio")
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def app(studio_settings: Settings) -> Flask:
    """The application as it is in production: TESTING is off."""
    return create_app(studio_settings)


@pytest.fixture(scope="module")
def url(app: Any) -> Iterator[str]:
    """The address of the served application, as gazu wants it."""
    with served(app) as url:
        yield f"{url}/api"


@pytest.fixture
def client(url: str) -> Iterator[Any]:
    """A gazu client that nobody has logged in with."""
    client = gazu.client.create_client(url, use_refresh_token=True)
    yield client
    client.session.close()


@pytest.fixture
def email(people: Engine) -> str:
    """The address of a new person."""
    email = new_email()
    hire(people, email)
    return email


def expired(app: Any, token_of: str) -> str:
    with app.test_request_context():
        token: str = create_access_token(token_of, expires_delta=timedelta(seconds=-1))
    return token


# -- gazu --------------------------------------------------------------------------------------------


def test_gazu_logs_in_and_out(client: Any, email: str) -> None:
    assert gazu.client.host_is_valid(client=client)

    answer = gazu.log_in(email, PASSWORD, client=client)

    assert answer["login"] is True
    assert answer["user"]["email"] == email
    assert answer["organisation"]["name"] == "The studio"
    assert gazu.client.get_current_user(client=client)["email"] == email
    left = dict(client.tokens)
    gazu.log_out(client=client)
    gazu.client.set_tokens(left, client=client)
    with pytest.raises(NotAuthenticatedException):
        gazu.client.get("data/projects", client=client)
    with pytest.raises(NotAuthenticatedException):
        gazu.refresh_access_token(client=client)


def test_gazu_is_told_why_it_may_not_come_in(client: Any, email: str) -> None:
    for name, password in ((email, "not the password"), ("nobody@example.com", PASSWORD), (email, "")):
        with pytest.raises(AuthFailedException):
            gazu.log_in(name, password, client=client)
    with pytest.raises(ParameterException):
        gazu.client.post("auth/login", {"email": email}, client=client)
    with pytest.raises(NotAuthenticatedException):
        gazu.client.get("data/projects", client=client)


def test_gazu_renews_an_expired_token_by_itself(client: Any, email: str, app: Any) -> None:
    gazu.log_in(email, PASSWORD, client=client)
    client.access_token = expired(app, str(uuid.uuid4()))

    assert gazu.client.get_current_user(client=client)["email"] == email


def test_gazu_renews_a_token_when_asked_and_logging_out_ends_both(client: Any, email: str) -> None:
    gazu.log_in(email, PASSWORD, client=client)
    first = client.access_token
    gazu.refresh_access_token(client=client)
    second = client.access_token
    assert first != second

    for token in (first, second):
        client.access_token = token
        assert gazu.client.get_current_user(client=client)["email"] == email
    client.session.get(f"{client.host}/auth/logout", headers=client.make_auth_header())
    for token in (first, second):
        client.access_token = token
        with pytest.raises(NotAuthenticatedException):
            gazu.client.get_current_user(client=client)


def test_a_changed_password_throws_gazu_out(client: Any, email: str) -> None:
    gazu.log_in(email, PASSWORD, client=client)
    body = {"old_password": PASSWORD, "password": OTHER_PASSWORD, "password_2": OTHER_PASSWORD}

    assert gazu.client.post("auth/change-password", body, client=client) == {"success": True}

    with pytest.raises(NotAuthenticatedException):
        gazu.client.get_current_user(client=client)
    with pytest.raises(AuthFailedException):
        gazu.log_in(email, PASSWORD, client=client)
    assert gazu.log_in(email, OTHER_PASSWORD, client=client)["login"]


# -- bodies and statuses -----------------------------------------------------------------------------


def log_in(app: Any, email: str, password: str = PASSWORD, **headers: str) -> Any:
    body = {"email": email, "password": password}
    return app.test_client().post("/auth/login", json=body, headers=headers)


def test_failed_log_ins_say_what_kitsu_looks_for(app: Any, email: str, people: Engine) -> None:
    said = {"login": False, "message": "Wrong email or password."}
    wrong = log_in(app, email, "not the password")
    assert (wrong.status_code, wrong.json) == (400, said)
    assert log_in(app, "nobody@example.com").json == said

    for _ in range(4):
        log_in(app, email, "not the password")
    locked = log_in(app, email)
    assert locked.status_code == 400
    assert locked.json["too_many_failed_login_attemps"] is True

    gone = new_email()
    update(people, "Person", hire(people, gone), active=False)
    inactive = log_in(app, gone)
    assert (inactive.status_code, inactive.json["unactive"]) == (401, True)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"[]", b'"text"', b'{"email": ""}', b'{"email": 1, "password": []}']
)
def test_a_log_in_without_credentials_names_what_is_missing(app: Any, body: bytes) -> None:
    answer = app.test_client().post("/auth/login", data=body, content_type="application/json")

    assert (answer.status_code, answer.json["message"]) == (400, "Validation error.")
    assert "password" in [error["field"] for error in answer.json["data"]["errors"]]


def test_every_fault_of_a_token_has_its_status(app: Any, email: str) -> None:
    tokens = log_in(app, email).json
    get = app.test_client().get

    def answer(authorization: str | None, path: str = "/auth/authenticated") -> tuple[int, dict[str, str]]:
        found = get(path, headers={"Authorization": authorization} if authorization else {})
        return found.status_code, found.json

    assert answer(f"Bearer {tokens['access_token']}")[0] == 200
    status, body = answer(None)
    assert (status, list(body)) == (401, ["msg"])
    status, body = answer(f"Bearer {expired(app, email)}")
    assert (status, body["message"]) == (401, "Signature has expired")
    for malformed in ("Bearer x.y.z", "Bearer ", "Bearer a b", f"Bearer {tokens['access_token']}x"):
        status, body = answer(malformed)
        assert (status, list(body)) == (422, ["msg"])
    assert answer(f"Bearer {tokens['refresh_token']}")[0] == 422
    assert answer(f"Bearer {tokens['access_token']}", "/auth/refresh-token")[0] == 422
    assert answer("Basic YTpi")[0] == 401


def test_a_token_of_a_session_that_ended_answers_401(app: Any, email: str, people: Engine) -> None:
    answer = log_in(app, email)
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    get = app.test_client().get
    assert get("/auth/authenticated", headers=headers).json["authenticated"] is True

    set_password(people, uuid.UUID(answer.json["user"]["id"]), OTHER_PASSWORD)

    ended = get("/auth/authenticated", headers=headers)
    assert (ended.status_code, list(ended.json)) == (401, ["msg"])


def test_a_token_signed_with_another_key_is_refused(app: Any, email: str) -> None:
    other = type(app)("other")
    other.config.update(app.config, JWT_SECRET_KEY="another secret key of thirty-two bytes")
    other.extensions = app.extensions
    with other.test_request_context():
        forged = create_access_token(email)

    answer = app.test_client().get("/auth/authenticated", headers={"Authorization": f"Bearer {forged}"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"old_password": "not the password"}, "old_password"),
        ({"password": "short", "password_2": "short"}, "password"),
        ({"password_2": "something else"}, "password_2"),
        ({"password_2": None}, "password_2"),
    ],
)
def test_a_refused_new_password_names_the_field(
    app: Any, email: str, change: dict[str, str], field: str
) -> None:
    headers = {"Authorization": f"Bearer {log_in(app, email).json['access_token']}"}
    body = {"old_password": PASSWORD, "password": OTHER_PASSWORD, "password_2": OTHER_PASSWORD} | change

    answer = app.test_client().post("/auth/change-password", json=body, headers=headers)

    assert answer.status_code == 400
    assert [error["field"] for error in answer.json["data"]["errors"]] == [field]
    assert log_in(app, email).status_code == 200


# -- browsers ----------------------------------------------------------------------------------------


def cookies(answer: Any) -> dict[str, str]:
    return {header.partition("=")[0]: header for header in answer.headers.getlist("Set-Cookie")}


@pytest.mark.parametrize("prefix", ["", "/api"])
def test_a_browser_lives_on_cookies(app: Any, email: str, prefix: str) -> None:
    browser = app.test_client()
    headers = {"User-Agent": FIREFOX}
    answer = browser.post(
        f"{prefix}/auth/login", json={"email": email, "password": PASSWORD}, headers=headers
    )

    set_cookies = cookies(answer)
    assert set(set_cookies) == {"access_token_cookie", "refresh_token_cookie"}
    assert "Path=/;" in set_cookies["access_token_cookie"] + ";"
    assert f"Path={prefix}/auth/refresh-token" in set_cookies["refresh_token_cookie"]
    for cookie in set_cookies.values():
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
    assert browser.get(f"{prefix}/auth/authenticated", headers=headers).json["user"]["email"] == email
    refreshed = browser.get(f"{prefix}/auth/refresh-token", headers=headers)
    assert refreshed.json == {"refresh": True}
    assert set(cookies(refreshed)) == {"access_token_cookie", "refresh_token_cookie"}
    assert browser.get(f"{prefix}/auth/authenticated", headers=headers).status_code == 200
    assert browser.get(f"{prefix}/auth/refresh-token", headers=headers).status_code == 401
    assert browser.get(f"{prefix}/auth/logout", headers=headers).json == {"logout": True}
    assert browser.get(f"{prefix}/auth/authenticated", headers=headers).status_code == 401


def test_a_script_gets_no_cookies(app: Any, email: str) -> None:
    answer = log_in(app, email, **{"User-Agent": "CGWire Gazu 1.3.1"})

    assert cookies(answer) == {}
    assert answer.json["access_token"]


# -- stolen and cross-site -----------------------------------------------------------------------------------


def test_gazu_keeps_the_newest_refresh_token_and_a_stolen_one_ends_the_log_in(
    client: Any, email: str, people: Engine
) -> None:
    gazu.log_in(email, PASSWORD, client=client)
    stolen = client.refresh_token
    for _ in range(3):
        before = client.refresh_token
        gazu.refresh_access_token(client=client)
        assert client.refresh_token != before
        assert gazu.client.get_current_user(client=client)["email"] == email
    with people.begin() as connection:
        connection.execute(text("UPDATE login_session SET replaced_at = replaced_at - interval '2 minutes'"))
    gazu.refresh_access_token(client=client)
    thief = gazu.client.create_client(client.host, refresh_token=stolen)
    with pytest.raises(NotAuthenticatedException):
        gazu.refresh_access_token(client=thief)
    with pytest.raises(NotAuthenticatedException):
        gazu.client.get_current_user(client=client)
    gazu.log_in(email, PASSWORD, client=client)
    assert gazu.client.get_current_user(client=client)["email"] == email
    thief.session.close()


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost"}, 200),
        ({"Origin": "http://localhost:8080"}, 200),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://other.studio.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
    ],
)
def test_a_page_of_another_host_changes_nothing_by_the_cookies_of_the_browser(
    app: Any, email: str, said: dict[str, str], status: int
) -> None:
    browser = app.test_client()
    headers = {"User-Agent": FIREFOX}
    browser.post("/auth/login", json={"email": email, "password": PASSWORD}, headers=headers)
    answer = browser.post("/data/projects", json={}, headers={**headers, **said})
    is_refused = "another site" in answer.get_data(as_text=True)
    assert is_refused is (status == 403)
    left = browser.get("/auth/logout", headers={**headers, **said})
    assert left.status_code == status


def test_answers_carry_what_protects_them(app: Any, email: str) -> None:
    client = app.test_client()
    log_in = client.post("/auth/login", json={"email": email, "password": PASSWORD})
    bearer = {"Authorization": f"Bearer {log_in.json['access_token']}"}
    for answer in (log_in, client.get("/data/persons", headers=bearer)):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    assert "no-store" not in client.get("/openapi.json").headers.get("Cache-Control", "")
