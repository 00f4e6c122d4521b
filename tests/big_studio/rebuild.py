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


@contextmanager
def without_indexes(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Take the foreign keys, constraints and indexes of tables away, and bring them back in the end."""
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
    for row in keys:
        connection.exec_driver_sql(f"ALTER TABLE {row.of} ADD CONSTRAINT {row.name} {row.means}")
