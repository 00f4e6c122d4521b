"""Companies of ShotRunner: the studio's own, and vendors who learn nothing of each other."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from pyactiveresource import connection

from tests.clients.shotrunner.site import classes, numbers, person

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


@pytest.fixture
def vendors(site: Any, sr: Any) -> Iterator[SimpleNamespace]:
    """The house and two vendors, each with somebody on a project of its own and somebody on none."""
    house = sr.Company.create({"name": f"House {next(numbers)}", "is_primary": True})
    producer = person(sr, f"producer{next(numbers)}")
    producer.company_id = house.id
    assert producer.save()
    sides = []
    for name in ("one", "two"):
        company = sr.Company.create({"name": f"Vendor {name} {next(numbers)}"})
        people = [person(sr, f"{name}{sr.extension}{next(numbers)}") for _ in range(2)]
        for each in people:
            each.company_id = company.id
            assert each.save()
        project = sr.Project.create({"code": f"ROX-{next(numbers)}", "sponsor_id": company.id})
        sr.Member.create({"user_id": people[0].id, "project_id": project.id})
        theirs = classes(site.url, sr.extension, people[0].login)
        sides.append(SimpleNamespace(company=company, people=people, project=project, sr=theirs))
    yield SimpleNamespace(house=house, producer=producer, one=sides[0], two=sides[1])
    house.is_primary = False
    house.save()


def test_a_vendor_knows_their_own_company_the_house_and_who_shares_a_project(sr: Any, vendors: Any) -> None:
    one, two = vendors.one, vendors.two
    known = {each.id for each in one.sr.User.find()}
    assert {each.id for each in one.people} | {vendors.producer.id} == known
    with pytest.raises(connection.ResourceNotFound):
        one.sr.User.find(two.people[0].id)
    assert not one.sr.User.exists(two.people[1].id)
    assert not one.sr.User.find(login=two.people[0].login)
    assert one.sr.User.find(per_page=1).metadata["headers"]["X-Total-Count"] == str(len(known))
    sr.Member.create({"user_id": two.people[0].id, "project_id": one.project.id})
    assert one.sr.User.find(two.people[0].id).login == two.people[0].login
    assert not one.sr.User.exists(two.people[1].id)


def test_a_vendor_learns_not_even_the_name_of_another_one(sr: Any, vendors: Any) -> None:
    one, two = vendors.one, vendors.two
    assert {each.id for each in one.sr.Company.find()} == {vendors.house.id, one.company.id}
    with pytest.raises(connection.ResourceNotFound):
        one.sr.Company.find(two.company.id)
    with pytest.raises(connection.ResourceNotFound):
        one.sr.User.find(from_=f"/companies/{two.company.id}/users.{sr.extension}")
    assert [each.id for each in one.sr.Project.find()] == [one.project.id]
    assert not one.sr.Project.exists(two.project.id)
    everybody = {each.id for each in sr.Company.find()}
    assert {vendors.house.id, one.company.id, two.company.id} <= everybody


def test_who_is_of_the_house_knows_everybody(site: Any, sr: Any, vendors: Any) -> None:
    theirs = classes(site.url, sr.extension, vendors.producer.login)
    known = {each.id for each in theirs.User.find()}
    assert {each.id for side in (vendors.one, vendors.two) for each in side.people} <= known
    assert {vendors.one.company.id, vendors.two.company.id} <= {each.id for each in theirs.Company.find()}


def test_a_hidden_person_is_shown_by_no_link_and_a_whole_save_keeps_them(sr: Any, vendors: Any) -> None:
    one, two = vendors.one, vendors.two
    member = sr.Member.create({"user_id": one.people[1].id, "project_id": one.project.id})
    sequence = sr.Sequence.create({"sequence_code": "SC010", "project_id": one.project.id})
    shot = sr.Shot.create({"shot_code": "A", "sequence_id": sequence.id, "supervisor_id": two.people[0].id})
    role = sr.Role.create({"name": "Lead", "rights": "manager"})
    (own,) = sr.Member.find(user_id=one.people[0].id, project_id=one.project.id)
    own.role_id = role.id
    assert own.save()
    seen = one.sr.Shot.find(shot.id)
    assert seen.supervisor_id is None
    seen.title = "from the vendor"
    assert seen.save()
    assert sr.Shot.find(shot.id).supervisor_id == two.people[0].id
    team = sr.Team.create({"name": "Roto", "project_id": one.project.id, "teamlead_id": two.people[0].id})
    assert one.sr.Team.find(team.id).teamlead_id is None
    assert member.id


def test_one_company_is_the_studios_own(site: Any, sr: Any, vendors: Any) -> None:
    def primary() -> list[int]:
        found = sr.Company.find(include="is_primary")
        return [each.id for each in found if each.is_primary]

    assert primary() == [vendors.house.id]
    other = sr.Company.create({"name": f"New house {next(numbers)}", "is_primary": True})
    assert primary() == [other.id]
    other.destroy()
    theirs = classes(site.url, sr.extension, vendors.one.people[0].login)
    assert theirs.User.exists(vendors.two.people[0].id)  # nobody is an outsider where no company is the house


def test_who_is_a_vendor_wherever_they_are_knows_who_shares_a_project(site: Any, sr: Any, show: Any) -> None:
    login = f"roto{sr.extension}{next(numbers)}"
    vendor, mate = person(sr, login), person(sr, f"{login}b")
    stranger = person(sr, f"{login}c")
    role = sr.Role.create({"name": "Vendor", "rights": "vendor"})
    sr.Member.create({"user_id": vendor.id, "project_id": show.project.id, "role_id": role.id})
    sr.Member.create({"user_id": mate.id, "project_id": show.project.id})
    theirs = classes(site.url, sr.extension, login)
    assert {each.id for each in theirs.User.find()} == {vendor.id, mate.id}
    assert not theirs.User.exists(stranger.id)
