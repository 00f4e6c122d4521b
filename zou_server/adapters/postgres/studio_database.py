"""The database of a data directory, for the commands that need it only for a moment."""

from __future__ import annotations

import dataclasses
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from zou_server.adapters.data_directory import DataDirectoryInUseError, DataDirectoryLock
from zou_server.adapters.database import make_engine
from zou_server.adapters.postgres.embedded import EmbeddedPostgres, running_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

    from zou_server.settings import Settings

SECONDS_TO_COME_UP = 30.0


@contextmanager
def database_of(settings: Settings) -> Iterator[Settings]:
    """Yield the settings with the URL of a database that runs.

    That is DATABASE_URL when set; else the embedded PostgreSQL a running server has in this data
    directory; else one started for as long as the block lasts.
    """
    if settings.database_url:
        yield settings
        return
    lock = DataDirectoryLock(settings.data_dir)
    try:
        lock.acquire()
    except DataDirectoryInUseError:
        url = _url_when_up(settings)
        if url is None:
            raise
        yield dataclasses.replace(settings, database_url=url)
        return
    with lock:
        server = EmbeddedPostgres(settings.data_dir, programs_dir=settings.postgres_bin)
        url = server.start()
        try:
            yield dataclasses.replace(settings, database_url=url)
        finally:
            server.stop()


@contextmanager
def engine_of(settings: Settings) -> Iterator[Engine]:
    """Yield an engine on the settings' database, started for the block when it does not run."""
    with database_of(settings) as complete:
        engine = make_engine(complete, application_name="zou-server command")
        try:
            yield engine
        finally:
            engine.dispose()


def _url_when_up(settings: Settings) -> str | None:
    """Return the URL of the server that holds the directory, giving it a while to come up."""
    deadline = time.monotonic() + SECONDS_TO_COME_UP
    while time.monotonic() < deadline:
        url = running_url(settings.data_dir)
        if url is not None:
            return url
        time.sleep(0.1)
    return None
