"""The end of the log: changes of long ago are forgotten, or moved into a file first."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from zou_server.models.event import ChangeSet, EventLog, EventRow

AT_ONCE = 500
"""Change sets that one transaction removes: nobody waits for it, and a killed one has lost nothing."""

Keep = Callable[[Iterator[str]], None]
"""Takes events as lines of JSON and returns once they are kept for good."""


def prune_events(engine: sa.Engine, before: dt.datetime, keep: Keep | None = None) -> int:
    """Remove the changes before a moment, the oldest first; how many events they were.

    What is removed was given to `keep` before. The log stays whole from its first number on: of changes that
    were made at the same time as later ones are numbered, none is left out.
    """
    with engine.connect() as connection:
        young = connection.execute(_first_young(before)).scalar_one()
    removed = 0
    while count := _prune_some(engine, young, keep):
        removed += count
    return removed


def _prune_some(engine: sa.Engine, young: int, keep: Keep | None) -> int:
    with engine.begin() as connection:
        sets = connection.execute(_oldest(young)).all()
        if not sets:
            return 0
        first, last = sets[0].base, sets[-1].last
        if keep is not None:
            keep(_lines(connection, first, last))
        ids = [each.id for each in sets]
        connection.execute(sa.delete(EventRow).where(EventRow.change_set_id.in_(ids)))
        connection.execute(sa.delete(ChangeSet).where(ChangeSet.id.in_(ids)))
        return sum(each.last - each.base + 1 for each in sets)


def _first_young(before: dt.datetime) -> sa.Select[int]:
    """The number that the removal ends before, asked for once: what comes meanwhile always stays."""
    stays = sa.func.min(ChangeSet.base).filter(ChangeSet.created_at >= before)
    return sa.select(sa.func.coalesce(stays, sa.func.max(ChangeSet.base) + 1, 0))


def _oldest(young: int) -> sa.Select[uuid.UUID, int, int]:
    """The first change sets of the log, up to the first that is not older."""
    return (
        sa.select(ChangeSet.id, ChangeSet.base, ChangeSet.last)
        .where(ChangeSet.base < young)
        .order_by(ChangeSet.base)
        .limit(AT_ONCE)
        .with_for_update()
    )


def _lines(connection: sa.Connection, first: int, last: int) -> Iterator[str]:
    log = EventLog.__table__
    rows = (
        sa.select(log, (log.c.base + log.c.ordinal).label("number"))
        .where(log.c.base >= first, log.c.last <= last)
        .order_by(log.c.base, log.c.ordinal)
        .subquery("e")
    )
    text = sa.select(sa.cast(sa.func.row_to_json(sa.text("e")), sa.Text())).select_from(rows)
    for (line,) in connection.execute(text):
        yield line
