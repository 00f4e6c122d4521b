"""The end of the log: changes of long ago are forgotten, or moved into a file first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence

import sqlalchemy as sa

from zou_server.models.event import ChangeSet, EventLog
from zou_server.services.events.log_parts import TABLES, LogParts, Part, change_parts

AT_ONCE = 500
"""Change sets that one transaction removes: nobody waits for it, and a killed one has lost nothing."""

Keep = Callable[[Iterator[str]], None]
"""Takes events as lines of JSON and returns once they are kept for good."""


def prune_events(engine: sa.Engine, before: dt.datetime, keep: Keep | None = None) -> int:
    """Remove the changes before a moment, the oldest first; how many events they were.

    What is removed was given to `keep` before. The log stays whole from its first number on: of changes that
    were made at the same time as later ones are numbered, none is left out. Parts of the log that are old
    altogether go at once, of the next one the rows.
    """
    with engine.connect() as connection:
        young = int(connection.execute(_first_young(before)).scalar_one())
        parts = [part for part in LogParts(connection).all() if part.end is not None and part.end <= young]
    return sum(_prune_part(engine, part, keep) for part in parts) + _prune_rows(engine, young, keep)


def _prune_part(engine: sa.Engine, part: Part, keep: Keep | None) -> int:
    """Remove a whole part: nothing is added to one whose numbers were all given, so it is read unlocked."""
    start, end = part.start, part.end or part.start
    with engine.connect() as connection:
        events = int(connection.execute(_events_in(start, end)).scalar_one())
    while keep is not None and start < end:
        with engine.connect() as connection:
            sets = connection.execute(_oldest(start, end)).all()
            if not sets:
                break
            keep(_lines(connection, sets))
            start = sets[-1].last + 1
    change_parts(engine, lambda parts: parts.drop(part))
    return events


def _prune_rows(engine: sa.Engine, young: int, keep: Keep | None) -> int:
    removed = 0
    while count := _prune_some(engine, young, keep):
        removed += count
    return removed


def _prune_some(engine: sa.Engine, young: int, keep: Keep | None) -> int:
    with engine.begin() as connection:
        sets = connection.execute(_oldest(0, young).with_for_update()).all()
        if not sets:
            return 0
        if keep is not None:
            keep(_lines(connection, sets))
        for table in TABLES:
            gone = sa.table(table, sa.column("base", sa.BigInteger))
            connection.execute(sa.delete(gone).where(gone.c.base.between(sets[0].base, sets[-1].base)))
        return sum(each.last - each.base + 1 for each in sets)


def _first_young(before: dt.datetime) -> sa.Select[int]:
    """The number that the removal ends before, asked for once: what comes meanwhile always stays."""
    stays = sa.func.min(ChangeSet.base).filter(ChangeSet.created_at >= before)
    return sa.select(sa.func.coalesce(stays, sa.func.max(ChangeSet.base) + 1, 0))


def _events_in(start: int, end: int) -> sa.Select[int]:
    """How many events a stretch of numbers has."""
    length = ChangeSet.last - ChangeSet.base + 1
    return sa.select(sa.func.coalesce(sa.func.sum(length), 0)).where(*_between(start, end))


def _oldest(start: int, end: int) -> sa.Select[int, int]:
    """The first change sets of a stretch of numbers."""
    found = sa.select(ChangeSet.base, ChangeSet.last).where(*_between(start, end))
    return found.order_by(ChangeSet.base).limit(AT_ONCE)


def _between(start: int, end: int) -> tuple[sa.ColumnElement[bool], ...]:
    return ChangeSet.base >= start, ChangeSet.base < end


def _lines(connection: sa.Connection, sets: Sequence[sa.Row[int, int]]) -> Iterator[str]:
    log = EventLog.__table__
    between = (column.between(sets[0].base, sets[-1].base) for column in (log.c.base, log.c.change_base))
    rows = (
        sa.select(*(each for each in log.c if each.name != "change_base"))
        .add_columns((log.c.base + log.c.ordinal).label("number"))
        .where(*between)
        .order_by(log.c.base, log.c.ordinal)
        .subquery("e")
    )
    text = sa.select(sa.cast(sa.func.row_to_json(sa.text("e")), sa.Text())).select_from(rows)
    for (line,) in connection.execute(text):
        yield line
