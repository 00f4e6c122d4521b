"""How long people stay in, what a session knows of them, and who is thrown out when."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.services.people.people import (
    PASSWORD,
    authenticator_on,
    create,
    delete,
    hire,
    new_email,
    update,
)
from zou_server.models.errors import Invalid, Locked, Unauthenticated
from zou_server.services.people.manage_sessions import SessionKind

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from zou_server.services.people.authenticate import Authenticator

OTHER_PASSWORD = "another long password"


def test_a_session_brings_the_roles_of_a_person_on_their_teams(door: Authenticator, writes: Engine) -> None:
    craft = create(writes, "Department", name="Animation")
    names = ("here", "there", "gone", "foreign")
    here, there, gone, foreign = (create(writes, "Project", name=name) for name in names)
    person_id = hire(writes, email := new_email(), role="user", departments=[craft])
    create(writes, "Membership", project_id=here, person_id=person_id)
    create(writes, "Membership", project_id=there, person_id=person_id, role="supervisor")
    left = create(writes, "Membership", project_id=gone, person_id=person_id)
    delete(writes, "Membership", left)
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
        with pytest.raises(Unauthenticated):
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


def test_a_farm_that_logs_in_all_at_once_gets_in(
    door: Authenticator, other_door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())

    def come_in(number: int) -> uuid.UUID:
        way = other_door.by_basic if number % 2 else other_door.by_password
        actor = way(email, PASSWORD)
        access_id, _ = other_door.open_session(actor)
        return door.by_session(access_id).person_id

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(come_in, range(16))) == {person_id}


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


def test_an_account_that_is_opened_again_has_none_of_its_old_log_ins(
    door: Authenticator, writes: Engine
) -> None:
    person_id = hire(writes, email := new_email())
    access_id, refresh_id = door.open_session(door.by_password(email, PASSWORD))
    update(writes, "Person", person_id, active=False)
    update(writes, "Person", person_id, active=True)
    for way in (lambda: door.by_session(access_id), lambda: door.renew_session(refresh_id)):
        with pytest.raises(Unauthenticated):
            way()


def test_a_refresh_token_is_replaced_and_ends_the_log_in_when_it_comes_again_later(
    door: Authenticator, writes: Engine
) -> None:
    hire(writes, email := new_email())
    _, first = door.open_session(door.by_password(email, PASSWORD))
    _, access_id, second = door.rotate_session(first)
    _, _, third = door.rotate_session(second)
    assert door.rotate_session(first)[1], "two tabs ask at the same moment"
    with writes.begin() as connection:
        moved = "UPDATE login_session SET replaced_at = replaced_at - interval '61 s' WHERE id = :id"
        connection.execute(text(moved), {"id": second})
    assert door.by_session(access_id)
    with pytest.raises(Unauthenticated):
        door.rotate_session(second)
    for way in (lambda: door.by_session(access_id), lambda: door.rotate_session(third)):
        with pytest.raises(Unauthenticated):
            way()


def test_whoever_a_provider_let_in_stays_in_where_a_second_factor_is_enforced(
    reads: Engine, writes: Engine
) -> None:
    hire(writes, email := new_email())
    strict = authenticator_on(reads, writes, enforce_second_factor=True)
    actor = strict.by_password(email, PASSWORD, to_enrol=True)
    _, refresh_id = strict.open_session(actor, proved_elsewhere=True)
    for _ in range(2):
        _, _, refresh_id = strict.rotate_session(refresh_id)
    assert strict.renew_session(refresh_id)[1]
    access_id, refresh_id = strict.open_session(actor)
    for way in (strict.renew_session, strict.rotate_session):
        with pytest.raises(Unauthenticated):
            way(refresh_id)
    with pytest.raises(Unauthenticated):
        strict.by_session(access_id)
