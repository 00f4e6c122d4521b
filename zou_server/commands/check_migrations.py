"""Check that the migrations make what the models describe (``python -m`` this module).

For developers and continuous integration. Works on an embedded PostgreSQL in a temporary directory.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
from sqlalchemy import create_engine

from zou_server.adapters.migrate import differences, upgrade
from zou_server.adapters.postgres.embedded import EmbeddedPostgres
from zou_server.models import Base

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine


@contextmanager
def migrated_engine() -> Iterator[Engine]:
    """Yield an engine on a new database at the newest revision, gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="zou-migrations-"))
    directory.chmod(0o711)  # as root, PostgreSQL runs as somebody else, who must get in
    server = EmbeddedPostgres(directory, durable=False)
    try:
        engine = create_engine(server.start())
        upgrade(engine)
        yield engine
        engine.dispose()
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def main() -> None:
    """Print what differs, and end with status 1 when anything does."""
    with migrated_engine() as engine:
        found = differences(engine, Base.metadata)
    for difference in found:
        click.echo(f"differs: {difference}")
    if found:
        click.echo('write a migration with: make migration NAME="what it does"')
        sys.exit(1)
    click.echo("the migrations make exactly what the models describe")


if __name__ == "__main__":
    main()
