"""People of ShotRunner: how they come in, what is asked of them, and whom they work for."""

from __future__ import annotations

from typing import Any

import pytest
from pyactiveresource import connection

from tests.clients.shotrunner.site import PASSWORD, classes, numbers, person

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def login_of(sr: Any) -> str:
    """A name that nobody has."""
    return f"{sr.extension}{next(numbers)}"


def test_an_administrator_makes_a_user_with_a_password_who_logs_in(site: Any, sr: Any) -> None:
    login = login_of(sr)
    user = sr.User.create({"login": login, "password": "first words"})
    assert (user.status, user.im_type) == ("A", "AIM")
    assert "password" not in sr.User.find(user.id).to_dict()
    theirs = classes(site.url, sr.extension, login, "first words")
    assert theirs.User.find(user.id).login == login


def test_people_give_themselves_a_new_password_and_nobody_else(site: Any, sr: Any) -> None:
    login = login_of(sr)
    user, other = person(sr, login), person(sr, login_of(sr))
    theirs = classes(site.url, sr.extension, login)
    assert theirs.User({"id": user.id, "password": "second words"}).save()
    with pytest.raises(connection.UnauthorizedAccess):
        theirs.User.find(user.id)
    again = classes(site.url, sr.extension, login, "second words")
    assert again.User.find(user.id).login == login
    with pytest.raises(connection.ForbiddenAccess):
        again.User({"id": other.id, "password": "third words"}).save()


def test_a_weak_password_is_refused_and_nobody_is_made(sr: Any) -> None:
    login = login_of(sr)
    user = sr.User.create({"login": login, "password": "x"})
    assert user.id is None
    assert not sr.User.find(login=login)


def test_the_old_login_opens_nothing_once_somebody_is_renamed(site: Any, sr: Any) -> None:
    old, new = login_of(sr), login_of(sr)
    user = person(sr, old)
    theirs = classes(site.url, sr.extension, old)
    assert theirs.User.find(user.id).login == old
    user.login = new
    assert user.save()
    with pytest.raises(connection.UnauthorizedAccess):
        theirs.User.find(user.id)
    assert classes(site.url, sr.extension, new).User.find(user.id).login == new


def test_who_is_made_without_a_password_is_pending_and_words_of_status_come_back(sr: Any) -> None:
    login = login_of(sr)
    user = sr.User.create({"login": login})
    assert user.status == "P"
    for word in ("A", "I", "P"):
        user.status = word
        assert user.save()
        assert sr.User.find(user.id).status == word
        assert [each.id for each in sr.User.find(status=word, login=login)] == [user.id]
    user.status = "X"
    assert not user.save()


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("email", "notmail"),
        ("login", "a:b"),
        ("time_zone", "Mars/Olympus"),
        ("cell_phone", "1" * 21),
        ("state", "NYC"),
        ("company_id", 10**9),
    ],
)
def test_what_a_person_cannot_have_is_refused_by_name(sr: Any, key: str, wrong: object) -> None:
    user = sr.User.create({"login": login_of(sr)} | {key: wrong})
    assert user.id is None
    assert key in str(user.errors.full_messages()) or sr.extension == "json"


def test_a_zone_of_rails_is_the_one_that_all_tools_know(sr: Any) -> None:
    user = sr.User.create({"login": login_of(sr), "time_zone": "Pacific Time (US & Canada)"})
    assert sr.User.find(user.id).time_zone == "America/Los_Angeles"


def test_a_user_shows_the_company_and_may_send_it_back(sr: Any) -> None:
    company = sr.Company.create({"name": f"Rotten {sr.extension} {next(numbers)}"})
    user = sr.User.create({"login": login_of(sr), "company_id": company.id})
    found = sr.User.find(user.id)
    assert (found.company.id, found.company.name) == (company.id, company.name)
    found.title = "Compositor"
    assert found.save()
    assert [each.id for each in sr.User.find(from_=f"/companies/{company.id}/users.{sr.extension}")] == [
        user.id
    ]
    assert sr.User.find(user.id).company_id == company.id


def test_a_company_is_one_of_kitsus_studios(site: Any, sr: Any) -> None:
    name = f"Vendor {sr.extension} {next(numbers)}"
    company = sr.Company.create({"name": name})
    with site.engine.connect() as connected:
        found = connected.exec_driver_sql("SELECT count(*) FROM studio WHERE name = %s", (name,)).scalar()
    assert found == 1
    assert company.created_at is not None


def test_a_team_has_a_lead_members_and_teams_below(sr: Any, show: Any) -> None:
    lead, member = person(sr, login_of(sr)), person(sr, login_of(sr))
    team = sr.Team.create(
        {
            "name": "Comp",
            "code": "cmp",
            "description": "they *comp*",
            "web_page": "http://comp",
            "email": "comp@example.com",
            "teamlead_id": lead.id,
            "project_id": show.project.id,
        }
    )
    below = sr.Team.create({"name": "Roto", "parent_id": team.id, "project_id": show.project.id})
    sr.Member.create({"user_id": member.id, "project_id": show.project.id, "team_id": team.id})
    found = sr.Team.find(team.id)
    assert (found.code, found.email, found.teamlead_id) == ("cmp", "comp@example.com", lead.id)
    end = f".{sr.extension}"
    assert [each.id for each in sr.Team.find(from_=f"/teams/{team.id}/teams{end}")] == [below.id]
    assert [each.id for each in sr.User.find(from_=f"/teams/{team.id}/users{end}")] == [member.id]
    assert [each.id for each in sr.Team.find(from_=f"/users/{member.id}/teams{end}")] == [team.id]
    assert [each.id for each in sr.Team.find(from_=f"/users/{lead.id}/teams{end}")] == [team.id]
    wanted = {team.id, below.id}
    assert {each.id for each in sr.Team.find(from_=f"/projects/{show.project.id}/teams{end}")} == wanted


def test_the_role_of_a_member_gives_its_rights(site: Any, sr: Any, show: Any) -> None:
    login = login_of(sr)
    user = person(sr, login)
    role = sr.Role.create({"name": "Producer", "rights": "manager", "position": 3})
    sr.Member.create({"user_id": user.id, "project_id": show.project.id, "role_id": role.id})
    theirs = classes(site.url, sr.extension, login, PASSWORD)
    assert theirs.Sequence.create({"sequence_code": "SC900", "project_id": show.project.id}).id
    assert sr.Role.create({"name": "Wizard", "rights": "wizard"}).id is None


@pytest.mark.parametrize(
    ("type_name", "key"),
    [
        ("Project", "sponsor_id"),
        ("Project", "default_team_id"),
        ("Asset", "team_id"),
        ("Asset", "company_id"),
        ("Member", "role_id"),
        ("Member", "team_id"),
    ],
)
def test_a_link_to_what_does_not_exist_is_refused(sr: Any, show: Any, type_name: str, key: str) -> None:
    user = person(sr, login_of(sr))
    values = {
        "Project": {"code": f"P{next(numbers)}"},
        "Asset": {"asset_label": "x", "asset_type": "Prop", "project_id": show.project.id},
        "Member": {"user_id": user.id, "project_id": show.project.id},
    }
    made = getattr(sr, type_name).create({**values[type_name], key: 10**9})
    assert made.id is None


def test_who_tries_too_many_passwords_is_told_when_to_come_back(site: Any, sr: Any) -> None:
    login = login_of(sr)
    person(sr, login)
    for _ in range(5):
        with pytest.raises(connection.UnauthorizedAccess):
            classes(site.url, sr.extension, login, "wrong words").Project.find()
    with pytest.raises(connection.ClientError) as refused:
        classes(site.url, sr.extension, login).Project.find()
    assert refused.value.response.code == 429
    assert int(refused.value.response.headers["Retry-After"]) == 60
