"""Log-ins: the code of a second factor, accounts that are closed, and what the log tells of them."""

from __future__ import annotations

import datetime as dt

import gazu
import pyotp
import pytest
import shotgun_api3
import sqlalchemy as sa

from tests.clients.shotgun.site import LOGIN, PASSWORD, Client, Row, Site, new
from zou_server.models.access import SecondFactor

AuthenticationFault = shotgun_api3.AuthenticationFault
NeedsCode = shotgun_api3.MissingTwoFactorAuthenticationFault
SECRET = pyotp.random_base32()


def person(sg: Client, name: str) -> Row:
    values = {"name": f"{name} X", "login": name, "email": f"{name}@x.example", "password_proxy": PASSWORD}
    made: Row = sg.create("HumanUser", values)
    return made


def newest(sg: Client, event_type: str) -> Row:
    names = ["event_type", "description", "user", "entity", "meta"]
    order = [{"field_name": "id", "direction": "desc"}]
    found: Row = sg.find_one("EventLogEntry", [["event_type", "is", event_type]], names, order)
    return found


def test_a_log_in_is_told_in_the_log(site: Site, sg: Client) -> None:
    ann = person(sg, "anna")
    with site.client(login="anna", password=PASSWORD) as mine:
        mine.get_session_token()
    told = newest(sg, "Shotgun_User_Login")
    assert (told["user"]["id"], told["entity"]["id"]) == (ann["id"], ann["id"])
    assert told["description"] == "anna X logged in"
    assert told["meta"]["type"] == "user_login"


def test_a_log_in_of_another_client_is_told_too(site: Site, sg: Client) -> None:
    client = gazu.client.create_client(f"{site.url}/api")
    gazu.log_in(LOGIN, PASSWORD, client=client)
    told = newest(sg, "Shotgun_User_Login")
    boss = sg.find_one("HumanUser", [["email", "is", LOGIN]])
    assert told["user"]["id"] == told["entity"]["id"] == boss["id"]


def test_entries_of_tools_are_found_by_their_type(sg: Client) -> None:
    made = sg.create("EventLogEntry", {"event_type": "Toolkit_Folders_Create", "description": "made"})
    assert newest(sg, "Toolkit_Folders_Create")["id"] == made["id"]
    for relation, value in (("starts_with", "Toolkit_"), ("ends_with", "_Create"), ("contains", "Folders")):
        assert made["id"] in {
            each["id"] for each in sg.find("EventLogEntry", [["event_type", relation, value]])
        }


def test_an_account_is_closed_until_a_moment(site: Site, sg: Client) -> None:
    ben = person(sg, "benn")
    sg.update("HumanUser", ben["id"], {"locked_until": dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)})
    with site.client(login="benn", password=PASSWORD) as mine, pytest.raises(AuthenticationFault):
        mine.find_one("Project", [])
    sg.update("HumanUser", ben["id"], {"locked_until": None})
    with site.client(login="benn", password=PASSWORD) as mine:
        assert mine.find("Status", [], limit=1)


def test_who_has_a_second_factor_sends_its_code(site: Site, sg: Client) -> None:
    cat = person(sg, "cate")
    with site.engine.begin() as connection:
        values = {
            "person_id": site.id_of("Person", cat["id"]),
            "kind": "totp",
            "secret": SECRET,
            "enabled": True,
        }
        connection.execute(sa.insert(SecondFactor).values(values))
    with site.client(login="cate", password=PASSWORD) as mine, pytest.raises(NeedsCode):
        mine.find_one("Status", [])
    with pytest.raises(NeedsCode), site.client(login="cate", password=PASSWORD, auth_token="000000"):
        pass
    with pytest.raises(AuthenticationFault), site.client(login="cate", password="wrong", auth_token="000000"):
        pass
    with site.client(login="cate", password=PASSWORD, auth_token=pyotp.TOTP(SECRET).now()) as mine:
        assert mine.find("Status", [], limit=1)


def test_a_script_that_is_to_leave_no_traces_leaves_none(site: Site, sg: Client) -> None:
    (script,) = sg.find("ApiUser", [])
    project = new(sg, "Project")
    made = new(sg, "Shot", project=project)
    sg.update("ApiUser", script["id"], {"generate_event_log_entries": False})
    assert sg.find("EventLogEntry", [["entity", "is", made]]) == []
    sg.update("ApiUser", script["id"], {"generate_event_log_entries": True})
    assert sg.find("EventLogEntry", [["entity", "is", made]])
    assert site.url
