"""A long import done by a job: in parts, each of which stands when it is done, with its progress to be seen.

A worker that is stopped in the middle leaves the parts that it did; the next goes on behind them.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.errors import DomainError, Forbidden, Unavailable
from zou_server.models.imports import DataImportError, ImportRun
from zou_server.models.person import Person
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.importers.shotgun.import_rows import (
    IMPORT,
    Imported,
    import_rows,
    kind_called,
)
from zou_server.services.importers.shotgun.values import storable
from zou_server.services.write.operations import Create, Update

if TYPE_CHECKING:
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "import_shotgun"
PART = 500
"""Rows to a transaction: some seconds of work, so that the percent moves and no lock is held for long."""

_ALL = 100


def start_run(work: UnitOfWork, kind: str, sent: Sequence[Any]) -> uuid.UUID:
    """Keep the rows and defer the job, in the running transaction; the id of the run."""
    run = keep_run(work, kind, sent)
    work.defer(TASK, {"run_id": str(run)})
    return run


def keep_run(work: UnitOfWork, kind: str, sent: Sequence[Any]) -> uuid.UUID:
    """Keep the rows for `run_import`; the id of the run."""
    require(work.actor, "import", "run", IMPORT)
    kind_called(kind)
    values = {"kind": kind, "rows": storable(sent), "total": len(sent)}
    return work.execute([Create(facet("ImportRun"), values)])[0].id


def run_import(studio: Studio, run_id: uuid.UUID) -> None:
    """Do what is left of a run. What goes wrong with all of it is its reason; Unavailable is raised on."""
    try:
        while _do_part(studio, run_id):
            pass
    except Unavailable:
        raise
    except DomainError as error:
        _end(studio, run_id, "failed", error.message)


def give_up(studio: Studio, run_id: uuid.UUID, reason: str) -> None:
    """End a run that breaks down again and again."""
    _end(studio, run_id, "failed", reason)


def _do_part(studio: Studio, run_id: uuid.UUID) -> bool:
    """One part in one transaction; False when there was none left."""
    with studio.write(SYSTEM) as work:
        run = work.session.get(ImportRun, run_id)
        if run is None or run.state in ("done", "failed"):
            return False
        actor, kind, rows, start = _starter(work, run), run.kind, list(run.rows or ()), run.done
    part = rows[start : start + PART]
    with studio.write(actor) as work:
        found = import_rows(work, kind, part)
        _advance(work, run_id, found, start + len(part))
        work.commit()
    if start + len(part) < len(rows):
        return True
    _complete(studio, actor, kind, rows)
    _end(studio, run_id, "done", None)
    return False


def _starter(work: UnitOfWork, run: ImportRun) -> Actor:
    """Who asked for the run, with the rights that they have now."""
    if run.created_by_id is None:
        return SYSTEM
    person = work.session.get(Person, run.created_by_id)
    if person is None or person.deleted_at is not None or not person.active or person.role != "admin":
        raise Forbidden("Whoever started this import is no administrator any more.")
    return Actor(person.id, f"{person.first_name} {person.last_name}".strip(), person.role, client="import")


def _advance(work: UnitOfWork, run_id: uuid.UUID, found: Imported, done: int) -> None:
    run = work.session.get_one(ImportRun, run_id)
    values = {
        "state": "running",
        "done": done,
        "percent": min(_ALL - 1, done * _ALL // max(run.total, 1)),
        "created": run.created + found.created,
        "updated": run.updated + found.updated,
        "unchanged": run.unchanged + found.unchanged,
    }
    work.execute([Update(facet("ImportRun"), run_id, values)])


def _complete(studio: Studio, actor: Actor, kind: str, rows: Sequence[Any]) -> None:
    """Import again what lacked a row of a later part of the same list."""
    ids = {row.get("id") for row in rows if isinstance(row, dict)}
    with studio.write(actor) as work:
        records = work.session.scalars(
            sa.select(DataImportError.event_data).where(
                among(DataImportError.about, {f"{kind} {id_}" for id_ in ids}),
                DataImportError.deleted_at.is_(None),
            )
        )
        again = [record["row"] for record in records]
    for start in range(0, len(again), PART):
        with studio.write(actor) as work:
            import_rows(work, kind, again[start : start + PART])
            work.commit()


def _end(studio: Studio, run_id: uuid.UUID, state: str, reason: str | None) -> None:
    with studio.write(SYSTEM) as work:
        run = work.session.get_one(ImportRun, run_id)
        errors = _count_errors(work, run) if state == "done" else run.errors
        values: dict[str, Any] = {"state": state, "reason": reason, "errors": errors, "rows": None}
        if state == "done":
            values["percent"] = _ALL
        work.execute([Update(facet("ImportRun"), run_id, {**values, "ended_at": work.now})])
        work.commit()


def _count_errors(work: UnitOfWork, run: ImportRun) -> int:
    """The rows of the run that have a record now."""
    ids = {row.get("id") for row in run.rows or () if isinstance(row, dict)}
    found = work.session.scalar(
        sa.select(sa.func.count()).where(
            among(DataImportError.about, {f"{run.kind} {id_}" for id_ in ids}),
            DataImportError.deleted_at.is_(None),
        )
    )
    nameless = sum(not isinstance(row, dict) for row in run.rows or ())
    return int(found or 0) + nameless
