"""The calendar: a week of the studio, and exceptions of the studio, projects and people."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.rows import answered
from zou_server.blueprints.shotgun.values import day, entity_parts, text, tick
from zou_server.models.conditions import All, AnyOf, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

_PLAIN = Spelling()
_RULE = Projection((Output("id", "id"), Output("data", "data")))
_ABSENCE = Projection(tuple(Output(name, name) for name in ("date", "end_date", "description")))
WORK_WEEK = frozenset(range(5))
MOST_DAYS = 3_700
RECALCULATED = (None, "due_date", "duration")
LEVELS = (("user", "USER_EXCEPTION"), ("project", "PROJECT_EXCEPTION"), ("studio", "STUDIO_EXCEPTION"))


def _owner(call: Call, name: str) -> str | None:
    """The id of the project or person that a request is about."""
    value = call.request.get(name)
    if value is None:
        return None
    return call.words.known(entity_parts(value))


def _rules(call: Call, first: str, last: str, owners: dict[str, str | None]) -> list[dict[str, Any]]:
    mine = [Where("data.owner::text", Op.EQ, owner) for owner in owners.values() if owner]
    where = All(
        (
            Where("data.date::text", Op.BETWEEN, [first, last]),
            AnyOf((Where("data.owner::text", Op.NULL), *mine)),
        )
    )
    text = call.studio.read(call.actor).page(Query(facet("WorkDayRule"), _RULE, where), _PLAIN).text
    found: list[dict[str, Any]] = orjson.loads(f"[{text}]")
    return found


def work_schedule_read(call: Call) -> str:
    """Every day of a span: whether it is worked on, and why."""
    request = call.request
    first, last = (day(name, request.get(name) or "") for name in ("start_date", "end_date"))
    if last < first:
        raise errors.wrong_value("end_date", "must follow start_date", request.get("end_date"))
    if (last - first).days > MOST_DAYS:
        raise errors.too_many("days", MOST_DAYS)
    owners = {"user": _owner(call, "user"), "project": _owner(call, "project")}
    rules = _rules(call, first.isoformat(), last.isoformat(), owners)
    by_key = _absences(call, owners["user"], first, last)
    by_key |= {(rule["data"].get("owner"), rule["data"]["date"]): rule["data"] for rule in rules}
    days = (first + dt.timedelta(days=count) for count in range((last - first).days + 1))
    return answered({each.isoformat(): _day(each, owners, by_key) for each in days})


def _absences(call: Call, person: str | None, first: dt.date, last: dt.date) -> dict[Any, dict[str, Any]]:
    """The days off that a person has in a span, said like exceptions."""
    if person is None:
        return {}
    ends = AnyOf(
        (Where("end_date", Op.GE, first), All((Where("end_date", Op.NULL), Where("date", Op.GE, first))))
    )
    where = All((Where("person_id", Op.EQ, person), Where("date", Op.LE, last), ends))
    found: dict[Any, dict[str, Any]] = {}
    for row in call.studio.read(call.actor).rows(Query(facet("DayOff"), _ABSENCE, where), _PLAIN):
        begin = max(dt.date.fromisoformat(row["date"]), first)
        end = min(dt.date.fromisoformat(row["end_date"] or row["date"]), last)
        for count in range((end - begin).days + 1):
            day_off = (begin + dt.timedelta(days=count)).isoformat()
            found[person, day_off] = {"working": False, "description": row["description"]}
    return found


def _day(each: dt.date, owners: dict[str, str | None], rules: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    for level, reason in LEVELS:
        owner = owners.get(level)
        rule = rules.get((owner, each.isoformat())) if owner or level == "studio" else None
        if rule is not None:
            return {"working": rule["working"], "description": rule.get("description"), "reason": reason}
    return {"working": each.weekday() in WORK_WEEK, "description": None, "reason": "STUDIO_WORK_WEEK"}


def work_schedule_update(call: Call) -> str:
    """Set one exception: of the studio, of a project or of a person."""
    request = call.request
    when = day("date", request.get("date") or "").isoformat()
    working = tick("working", request.get("working"))
    if request.get("project") and request.get("user"):
        raise errors.Fault("project and user cannot both be given.")
    if request.get("recalculate_field") not in RECALCULATED:
        raise errors.wrong_value(
            "recalculate_field", "expected 'due_date' or 'duration'", request["recalculate_field"]
        )
    owners, described = {name: _owner(call, name) for name in ("user", "project")}, request.get("description")
    owner = owners["user"] or owners["project"]
    values = {
        "data": {
            "date": when,
            "owner": owner,
            "working": working,
            "description": None if described is None else text("description", described),
            "recalculate": request.get("recalculate_field"),
        }
    }
    known = [rule for rule in _rules(call, when, when, owners) if rule["data"].get("owner") == owner]
    rule = facet("WorkDayRule")
    with call.studio.write(call.actor) as work:
        work.execute([Update(rule, known[0]["id"], values) if known else Create(rule, values)])
        work.commit()
    shown = ("date", "description", "project", "user", "working")
    return answered({name: request.get(name) for name in shown})
