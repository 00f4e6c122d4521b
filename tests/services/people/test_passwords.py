"""Who may come in with a password, and who is kept waiting."""

from __future__ import annotations

import re
import subprocess
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.services.people.people import PASSWORD, calls_of, create, delete, hire, new_email, update
from zou_server.models.errors import Invalid, Locked, NotFound, Unauthenticated
from zou_server.services.people import passwords
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.load_actor import InactivePerson
from zou_server.services.people.login_failures import digest_of
from zou_server.services.people.passwords import generate_key, generate_password
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from zou_server.services.people.authenticate import Authenticator

OTHER_PASSWORD = "another long password"
YESTERDAY = datetime.now(UTC).date() - timedelta(days=1)


def fail(door: Authenticator, email: str, times: int) -> None:
    for _ in range(times):
        with pytest.raises(Unauthenticated):
            door.by_password(email, "not the password")


# -- passwords ---------------------------------------------------------------------------------------


def test_a_person_comes_in_by_email_or_login_in_any_case(door: Authenticator, writes: Engine) -> None:
    email = new_email()
    person_id = hire(writes, email, login="Zoé")

    for name in (email, email.upper(), "Zoé", "zoÉ"):
        actor = door.by_password(name, PASSWORD, client="test")
        assert (actor.person_id, actor.name, actor.client) == (person_id, "Ada Lovelace", "test")


def test_a_password_is_the_same_whichever_keyboard_composed_it(door: Authenticator, writes: Engine) -> None:
    email = new_email()
    person_id = hire(writes, email)
    set_password(writes, person_id, "caf\u00e9 au lait")

    assert door.by_password(email, "cafe\u0301 au lait").person_id == person_id


def test_an_unknown_person_gets_the_same_answer_as_a_wrong_password(
    door: Authenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())

    with pytest.raises(Unauthenticated) as wrong:
        door.by_password(email, "not the password")
    with pytest.raises(Unauthenticated) as unknown:
        door.by_password(new_email(), "not the password")

    assert (type(wrong.value), wrong.value.message) == (type(unknown.value), unknown.value.message)


@pytest.mark.parametrize("has_password", [True, False, None], ids=["known", "without a password", "unknown"])
def test_a_password_is_hashed_once_whoever_it_is_for(
    door: Authenticator,
    writes: Engine,
    has_password: bool | None,  # noqa: FBT001 - pytest passes it
) -> None:
    email = new_email()
    if has_password:
        hire(writes, email)
    elif has_password is False:
        create(writes, "Person", email=email, first_name="No", last_name="Password")

    verify = passwords.password_fits.__code__
    assert calls_of(verify, lambda: door.by_password(email, "not the password")) == 1


@pytest.mark.parametrize("change", [{"active": False}, {"expiration_date": YESTERDAY}])
def test_a_closed_account_is_told_only_to_whoever_knows_its_password(
    door: Authenticator, writes: Engine, change: dict[str, object]
) -> None:
    person_id = hire(writes, email := new_email())
    update(writes, "Person", person_id, **change)

    with pytest.raises(InactivePerson):
        door.by_password(email, PASSWORD)
    with pytest.raises(Unauthenticated) as wrong:
        door.by_password(email, "not the password")
    assert not isinstance(wrong.value, InactivePerson)


def test_a_retired_person_is_unknown(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    delete(writes, "Person", person_id)

    with pytest.raises(Unauthenticated):
        door.by_password(email, PASSWORD)


@pytest.mark.parametrize("odd", ["", "a\0b", "\ud800", "x" * 5000, None, 7, ["a"], {"a": 1}])
def test_odd_credentials_are_nobodys(door: Authenticator, odd: str) -> None:
    for way in (door.by_password, door.by_basic, door.by_script_key, door.by_api_key):
        with pytest.raises(Unauthenticated):
            way(odd, odd)
        with pytest.raises(Unauthenticated):
            way("somebody", odd)
    with pytest.raises(Unauthenticated):
        door.by_session_token(odd)


@pytest.mark.parametrize("weak", ["", "seven77", "x" * 2000, "long enough\0", "long enough\ud800", None])
def test_a_weak_password_is_refused_by_name(writes: Engine, weak: str) -> None:
    person_id = hire(writes, new_email())

    with pytest.raises(Invalid) as error:
        set_password(writes, person_id, weak)

    assert list(error.value.fields) == ["password"]


def test_nobody_gets_no_password(writes: Engine) -> None:
    with pytest.raises(NotFound):
        set_password(writes, uuid.uuid4(), PASSWORD)


@pytest.mark.parametrize("made", [generate_password, generate_key])
def test_what_is_made_up_is_no_option_of_a_command_line(made: Callable[[], str]) -> None:
    many = [made() for _ in range(500)]

    assert all(re.fullmatch("[A-Za-z0-9]{20,}", each) for each in many)
    assert len(set(many)) == 500


MEANWHILE = """
from gevent import monkey
monkey.patch_all()
import gevent
from zou_server.services.people.passwords import hash_password, password_fits
turns = 0
def others():
    global turns
    while True:
        turns += 1
        gevent.sleep(0)
other = gevent.spawn(others)
assert password_fits(hash_password("a long password"), "a long password")
assert not password_fits(hash_password("a long password"), "another password")
print(turns > 10)
"""


def test_other_requests_are_served_while_a_password_is_hashed() -> None:
    done = subprocess.run([sys.executable, "-c", MEANWHILE], capture_output=True, text=True, check=False)

    assert (done.stdout, done.stderr) == ("True\n", "")


# -- the lock ----------------------------------------------------------------------------------------


def test_an_account_locks_after_failures_and_opens_again(
    door: Authenticator, other_door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    fail(door, email, 3)
    fail(other_door, email, 2)

    for each in (door, other_door):
        with pytest.raises(Locked):
            each.by_password(email, PASSWORD)
    pass_time(writes, email, "59 seconds")
    with pytest.raises(Locked):
        door.by_password(email, PASSWORD)
    pass_time(writes, email, "1 second")

    assert door.by_password(email, PASSWORD).person_id == person_id


def test_a_right_password_forgives_earlier_failures(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())

    for _ in range(3):
        fail(door, email, 4)
        assert door.by_password(email, PASSWORD).person_id == person_id


def test_a_new_password_opens_a_locked_account(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    fail(door, email, 5)

    set_password(writes, person_id, OTHER_PASSWORD)

    assert door.by_password(email, OTHER_PASSWORD).person_id == person_id


def test_a_locked_account_keeps_who_is_in(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    access_id, _ = door.open_session(door.by_basic(email, PASSWORD))
    fail(door, email, 5)

    assert door.by_session(access_id).person_id == person_id
    assert door.by_basic(email, PASSWORD).person_id == person_id


def test_the_lock_tells_nothing_about_who_exists(door: Authenticator, writes: Engine) -> None:
    hire(writes, known := new_email())
    for email in (known, new_email()):
        fail(door, email, 5)
        with pytest.raises(Locked):
            door.by_password(email, "not the password")


def test_who_guesses_from_one_address_locks_nobody_out_at_another(
    door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    came_from = ADDRESS.set("203.0.113.9")
    try:
        fail(door, email, 5)
        with pytest.raises(Locked):
            door.by_password(email, PASSWORD)
        ADDRESS.set("198.51.100.7")
        assert door.by_password(email, PASSWORD).person_id == person_id
    finally:
        ADDRESS.reset(came_from)


def pass_time(writes: Engine, email: str, duration: str) -> None:
    statement = "UPDATE login_failure SET locked_until = locked_until - :d ::interval WHERE login = :p"
    with writes.begin() as connection:
        connection.execute(text(statement), {"d": duration, "p": digest_of(email)})
