"""From Shotgun's ids to ours, for all rows of a list at once: one statement for each kind referred to."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from zou_server.models.registry import Facet, facet
from zou_server.query.facets import facet_condition
from zou_server.services.importers.shotgun.kinds import BY_TYPE, KINDS, ImportKind, RowReference
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.importers.shotgun.values import ShotgunLink

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Known = Mapping[tuple[str, int], uuid.UUID]
"""(kind, Shotgun's id) -> our id."""


def among(column: Any, values: Iterable[Any]) -> sa.ColumnElement[bool]:
    """The column's value is one of many: one parameter, however many they are."""
    found: sa.ColumnElement[bool] = column == sa.any_(sa.literal(list(values), ARRAY(column.type)))
    return found


def live(of: Facet) -> sa.ColumnElement[bool]:
    """The row is one of the facet's, and is not retired."""
    return sa.and_(of.table.c.deleted_at.is_(None), facet_condition(of.table, of.where))


def known_rows(work: UnitOfWork, wanted: Mapping[str, set[int]]) -> dict[tuple[str, int], uuid.UUID]:
    """The rows that were imported before, by kind and id."""
    found: dict[tuple[str, int], uuid.UUID] = {}
    for kind, numbers in wanted.items():
        of = facet(KINDS[kind].facet)
        rows = work.session.execute(
            sa.select(of.table.c.shotgun_id, of.table.c.id)
            .where(among(of.table.c.shotgun_id, numbers), live(of))
            .order_by(of.table.c.created_at.desc(), of.table.c.id)
        )
        found.update({(kind, number): id_ for number, id_ in rows})
    return found


def find_references(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> list[SgRow]:
    """Give every row the ids of what it refers to; a row that lacks a required one is refused.

    A reference to many makes a copy of the row for each, so the rows come back.
    """
    wanted: dict[str, set[int]] = {}
    for row in rows:
        for reference in kind.references:
            for link in _links(row, reference):
                to = _kind_of(reference, link)
                if to:
                    wanted.setdefault(to, set()).add(link.id)
    known = known_rows(work, wanted)
    found: list[SgRow] = []
    for row in rows:
        for reference in kind.references:
            if reference.target != kind.copies:
                _resolve(row, reference, known)
        found.extend(_copies(kind, row, known) if kind.copies and not row.refused else [row])
    return found


def _links(row: SgRow, reference: RowReference) -> list[ShotgunLink]:
    given = row.links.get(reference.target or "project")
    return given if isinstance(given, list) else [given] if given else []


def _kind_of(reference: RowReference, link: ShotgunLink) -> str:
    if reference.to == "persons" and link.type == "ApiUser":
        return ""  # what a script did has no author among the people
    return reference.to or BY_TYPE.get(link.type, "")


def _resolve(row: SgRow, reference: RowReference, known: Known) -> None:
    for link in _links(row, reference):
        to = _kind_of(reference, link)
        id_ = known.get((to, link.id))
        if id_ is None:
            _say_missing(row, reference, link, to)
        elif reference.target:
            row.values[reference.target] = id_
        if reference.to == "projects":
            row.project_id = id_


def _say_missing(row: SgRow, reference: RowReference, link: ShotgunLink, to: str) -> None:
    why = "was not imported yet" if to else "is of a type that is not imported"
    said = f"{reference.keys[0]}: {link} {why}"
    if reference.required:
        row.refuse(said)
    elif reference.target and (to or reference.to != "persons"):
        row.leave_out(said)


def _copies(kind: ImportKind, row: SgRow, known: Known) -> list[SgRow]:
    """A row for each of several that it is about; those unknown are noted."""
    reference = next(each for each in kind.references if each.target == kind.copies)
    found: list[SgRow] = []
    for link in _links(row, reference):
        id_ = known.get((reference.to, link.id))
        if id_ is None:
            row.leave_out(f"{reference.keys[0]}: {link} was not imported yet")
            continue
        values = {**row.values, reference.target: id_}
        found.append(replace(row, values=values, data=dict(row.data), custom=dict(row.custom), source=row))
    if not found:
        row.refuse(f"{reference.keys[0]}: none of them was imported yet")
    return found or [row]
