"""Tables filled without their indexes, which are made again from what the catalogue says of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import Connection

_KEYS = sa.text("""
SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS means
FROM pg_constraint
WHERE contype = 'f' AND conparentid = 0 AND (conrelid = ANY(:tables) OR confrelid = ANY(:tables))
ORDER BY 1, 2
""")
_CONSTRAINTS = sa.text("""
SELECT conrelid::regclass::text AS of, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS means
FROM pg_constraint
WHERE contype IN ('p', 'u') AND conparentid = 0 AND conrelid = ANY(:tables) ORDER BY 1, 2
""")
_INDEXES = sa.text("""
SELECT quote_ident(c.relname) AS name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') AS means
FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = ANY(:tables)
  AND NOT EXISTS (
      SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x')
  )
ORDER BY 1
""")


# What PostgreSQL checks of each row that it has would take longer than all rows took to be written.
_TRUSTED = sa.text("""
UPDATE pg_constraint SET convalidated = true
WHERE contype = 'f' AND NOT convalidated AND (conrelid = ANY(:tables) OR confrelid = ANY(:tables))
""")


@contextmanager
def without_indexes(connection: Connection, tables: Sequence[str], *, is_trusted: bool) -> Iterator[None]:
    """Take the foreign keys, constraints and indexes of tables away, and bring them back in the end.

    Foreign keys of rows that are trusted are not looked at again; those of a small studio are, by whose
    statements a big one is filled too.
    """
    known = {
        "tables": [connection.scalar(sa.text("SELECT cast(:t AS regclass)::oid"), {"t": t}) for t in tables]
    }
    keys, constraints = (list(connection.execute(each, known)) for each in (_KEYS, _CONSTRAINTS))
    indexes = list(connection.execute(_INDEXES, known))
    for row in (*keys, *constraints):
        connection.exec_driver_sql(f"ALTER TABLE {row.of} DROP CONSTRAINT {row.name}")
    for index in indexes:
        connection.exec_driver_sql(f"DROP INDEX {index.name}")
    yield
    for row in constraints:
        connection.exec_driver_sql(f"ALTER TABLE {row.of} ADD CONSTRAINT {row.name} {row.means}")
    for index in indexes:
        connection.connection.cursor().execute(index.means)
    unseen = " NOT VALID" if is_trusted else ""
    for row in keys:
        connection.exec_driver_sql(f"ALTER TABLE {row.of} ADD CONSTRAINT {row.name} {row.means}{unseen}")
    if is_trusted:
        connection.execute(_TRUSTED, known)
