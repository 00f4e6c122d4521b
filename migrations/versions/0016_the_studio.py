"""the studio: all that `migrations/earlier` made; it stands in the SQL file beside this one."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = None
branch_labels = None
depends_on = None

# Extensions and what belongs to them go by themselves, and alembic's own table stays. Tables go before the
# sequences: that of an identity column goes with it and not without.
DROP_ALL = """
DO $$
DECLARE
    commands text;
BEGIN
    SELECT string_agg(command, '; ' ORDER BY place) INTO commands FROM (
        SELECT 1 AS place, format('DROP EXTENSION %I CASCADE', extname) AS command
        FROM pg_extension WHERE extname <> 'plpgsql'
        UNION ALL
        SELECT found.place, format('DROP %s IF EXISTS %s CASCADE', found.word, c.oid::regclass)
        FROM pg_class c JOIN (
            VALUES (2, 'v', 'VIEW'), (3, 'r', 'TABLE'), (3, 'p', 'TABLE'),
                   (4, 'S', 'SEQUENCE'), (5, 'c', 'TYPE')
        ) AS found(place, kind, word) ON found.kind = c.relkind
        WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        UNION ALL
        SELECT 6, format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
        FROM pg_proc p LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
        WHERE pronamespace = 'public'::regnamespace AND d.objid IS NULL
        UNION ALL
        SELECT 7, format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
        FROM pg_type WHERE typnamespace = 'public'::regnamespace AND typtype = 'e'
    ) AS everything;
    EXECUTE commands;
END
$$
"""


def upgrade() -> None:
    """Make everything in an empty database."""
    run(Path(__file__).with_suffix(".sql").read_text())


def downgrade() -> None:
    """Take everything away again."""
    run(DROP_ALL)


def run(sql: str) -> None:
    op.get_bind().exec_driver_sql(sql, execution_options={"no_parameters": True})
