"""The operations of one request as a whole: folded, completed, checked and put in an order."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from zou_server.blueprints.ftrack.vocabulary import Member
from zou_server.models.actor import Actor
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Operation, Update

Collected = tuple[Operation, Member]


def whole(operations: Sequence[Collected], actor: Actor, now: dt.datetime) -> list[Collected]:
    """The operations of a request, ready to be run."""
    found = [_filled(each, actor, now) for each in _folded(operations)]
    _require(found)
    return in_order([*found, *_recipients(found, actor)])


def _folded(operations: Sequence[Collected]) -> list[Collected]:
    """The operations with what follows a create put into it: rows may be incomplete until the last one."""
    kept: list[Collected] = []
    made: dict[str, int] = {}
    for operation, member in operations:
        place = made.get(str(operation.id))
        before = kept[place] if place is not None else None
        if before is not None and isinstance(before[0], Create) and isinstance(operation, Update):
            values = _joined(before[0].values, operation.values)
            kept[made[str(operation.id)]] = (replace(before[0], values=values), before[1])
            continue
        if isinstance(operation, Create):
            made[str(operation.id)] = len(kept)
        kept.append((operation, member))
    return kept


def _joined(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """Later values in place of earlier ones; custom fields one by one."""
    found = {**before, **after}
    if isinstance(before.get("data"), Mapping) and isinstance(after.get("data"), Mapping):
        found["data"] = {**before["data"], **after["data"]}
    return found


_CALLER, _NOW = "caller", "now"
_FILLED: Mapping[str, Mapping[str, str]] = {
    "Timelog": {"start": _NOW},
    "Timer": {"start": _NOW, "person_id": _CALLER},
    "Job": {"person_id": _CALLER},
    "AssetVersion": {"person_id": _CALLER},
    "AssetVersionList": {"person_id": _CALLER, "date": _NOW},
    "TypedContextList": {"person_id": _CALLER, "date": _NOW},
    "ReviewSession": {"start_date": _NOW, "end_date": _NOW},
}
"""Wire type -> what a new row gets that says nothing of it."""


def _filled(each: Collected, actor: Actor, now: dt.datetime) -> Collected:
    operation, member = each
    missing = _FILLED.get(member.name)
    if missing is None or not isinstance(operation, Create):
        return each
    words = {_CALLER: str(actor.person_id), _NOW: now.isoformat()}
    given = {column: words[word] for column, word in missing.items() if operation.values.get(column) is None}
    return replace(operation, values={**operation.values, **given}), member


_ONE_OF: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Task": ("parent", ("entity_id", "project_id")),
    "Note": ("parent_id", ("object_id", "parent_id")),
    "User": ("username", ("login", "email")),
}
"""Wire type -> the attribute that a new row needs, and the columns one of which it is kept in."""


def _require(operations: Sequence[Collected]) -> None:
    for operation, member in operations:
        name, columns = _ONE_OF.get(member.name, ("", ()))
        if not name or not isinstance(operation, Create):
            continue
        if not any(operation.values.get(column) for column in columns):
            raise Invalid(f"{member.name}: {name} is required.", {name: ["is required"]})


def _recipients(operations: Sequence[Collected], actor: Actor) -> Iterator[Collected]:
    """Whoever writes a note is one of those whom it is for."""
    caller = str(actor.person_id)
    creates = [(operation, member) for operation, member in operations if isinstance(operation, Create)]
    there = {
        str(operation.values.get("note_id"))
        for operation, member in creates
        if member.name == "Recipient" and str(operation.values.get("person_id")) == caller
    }
    of = facet("NoteRecipient")
    for operation, member in creates:
        if member.name == "Note" and str(operation.id) not in there:
            values = {"note_id": str(operation.id), "person_id": caller}
            yield Create(of, values, id=str(uuid.uuid4())), Member("Recipient", of, {})


def in_order(operations: Sequence[Collected]) -> list[Collected]:
    """The operations as they came, but a create before what refers to it: clients choose the ids."""
    creates = {str(each[0].id): each for each in operations if isinstance(each[0], Create)}
    found: dict[int, Collected] = {}

    def place(each: Collected) -> None:
        waiting = [each]
        while waiting:
            last = waiting[-1]
            before = creates.keys() & _ids_in(last[0])
            needed = [creates[id_] for id_ in sorted(before) if id(creates[id_]) not in found]
            needed = [other for other in needed if all(other is not one for one in waiting)]
            if needed:
                waiting.append(needed[0])
            else:
                found.setdefault(id(last), waiting.pop())

    for each in operations:
        place(each)
    return list(found.values())


def _ids_in(operation: Operation) -> set[str]:
    """The ids that an operation refers to, its own row's too."""
    values = operation.values.values() if isinstance(operation, Create | Update) else ()
    listed = [each for value in values for each in (value if isinstance(value, list) else [value])]
    own = [] if isinstance(operation, Create) else [operation.id]
    return {each for each in (*listed, *own) if isinstance(each, str)}
