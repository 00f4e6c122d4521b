"""`make squash NAME="the studio"`: one migration in the place of all, for a release.

The new migration is an SQL file: what PostgreSQL's own `pg_dump` says of a database that the old ones made,
with the rows that they made. The old ones move to `migrations/earlier` without their ways back, for databases
of before. See docs/adr/0014-migrations-are-one-again.md.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from zou_server.adapters import migrate
from zou_server.adapters.postgres.programs import find_programs
from zou_server.commands.check_migrations import migrated_engine
from zou_server.packaged import packaged_dir

WANTED = (
    "--no-owner",
    "--no-privileges",
    "--no-comments",
    "--column-inserts",
    "--exclude-table=alembic_version",
)
DROPPED = re.compile(
    r"^(?:--.*|\\(?:un)?restrict .*|SET .*|SELECT pg_catalog\.set_config\('search_path'.*)$", re.MULTILINE
)
BEGINS_WITH = (
    "-- Functions come before the tables that they speak of.\nSET LOCAL check_function_bodies = false;\n\n"
)

MIGRATION = '''"""{name}: all that `migrations/earlier` made; it stands in the SQL file beside this one."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "{revision}"
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
    op.get_bind().exec_driver_sql(sql, execution_options={{"no_parameters": True}})
'''
NOTHING = '''"""{name}: what the steps before this one have made already."""

from __future__ import annotations

revision = "{revision}"
down_revision = "{before}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Do nothing."""
'''


def squash(engine: Engine, migrations: Path, name: str) -> Path:
    """Put one migration in the place of all; `engine` has a database that those have made."""
    revision = migrate.next_revision()
    sql = dumped(engine)
    move_to_earlier(migrations)
    path = migrations / "versions" / f"{revision}_{re.sub(r'[^a-z0-9]+', '_', name.lower())}.py"
    path.write_text(MIGRATION.format(name=name, revision=revision))
    path.with_suffix(".sql").write_text(sql)
    return path


def dumped(engine: Engine) -> str:
    """Everything in a database, as SQL that makes it."""
    url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [find_programs().path("pg_dump"), *WANTED, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return BEGINS_WITH + re.sub(r"\n{3,}", "\n\n", DROPPED.sub("", said)).strip() + "\n"


def move_to_earlier(migrations: Path) -> None:
    """Keep the migrations as steps forward."""
    earlier, versions = migrations / "earlier", migrations / "versions"
    last = max((path.name[:4] for path in earlier.glob("[0-9]*.py")), default="")
    for path in sorted(versions.glob("[0-9]*.py")):
        begin = path.with_suffix(".sql")
        text = without_downgrade(path.read_text())
        if begin.exists():  # a squash itself: the steps before it lead to the same
            begin.unlink()
            text = NOTHING.format(name=path.stem[5:].replace("_", " "), revision=path.name[:4], before=last)
        (earlier / path.name).write_text(text)
        path.unlink()
    for arguments in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, "--quiet", earlier], check=True)


def without_downgrade(source: str) -> str:
    """The text of a migration without its way back."""
    lines = source.splitlines(keepends=True)
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == "downgrade":
            del lines[node.lineno - 1 : node.end_lineno]
    return "".join(lines).rstrip() + "\n"


def main() -> None:
    """Squash the migrations of this checkout."""
    with migrated_engine() as engine:
        path = squash(engine, packaged_dir("migrations"), sys.argv[1])
    sys.stdout.write(f"wrote {path} and its .sql; read them, then run tests/operations/test_migrations.py\n")


if __name__ == "__main__":
    main()
