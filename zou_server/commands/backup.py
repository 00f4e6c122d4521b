"""The commands that carry a studio away and bring it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zou_server.commands.site import data_dir_option, say_site, settings_of_studio
from zou_server.settings import Settings

if TYPE_CHECKING:
    from zou_server.adapters.backup import Manifest


@click.command()
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@data_dir_option
def backup(directory: Path, data_dir: Path | None) -> None:
    """Write the whole studio into a new directory: database, files, secret key. The server may run.

    Any PostgreSQL version that zou-server knows reads it.
    """
    from zou_server.adapters.backup import make_backup  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import engine_of  # noqa: PLC0415

    settings = settings_of_studio(data_dir=data_dir)
    with engine_of(settings) as engine:
        _tell(make_backup(engine, settings, directory), f"in {directory}")


@click.command()
@click.argument("directory", type=click.Path(exists=True, file_okay=False, path_type=Path))
@data_dir_option
def restore(directory: Path, data_dir: Path | None) -> None:
    """Bring a backup back: into a new data directory, or an empty database at DATABASE_URL."""
    from zou_server.adapters.backup import read_manifest, restore_backup  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import engine_of  # noqa: PLC0415

    read_manifest(directory)  # before anything is made
    settings = Settings.from_env(data_dir=data_dir)
    say_site(settings)
    with engine_of(settings) as engine:
        _tell(restore_backup(engine, settings, directory), f"from {directory}")


def _tell(manifest: Manifest, where: str) -> None:
    files = f"{manifest.files} files" if manifest.files_in == "local" else "the files stay in their bucket"
    click.echo(
        f"{manifest.rows} rows of {len(manifest.tables)} tables, {files}, {where}; every checksum is right"
    )


COMMANDS = (backup, restore)
