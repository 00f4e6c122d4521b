"""The command that takes over the people of a directory."""

from __future__ import annotations

from pathlib import Path

import click

from zou_server.commands.site import data_dir_option, settings_of_studio
from zou_server.data_dir import SettingsError


@click.command("sync-ldap")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@data_dir_option
def sync_ldap(*, dry_run: bool, data_dir: Path | None) -> None:
    """Make and change people as the directory at ZOU_SERVER_LDAP_URL says, and close who is gone from it.

    Only people who came from the directory are ever closed. Let a timer do it every night.
    """
    from zou_server.adapters.database import make_engine  # noqa: PLC0415
    from zou_server.adapters.jobs import JobQueue  # noqa: PLC0415
    from zou_server.adapters.migrate import require_migrated  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import database_of  # noqa: PLC0415
    from zou_server.adapters.sign_on import make_directory  # noqa: PLC0415
    from zou_server.services.people.admit import synchronise  # noqa: PLC0415
    from zou_server.services.rulebook import RULEBOOK  # noqa: PLC0415
    from zou_server.services.studio import Studio  # noqa: PLC0415

    settings = settings_of_studio(data_dir=data_dir)
    directory = make_directory(settings)
    if directory is None:
        message = "there is no directory: name one with ZOU_SERVER_LDAP_URL"
        raise SettingsError(message)
    with database_of(settings) as complete:
        reads, writes = make_engine(complete, autocommit=True), make_engine(complete)
        try:
            require_migrated(writes)
            studio = Studio(reads, writes, RULEBOOK, JobQueue())
            done = synchronise(studio, directory, settings.newcomer_role, dry_run=dry_run)
        finally:
            reads.dispose()
            writes.dispose()
    counts = f"{done.new} new, {done.changed} changed, {done.closed} closed, {done.same} as they were"
    click.echo(f"{counts}; nothing was kept" if dry_run else counts)


COMMANDS = (sync_ldap,)
