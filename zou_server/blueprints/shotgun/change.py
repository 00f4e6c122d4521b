"""The calls that change something: create, update, delete, revive, and batches of them.

Each request becomes a `ChangePlan`: operations, and what is answered then. A single call is a batch
of one; a batch is one list of operations in one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call, number_in, projection_for
from zou_server.blueprints.shotgun.desk.own_marks import changes_of_marks, fill, marked_in, marks_in
from zou_server.blueprints.shotgun.events.record_event import record_event
from zou_server.blueprints.shotgun.other_side import changes_of_others
from zou_server.blueprints.shotgun.read import names_in
from zou_server.blueprints.shotgun.schema.personal import Mark
from zou_server.blueprints.shotgun.schema.wire_types import SECRET, WireType
from zou_server.blueprints.shotgun.spelling import SPELLING
from zou_server.blueprints.shotgun.values import LARGEST_ID, entity_parts
from zou_server.blueprints.shotgun.writes import (
    CREATE_ONLY,
    Given,
    attributes,
    defaults,
    given_fields,
    making,
    with_files,
    with_members,
)
from zou_server.models.base import Row
from zou_server.models.conditions import Op, Projection, Query, Where
from zou_server.models.errors import Conflict, DomainError
from zou_server.services.rules.twins import is_race
from zou_server.services.write.operations import (
    Act,
    Create,
    Delete,
    Edit,
    Operation,
    Ref,
    Result,
    Revive,
    Update,
)

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

MOST_REQUESTS = 10_000
MOST_RACES = 20
"""How often a change is made again that met others of the same name: of those that meet, one goes through."""
UNCHANGED = frozenset({"PermissionRuleSet"})
"""Types that the API may not change."""
UNNAMED = "\N{ZERO WIDTH SPACE}"


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """The plan of one request: its operations, the first of which it is about, and what it answers.

    Without `projection` the answer is whether anything happened. `marks` are fields that are the caller's
    own, `row` and `number` say what is answered where nothing but those change.
    """

    method: str
    type: WireType
    operations: tuple[Operation, ...]
    projection: Projection | None = None
    marks: Mapping[str, Mark] = field(default_factory=dict)
    row: uuid.UUID | None = None
    number: int = 0


# -- requests to plans -----------------------------------------------------------------------------


def plan_create(call: Call, request: dict[str, Any]) -> ChangePlan:
    """A new row; the answer holds the fields set and those asked for."""
    wire_type = _changeable(call, request)
    given = given_fields(request)
    plain, dotted = _split([*given, *defaults(wire_type, given)])
    plain = with_members(call, wire_type, plain)
    plain, files = with_files(call, wire_type, plain)
    own_fields = [each for each in plain if each.name not in CREATE_ONLY]
    values = attributes(call.words, wire_type, own_fields, is_new=True)
    values |= _first_name(wire_type, values)
    values = FINISHING.get(wire_type.name, _as_they_are)(call, values)
    id_ = uuid.uuid4()
    password = [Act("change_password", wire_type.facet, id_, each) for each in _passwords(plain)]
    others: list[Operation] = list(changes_of_others(call, wire_type, id_, plain))
    others += changes_of_marks(call, wire_type, id_, plain)
    own: Operation = Create(
        wire_type.facet, values, id=id_ if password or others else None, **making(wire_type, plain)
    )
    linked = _linked_updates(call, wire_type, None, plain, dotted)
    operations = (own, *files, *password, *others, *linked)
    names = [*(each.name for each in given), *names_in(request, "return_fields")]
    shown = projection_for(call.words, wire_type, names)
    return ChangePlan("create", wire_type, operations, shown, marks_in(wire_type, names))


def plan_update(call: Call, request: dict[str, Any]) -> ChangePlan:
    """Changes of a row; the answer holds the fields set."""
    wire_type = _changeable(call, request)
    target = _target(wire_type, request)
    given = given_fields(request)
    for each in given:
        if each.name in CREATE_ONLY:
            raise errors.create_only(f"{wire_type.name}.{each.name}")
    plain, dotted = _split(given)
    plain = with_members(call, wire_type, plain)
    plain, files = with_files(call, wire_type, plain)
    own: Operation = Update(wire_type.facet, target, attributes(call.words, wire_type, plain))
    password = [Act("change_password", wire_type.facet, target, each) for each in _passwords(plain)]
    others = changes_of_others(call, wire_type, target, plain)
    linked = _linked_updates(call, wire_type, target, plain, dotted)
    mine = tuple(changes_of_marks(call, wire_type, target, plain))
    operations = (own, *files, *password, *others, *mine, *linked)
    names = [each.name for each in given]
    marks, shown = marks_in(wire_type, names), projection_for(call.words, wire_type, names)
    if marks and len(marks) == len(given):
        # Who may not change it marks it all the same.
        row = uuid.UUID(call.words.known((wire_type.name, target.number)))
        return ChangePlan("update", wire_type, mine, shown, marks, row, target.number)
    return ChangePlan("update", wire_type, operations, shown, marks)


def _passwords(given: list[Given]) -> Iterator[dict[str, Any]]:
    for each in given:
        if each.name == "password_proxy" and each.value not in (None, SECRET):
            yield {"password": each.value}


def plan_delete(call: Call, request: dict[str, Any]) -> ChangePlan:
    """Retire a row; true when it was live."""
    wire_type = _changeable(call, request)
    return ChangePlan(
        "delete", wire_type, (Delete(wire_type.facet, _target(wire_type, request), by="shotgun"),)
    )


def plan_revive(call: Call, request: dict[str, Any]) -> ChangePlan:
    """Bring a retired row back; true when it was retired."""
    wire_type = _changeable(call, request)
    return ChangePlan("revive", wire_type, (Revive(wire_type.facet, _target(wire_type, request)),))


PLANS: Mapping[str, Callable[[Call, dict[str, Any]], ChangePlan]] = {
    "create": plan_create,
    "update": plan_update,
    "delete": plan_delete,
    "revive": plan_revive,
}


def _changeable(call: Call, request: dict[str, Any]) -> WireType:
    wire_type = call.type_in(request)
    if not issubclass(wire_type.facet.model, Row) or wire_type.name in UNCHANGED:
        raise errors.read_only(wire_type.name, request)
    return wire_type


def _target(wire_type: WireType, request: dict[str, Any]) -> Ref:
    number = number_in(request)
    if abs(number) >= LARGEST_ID:
        raise errors.not_found(wire_type.name, number)
    return Ref(wire_type.facet.kind or "", number)


def _first_name(wire_type: WireType, values: dict[str, Any]) -> dict[str, Any]:
    """What a row that must have a name is called until its number is known: no two are alike."""
    code = wire_type.fields.get("code")
    if code is None or values.get(code.write) or code.write not in wire_type.facet.fields:
        return {}
    if not (wire_type.facet.model.__name__ == "Entity" or wire_type.facet.fields[code.write].required):
        return {}
    return {code.write: f"{UNNAMED}{uuid.uuid4().hex}"}


def _as_they_are(_call: Call, values: dict[str, Any]) -> dict[str, Any]:
    return values


def _anchored(_call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """A note hangs on the first of what it names, where every client finds it; a task comes first."""
    if values.get("object_id") is not None:
        return values
    for name in ("links:Note/tasks", "links:Note/note_links"):
        edit = values.get(name)
        if isinstance(edit, Edit) and edit.items:
            first, *others = edit.items
            return {**values, "object_id": first, name: Edit(edit.mode, others)}
    return values


def _by_me(call: Call, values: dict[str, Any]) -> dict[str, Any]:
    """A version is of its maker unless somebody else is said to be."""
    if "person_id" in values or not call.actor.person_id.int:
        return values
    return {**values, "person_id": str(call.actor.person_id)}


FINISHING: Mapping[str, Callable[[Call, dict[str, Any]], dict[str, Any]]] = {
    "Note": _anchored,
    "Version": _by_me,
}
"""Type -> what a new row of it gets that the request does not say."""


# -- dotted names: changes of linked rows ------------------------------------------------------------


def _split(given: list[Given]) -> tuple[list[Given], list[Given]]:
    return [g for g in given if "." not in g.name], [g for g in given if "." in g.name]


def _linked_updates(
    call: Call, wire_type: WireType, target: Ref | None, plain: list[Given], dotted: list[Given]
) -> Iterator[Update]:
    """`entity.Shot.description` on a task changes its shot: one update for each such field."""
    for each in dotted:
        way, _, key = each.name.rpartition(".")
        link, _, type_name = way.rpartition(".")
        linked = call.words.type(type_name)
        if not link or linked is None or call.words.field(linked, key) is None:
            raise errors.unknown_field(wire_type.name, each.name)
        row = _linked_row(call, wire_type, target, plain, link)
        if not isinstance(row, dict) or row.get("type") != type_name:
            raise errors.no_linked_row(f"{wire_type.name}.{each.name}", row)
        ref = Ref(linked.facet.kind or "", entity_parts(row)[1])
        yield Update(linked.facet, ref, attributes(call.words, linked, [Given(key, each.value, each.mode)]))


def _linked_row(call: Call, wire_type: WireType, target: Ref | None, plain: list[Given], link: str) -> Any:
    """The link as this request sets it, else as it is now."""
    for each in plain:
        if each.name == link:
            return each.value
    if target is None:
        return None
    query = Query(
        wire_type.facet,
        projection_for(call.words, wire_type, [link]),
        Where("number", Op.EQ, target.number),
        limit=1,
    )
    found = call.studio.read(call.actor).rows(query, SPELLING)
    return found[0].get(link) if found else None


# -- doing it --------------------------------------------------------------------------------------


def change(call: Call) -> str:
    """Answer one create, update, delete or revive."""
    if call.method == "create" and call.request.get("type") == "EventLogEntry":
        return record_event(call)
    plan = PLANS[call.method](call, call.request)
    try:
        return orjson.dumps(_perform(call, [plan])[0]).decode()
    except DomainError as error:
        raise errors.fault_for(error, errors.About(call.method, plan.type)) from error


def batch(call: Call) -> str:
    """Answer a list of requests: all of them happen, or none."""
    if not isinstance(call.payload, list):
        raise errors.malformed("batch takes a list of requests")
    if len(call.payload) > MOST_REQUESTS:
        raise errors.too_many("requests", MOST_REQUESTS)
    call.words.ids(marked_in(call.payload))  # known from here on, by one look for each type
    plans = [_planned(call, index, request) for index, request in enumerate(call.payload)]
    try:
        return orjson.dumps(_perform(call, plans)).decode()
    except DomainError as error:
        raise _batch_fault(plans, error) from error


def _planned(call: Call, index: int, request: Any) -> ChangePlan:
    method = request.get("request_type") if isinstance(request, dict) else None
    if not isinstance(method, str) or method not in PLANS:
        fault = errors.missing("request_type", "string", request)
        raise errors.in_batch(index, fault.render("batch"), fault.code)
    try:
        return PLANS[method](call, request)
    except errors.Fault as fault:
        raise errors.in_batch(index, fault.render(method), fault.code) from fault


def _batch_fault(plans: Sequence[ChangePlan], error: DomainError) -> errors.Fault:
    owners = [index for index, plan in enumerate(plans) for _ in plan.operations]
    position = getattr(error, "operation_index", None)
    index = owners[position] if isinstance(position, int) and position < len(owners) else 0
    plan = plans[index]
    fault = errors.fault_for(error, errors.About(plan.method, plan.type))
    return errors.in_batch(index, fault.render(plan.method), fault.code)


def _perform(call: Call, plans: Sequence[ChangePlan]) -> list[Any]:
    """Do it, again where others made rows of the same name at the same moment: a site takes them all."""
    for _ in range(MOST_RACES):
        try:
            return _attempt(call, plans)
        except Conflict as error:
            if not is_race(error):
                raise
    return _attempt(call, plans)


def _attempt(call: Call, plans: Sequence[ChangePlan]) -> list[Any]:
    operations = [operation for plan in plans for operation in plan.operations]
    with call.studio.write(call.actor) as work:
        results = iter(work.execute(operations))
        own: list[Result] = []
        for plan in plans:
            own.append(next(results))
            for _ in plan.operations[1:]:
                next(results)
        if named := list(_names(plans, own)):
            work.execute(named)
        answers = _answers(work, plans, own)
        work.commit()
    _fill(call, plans, answers)
    return answers


def _fill(call: Call, plans: Sequence[ChangePlan], answers: Sequence[Any]) -> None:
    """Put the caller's own marks into the answers, those of a type by one look."""
    alike: dict[tuple[WireType, tuple[str, ...]], list[Any]] = {}
    for plan, answer in zip(plans, answers, strict=True):
        if plan.marks:
            alike.setdefault((plan.type, tuple(plan.marks)), []).append(answer)
    for (wire_type, names), rows in alike.items():
        fill(call, wire_type, marks_in(wire_type, names), rows)


def _names(plans: Sequence[ChangePlan], results: Sequence[Result]) -> Iterator[Update]:
    """New rows without a code are called by their number."""
    for plan, result in zip(plans, results, strict=True):
        made = plan.operations[0]
        code = plan.type.fields.get("code")
        if not isinstance(made, Create) or code is None or not code.write or code.write == "data":
            continue
        if str(made.values.get(code.write) or UNNAMED).startswith(UNNAMED):
            yield Update(plan.type.facet, result.id, {code.write: f"New {plan.type.name} {result.number}"})


def _answers(work: UnitOfWork, plans: Sequence[ChangePlan], results: Sequence[Result]) -> list[Any]:
    """One answer for each plan; rows with the same columns are read together."""
    wanted: dict[tuple[WireType, Projection], list[str]] = {}
    for plan, result in zip(plans, results, strict=True):
        if plan.projection is not None:
            wanted.setdefault((plan.type, plan.projection), []).append(str(plan.row or result.id))
    rows: dict[tuple[Projection, int], dict[str, Any]] = {}
    for (wire_type, projection), ids in wanted.items():
        # Most lists are of one row, whose statement is found by less.
        which = Where("id", Op.IN, ids) if len(ids) > 1 else Where("id", Op.EQ, ids[0])
        for row in work.read.rows(Query(wire_type.facet, projection, which), SPELLING):
            rows[projection, row["id"]] = row
    return [
        result.changed
        if plan.projection is None
        else rows.get(
            (plan.projection, plan.number or result.number), {"type": plan.type.name, "id": result.number}
        )
        for plan, result in zip(plans, results, strict=True)
    ]
