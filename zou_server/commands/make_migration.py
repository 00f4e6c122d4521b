"""``python -m zou_server.commands.make_migration "what it does"``: write a migration, for developers."""

from __future__ import annotations

import sys

import click

from zou_server.adapters.migrate import write_migration
from zou_server.commands.check_migrations import migrated_engine


def main() -> None:
    """Write a migration for the difference between the newest revision and the models."""
    if len(sys.argv) != 2 or not sys.argv[1].strip():  # noqa: PLR2004 - the program and its argument
        message = 'say what the migration does: python -m zou_server.commands.make_migration "..."'
        raise SystemExit(message)
    with migrated_engine() as engine:
        path = write_migration(engine, sys.argv[1])
    if path is None:
        message = "nothing to write: the migrations make what the models describe"
        raise SystemExit(message)
    click.echo(f"wrote {path}; read it before you keep it")


if __name__ == "__main__":
    main()
