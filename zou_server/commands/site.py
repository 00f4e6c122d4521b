"""Which site a command speaks to: its settings, and the line that says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zou_server.data_dir import SettingsError
from zou_server.settings import Settings, named_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

from contextlib import contextmanager


class WholeNumber(click.IntRange):
    """A whole number within bounds; what is none is told in the words of the settings."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number."""
        if isinstance(value, str) and not value.strip().lstrip("+-").isdecimal():
            self.fail(f"must be a whole number, not {value!r}", param, ctx)
        return super().convert(value, param, ctx)


data_dir_option = click.option(
    "--data-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Directory of everything the server keeps. [env: ZOU_SERVER_DATA_DIR]",
)


def settings_of_studio(**overrides: Any) -> Settings:
    """The settings of a studio that exists, said on standard error; SettingsError, and nothing made, else."""
    database_url, data_dir = named_site(overrides.get("data_dir"))
    if not database_url and not (data_dir / "postgres" / "PG_VERSION").exists():
        message = (
            f"there is no studio in {data_dir}; zou-server serve makes one, or name the directory of yours "
            "with --data-dir, or its database with DATABASE_URL"
        )
        raise SettingsError(message)
    settings = Settings.from_env(**overrides)
    say_site(settings)
    return settings


def say_site(settings: Settings) -> None:
    """Say on standard error which site this is."""
    click.echo(f"site: {describe_site(settings)}", err=True)


def describe_site(settings: Settings) -> str:
    """The data directory, and the database when it is not the one inside."""
    if not settings.database_url:
        return f"{settings.data_dir}, with its own database"
    from sqlalchemy import make_url  # noqa: PLC0415 - the commands that ask no database need not load it

    url = make_url(settings.database_url)
    host = url.host or url.query.get("host", "this machine")
    host = str(host).rpartition("@")[2]  # before it is a piece of a password that is spelt wrong
    return f"database {url.database} on {host}, files in {settings.data_dir}"


@contextmanager
def studio_engine(data_dir: Path | None) -> Iterator[Engine]:
    """Yield an engine on the database of a studio that exists and is at this version's revision."""
    from zou_server.adapters.migrate import require_migrated  # noqa: PLC0415 - most commands need not load it
    from zou_server.adapters.postgres.studio_database import engine_of  # noqa: PLC0415

    with engine_of(settings_of_studio(data_dir=data_dir)) as engine:
        require_migrated(engine)
        yield engine
