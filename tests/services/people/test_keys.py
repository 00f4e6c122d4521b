"""How scripts come in: keys, session tokens, HTTP basic, acting as somebody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.services.people.people import (
    PASSWORD,
    authenticator_on,
    calls_of,
    create,
    hire,
    new_email,
    update,
)
from zou_server.models import Base
from zou_server.models.errors import Conflict, Forbidden, Invalid, NotFound, Unauthenticated
from zou_server.services.install.manage_credentials import create_admin, create_api_key, create_script
from zou_server.services.people import passwords
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.manage_keys import KeyTerms, list_keys, revoke_key
from zou_server.services.people.set_password import set_password

if TYPE_CHECKING:
    import uuid

    from sqlalchemy import Engine


def one(engine: Engine, statement: str, **values: object) -> object:
    with engine.connect() as connection:
        return connection.scalar(text(statement), values)


# -- keys --------------------------------------------------------------------------------------------


def test_a_script_comes_in_by_its_name_and_key(door: Authenticator, writes: Engine) -> None:
    key = create_script(writes, "farm")

    actor = door.by_script_key("farm", key, client="shotgun")

    assert (actor.name, actor.kind, actor.role, actor.client) == ("farm", "Script", "admin", "shotgun")


def test_a_person_comes_in_by_api_key_with_login_or_email(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email(), login="keyed")
    key = create_api_key(writes, email.upper())

    assert {door.by_api_key(user, key).person_id for user in (email, "keyed", "KEYED")} == {person_id}


def test_a_key_opens_only_for_its_owner_and_its_kind(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())
    hire(writes, other_email := new_email())
    script_key, other_script_key = create_script(writes, "one"), create_script(writes, "two")
    api_key = create_api_key(writes, email)

    for way, name, key in (
        (door.by_script_key, "one", other_script_key),
        (door.by_script_key, "One", script_key),
        (door.by_script_key, "one", script_key + "x"),
        (door.by_script_key, "one", passwords.hash_key(script_key)),
        (door.by_script_key, email, api_key),
        (door.by_api_key, other_email, api_key),
        (door.by_api_key, "one", script_key),
        (door.by_api_key, email, PASSWORD),
        (door.by_password, "one", script_key),
        (door.by_password, email, api_key),
    ):
        with pytest.raises(Unauthenticated):
            way(name, key)
    with pytest.raises(Unauthenticated):
        door.by_session_token(api_key)


def test_a_new_key_ends_the_one_before_unless_that_is_kept(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())
    for create_key, way, name in (
        (create_script, door.by_script_key, "twice"),
        (create_api_key, door.by_api_key, email),
    ):
        first, second = create_key(writes, name), create_key(writes, name)
        third = create_key(writes, name, None, KeyTerms(keep_others=True))
        with pytest.raises(Unauthenticated):
            way(name, first)
        assert way(name, second) == way(name, third)


def test_keys_are_listed_with_their_use_and_can_be_revoked(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    until = datetime.now(UTC) + timedelta(days=1)
    key = create_api_key(writes, email, None, KeyTerms(expires_at=until))
    came_from = ADDRESS.set("203.0.113.9")
    door.by_api_key(email, key)
    ADDRESS.reset(came_from)
    with writes.begin() as connection:
        (info,) = list_keys(connection, person_id)
        assert (info.owner, info.last_address, info.expires_at) == (email, "203.0.113.9", until)
        assert info.last_used_at is not None
        assert info in list_keys(connection)
        revoke_key(connection, info.id)
        with pytest.raises(NotFound):
            revoke_key(connection, info.id)
    with pytest.raises(Unauthenticated):
        door.by_api_key(email, key)


def test_a_key_ends_on_its_day(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())
    key = create_api_key(writes, email, None, KeyTerms(expires_at=datetime.now(UTC) + timedelta(days=1)))
    assert door.by_api_key(email, key)
    with writes.begin() as connection:
        values = {"digest": passwords.hash_key(key)}
        connection.execute(text("UPDATE credential SET expires_at = now() WHERE digest = :digest"), values)
    with pytest.raises(Unauthenticated):
        door.by_api_key(email, key)
    with pytest.raises(Invalid):
        create_api_key(writes, email, None, KeyTerms(expires_at=datetime.now(UTC)))


def test_a_chosen_key_is_used_and_must_be_nobody_elses(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())
    assert create_api_key(writes, email, "a chosen key") == "a chosen key"
    assert door.by_api_key(email, "a chosen key")

    with pytest.raises(Conflict):
        create_script(writes, "thief", "a chosen key")
    with pytest.raises(Invalid):
        create_script(writes, "careless", "short")
    assert one(writes, "SELECT count(*) FROM person WHERE first_name IN ('thief', 'careless')") == 0


def test_keys_outlive_a_new_password_but_not_the_account(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    key = create_api_key(writes, email)
    set_password(writes, person_id, "another long password")
    assert door.by_api_key(email, key)

    update(writes, "Person", person_id, active=False)

    with pytest.raises(Unauthenticated):
        door.by_api_key(email, key)
    update(writes, "Person", person_id, active=True)
    with pytest.raises(Unauthenticated):
        door.by_api_key(email, key)


def test_the_last_use_of_a_key_is_on_record_at_most_once_a_minute(
    door: Authenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())
    key = create_api_key(writes, email)
    digest = passwords.hash_key(key)
    last_use = "SELECT last_used_at FROM credential WHERE digest = :digest"
    assert one(writes, last_use, digest=digest) is None

    door.by_api_key(email, key)
    first = one(writes, last_use, digest=digest)
    door.by_api_key(email, key)
    assert first is not None
    assert one(writes, last_use, digest=digest) == first
    with writes.begin() as connection:
        connection.execute(text("UPDATE credential SET last_used_at = last_used_at - interval '61 s'"))
    earlier = one(writes, last_use, digest=digest)
    door.by_api_key(email, key)
    assert one(writes, last_use, digest=digest) != earlier


def test_an_unknown_person_gets_no_key(writes: Engine) -> None:
    with pytest.raises(NotFound):
        create_api_key(writes, "nobody@example.com")


def test_no_secret_is_in_any_table(door: Authenticator, writes: Engine) -> None:
    email = new_email()
    secrets = [create_admin(writes, email), create_script(writes, "secretive"), create_api_key(writes, email)]
    person = door.by_basic(email, secrets[0])
    secrets.append(door.open_session_token(person))
    script = door.by_script_key("secretive", secrets[1])
    secrets.append(door.open_session_token(script))

    for table in [*Base.metadata.tables, "event_log"]:
        rows = one(writes, f"SELECT coalesce(string_agg(t::text, chr(10)), '') FROM \"{table}\" t")
        assert not [secret for secret in secrets if secret in str(rows)], table


# -- people made by the commands ---------------------------------------------------------------------


def test_a_new_administrator_comes_in_with_the_password_and_leaves_an_event(
    door: Authenticator, writes: Engine
) -> None:
    actor = door.by_password("root@example.com", create_admin(writes, "root@example.com"))

    assert (actor.role, actor.name) == ("admin", "root")
    created = "SELECT count(*) FROM event_log WHERE object_id = :id AND action = 'create' AND id IS NOT NULL"
    assert one(writes, created, id=actor.person_id) == 1


def test_a_person_who_exists_becomes_an_administrator_with_a_new_password(
    door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email(), active=False)

    create_admin(writes, email, "a password by choice")

    actor = door.by_password(email, "a password by choice")
    assert (actor.person_id, actor.role) == (person_id, "admin")


@pytest.mark.parametrize(
    ("email", "password"), [("nowhere", None), ("@", None), ("weak@example.com", "short")]
)
def test_an_administrator_needs_an_address_and_a_password(
    writes: Engine, email: str, password: str | None
) -> None:
    with pytest.raises(Invalid):
        create_admin(writes, email, password)
    assert one(writes, "SELECT count(*) FROM person WHERE email = :email", email=email) == 0


# -- session tokens, HTTP basic ----------------------------------------------------------------------


def test_a_session_token_stands_for_its_owner_in_every_process(
    door: Authenticator, other_door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    token = door.open_session_token(door.by_password(email, PASSWORD))

    actor = other_door.by_session_token(token, client="shotgun")
    assert (actor.person_id, actor.client) == (person_id, "shotgun")
    assert actor.session_id

    door.end_session(actor.session_id)
    with pytest.raises(Unauthenticated):
        other_door.by_session_token(token)


def test_a_session_token_expires(door: Authenticator, reads: Engine, writes: Engine) -> None:
    hire(writes, email := new_email())
    token = authenticator_on(reads, writes, access_token_hours=0).open_session_token(
        door.by_password(email, PASSWORD)
    )

    with pytest.raises(Unauthenticated):
        door.by_session_token(token)


def test_basic_looks_at_the_password_once_for_all_processes(
    door: Authenticator, other_door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    verify = passwords.password_fits.__code__

    assert calls_of(verify, lambda: door.by_basic(email, PASSWORD)) == 1
    assert calls_of(verify, lambda: door.by_basic(email, PASSWORD)) == 0
    assert calls_of(verify, lambda: other_door.by_basic(email, PASSWORD)) == 0
    assert calls_of(verify, lambda: door.by_basic(email, PASSWORD + "x")) == 1
    assert door.by_basic(email, PASSWORD, client="shotrunner").person_id == person_id


def test_basic_looks_again_when_its_session_has_expired(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    door.by_basic(email, PASSWORD)
    with writes.begin() as connection:
        expire = text("UPDATE login_session SET expires_at = now() WHERE person_id = :id")
        connection.execute(expire, {"id": person_id})

    verify = passwords.password_fits.__code__
    assert calls_of(verify, lambda: door.by_basic(email, PASSWORD)) == 1
    assert calls_of(verify, lambda: door.by_basic(email, PASSWORD)) == 0


def test_basic_takes_any_letters_and_colons_in_a_password(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, new_email(), login="zoé")
    set_password(writes, person_id, "pâté:日本:語")

    assert door.by_basic("zoé", "pâté:日本:語").person_id == person_id


def test_basic_is_over_when_the_password_changes_and_back_when_it_returns(
    door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    door.by_basic(email, PASSWORD)
    set_password(writes, person_id, "another long password")
    with pytest.raises(Unauthenticated):
        door.by_basic(email, PASSWORD)

    set_password(writes, person_id, PASSWORD)

    assert door.by_basic(email, PASSWORD).person_id == person_id


def test_basic_sessions_of_another_secret_key_are_not_ours(
    reads: Engine, writes: Engine, door: Authenticator
) -> None:
    hire(writes, email := new_email())
    door.by_basic(email, PASSWORD)
    stranger = Authenticator(reads, writes, "quite another secret key, as long", LoginRules())

    assert calls_of(passwords.password_fits.__code__, lambda: stranger.by_basic(email, PASSWORD)) == 1


# -- acting as somebody else -------------------------------------------------------------------------


@pytest.fixture
def colleague(writes: Engine) -> uuid.UUID:
    """A person whom scripts act as."""
    email = new_email()
    return hire(writes, email, login=email.partition("@")[0])


def login_of(writes: Engine, person_id: uuid.UUID) -> str:
    return str(one(writes, "SELECT login FROM person WHERE id = :id", id=person_id))


def test_a_script_acts_as_a_person_with_that_persons_rights(
    door: Authenticator, writes: Engine, colleague: uuid.UUID
) -> None:
    project_id = create(writes, "Project", name="shared")
    create(writes, "Membership", project_id=project_id, person_id=colleague, role="client")
    script = door.by_script_key("actor", create_script(writes, "actor"), client="shotgun")

    actor = door.sudo(script, login_of(writes, colleague))

    assert (actor.person_id, actor.sudo_id, actor.client) == (colleague, script.person_id, "shotgun")
    assert (actor.role, actor.project_roles) == ("user", {project_id: "client"})


def test_a_token_of_a_script_that_acts_as_a_person_is_the_scripts(
    door: Authenticator, writes: Engine, colleague: uuid.UUID
) -> None:
    script = door.by_script_key("shy", create_script(writes, "shy"))
    token = door.open_session_token(door.sudo(script, login_of(writes, colleague)))

    assert door.by_session_token(token).person_id == script.person_id


def test_only_scripts_of_administrators_act_as_somebody_else(
    door: Authenticator, writes: Engine, colleague: uuid.UUID
) -> None:
    login = login_of(writes, colleague)
    admin = door.by_password("chief@example.com", create_admin(writes, "chief@example.com"))
    key = create_script(writes, "humble")
    update(writes, "ApiUser", door.by_script_key("humble", key).person_id, role="user")
    humble = door.by_script_key("humble", key)

    for actor in (admin, humble):
        with pytest.raises(Forbidden):
            door.sudo(actor, login)


def test_nobody_acts_as_a_stranger_a_closed_account_or_a_script(
    door: Authenticator, writes: Engine, colleague: uuid.UUID
) -> None:
    script = door.by_script_key("bold", create_script(writes, "bold"))
    login = login_of(writes, colleague)
    update(writes, "Person", colleague, active=False)

    for name in (login, "stranger", "bold"):
        with pytest.raises(Forbidden):
            door.sudo(script, name)
    with pytest.raises(Unauthenticated):
        door.sudo(script, "odd\0login")
