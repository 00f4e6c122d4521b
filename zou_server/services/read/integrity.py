"""What the database refuses, said as a domain error: one table by SQLSTATE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import psycopg2
import sqlalchemy as sa
from sqlalchemy import exc

from zou_server.models.base import Base
from zou_server.models.errors import Conflict, DomainError, Invalid, NoRoom, ReadOnly, Unavailable

_KEY = re.compile(r"Key \((?P<columns>.*?)\)=\(")


def _columns(diagnostics: Any) -> list[str]:
    match = _KEY.search(diagnostics.message_detail or "")
    if match is None:
        return [diagnostics.column_name] if diagnostics.column_name else []
    names = re.sub(r"lower\((\w+)(?:::text)?\)", r"\1", match["columns"])
    return [name.strip().strip('"') for name in names.split(",")]


def _duplicate(diagnostics: Any) -> DomainError:
    fields = {name: ["has already been taken"] for name in _columns(diagnostics)}
    return Conflict("A record with the same unique values already exists.", fields)


def _dangling(diagnostics: Any) -> DomainError:
    table = Base.metadata.tables.get(diagnostics.table_name or "")
    name = diagnostics.constraint_name or ""
    column = (
        next((c.name for c in table.columns if name.endswith(f"_{c.name}")), "") if table is not None else ""
    )
    return Invalid(fields={column or name: ["does not exist"]})


def _missing(diagnostics: Any) -> DomainError:
    return Invalid("A required field is missing.", {diagnostics.column_name or "?": ["is required"]})


def _unfit(diagnostics: Any) -> DomainError:
    return Invalid(f"The database refused a value: {diagnostics.message_primary}.")


def _collision(_: Any) -> DomainError:
    return Unavailable("Somebody else changed the same rows at the same moment; try again.")


def _busy(_: Any) -> DomainError:
    return Unavailable("The database is busy; try again.")


def _full(_: Any) -> DomainError:
    return NoRoom("The database has no room left on its disk.")


def _read_only(_: Any) -> DomainError:
    return ReadOnly()


_BY_STATE: dict[str, Callable[[Any], DomainError]] = {
    "25006": _read_only,
    "23505": _duplicate,
    "23503": _dangling,
    "23502": _missing,
    "23514": _unfit,
    "23P01": _duplicate,
    "40001": _collision,
    "40P01": _collision,
    "55P03": _busy,
    "57014": _busy,
    "54000": _unfit,
    "53100": _full,
}
_BY_CLASS: dict[str, Callable[[Any], DomainError]] = {"22": _unfit, "53": _busy, "08": _busy, "57": _busy}


def translate(error: BaseException) -> DomainError | None:
    """The domain error for a database error; None when it is a defect of ours."""
    cause = error.orig if isinstance(error, exc.DBAPIError) else error
    if not isinstance(cause, psycopg2.Error):
        return (
            Unavailable("The database is busy; try again.") if isinstance(error, exc.TimeoutError) else None
        )
    state = cause.pgcode or ""
    make = _BY_STATE.get(state) or _BY_CLASS.get(state[:2])
    if make is not None:
        return make(cause.diag)
    gone = isinstance(cause, psycopg2.OperationalError | psycopg2.InterfaceError)
    return Unavailable("The database cannot be reached; try again.") if gone else None


REFUSALS = (sa.exc.SQLAlchemyError, psycopg2.Error)
"""What a database's refusal is raised as."""


def refuse(error: BaseException) -> NoReturn:
    """Raise the domain error for what the database refused, the error itself where it is a defect of ours."""
    found = translate(error)
    if found is None:
        raise error
    raise found from error


@contextmanager
def translated() -> Iterator[None]:
    """Turn what the database refuses inside the block into domain errors."""
    try:
        yield
    except REFUSALS as error:
        refuse(error)
