"""What is left of imports from other systems: rows that could not be taken in, and long runs under way."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row
from zou_server.models.registry import entity

NOWHERE = dict.fromkeys(("zou", "shotgun", "ftrack", "shotrunner"))
"""In no dialect's lists and in no event: rows of other systems hold people's addresses."""

SOURCES = ("shotgun", "csv")
RUN_STATES = ("waiting", "running", "done", "failed")


@entity("data-import-errors", names=NOWHERE, policy="import", display="")
class DataImportError(Row):
    """One row of an import that was left out, wholly or in part, with the reason; or what a script stored.

    `about` says which row ("shots 12"), so that importing it again replaces the record, or removes it
    when nothing is wrong any more. Scripts store any JSON and no `about`. Source: docs/protocols/zou.md 17.
    """

    event_data: Mapped[Any] = mapped_column(JSONB, nullable=False)
    source: Mapped[str] = mapped_column(default="shotgun", info={"choices": SOURCES})
    about: Mapped[str | None]

    __table_args__ = (
        sa.Index("uq_data_import_error_about", "source", "about", unique=True, postgresql_where=LIVE),
    )


@entity("import-runs", names=NOWHERE, policy="import", display="")
class ImportRun(Row):
    """An import done by a job: the rows that were sent, and how far it has come.

    `percent` is 0 to 100; the counts are rows, `done` those looked at. `reason` says why it failed.
    The rows go when it has ended.
    """

    source: Mapped[str] = mapped_column(default="shotgun", info={"choices": SOURCES})
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting", info={"choices": RUN_STATES})
    rows: Mapped[list[Any] | None] = mapped_column(JSONB)
    percent: Mapped[int] = mapped_column(default=0, info={"minimum": 0, "maximum": 100})
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created: Mapped[int] = mapped_column(default=0)
    updated: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str | None]
    ended_at: Mapped[dt.datetime | None]
