"""the studio: all that `migrations/earlier` made; it stands in the SQL file beside this one."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = None
branch_labels = None
depends_on = None

# Extensions and what belongs to them go by themselves, and alembic's own table stays.
DROP_ALL = """
DO $$
DECLARE
    commands text;
BEGIN
    SELECT string_agg(command, '; ') INTO commands FROM (
        SELECT format('DROP EXTENSION %I CASCADE', extname) AS command
        FROM pg_extension WHERE extname <> 'plpgsql'
        UNION ALL
        SELECT format('DROP %s IF EXISTS %s CASCADE', found.word, c.oid::regclass)
        FROM pg_class c JOIN (
            VALUES ('v', 'VIEW'), ('r', 'TABLE'), ('p', 'TABLE'), ('S', 'SEQUENCE'), ('c', 'TYPE')
        ) AS found(kind, word) ON found.kind = c.relkind
        WHERE relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        UNION ALL
        SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
        FROM pg_proc p LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
        WHERE pronamespace = 'public'::regnamespace AND d.objid IS NULL
        UNION ALL
        SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype)
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
