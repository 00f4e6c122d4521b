"""Two people of one e-mail address, as ftrack has them: the first logs in by it, the other by name."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa

from tests.studio import StudioKit
from zou_server.models.access import OneTimeSecret
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.errors import Conflict, Invalid, Unauthenticated
from zou_server.models.registry import facet
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.people.mails import Post
from zou_server.services.people.reset_password import ask_for_reset
from zou_server.services.people.set_password import set_password
from zou_server.services.write.operations import Create

FTRACK = replace(SYSTEM, client="ftrack")
FIRST, SECOND = "the first long password", "the second long password"


@pytest.fixture
def address() -> str:
    """An address of this test's own."""
    return f"{uuid.uuid4().hex}@example.com"


def person(kit: StudioKit, address: str, actor: Actor = SYSTEM, **values: str) -> uuid.UUID:
    login = values.pop("login", uuid.uuid4().hex)
    return kit.create("HumanUser", actor, email=address, login=login, **values)


def door(kit: StudioKit) -> Authenticator:
    return Authenticator(kit.studio.reads, kit.studio.writes, "x" * 40, LoginRules())


def test_each_logs_in_as_themselves_and_no_password_opens_anothers_account(
    kit: StudioKit, address: str
) -> None:
    first = person(kit, address, login=f"a{address[:8]}")
    second = person(kit, address, FTRACK, login=f"b{address[:8]}")
    set_password(kit.studio.writes, first, FIRST)
    set_password(kit.studio.writes, second, SECOND)
    found = door(kit)
    assert found.by_password(address, FIRST).person_id == first
    assert found.by_password(f"b{address[:8]}", SECOND).person_id == second
    with pytest.raises(Unauthenticated):
        found.by_password(address, SECOND)


@pytest.mark.parametrize("last_written", [0, 1])
def test_an_address_is_its_owners_though_another_has_it_for_a_name(
    kit: StudioKit, address: str, last_written: int
) -> None:
    people = person(kit, address), person(kit, address, FTRACK, login=address)
    set_password(kit.studio.writes, people[0], FIRST)
    set_password(kit.studio.writes, people[1], SECOND)
    kit.update("HumanUser", people[last_written], first_name="last")  # changes the order they are found in
    assert door(kit).by_password(address, FIRST).person_id == people[0]
    ask_for_reset(kit.studio, Post("x" * 40), address, "https://studio.example")
    with kit.studio.writes.connect() as connection:
        wanted = sa.select(OneTimeSecret.person_id).where(OneTimeSecret.person_id.in_(people))
        assert list(connection.scalars(wanted)) == [people[0]]


def test_other_clients_still_refuse_an_address_that_is_taken(kit: StudioKit, address: str) -> None:
    person(kit, address)
    for client in ("zou", "shotgun", "shotrunner"):
        with pytest.raises(Conflict):
            person(kit, address, replace(SYSTEM, client=client))


def test_an_address_of_ones_own_is_shared_no_more(kit: StudioKit, address: str) -> None:
    person(kit, address)
    second = person(kit, address, FTRACK)
    assert kit.row("HumanUser", second, "shares_email") is True
    with pytest.raises(Invalid):
        kit.update("HumanUser", second, login=None)
    kit.update("HumanUser", second, FTRACK, email=f"other-{address}")
    assert kit.row("HumanUser", second, "shares_email") is False


def test_people_of_one_commit_may_share_an_address(kit: StudioKit, address: str) -> None:
    of = facet("HumanUser")
    values = [{"email": address, "login": uuid.uuid4().hex} for _ in range(3)]
    made = kit.execute(*(Create(of, each) for each in values), actor=FTRACK)
    shares = [kit.row("HumanUser", each.id, "shares_email") for each in made]
    assert shares == [False, True, True]


@pytest.mark.parametrize("way", ["goes", "has another address"])
def test_who_is_left_with_an_address_holds_it_and_logs_in_by_it(
    kit: StudioKit, address: str, way: str
) -> None:
    first, second, third = (person(kit, address, FTRACK) for _ in range(3))
    set_password(kit.studio.writes, second, SECOND)
    if way == "goes":
        kit.delete("HumanUser", first)
    else:
        kit.update("HumanUser", first, email=f"other-{address}")
    shares = [kit.row("HumanUser", each, "shares_email") for each in (second, third)]
    assert shares == [False, True]
    kit.update("HumanUser", second, login=None)
    assert door(kit).by_password(address, SECOND).person_id == second


def test_a_holder_who_comes_back_shares_the_address_with_whoever_has_it_by_then(
    kit: StudioKit, address: str
) -> None:
    first, second = (person(kit, address, FTRACK) for _ in range(2))
    kit.update("HumanUser", first, login=None)
    kit.delete("HumanUser", first)
    kit.revive("HumanUser", first)
    assert kit.row("HumanUser", first, "shares_email", "login")["shares_email"] is True
    assert kit.row("HumanUser", first, "login")
    kit.delete("HumanUser", first)
    kit.delete("HumanUser", second)
    kit.revive("HumanUser", first)
    assert kit.row("HumanUser", first, "shares_email") is False


def test_nobody_shares_an_address_without_a_log_in_name(kit: StudioKit, address: str) -> None:
    person(kit, address)
    other = person(kit, f"other-{address}")
    kit.update("HumanUser", other, login=None)
    with pytest.raises(Invalid, match="login"):
        kit.update("HumanUser", other, FTRACK, email=address)
