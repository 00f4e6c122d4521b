"""What the caller marked, looked at and opened: read into answers, and written as links of that person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import EntityRef
from zou_server.blueprints.shotgun.schema.personal import OPENED, PERSONAL, SAYS, Mark
from zou_server.blueprints.shotgun.values import kept, moment
from zou_server.models.conditions import All, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.operations import Act, Operation, Target, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call
    from zou_server.blueprints.shotgun.schema.wire_types import WireType
    from zou_server.blueprints.shotgun.writes import Given

Row = dict[str, Any]
_PLAIN = Spelling()
_LINK = Projection(tuple(Output(key, path) for key, path in (("to", "to.number"), ("at", "created_at"))))
_DATA = Projection((Output("data", "data"),))
_IDS = Projection((Output("id", "id"), Output("number", "number")))


def marks_in(wire_type: WireType, names: Iterable[str]) -> dict[str, Mark]:
    """Those of the named fields that are the caller's own."""
    return {name: PERSONAL[wire_type.name, name] for name in names if (wire_type.name, name) in PERSONAL}


def marked_in(requests: Iterable[Any]) -> Iterator[EntityRef]:
    """The rows that updates set marks on, as far as a batch can be read that was not checked yet."""
    for request in requests:
        if isinstance(request, dict) and request.get("request_type") == "update":
            name, number, fields = request.get("type"), request.get("id"), request.get("fields")
            if not isinstance(name, str) or type(number) is not int:
                continue
            if isinstance(fields, list) and any(_is_mark(name, each) for each in fields):
                yield name, number


def _is_mark(type_name: str, field: Any) -> bool:
    name = field.get("field_name") if isinstance(field, dict) else None
    return isinstance(name, str) and (type_name, name) in PERSONAL


def with_marks(call: Call, wire_type: WireType, names: Sequence[str], rows: str) -> str:
    """The rows of an answer with the caller's own fields in them."""
    marks = marks_in(wire_type, names)
    if not marks:
        return rows
    found: list[Row] = orjson.loads(f"[{rows}]")
    fill(call, wire_type, marks, found)
    return orjson.dumps(found).decode()[1:-1]


def fill(call: Call, wire_type: WireType, marks: Mapping[str, Mark], rows: Sequence[Row]) -> None:
    """Put the caller's own values into rows."""
    numbers = [row["id"] for row in rows]
    known = {
        link: _links(call, wire_type, link, numbers)
        for link in {mark.link for mark in marks.values()}
        if link
    }
    opened = _opened(call, numbers) if any(mark.how == "opened" for mark in marks.values()) else {}
    for row in rows:
        for name, mark in marks.items():
            at = opened.get(row["id"]) if mark.how == "opened" else known[mark.link].get(row["id"])
            row[name] = _said(mark.how, at)


def _said(how: str, at: str | None) -> Any:
    if how in SAYS:
        return next(word for word, is_there in SAYS[how].items() if is_there is (at is not None))
    return at


def _links(call: Call, wire_type: WireType, link: str, numbers: Sequence[int]) -> dict[int, str]:
    """Number of a row -> when the caller marked it."""
    terms = (
        Where("field", Op.EQ, link),
        Where("from_id", Op.EQ, str(call.actor.person_id)),
        Where("to.object_kind", Op.EQ, wire_type.facet.kind),
        Where("to.number", Op.IN, list(numbers)),
    )
    rows = call.studio.read(call.actor).rows(Query(facet("ObjectLink"), _LINK, All(terms)), _PLAIN)
    return {row["to"]: f"{row['at'][:19]}Z" for row in rows}


def _opened(call: Call, numbers: Sequence[int]) -> dict[int, str]:
    """Number of a project -> when the caller opened it last."""
    reader = call.studio.read(call.actor)
    mine = Where("id", Op.EQ, str(call.actor.person_id))
    people = reader.rows(Query(facet("Person"), _DATA, mine), _PLAIN)
    data = (people[0]["data"] or {}) if people else {}
    projects = reader.rows(Query(facet("Project"), _IDS, Where("number", Op.IN, list(numbers))), _PLAIN)
    return {each["number"]: data[key] for each in projects if (key := f"{OPENED}{each['id']}") in data}


def changes_of_marks(
    call: Call, wire_type: WireType, target: Target, given: Sequence[Given]
) -> Iterator[Operation]:
    """The changes of the caller's links that these fields of a row are."""
    for each in given:
        mark = PERSONAL.get((wire_type.name, each.name))
        if mark is None:
            continue
        where = f"{wire_type.name}.{each.name}"
        if not call.actor.person_id.int:
            raise errors.read_only(where, each.value)
        me, person = str(call.actor.person_id), facet("Person")
        if mark.how == "opened":
            yield Update(
                person, me, {"data": {f"{OPENED}{_id(call, wire_type, target)}": _moment(where, each)}}
            )
        else:
            values = {"field": mark.link, "to_id": target, "is_marked": _is_marked(where, mark, each)}
            yield Act("mark", person, me, values)


def _is_marked(where: str, mark: Mark, given: Given) -> bool:
    words = SAYS[mark.how]
    if not isinstance(given.value, str | bool) or given.value not in words:
        raise errors.wrong_value(where, f"expected one of {', '.join(map(str, words))}", given.value)
    return words[given.value]


def _moment(where: str, given: Given) -> str | None:
    return None if given.value is None else kept(moment(where, given.value))


def _id(call: Call, wire_type: WireType, target: Target) -> str:
    if isinstance(target, uuid.UUID):
        return str(target)
    return call.words.known((wire_type.name, getattr(target, "number", 0)))
