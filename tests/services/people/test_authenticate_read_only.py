"""Who may come in at a server that only reads, and that it writes nothing down."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyotp
import pytest
from sqlalchemy import text

from tests.services.people.people import PASSWORD, SECRET_KEY, calls_of, hire, new_email
from zou_server.adapters.replica.read_only import refusing_engine
from zou_server.models.errors import Locked, ReadOnly, Unauthenticated
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people import passwords
from zou_server.services.people.authenticate import LoginRules
from zou_server.services.people.authenticate_read_only import ReadOnlyAuthenticator
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.second_factors import confirm_totp, start_totp
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from zou_server.services.people.authenticate import Authenticator
    from zou_server.settings import Settings


@pytest.fixture
def reader(reads: Engine, studio_settings: Settings) -> Iterator[ReadOnlyAuthenticator]:
    """A process of a server that only reads: every write fails."""
    nothing = refusing_engine(studio_settings)
    yield ReadOnlyAuthenticator(reads, nothing, SECRET_KEY, LoginRules(login_failures=3))
    nothing.dispose()


def test_a_session_of_the_main_server_is_good_and_none_begins_or_ends_here(
    reader: ReadOnlyAuthenticator, door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, new_email())
    actor = door.by_id(person_id)
    access_id, refresh_id = door.open_session(actor)
    token = door.open_session_token(actor)
    assert reader.by_session(access_id).person_id == person_id
    assert reader.by_session_token(token).person_id == person_id
    for begin in (
        lambda: reader.open_session(actor),
        lambda: reader.open_session_token(actor),
        lambda: reader.renew_session(refresh_id),
        lambda: reader.end_session(access_id),
    ):
        with pytest.raises(ReadOnly):
            begin()
    door.end_session(access_id)
    with pytest.raises(Unauthenticated):
        reader.by_session(access_id)


def test_a_password_is_hashed_once_and_holds_until_there_is_another(
    reader: ReadOnlyAuthenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    assert reader.by_basic(email, PASSWORD).person_id == person_id
    hashing = passwords.password_fits.__code__
    assert calls_of(hashing, lambda: reader.by_basic(email, PASSWORD)) == 0
    set_password(writes, person_id, "another long password")
    with pytest.raises(Unauthenticated):
        reader.by_basic(email, PASSWORD)
    assert reader.by_basic(email, "another long password").person_id == person_id


def test_wrong_passwords_close_the_way_from_where_they_come(
    reader: ReadOnlyAuthenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())
    for _ in range(3):
        with pytest.raises(Unauthenticated):
            reader.by_password(email, "wrong")
    with pytest.raises(Locked):
        reader.by_password(email, PASSWORD)
    here = ADDRESS.set("192.0.2.7")
    try:
        assert reader.by_password(email, PASSWORD).name == "Ada Lovelace"
    finally:
        ADDRESS.reset(here)


def test_a_lock_of_the_main_server_holds_here_too(
    reader: ReadOnlyAuthenticator, door: Authenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())
    for _ in range(5):
        with pytest.raises(Unauthenticated):
            door.by_password(email, "wrong")
    with pytest.raises(Locked):
        reader.by_password(email, PASSWORD)


def test_a_key_is_good_and_its_use_is_not_noted(reader: ReadOnlyAuthenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    key = create_api_key(writes, email)
    assert reader.by_api_key(email, key).person_id == person_id
    with writes.connect() as connection:
        used = text("SELECT last_used_at FROM credential WHERE person_id = :id AND kind = 'api_key'")
        assert connection.scalar(used, {"id": person_id}) is None


def test_who_has_a_second_factor_comes_in_by_a_key_only(
    reader: ReadOnlyAuthenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    assert reader.by_password(email, PASSWORD).person_id == person_id
    secret = start_totp(writes, person_id)
    confirm_totp(writes, person_id, pyotp.TOTP(secret).now())
    with pytest.raises(ReadOnly, match="use a key here"):
        reader.by_password(email, PASSWORD)
    assert reader.by_api_key(email, create_api_key(writes, email)).person_id == person_id
