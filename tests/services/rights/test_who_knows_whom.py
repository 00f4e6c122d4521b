"""What people learn of each other: no addresses, no strangers, and nothing by way of an order."""

from __future__ import annotations

import uuid

import pytest

from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Invalid


@pytest.fixture(scope="module")
def project(kit: StudioKit) -> uuid.UUID:
    return kit.project()


def seen(kit: StudioKit, actor: Actor, *paths: str) -> dict[str, dict[str, object]]:
    return {row["id"]: row for row in kit.rows("Person", "id", *paths, actor=actor)}


def test_a_login_is_what_is_before_the_at_and_nobodys_elses(kit: StudioKit) -> None:
    made = [
        kit.create("Person", first_name="A", last_name="B", email=f"jo.doe@{host}.example")
        for host in ("one", "two")
    ]
    assert [kit.row("Person", each, "login") for each in made] == ["jo.doe", "jo.doe2"]


@pytest.mark.parametrize("role", ["user", "supervisor", "vendor", "client"])
def test_nobody_but_managers_reads_an_address_out_of_a_login(
    kit: StudioKit, project: uuid.UUID, role: str
) -> None:
    reader = kit.person(role, {project: None})
    mate = kit.person(role, {project: None})
    kit.update("Person", mate.person_id, login="mate@studio.example")
    assert seen(kit, reader, "login")[str(mate.person_id)]["login"] is None
    assert seen(kit, mate, "login")[str(mate.person_id)]["login"] == "mate@studio.example"
    assert seen(kit, kit.person("manager"), "login")[str(mate.person_id)]["login"] == "mate@studio.example"
    by_piece = Where("login", Op.CONTAINS, "mate@")
    assert kit.rows("Person", "id", where=by_piece, actor=reader) == []
    kit.update("Person", mate.person_id, login=None)


def test_a_vendor_knows_who_shares_a_project_and_a_client_other_clients(
    kit: StudioKit, project: uuid.UUID
) -> None:
    vendor, client, other = (kit.person(role, {project: None}) for role in ("vendor", "client", "client"))
    artist, stranger = kit.person("user", {project: None}), kit.person("user", {kit.project(): None})
    known = seen(kit, vendor)
    assert {str(vendor.person_id), str(artist.person_id)} <= known.keys()
    assert str(stranger.person_id) not in known
    rows = seen(kit, client, "full_name")
    assert {str(client.person_id), str(other.person_id)} <= rows.keys()
    assert str(artist.person_id) not in rows
    assert all(row["full_name"] for row in rows.values())


def test_a_client_knows_no_client_of_another_project_unless_they_spoke_here(
    kit: StudioKit, project: uuid.UUID
) -> None:
    elsewhere = kit.project()
    client, rival = kit.person("client", {project: None}), kit.person("client", {elsewhere: None})
    assert str(rival.person_id) not in seen(kit, client)
    by_name = Where("full_name", Op.CONTAINS, rival.name[:8])
    assert str(rival.person_id) not in {
        row["id"] for row in kit.rows("Person", "id", where=by_name, actor=client)
    }
    task = kit.create("Task", name="look", entity_id=kit.shot(project))
    kit.create("Note", text="as a guest", for_client=True, object_id=task, person_id=rival.person_id)
    assert seen(kit, client, "full_name")[str(rival.person_id)]["full_name"] == rival.name


def test_a_cursor_tells_nothing_of_a_row_that_is_not_seen(kit: StudioKit, project: uuid.UUID) -> None:
    hidden = kit.project()
    playlists = {
        place: kit.create("Playlist", name=name, project_id=place)
        for place, name in ((project, "middle"), (hidden, "a secret"))
    }
    artist = kit.person("user", {project: None})
    order = (Order("name"),)
    mine = Where("name", Op.EQ, "middle")
    page = kit.rows("Playlist", where=mine, order=order, after=str(playlists[hidden]), actor=artist)
    assert page == []
    assert len(kit.rows("Playlist", where=mine, order=order, after=str(playlists[hidden]), actor=SYSTEM)) == 1


def test_a_cursor_and_an_order_tell_nothing_of_a_field_that_is_not_seen(
    kit: StudioKit, project: uuid.UUID
) -> None:
    client = kit.person("client", {project: None})
    boss = kit.person("manager", {project: None})
    with pytest.raises(Invalid, match="A cursor needs"):
        kit.rows("Person", order=(Order("full_name"),), after=str(boss.person_id), actor=client)
    artist = kit.person("user", {project: None})
    for facet_name, path in (("Person", "daily_salary"), ("Organisation", "chat_token_slack")):
        with pytest.raises(Invalid, match="cannot be sorted by"):
            kit.rows(facet_name, "id", order=(Order(path),), actor=artist)
