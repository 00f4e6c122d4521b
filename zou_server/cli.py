"""The command line: ``zou-server serve`` and what an administrator needs beside it."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from zou_server import __version__
from zou_server.commands import accounts, backup, directory, prune
from zou_server.commands.site import WholeNumber, data_dir_option, say_site, settings_of_studio
from zou_server.data_dir import SettingsError
from zou_server.garbage import collect_seldom, loading
from zou_server.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

READY_SECONDS = 5.0


class Commands(click.Group):
    """A group whose commands end with one clear line when something foreseen goes wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; errors made to be read are shown without a traceback, with status 1."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            if isinstance(error, foreseen_errors()):
                raise click.ClickException(f"{error} [{getattr(error, 'code', 'error')}]") from error
            raise


def foreseen_errors() -> tuple[type[Exception], ...]:
    """The errors whose message is meant for the person at the terminal; docs/errors.md lists their codes."""
    from zou_server.adapters.backup import BackupError  # noqa: PLC0415
    from zou_server.adapters.data_directory import DataDirectoryInUseError  # noqa: PLC0415
    from zou_server.adapters.database import UnfitDatabaseError  # noqa: PLC0415
    from zou_server.adapters.postgres.programs import EmbeddedPostgresError  # noqa: PLC0415
    from zou_server.adapters.supervise import ServeError  # noqa: PLC0415
    from zou_server.models.errors import DomainError  # noqa: PLC0415

    return (
        BackupError,
        DataDirectoryInUseError,
        DomainError,
        EmbeddedPostgresError,
        ServeError,
        SettingsError,
        UnfitDatabaseError,
    )


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """One production tracker that gazu, shotgun_api3, ftrack_api and ActiveResource talk to."""
    collect_seldom()  # a tenth of the time in which a command loads what it needs went into that


@main.command()
@click.option("--host", help="Address to listen on.  [env: ZOU_SERVER_HOST]")
@click.option("--port", type=WholeNumber(0, 65535), help="Port to listen on.  [env: ZOU_SERVER_PORT]")
@data_dir_option
@click.option("--workers", type=WholeNumber(1), help="Web processes.  [env: ZOU_SERVER_WORKERS]")
@click.option(
    "--web-app", help="Directory of a built web app, such as Kitsu, to serve at /.  [env: ZOU_SERVER_WEB_APP]"
)
@click.option("--demo", is_flag=True, help="Fill a new studio with a small production to look at.")
@click.option("--no-worker", is_flag=True, help="Do no jobs here; `zou-server worker` does them elsewhere.")
@click.option("--read-only", is_flag=True, default=None, help="Serve reads alone, such as from a replica.")
def serve(*, demo: bool, no_worker: bool, **options: object) -> None:
    """Run the server, with a PostgreSQL of its own unless DATABASE_URL is set.

    The first start prints the address and the credentials for each client, once.
    """
    with loading():
        from zou_server.adapters import supervise  # noqa: PLC0415 - other commands need not load it
        from zou_server.log_format import init_logging  # noqa: PLC0415

    settings = _settings(**options)
    init_logging(settings)
    supervise.serve(settings, say=_say, demo=demo, with_jobs=not no_worker)


@main.command()
@data_dir_option
def worker(data_dir: Path | None) -> None:
    """Do the jobs of a server that was started with --no-worker, until SIGTERM."""
    with loading():
        import asyncio  # noqa: PLC0415

        from zou_server.adapters.job_worker import run_worker  # noqa: PLC0415
        from zou_server.adapters.postgres.studio_database import database_of  # noqa: PLC0415
        from zou_server.logs import init_logging  # noqa: PLC0415

    settings = settings_of_studio(data_dir=data_dir)
    if settings.read_only:
        message = "ZOU_SERVER_READ_ONLY is set, and jobs write: run the worker at the main server"
        raise SettingsError(message)
    init_logging(settings)
    with database_of(settings) as complete:
        _require_migrated(complete)
        asyncio.run(run_worker(complete))


@main.command("upgrade-db")
@data_dir_option
def upgrade_db(data_dir: Path | None) -> None:
    """Bring the database to this version's shape. `serve` does so by itself."""
    from zou_server.adapters.database import check_database  # noqa: PLC0415
    from zou_server.adapters.migrate import current_revision, upgrade  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import engine_of  # noqa: PLC0415

    settings = _settings(data_dir=data_dir)
    say_site(settings)
    with engine_of(settings) as engine:
        check_database(engine)
        before = current_revision(engine)
        upgrade(engine)
        after = current_revision(engine)
    click.echo(f"database is at revision {after}" + (" (was already)" if before == after else ""))


@main.command("is-ready")
@click.option("--host", help="Address the server listens on.")
@click.option("--port", type=WholeNumber(1, 65535), help="Port the server listens on.")
@data_dir_option
def is_ready(**options: object) -> None:
    """Ask a running server whether it can answer requests; status 0 when it can."""
    url = f"{_settings(**options).url}/health/ready"
    try:
        with urllib.request.urlopen(url, timeout=READY_SECONDS) as answer:  # noqa: S310 - our own http URL
            click.echo(answer.read().decode().strip())
    except urllib.error.HTTPError as error:
        raise click.ClickException(error.read().decode(errors="replace").strip()) from error
    except OSError as error:
        message = f"no answer from {url}: {getattr(error, 'reason', error)}"
        raise click.ClickException(message) from error


@main.command("import-shotgun")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@data_dir_option
def import_shotgun(folder: Path, data_dir: Path | None) -> None:
    """Import a Shotgun site that was exported: a folder with projects.json, shots.json and so on.

    Each file is a list of entities as shotgun_api3 returns them; other files are named and left alone.
    Doing it again changes nothing.
    """
    from zou_server.adapters.database import make_engine  # noqa: PLC0415
    from zou_server.adapters.jobs import JobQueue  # noqa: PLC0415
    from zou_server.adapters.migrate import require_migrated  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import database_of  # noqa: PLC0415
    from zou_server.services.importers.shotgun.import_folder import import_folder, left_alone  # noqa: PLC0415
    from zou_server.services.rulebook import RULEBOOK  # noqa: PLC0415
    from zou_server.services.studio import Studio  # noqa: PLC0415

    with database_of(settings_of_studio(data_dir=data_dir)) as settings:
        reads, writes = make_engine(settings, autocommit=True), make_engine(settings)
        try:
            require_migrated(writes)
            for done in import_folder(Studio(reads, writes, RULEBOOK, JobQueue()), folder):
                click.echo(
                    f"{done.name:<24} {done.total} rows: {done.created} new, {done.updated} changed, "
                    f"{done.errors} with errors"
                )
        finally:
            reads.dispose()
            writes.dispose()
    for name in left_alone(folder):
        click.echo(f"{name:<24} is no list of a kind that is imported, and was left alone", err=True)
    click.echo("What is wrong with a row is told at /import/shotgun/errors.")


@main.command("remove-orphans")
@click.option("--dry-run", is_flag=True, help="Only say which files they are.")
@data_dir_option
def remove_orphans(*, dry_run: bool, data_dir: Path | None) -> None:
    """Remove files of uploads whose process was killed before it noted them, a day ago or earlier.

    The worker does so every night; a file that a row names is never touched.
    """
    from zou_server.adapters.migrate import require_migrated  # noqa: PLC0415
    from zou_server.adapters.postgres.studio_database import engine_of  # noqa: PLC0415
    from zou_server.adapters.storage import make_storage  # noqa: PLC0415
    from zou_server.services.files import remove_orphans as orphans  # noqa: PLC0415

    settings, count = settings_of_studio(data_dir=data_dir), 0
    storage = make_storage(settings)
    with engine_of(settings) as engine:
        require_migrated(engine)
        found = orphans.find_orphans if dry_run else orphans.remove_orphans
        for key in found(engine, storage):
            count += 1
            click.echo(key)
    click.echo(f"{count} files {'would be removed' if dry_run else 'removed'}")


@main.command()
def version() -> None:
    """Print the version of zou-server."""
    click.echo(f"zou-server {__version__}")


@main.command()
@data_dir_option
def openapi(data_dir: Path | None) -> None:
    """Print the OpenAPI description of the whole server as JSON."""
    answer = _application(data_dir).test_client().get("/openapi.json")
    if answer.status_code != 200:  # noqa: PLR2004 - the HTTP status of success
        message = f"/openapi.json answered {answer.status}: {answer.get_data(as_text=True)[:500]}"
        raise click.ClickException(message)
    click.echo(answer.get_data(as_text=True))


@main.command()
@data_dir_option
def routes(data_dir: Path | None) -> None:
    """Print every route: its methods, its path and the endpoint behind it."""
    rules = sorted(_application(data_dir).url_map.iter_rules(), key=lambda rule: rule.rule)
    for rule in rules:
        methods = ",".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        click.echo(f"{methods:<22} {rule.rule}  ->  {rule.endpoint}")


@main.command()
@data_dir_option
def check(data_dir: Path | None) -> None:
    """Look at settings, database, storage and ffmpeg; say what is wrong and how to mend it."""
    from zou_server.commands.check import check_everything  # noqa: PLC0415

    findings = check_everything(data_dir)
    for finding in findings:
        click.echo(f"{finding.verdict:<5} {finding.subject:<10} {finding.sentence}")
    if any(finding.verdict == "wrong" for finding in findings):
        sys.exit(1)


def _say(text: str) -> None:
    """Print what a person must read, at once even when the output is a file or a pipe."""
    click.echo(text)
    sys.stdout.flush()


def _settings(**overrides: Any) -> Settings:
    """Return the settings of the environment, with the options that were given on the command line."""
    return Settings.from_env(**overrides)


def _require_migrated(settings: Settings) -> None:
    """Raise UnfitDatabaseError, which is one sentence, unless the database is at this version's revision."""
    from zou_server.adapters.database import make_engine  # noqa: PLC0415
    from zou_server.adapters.migrate import require_migrated  # noqa: PLC0415

    engine = make_engine(settings, application_name="zou-server command")
    try:
        require_migrated(engine)
    finally:
        engine.dispose()


def _application(data_dir: Path | None) -> Flask:
    """Return the application to look at, not to serve; its database need not run."""
    from zou_server.app import create_app  # noqa: PLC0415 - loads everything

    settings = _settings(data_dir=data_dir)
    # An address nobody answers at: an engine connects only when it is asked something.
    return create_app(
        settings if settings.database_url else _settings(data_dir=data_dir, database_url="postgresql:///none")
    )


for each in (*accounts.COMMANDS, *backup.COMMANDS, *directory.COMMANDS, *prune.COMMANDS):
    main.add_command(each)
