"""What alembic runs: it migrates the database of the server's own settings to the server's own models.

``zou-server upgrade-db`` hands over the connection it has; without one, the settings say where to go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import context
from sqlalchemy import text

from zou_server.adapters.database import make_engine
from zou_server.adapters.migrate import is_ours, is_table
from zou_server.models import Base
from zou_server.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Connection


def run(connection: Connection) -> None:
    """Run the wanted migrations on a connection whose transaction the caller ends."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_name=is_ours,
        include_object=is_table,
        compare_type=True,
        compare_server_default=True,
    )
    # a table with a check that waits for the end of the transaction cannot be changed by the next migration
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    context.run_migrations()


given = context.config.attributes.get("connection")
if context.is_offline_mode():
    message = "migrations look at the data they change: give them a database, not --sql"
    raise SystemExit(message)
if given is not None:
    run(given)
else:
    with make_engine(Settings.from_env(), statement_timeout="0").begin() as own_connection:
        run(own_connection)
