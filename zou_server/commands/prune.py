"""The command that ends the log of events."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click

from zou_server.commands.site import data_dir_option, settings_of_studio


@click.command("prune-events")
@click.option(
    "--before",
    required=True,
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]),
    help="Changes before this moment (UTC) go.",
)
@click.option(
    "--archive",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file for what goes: a line of JSON for each event; compressed when it ends with .gz.",
)
@data_dir_option
def prune_events(before: dt.datetime, archive: Path | None, data_dir: Path | None) -> None:
    """Forget the changes of long ago, or move them into a file. The server may run.

    Rows stay as they are; what goes is who changed what and when.
    """
    from zou_server.adapters.event_archive import EventArchive  # noqa: PLC0415
    from zou_server.adapters.migrate import require_migrated  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import engine_of  # noqa: PLC0415
    from zou_server.services.events.prune_events import prune_events as prune  # noqa: PLC0415

    settings, moment = settings_of_studio(data_dir=data_dir), before.replace(tzinfo=dt.UTC)
    if archive is not None and archive.exists():
        raise click.ClickException(f"{archive} is there already; name a new file")
    with engine_of(settings) as engine:
        require_migrated(engine)
        if archive is None:
            count = prune(engine, moment)
        else:
            with EventArchive(archive) as file:
                count = prune(engine, moment, file.keep)
    click.echo(
        f"{count} events before {moment:%Y-%m-%d %H:%M} removed{f', kept in {archive}' if archive else ''}"
    )


COMMANDS = (prune_events,)
