"""The SQLAlchemy engine, and what a database must be before we use it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import psycopg2
from sqlalchemy import create_engine, event, text
from sqlalchemy.exc import DisconnectionError, OperationalError

from zou_server.adapters.postgres.pooler import suit_pooler
from zou_server.adapters.transactions import JoinedConnection, LosableConnection, PlainConnection
from zou_server.services.read.lend import UNUSED_SINCE

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.pool import ConnectionPoolEntry

    from zou_server.settings import Settings

OLDEST_POSTGRES = 15
STATEMENT_TIMEOUT = "120s"
LOCK_TIMEOUT = "30s"
# A transaction that a crashed or stuck request left open holds its locks; nothing of ours waits this long.
IDLE_TIMEOUT = "300s"
PING_AFTER_SECONDS = 5.0
REPLICA_SECONDS = 2.0
"""How long is waited for a connection to the replica, and for its answer to a small question."""


class UnfitDatabaseError(Exception):
    """The database cannot be reached or cannot hold a studio; the message says what to change."""

    code = "unfit_database"
    cure = "Change the database or ZOU_SERVER_DATABASE_URL as the message says."


def make_engine(
    settings: Settings,
    *,
    application_name: str = "zou-server",
    statement_timeout: str = STATEMENT_TIMEOUT,
    autocommit: bool = False,
    replica: bool = False,
) -> Engine:
    """Return an engine for the settings' database, or its replica. Sessions run in UTC; nothing connects yet.

    With `autocommit` each statement is its own transaction: for reads of one statement, which then need
    no BEGIN and no ROLLBACK.
    """
    if not settings.database_url:
        message = "no database: set DATABASE_URL, or start the embedded PostgreSQL and pass its URL"
        raise UnfitDatabaseError(message)
    options = {
        "timezone": "UTC",
        "statement_timeout": statement_timeout,
        "lock_timeout": LOCK_TIMEOUT,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT,
        # Our statements are short and many; compiling them to machine code costs more than it saves.
        "jit": "off",
        **({"default_transaction_read_only": "on"} if settings.read_only else {}),
    }
    factory: type[PlainConnection] = JoinedConnection
    if autocommit:
        factory = LosableConnection if replica else PlainConnection
    engine = create_engine(
        settings.read_database_url if replica else settings.database_url,
        **({"isolation_level": "AUTOCOMMIT"} if autocommit else {}),
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_pool_size,
        # The primary answers what a busy or a lost replica does not.
        pool_timeout=0.1 if replica else 30,
        pool_recycle=1800,
        pool_use_lifo=True,
        # Values would carry secrets into logs and error pages.
        hide_parameters=True,
        connect_args={
            "application_name": application_name,
            "connect_timeout": int(REPLICA_SECONDS) if replica else 10,
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            "connection_factory": factory,
        },
    )
    suit_pooler(engine, options)
    if not replica:  # what fails there is asked elsewhere
        event.listen(engine, "checkin", _note_time)
        event.listen(engine, "checkout", _ping_if_idle)
    return engine


def _note_time(_connection: Any, entry: ConnectionPoolEntry) -> None:
    """Remember since when nobody uses the connection that went back to the pool."""
    entry.info["idle_since"] = entry.info.pop(UNUSED_SINCE, None) or time.monotonic()


def _ping_if_idle(connection: Any, entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Make the pool open a new connection when this one died while it was idle.

    A database that was restarted while we slept must not cost the first request its answer; asking
    before every request, as the pool's own ``pool_pre_ping`` does, costs a round trip each. A server that
    ends a connection says so on it, which is seen without asking; only a lost network says nothing.
    """
    idle = time.monotonic() - entry.info.get("idle_since", float("inf"))
    if idle < PING_AFTER_SECONDS and connection.is_quiet():
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        connection.rollback()
    except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
        raise DisconnectionError from error


def check_database(engine: Engine) -> None:
    """Raise UnfitDatabaseError unless the database is reachable, new enough, and knows its letters."""
    try:
        with engine.connect() as connection:
            version = connection.scalar(text("SELECT current_setting('server_version_num')::int"))
            lowered = connection.scalar(text("SELECT lower('É')"))
            encoding = connection.scalar(text("SHOW server_encoding"))
    except OperationalError as error:
        address = engine.url.render_as_string(hide_password=True)
        message = f"cannot reach the database at {address}: {str(error.orig).strip()}"
        if set(str(engine.url.host or "")) & set("/@#?%"):
            message = (
                "cannot reach the database: the host in DATABASE_URL looks like a piece of the password; "
                "write / @ : # ? and % in a password as %2F %40 %3A %23 %3F and %25"
            )
        raise UnfitDatabaseError(message) from error
    if version // 10000 < OLDEST_POSTGRES:
        message = (
            f"the database is PostgreSQL {version // 10000}; zou-server needs {OLDEST_POSTGRES} or newer"
        )
        raise UnfitDatabaseError(message)
    if encoding != "UTF8" or lowered != "é":
        message = (
            f"the database's encoding is {encoding} and it lowers 'É' to {lowered!r}, so searches would miss "
            "accented names; create it with: CREATE DATABASE name TEMPLATE template0 "
            "ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        )
        raise UnfitDatabaseError(message)
