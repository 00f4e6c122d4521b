"""From numbers and codes to ids: every reference of a list of operations, in few statements.

References by number are looked up in one statement, references by code in one per column used. What
is not found becomes Invalid for a value, NotFound for the row an operation is about.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import facet
from zou_server.query.facets import facet_condition
from zou_server.services.write.operations import Act, Create, Edit, Operation, Ref, RefBy, Update
from zou_server.services.write.prepared import Prepared
from zou_server.services.write.write_rows import WritingSession

_BY_NUMBER = Prepared(
    "numbers",
    ("text[]", "bigint[]"),
    """
SELECT o.kind, o.number, o.id
FROM unnest($1, $2) AS wanted (kind, number)
JOIN object o ON o.kind = wanted.kind AND o.number = wanted.number
""",
)


class Resolver:
    """Looks up what a list of operations refers to."""

    def __init__(self, session: WritingSession, operations: Iterable[Operation]) -> None:
        self._session = session
        self.has_lists = _may_refer(operations)
        """False where no value is a list, an edit of one or a reference: there is nothing to look up."""
        numbers, values = set[Ref](), set[RefBy]()
        for ref in _references(operations) if self.has_lists else ():
            if isinstance(ref, Ref):
                numbers.add(ref)
            else:
                values.add(ref)
        self._refers = bool(numbers or values)
        self._by_number = self._numbers(numbers) if numbers else {}
        self._by_value = self._values(values) if values else {}

    def target(self, given: Any, name: str) -> uuid.UUID:
        """The id of the row that an operation is about."""
        if isinstance(given, uuid.UUID):
            return given
        try:
            return self._by_number[given] if isinstance(given, Ref) else uuid.UUID(str(given))
        except (KeyError, ValueError):
            raise absent(given, name) from None

    def values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with ids in place of references."""
        if not self._refers:
            return dict(values)
        missing: dict[str, list[str]] = {}
        found = {name: self._value(name, value, missing) for name, value in values.items()}
        if missing:
            raise Invalid(fields=missing)
        return found

    def _value(self, name: str, value: Any, missing: dict[str, list[str]]) -> Any:
        if isinstance(value, Edit):
            return replace(value, items=[self._value(name, item, missing) for item in value.items])
        if isinstance(value, list | tuple):
            return [self._value(name, item, missing) for item in value]
        if not isinstance(value, Ref | RefBy):
            return value
        table: Mapping[Any, uuid.UUID] = self._by_number if isinstance(value, Ref) else self._by_value
        if value not in table and not (isinstance(value, RefBy) and value.optional):
            shown = f"{value.kind} {value.number}" if isinstance(value, Ref) else f"'{value.value}'"
            missing.setdefault(name, []).append(f"{shown} does not exist")
        return table.get(value)

    def _numbers(self, refs: set[Ref]) -> dict[Ref, uuid.UUID]:
        good = {(r.kind, r.number) for r in refs if isinstance(r.number, int) and abs(r.number) < 2**62}
        if not good:
            return {}
        kinds, numbers = (list(each) for each in zip(*sorted(good), strict=True))
        rows = _BY_NUMBER.rows(self._session.pooled_connection(), kinds, numbers)
        return {Ref(kind, number): id_ for kind, number, id_ in rows}

    def _values(self, refs: set[RefBy]) -> dict[RefBy, uuid.UUID]:
        found: dict[RefBy, uuid.UUID] = {}
        for facet_name, attribute in {(r.facet, r.attribute) for r in refs}:
            wanted = facet(facet_name)
            column = wanted.table.c[attribute]
            mine = {str(r.value): r for r in refs if (r.facet, r.attribute) == (facet_name, attribute)}
            rows = self._session.execute(
                sa.select(column, wanted.table.c.id)
                .where(
                    column.in_(list(mine)),
                    wanted.table.c.deleted_at.is_(None),
                    facet_condition(wanted.table, wanted.where),
                )
                .order_by(wanted.table.c.created_at.desc())
            )
            found.update({mine[value]: id_ for value, id_ in rows})
        return found


def absent(given: Any, name: str) -> NotFound:
    """The error for a row that is not there, in the words of whoever named it: no hidden id slips out."""
    shown = f"{given.kind} {given.number}" if isinstance(given, Ref) else f"{name} {given}"
    return NotFound(f"There is no {shown}.")


_PLAIN = frozenset({str, int, float, bool, type(None), uuid.UUID, dict})


def _may_refer(operations: Iterable[Operation]) -> bool:
    """Whether a list of operations has to be looked through: most hold ids and plain values alone."""
    for operation in operations:
        if isinstance(operation.id, Ref) or (isinstance(operation, Create) and operation.made_by is not None):
            return True
        if isinstance(operation, Create | Update | Act) and not _PLAIN.issuperset(
            map(type, operation.values.values())
        ):
            return True
    return False


def _references(operations: Iterable[Operation]) -> Iterator[Ref | RefBy]:
    for operation in operations:
        if isinstance(operation.id, Ref):
            yield operation.id
        if isinstance(operation, Create) and isinstance(operation.made_by, Ref):
            yield operation.made_by
        if isinstance(operation, Create | Update | Act):
            for value in operation.values.values():
                yield from _inside(value)


def _inside(value: Any) -> Iterator[Ref | RefBy]:
    if isinstance(value, Ref | RefBy):
        yield value
    elif isinstance(value, Edit):
        yield from _inside(list(value.items))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _inside(each)
