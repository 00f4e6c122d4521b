"""Preferences of the site, subscriptions of people, exports of pages, and the project last looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.rows import answered, is_, rows_of
from zou_server.blueprints.shotgun.schema.personal import OPENED
from zou_server.blueprints.shotgun.values import kept
from zou_server.models.conditions import Output, Projection, Query
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

_PLAIN = Spelling()
_HOURS = Projection((Output("hours", "hours_by_day"),))

PREFERENCES: Mapping[str, Any] = {
    "date_component_order": "month_day",
    "duration_units": "days",
    "format_currency_fields_decimal_options": "$1,000.99",
    "format_currency_fields_display_dollar_sign": False,
    "format_currency_fields_negative_options": "- $1,000",
    "format_date_fields": "08/04/22 OR 04/08/22 (depending on the Month order preference)",
    "format_float_fields": "9,999.99",
    "format_float_fields_rounding": "9.999999",
    "format_footage_fields": "10-05",
    "format_number_fields": "1,000",
    "format_time_hour_fields": "12 hour",
    "hours_per_day": 8.0,
    "support_local_storage": True,
    "enable_rv_integration": True,
    "enable_shotgun_review_for_rv": False,
    "view_master_settings": {},
    "creative_review_settings": {},
}


def preferences_read(call: Call) -> str:
    """The preferences asked for, all without a list; those that are unknown are left out."""
    wanted = call.request.get("prefs") or list(PREFERENCES)
    if not isinstance(wanted, list):
        raise errors.missing("prefs", "array", call.request)
    found = {name: PREFERENCES[name] for name in wanted if isinstance(name, str) and name in PREFERENCES}
    if "hours_per_day" in found:
        studio = call.studio.read(call.actor).rows(Query(facet("Organisation"), _HOURS, limit=1), _PLAIN)
        found["hours_per_day"] = float(studio[0]["hours"]) if studio else found["hours_per_day"]
    return answered(found)


def user_subscriptions_read(call: Call) -> str:
    """The licence of each person: nobody needs one here."""
    people = rows_of(call, "HumanUser", [is_("sg_status_list", "act")], [])
    return answered([{"humanUserId": each["id"], "subscription": None} for each in people])


def user_subscriptions_create(call: Call) -> str:
    """Give people licences: everybody who is named must be there, and has one already."""
    users = call.request.get("users")
    if not isinstance(users, list) or not all(isinstance(each, dict) for each in users):
        raise errors.missing("users", "array", call.request)
    numbers = [each.get("humanUserId") for each in users]
    known = {each["id"] for each in rows_of(call, "HumanUser", [is_("id", numbers, "in")], [])}
    for number in numbers:
        if number not in known:
            raise errors.Fault(f"There is no HumanUser {errors.shown(number)}.")
    return answered({"status": "success"})


def export_page(call: Call) -> str:
    """Pages are of the web site, which is not here: none can be exported."""
    for name in ("format", "page_id"):
        if call.request.get(name) is None:
            raise errors.Fault(f"'{name}' missing")
    raise errors.Fault(f"Export for Page id={call.request['page_id']} not available", bare=True)


def project_accessed(call: Call) -> str:
    """Note that somebody opened a project."""
    number, user = call.request.get("project_id"), call.request.get("user_id")
    if type(number) is not int:
        raise errors.missing("project_id", "integer", call.request)
    if not (user is None or type(user) is int):
        raise errors.missing("user_id", "integer", call.request)
    who = str(call.actor.person_id) if user is None else call.words.known(("HumanUser", user))
    known = call.words.known(("Project", number))
    if call.actor.person_id.int:
        person = facet("Person")
        with call.studio.write(call.actor) as work:
            values = {"data": {f"{OPENED}{known}": kept(call.now)}}
            work.execute([Update(person, who, values)])
            work.commit()
    return answered([{"type": "Project", "id": number}])
