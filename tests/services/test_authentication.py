"""Who may come in with a password, for how long, and who is thrown out when."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.services.people import PASSWORD, authenticator_on, calls_of, create, hire, new_email, update
from zou_server.adapters.database import make_engine
from zou_server.models.errors import Invalid, Locked, NotFound, Unauthenticated
from zou_server.services import passwords
from zou_server.services.load_actor import InactivePerson
from zou_server.services.manage_credentials import set_password
from zou_server.services.manage_sessions import SessionKind
from zou_server.services.operations import Delete
from zou_server.services.studio import Studio
from zou_server.settings import Settings
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from tests.conftest import SuitePostgres
    from zou_server.services.authenticate import Authenticator

READ_ONLY = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
OTHER_PASSWORD = "another long password"


@pytest.fixture(scope="module")
def studio_settings(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings of one database for the whole module; each test hires people of its own."""
    url = postgres.migrated_database()
    data_dir: Path = tmp_path_factory.mktemp("authentication")
    yield Settings.from_env({}, database_url=url, data_dir=data_dir)
    postgres.drop(url)


@pytest.fixture(scope="module")
def writes(studio_settings: Settings) -> Iterator[Engine]:
    """The engine that opens transactions."""
    engine = make_engine(studio_settings)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def reads(studio_settings: Settings) -> Iterator[Engine]:
    """An autocommit engine on which every write fails: reading an actor writes nothing."""
    sole = dataclasses.replace(studio_settings, database_pool_size=1)
    engine = make_engine(sole, autocommit=True)
    raw = engine.raw_connection()
    raw.cursor().execute(READ_ONLY)
    raw.close()
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def door(reads: Engine, writes: Engine) -> Authenticator:
    """One web process."""
    return authenticator_on(reads, writes)


@pytest.fixture
def other_door(studio_settings: Settings) -> Iterator[Authenticator]:
    """Another web process: engines and connections of its own."""
    reads, writes = make_engine(studio_settings, autocommit=True), make_engine(studio_settings)
    yield authenticator_on(reads, writes)
    reads.dispose()
    writes.dispose()


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


def test_an_unknown_person_gets_the_same_answer_as_a_wrong_password(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())

    with pytest.raises(Unauthenticated) as wrong:
        door.by_password(email, "not the password")
    with pytest.raises(Unauthenticated) as unknown:
        door.by_password(new_email(), "not the password")

    assert (type(wrong.value), wrong.value.message) == (type(unknown.value), unknown.value.message)


@pytest.mark.parametrize("has_password", [True, False, None], ids=["known", "without a password", "unknown"])
def test_a_password_is_hashed_once_whoever_it_is_for(
    door: Authenticator, writes: Engine, has_password: bool | None  # noqa: FBT001 - pytest passes it by name
) -> None:
    email = new_email()
    if has_password:
        hire(writes, email)
    elif has_password is False:
        create(writes, "Person", email=email, first_name="No", last_name="Password")

    assert calls_of(passwords._fits.__code__, lambda: door.by_password(email, "not the password")) == 1


@pytest.mark.parametrize("change", [{"active": False}, {"expiration_date": date.today() - timedelta(days=1)}])  # noqa: DTZ011
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
    with Studio(writes, writes).write(SYSTEM) as work:
        work.execute([Delete(facet("Person"), person_id)])
        work.commit()

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
    pass_time(writes, person_id, "59 seconds")
    with pytest.raises(Locked):
        door.by_password(email, PASSWORD)
    pass_time(writes, person_id, "1 second")

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


def pass_time(writes: Engine, person_id: uuid.UUID, duration: str) -> None:
    statement = "UPDATE credential SET locked_until = locked_until - :d ::interval WHERE person_id = :p"
    with writes.begin() as connection:
        connection.execute(text(statement), {"d": duration, "p": person_id})


# -- sessions ----------------------------------------------------------------------------------------


def test_a_session_brings_the_roles_of_a_person_on_their_teams(door: Authenticator, writes: Engine) -> None:
    craft = create(writes, "Department", name="Animation")
    here, there, gone, foreign = (create(writes, "Project", name=name) for name in ("here", "there", "gone", "no"))
    person_id = hire(writes, email := new_email(), role="user", departments=[craft])
    create(writes, "Membership", project_id=here, person_id=person_id)
    create(writes, "Membership", project_id=there, person_id=person_id, role="supervisor")
    left = create(writes, "Membership", project_id=gone, person_id=person_id)
    with Studio(writes, writes).write(SYSTEM) as work:
        work.execute([Delete(facet("Membership"), left)])
        work.commit()
    access_id, _ = door.open_session(door.by_password(email, PASSWORD))

    actor = door.by_session(access_id, client="zou")

    assert actor.project_roles == {here: "user", there: "supervisor"}
    assert actor.department_ids == (craft,)
    assert (actor.role, actor.kind, actor.client, actor.session_id) == ("user", "Person", "zou", access_id)
    assert actor.role_in(foreign) is None


def test_an_administrator_needs_no_team(door: Authenticator, writes: Engine) -> None:
    project_id = create(writes, "Project", name="everybody's")
    person_id = hire(writes, email := new_email(), role="admin")
    create(writes, "Membership", project_id=project_id, person_id=person_id, role="client")

    actor = door.by_password(email, PASSWORD)

    assert (actor.project_roles, actor.role_in(project_id)) == ({}, "admin")


def test_every_process_sees_a_session_end(
    door: Authenticator, other_door: Authenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())
    first = door.open_session(door.by_password(email, PASSWORD))
    second = door.open_session(door.by_password(email, PASSWORD))
    assert other_door.by_session(first[0]) == door.by_session(first[0])

    other_door.end_session(first[0])

    with pytest.raises(Unauthenticated):
        door.by_session(first[0])
    with pytest.raises(Unauthenticated):
        door.renew_session(first[1])
    assert door.by_session(second[0]).person_id == other_door.renew_session(second[1])[0].person_id


def test_logging_out_ends_every_access_token_of_that_log_in(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())
    first_access, refresh = door.open_session(door.by_password(email, PASSWORD))
    _, second_access = door.renew_session(refresh)

    door.end_session(second_access)

    for session_id in (first_access, second_access):
        with pytest.raises(Unauthenticated):
            door.by_session(session_id)


def test_a_closed_account_is_out_at_once(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    access_id, refresh_id = door.open_session(door.by_basic(email, PASSWORD))

    update(writes, "Person", person_id, active=False)

    for way in (
        lambda: door.by_session(access_id),
        lambda: door.renew_session(refresh_id),
        lambda: door.by_basic(email, PASSWORD),
    ):
        with pytest.raises(InactivePerson):
            way()


def test_one_kind_of_session_never_passes_for_another(door: Authenticator, writes: Engine) -> None:
    hire(writes, email := new_email())
    door.by_basic(email, PASSWORD)
    basic_id = door.by_basic(email, PASSWORD).session_id
    token_id = door.by_session_token(door.open_session_token(door.by_basic(email, PASSWORD))).session_id
    access_id, refresh_id = door.open_session(door.by_basic(email, PASSWORD))
    assert basic_id
    assert token_id

    for session_id in (basic_id, token_id, refresh_id, uuid.uuid4()):
        with pytest.raises(Unauthenticated):
            door.by_session(session_id)
    for session_id in (basic_id, token_id, access_id, uuid.uuid4()):
        with pytest.raises(Unauthenticated):
            door.by_session(session_id, kind=SessionKind.REFRESH)


def test_sessions_expire(door: Authenticator, reads: Engine, writes: Engine) -> None:
    hire(writes, email := new_email())
    short = authenticator_on(reads, writes, access_token_hours=0, refresh_token_days=0)
    access_id, refresh_id = short.open_session(door.by_password(email, PASSWORD))

    with pytest.raises(Unauthenticated):
        door.by_session(access_id)
    with pytest.raises(Unauthenticated):
        door.renew_session(refresh_id)


def test_expired_sessions_of_a_person_go_when_they_log_in_again(
    door: Authenticator, reads: Engine, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    actor = door.by_password(email, PASSWORD)
    for _ in range(3):
        authenticator_on(reads, writes, access_token_hours=0, refresh_token_days=0).open_session(actor)
    door.open_session(actor)

    with writes.connect() as connection:
        kept = text("SELECT count(*) FROM login_session WHERE person_id = :id")
        assert connection.scalar(kept, {"id": person_id}) == 2


def test_a_new_password_ends_every_session_in_every_process(
    door: Authenticator, other_door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    actor = door.by_basic(email, PASSWORD)
    token = door.open_session_token(actor)
    access_id, refresh_id = door.open_session(actor)
    other_door.by_session(access_id)

    door.change_password(actor, PASSWORD, OTHER_PASSWORD)

    for each in (door, other_door):
        for way in (
            lambda each=each: each.by_session(access_id),
            lambda each=each: each.renew_session(refresh_id),
            lambda each=each: each.by_session_token(token),
            lambda each=each: each.by_basic(email, PASSWORD),
            lambda each=each: each.by_password(email, PASSWORD),
        ):
            with pytest.raises(Unauthenticated):
                way()
    assert other_door.by_password(email, OTHER_PASSWORD).person_id == person_id


def test_all_sessions_of_one_person_end_and_nobody_elses(door: Authenticator, writes: Engine) -> None:
    person_id = hire(writes, email := new_email())
    hire(writes, other_email := new_email())
    mine, _ = door.open_session(door.by_password(email, PASSWORD))
    theirs, _ = door.open_session(door.by_password(other_email, PASSWORD))

    door.end_all_sessions(person_id)

    with pytest.raises(Unauthenticated):
        door.by_session(mine)
    assert door.by_session(theirs)


def test_changing_a_password_asks_for_the_old_one_and_counts_the_tries(
    door: Authenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())
    actor = door.by_password(email, PASSWORD)

    with pytest.raises(Invalid) as weak:
        door.change_password(actor, PASSWORD, "short")
    assert list(weak.value.fields) == ["password"]
    for _ in range(5):
        with pytest.raises(Invalid) as wrong:
            door.change_password(actor, "not the password", OTHER_PASSWORD)
        assert list(wrong.value.fields) == ["old_password"]
    with pytest.raises(Locked):
        door.change_password(actor, PASSWORD, OTHER_PASSWORD)
