"""People from a CSV file; the departments and studios that it names are made when they do not exist."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.person import Person
from zou_server.models.registry import facet
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.export_lists import LAYOUTS
from zou_server.services.importers.match import Existing, exported, match, read_matched
from zou_server.services.importers.names import NamedLink, Names, full_name, listed_names
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.columns import ImportColumn, count, held_by, one_of, text, yes
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.sheet import Sheet, SheetRow, read_known
from zou_server.services.importers.write_matched import require_maker, write_all_matched

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

ROLES = {
    # Kitsu's words for the roles
    "studio manager": "admin",
    "production manager": "manager",
    "artist": "user",
}
MAX_COUNTRY = 2


def _address(cell: str) -> str:
    name, _, domain = cell.rpartition("@")
    if not name or not domain or " " in cell:
        raise ValueError(f"'{cell[:80]}' is no e-mail address")
    return str(held_by("Person", "email")(cell.lower()))


def _country(cell: str) -> str:
    if len(cell) != MAX_COUNTRY or not cell.isalpha():
        raise ValueError(f"'{cell[:40]}' is no country code of two letters")
    return cell.upper()


COLUMNS = (
    ImportColumn("first_name", ("First Name",), held_by("Person", "first_name")),
    ImportColumn("last_name", ("Last Name",), held_by("Person", "last_name")),
    ImportColumn("email", ("Email", "E-mail"), _address, required=True),
    ImportColumn("phone", ("Phone",), held_by("Person", "phone")),
    ImportColumn("role", ("Role",), one_of("Person", "role", ROLES)),
    ImportColumn("contract_type", ("Contract Type",), one_of("Person", "contract_type")),
    ImportColumn("position", ("Position",), one_of("Person", "position")),
    ImportColumn("seniority", ("Seniority",), one_of("Person", "seniority")),
    ImportColumn("country", ("Country",), _country),
    ImportColumn("daily_salary", ("Daily Salary",), count),
    ImportColumn("studio", ("Studio",), held_by("Studio", "name")),
    ImportColumn("departments", ("Departments", "Department"), text),
    ImportColumn("active", ("Active",), yes),
)


def import_persons(work: UnitOfWork, file: TableFile, *, update: bool = False) -> Outcome:
    """Import a file of people, who are known by their e-mail address; all of it or nothing.

    Who has an address together with others is known by it and by name; one that could be several is refused.
    Who is there already stays as they are unless `update`. People get no password: a bot or an invitation
    gives them one.
    """
    require_maker(work.actor, "HumanUser")
    outcome = Outcome(work, facet("Person"))
    sheet = read_known(file, COLUMNS)
    links = _Links(work)
    stands = exported(work, LAYOUTS["persons"]) if update else None
    known = _Known(work)
    rows = sheet.keyed(known.key)
    known.refuse_unclear(sheet, rows)
    found = match(sheet, rows, known.existing(), "email")
    matched = read_matched(sheet, found, ("email",), stands, links.note)
    sheet.problems.raise_if_any()
    links.make(outcome)
    write_all_matched(outcome, "HumanUser", matched, links.put)
    return outcome


class _Known:
    """What people are known by: their address, their name where they have none, both where it is shared."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        shared = sa.select(sa.func.lower(Person.email)).where(_STAFF, Person.shares_email)
        self._shared = dict[str, list[str]]()
        for email in work.session.scalars(shared.distinct()):
            self._shared[returned(email)] = []
        of = sa.select(Person.email, Person.first_name, Person.last_name).where(
            _STAFF, sa.func.lower(Person.email).in_(self._shared)
        )
        for email, first, last in work.session.execute(of) if self._shared else ():
            self._shared[returned(email).lower()].append(_name(returned(first), returned(last)))

    def key(self, row: SheetRow) -> Hashable:
        """What tells a row of the file."""
        name = _name(row.cells.get("first_name"), row.cells.get("last_name"))
        return self._of(row.cells.get("email", "").lower(), name)

    def existing(self) -> Existing:
        """What tells everybody who is there."""
        rows = self._work.session.execute(
            sa.select(Person.id, Person.email, Person.first_name, Person.last_name)
            .where(_STAFF)
            .order_by(Person.created_at, Person.id)
        )
        for id_, email, first, last in rows:
            yield self._of(returned(email).lower(), _name(returned(first), returned(last))), id_

    def _of(self, email: str, name: str) -> Hashable:
        return (email, name) if email in self._shared else email or name

    def refuse_unclear(self, sheet: Sheet, rows: Kept[SheetRow]) -> None:
        """Note the rows that could be about several people, or about none of those who have the address."""
        for row in rows if self._shared else ():
            names = self._shared.get(row.cells.get("email", "").lower())
            name = _name(row.cells.get("first_name"), row.cells.get("last_name"))
            if names is not None and names.count(name) != 1:
                whose = "several people called so" if name in names else "several people, nobody called so"
                sheet.wrong(row, "email", f"'{row.cells['email']}' is the address of {whose}")


_STAFF = sa.and_(Person.deleted_at.is_(None), Person.is_bot.is_(False))


def _name(first: str | None, last: str | None) -> str:
    return full_name(first, last).casefold()


class _Links:
    """The departments and studios that lines name: made where missing, then put in place of names."""

    def __init__(self, work: UnitOfWork) -> None:
        self._departments = Names(work, facet("Department"))
        self._studios = NamedLink(work, facet("Studio"), "studio", "studio_id")
        self._wanted: dict[str, int] = {}

    def note(self, row: SheetRow, is_new: bool) -> None:  # noqa: ARG002, FBT001 - what completes a row
        """Note what a row names."""
        for name in listed_names(row.values.get("departments", "")):
            self._wanted.setdefault(name, row.line)
        self._studios.note(row)

    def make(self, outcome: Outcome) -> None:
        """Make what is missing."""
        self._departments.make(outcome, self._wanted)
        self._studios.make(outcome)

    def put(self, row: SheetRow, is_new: bool) -> None:  # noqa: ARG002, FBT001 - the same
        """Put ids in the place of names."""
        names = listed_names(row.values.pop("departments", ""))
        if names:
            row.values["departments"] = list(dict.fromkeys(map(self._departments.find, names)))
        self._studios.put(row)
