"""People of a test's studio as Zou's clients: a token, one request, gazu."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gazu

from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    import uuid

    from flask import Flask
    from werkzeug.test import TestResponse

    from tests.studio import StudioKit

PASSWORD = "a long enough password"
"""Everybody's who logs in here."""


def token_of(kit: StudioKit, app: Flask, person: uuid.UUID) -> str:
    """The token of a person, who gets a password for it."""
    sent = {"email": _with_password(kit, person), "password": PASSWORD}
    return str(app.test_client().post("/auth/login", json=sent).get_json()["access_token"])


def request_of(app: Flask, token: str, method: str, path: str, **options: Any) -> TestResponse:
    """One request of whoever has the token."""
    headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
    answer: TestResponse = app.test_client().open(
        path, method=method, headers=headers, buffered=True, **options
    )
    return answer


def gazu_of(kit: StudioKit, url: str, person: uuid.UUID) -> Any:
    """A gazu client of a person, who gets a password for it; `url` ends with /api."""
    client = gazu.client.create_client(url)
    gazu.log_in(_with_password(kit, person), PASSWORD, client=client)
    return client


def _with_password(kit: StudioKit, person: uuid.UUID) -> str:
    set_password(kit.studio.writes, person, PASSWORD)
    email: str = kit.row("Person", person, "email")
    return email
