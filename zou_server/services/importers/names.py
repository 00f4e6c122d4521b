"""Rows that cells refer to by name: people, statuses, departments. Looked up once, when first needed."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou_server.models.person import OWN_ADDRESS, Person
from zou_server.models.registry import Facet
from zou_server.models.status import Status
from zou_server.query.facets import facet_condition
from zou_server.services.exporters.cells import LISTED, returned
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.importers.outcome import Outcome
    from zou_server.services.importers.tables.sheet import SheetRow
    from zou_server.services.write.unit_of_work import UnitOfWork


def among(column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """The column's value is one of many: one parameter, however many they are."""
    found: sa.ColumnElement[bool] = column == sa.any_(sa.literal(list(values), ARRAY(column.type)))
    return found


class Names:
    """The rows of a small type by name, whatever the case; those that are missing can be made."""

    def __init__(self, work: UnitOfWork, facet: Facet) -> None:
        self._work, self._facet = work, facet

    @cached_property
    def _ids(self) -> dict[str, uuid.UUID]:
        table = self._facet.table
        rows = self._work.session.execute(
            sa.select(table.c.name, table.c.id)
            .where(table.c.deleted_at.is_(None), facet_condition(table, self._facet.where))
            .order_by(table.c.created_at, table.c.id)
        )
        found: dict[str, uuid.UUID] = {}
        for name, id_ in rows:
            found.setdefault(returned(name).casefold(), id_)
        return found

    def find(self, name: str) -> uuid.UUID | None:
        """The oldest row of a name, None when there is none."""
        return self._ids.get(name.casefold())

    def make(self, outcome: Outcome, wanted: Mapping[str, int]) -> None:
        """Make the rows of the names that are missing: name -> the line that asks for it."""
        missing: dict[str, tuple[int, Create]] = {}
        for name, line in wanted.items():
            if self.find(name) is None:
                missing.setdefault(name.casefold(), (line, Create(self._facet, {"name": name})))
        results = outcome.execute(list(missing.values()))
        self._ids.update(zip(missing, (result.id for result in results), strict=True))


class NamedLink:
    """A column that names a row of a small type: made where it is missing, then put in place of its name."""

    def __init__(self, work: UnitOfWork, facet: Facet, target: str, attribute: str) -> None:
        self._names, self._target, self._attribute = Names(work, facet), target, attribute
        self._wanted: dict[str, int] = {}

    def note(self, row: SheetRow, is_new: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - completes a row
        """Note what a row names."""
        if self._target in row.values:
            self._wanted.setdefault(row.values[self._target], row.line)

    def make(self, outcome: Outcome) -> None:
        """Make what is missing."""
        self._names.make(outcome, self._wanted)

    def put(self, row: SheetRow, is_new: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the same
        """Put the id in the place of the name."""
        if self._target in row.values:
            row.values[self._attribute] = self._names.find(row.values.pop(self._target))


class Statuses:
    """The statuses of tasks by name or short name, whatever the case."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    @cached_property
    def _ids(self) -> dict[str, uuid.UUID]:
        rows = self._work.session.execute(
            sa.select(Status.id, Status.code, Status.name)
            .where(Status.for_task, Status.deleted_at.is_(None))
            .order_by(Status.for_concept, Status.priority, Status.created_at)
        ).all()
        found: dict[str, uuid.UUID] = {}
        # A short name is one status's, a name perhaps several's.
        for id_, word in (*((row.id, row.code) for row in rows), *((row.id, row.name) for row in rows)):
            found.setdefault(returned(word).casefold(), id_)
        return found

    def read(self, cell: str) -> uuid.UUID:
        """The status that a cell names."""
        found = self._ids.get(cell.casefold())
        if found is None:
            raise ValueError(f"'{cell[:40]}' is no status of tasks")
        return found


class People:
    """The people of the studio by full name, e-mail address, log-in name or id."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work

    @cached_property
    def _ids(self) -> dict[str, set[uuid.UUID]]:
        rows = self._work.session.execute(
            sa.select(Person.id, Person.first_name, Person.last_name, OWN_ADDRESS, Person.login).where(
                Person.deleted_at.is_(None)
            )
        )
        found: dict[str, set[uuid.UUID]] = {}
        for id_, first, last, email, login in rows:
            for word in (full_name(first, last), email, login, str(id_)):
                found.setdefault(returned(word).casefold(), set()).add(id_)
        return found

    def one(self, cell: str) -> uuid.UUID:
        """The person that a cell names."""
        found = self._ids.get(cell.strip().casefold(), set())
        if not found:
            raise ValueError(f"'{cell[:80]}' is nobody known here")
        if len(found) > 1:
            raise ValueError(f"'{cell[:80]}' is the name of {len(found)} people; say the e-mail address")
        return next(iter(found))

    def several(self, cell: str) -> list[uuid.UUID]:
        """The people that a cell names, separated by commas."""
        return list(dict.fromkeys(self.one(name) for name in cell.split(LISTED) if name.strip()))


def full_name(first: str | None, last: str | None) -> str:
    """First and last name with one space, as `models/person.py` has it."""
    return f"{first or ''} {last or ''}".strip()


def listed_names(cell: str) -> Sequence[str]:
    """The names in a cell, separated by commas."""
    return [name.strip() for name in cell.split(LISTED) if name.strip()]
