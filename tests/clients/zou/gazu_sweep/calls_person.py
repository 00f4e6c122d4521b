"""How each function of gazu.person is called."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import gazu
import pytest

from tests.clients.zou.gazu_sweep.stage import DAY, Row, Stage, has, ids, there

WEEK = DAY.isocalendar().week


def _spent(s: Stage) -> str:
    """The administrator spent an hour on a task on the day; the task's id."""
    task = s.task
    s.g.task.set_time_spent(task, s.me, DAY.isoformat(), 60)
    return str(task["id"])


def get_time_spents_range(s: Stage) -> bool:
    task = _spent(s)
    found = s.g.person.get_time_spents_range(s.me["id"], "2030-01-01", "2030-01-31")
    return has(found, task_id=task, duration=60) and not s.g.person.get_time_spents_range(
        s.me["id"], "2030-02-01", "2030-02-28"
    )


def get_all_month_time_spents(s: Stage) -> bool:
    task = _spent(s)
    return has(s.g.person.get_all_month_time_spents(s.me["id"], DAY), task_id=task, date="2030-01-09")


def get_time_spents_by_date(s: Stage) -> bool:
    task = _spent(s)
    return has(s.g.person.get_time_spents_by_date(s.me, "2030-01-09"), task_id=task, duration=60)


def get_week_time_spents(s: Stage) -> bool:
    task = _spent(s)
    return has(s.g.person.get_week_time_spents(s.me, 2030, WEEK), task_id=task, duration=60)


def get_year_time_spents(s: Stage) -> bool:
    task = _spent(s)
    return has(s.g.person.get_year_time_spents(s.me, 2030), task_id=task, entity_name="SH010")


# -- people --------------------------------------------------------------------------------------------------


def new_person(s: Stage) -> bool:
    made = s.g.person.new_person(
        s.name("Grace"), "Hopper", "grace@example.com", role="manager", password="a long enough password"
    )
    other = gazu.client.create_client(f"{s.url}/api")
    found = gazu.log_in("grace@example.com", "a long enough password", client=other)
    return (made["role"], found["user"]["id"]) == ("manager", made["id"])


def change_password_for_person(s: Stage) -> bool:
    made = s.new_person(password="the first password")
    other = gazu.client.create_client(f"{s.url}/api")
    gazu.log_in(made["email"], "the first password", client=other)
    s.g.person.change_password_for_person(made, "the second password")
    with pytest.raises(gazu.exception.NotAuthenticatedException):
        gazu.client.get_current_user(client=other)
    return bool(gazu.log_in(made["email"], "the second password", client=other)["login"])


def invite_person(s: Stage) -> bool:
    return s.g.person.invite_person(s.person)["success"] is True


def remove_person(s: Stage) -> bool:
    made = s.new_person()
    s.g.person.remove_person(made, force=True)
    return s.g.person.get_person_by_email(made["email"]) is None


def get_person_by_desktop_login(s: Stage) -> bool:
    made = s.new_person(desktop_login="ada.l")
    return s.g.person.get_person_by_desktop_login("ada.l")["id"] == made["id"]


def get_person_by_full_name(s: Stage) -> bool:
    whole = s.g.person.get_person_by_full_name(s.person["full_name"])
    return whole["id"] == s.person["id"]


def _bot(s: Stage, **more: str) -> Row:
    name = s.name("robot")
    return dict(s.g.person.new_bot(name, f"{name.replace(' ', '')}@example.com", **more))


def new_bot(s: Stage) -> bool:
    made = _bot(s, role="admin")
    other = gazu.client.create_client(f"{s.url}/api")
    gazu.client.set_tokens({"access_token": made["access_token"]}, client=other)
    return bool(gazu.client.get_current_user(client=other)["id"] == made["id"])


def update_bot(s: Stage) -> bool:
    made = _bot(s)
    changed = s.g.person.update_bot({"id": made["id"], "expiration_date": "2099-01-01"})
    return changed["access_token"] != made["access_token"]


def remove_bot(s: Stage) -> bool:
    made = _bot(s)
    s.g.person.remove_bot(made, force=True)
    return s.g.person.get_person_by_email(made["email"], is_bot=True) is None


def set_avatar(s: Stage) -> bool:
    made = s.new_person()
    s.g.person.set_avatar(made, s.picture)
    return s.g.person.get_person(made["id"])["has_avatar"] is True


def clear_person_avatar(s: Stage) -> bool:
    made = s.new_person()
    s.g.person.set_avatar(made, s.picture)
    s.g.person.clear_person_avatar(made)
    return s.g.person.get_person_by_email(made["email"])["has_avatar"] is False


def get_presence_log(s: Stage) -> bool:
    s.g.user.log_desktop_session_log_in()
    today = dt.datetime.now(dt.UTC).date()
    log = s.g.person.get_presence_log(today.year, today.month)
    text = log if isinstance(log, str) else log.decode()
    return "X" in text and text.startswith(f"{today.year};01;02;")


# -- departments ---------------------------------------------------------------------------------------------


def _department(s: Stage) -> Row:
    return dict(s.g.person.new_department(s.name("Department"), "#112233"))


def remove_department(s: Stage) -> bool:
    made = _department(s)
    s.g.person.remove_department(made, force=True)
    return not has(s.g.person.all_departments(), id=made["id"])


def update_department(s: Stage) -> bool:
    made = _department(s)
    return s.g.person.update_department({**made, "color": "#445566"})["color"] == "#445566"


def get_department(s: Stage) -> bool:
    made = _department(s)
    return s.g.person.get_department(made["id"])["name"] == made["name"]


def get_department_by_name(s: Stage) -> bool:
    made = _department(s)
    return s.g.person.get_department_by_name(made["name"])["id"] == made["id"]


def add_person_to_department(s: Stage) -> bool:
    made = _department(s)
    return s.g.person.add_person_to_department(s.new_person(), made)["departments"] == [made["id"]]


def remove_person_from_department(s: Stage) -> bool:
    person, made = s.new_person(), _department(s)
    s.g.person.add_person_to_department(person, made)
    s.g.person.remove_person_from_department(person, made)
    return s.g.person.get_person(person["id"], relations=True)["departments"] == []


# -- days off ------------------------------------------------------------------------------------------------


def _day_off(s: Stage, person: Row) -> Row:
    return dict(s.g.person.new_day_off(person, "2030-01-07", "2030-01-09", "Skiing"))


def _days(s: Stage, function: str, *when: int) -> bool:
    person = s.new_person()
    made = _day_off(s, person)
    return ids(getattr(s.g.person, function)(person, *when)) == [made["id"]]


def new_day_off(s: Stage) -> bool:
    person = s.new_person()
    made = _day_off(s, person)
    with pytest.raises(gazu.exception.ParameterException, match="already exists"):
        s.g.person.new_day_off(person, "2030-01-09", "2030-01-12")
    return (made["person_id"], made["end_date"]) == (person["id"], "2030-01-09")


def get_day_off(s: Stage) -> bool:
    made = _day_off(s, s.new_person())
    return s.g.person.get_day_off(made["id"])["description"] == "Skiing"


def update_day_off(s: Stage) -> bool:
    made = _day_off(s, s.new_person())
    return s.g.person.update_day_off({**made, "end_date": "2030-01-10"})["end_date"] == "2030-01-10"


def remove_day_off(s: Stage) -> bool:
    person = s.new_person()
    s.g.person.remove_day_off(_day_off(s, person))
    return s.g.person.get_day_offs(person) == []


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_organisations": lambda s: len(s.g.person.all_organisations()) == 1,
    "all_departments": lambda s: has(s.g.person.all_departments(), name="Modeling"),
    "all_persons": lambda s: there(s.person) and has(s.g.person.all_persons(), id=s.person["id"]),
    "get_time_spents_range": get_time_spents_range,
    "get_all_month_time_spents": get_all_month_time_spents,
    "get_department_by_name": get_department_by_name,
    "get_department": get_department,
    "get_person": lambda s: s.g.person.get_person(s.person["id"])["last_name"] == "Lovelace",
    "get_person_by_desktop_login": get_person_by_desktop_login,
    "get_person_by_email": lambda s: s.g.person.get_person_by_email(s.email)["id"] == s.me["id"],
    "get_person_by_full_name": get_person_by_full_name,
    "get_person_url": lambda s: s.person["id"] in s.g.person.get_person_url(s.person),
    "get_organisation": lambda s: s.g.person.get_organisation()["hours_by_day"] == 8,
    "new_department": lambda s: _department(s)["color"] == "#112233",
    "update_department": update_department,
    "remove_department": remove_department,
    "new_person": new_person,
    "update_person": lambda s: (
        s.g.person.update_person({**s.new_person(), "phone": "1234"})["phone"] == "1234"
    ),
    "remove_person": remove_person,
    "new_bot": new_bot,
    "update_bot": update_bot,
    "remove_bot": remove_bot,
    "set_avatar": set_avatar,
    "get_presence_log": get_presence_log,
    "change_password_for_person": change_password_for_person,
    "invite_person": invite_person,
    "get_time_spents_by_date": get_time_spents_by_date,
    "get_week_time_spents": get_week_time_spents,
    "get_year_time_spents": get_year_time_spents,
    "get_day_offs": lambda s: _days(s, "get_day_offs"),
    "get_week_day_offs": lambda s: _days(s, "get_week_day_offs", 2030, WEEK),
    "get_month_day_offs": lambda s: _days(s, "get_month_day_offs", 2030, 1),
    "get_year_day_offs": lambda s: _days(s, "get_year_day_offs", 2030),
    "get_day_off": get_day_off,
    "new_day_off": new_day_off,
    "update_day_off": update_day_off,
    "remove_day_off": remove_day_off,
    "add_person_to_department": add_person_to_department,
    "remove_person_from_department": remove_person_from_department,
    "disable_two_factor_authentication": lambda s: (
        "true" in s.g.person.disable_two_factor_authentication(s.person).lower()
    ),
    "clear_person_avatar": clear_person_avatar,
}
