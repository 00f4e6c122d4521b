"""The queue of jobs, kept in the same PostgreSQL as everything else.

A job is deferred on the caller's own connection, so it exists exactly when the change that asked for it
does. The worker is one process beside the web processes; it reads the queue with psycopg 3.

Its tables come from procrastinate's ``schema.sql``, which one of our migrations loads. A new minor version
of procrastinate may bring migrations of its own: pyproject.toml holds the version, and whoever raises it
adds them as a migration of ours.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from uuid import UUID

from procrastinate import App, Blueprint, PsycopgConnector, RetryStrategy
from procrastinate.schema import SchemaManager
from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url, text

from zou_server.adapters.database import make_engine
from zou_server.adapters.mail import make_mailer
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.adapters.sign_on import make_directory
from zou_server.adapters.storage import make_storage
from zou_server.adapters.work_folders import LocalWorkFolders
from zou_server.services.actions.previews.settle_preview import WEB_MOVIE
from zou_server.services.events.log_parts import make_parts_ahead
from zou_server.services.events.prune_events import prune_events
from zou_server.services.files.remove_orphans import remove_orphans
from zou_server.services.importers.shotgun.run_import import TASK, run_import
from zou_server.services.importers.shotgun.run_import import give_up as give_up_import
from zou_server.services.people.mails import TASK as SEND_MAIL
from zou_server.services.people.mails import Post
from zou_server.services.people.sync_people import TASK as SYNC
from zou_server.services.people.sync_people import give_up_sync, sync_people
from zou_server.services.playlists.build_movie import TASK as BUILD_MOVIE
from zou_server.services.playlists.build_movie import build_movie, give_up_movie
from zou_server.services.playlists.mark_takes import TASK as MARK_TAKE
from zou_server.services.playlists.mark_takes import give_up_marks, mark_take
from zou_server.services.previews.encode_component import TASK as ENCODE
from zou_server.services.previews.encode_component import encode_component, encoding_of, give_up_encoding
from zou_server.services.previews.process_preview import Take, Workshop, give_up, process_preview
from zou_server.services.previews.review_sent import TASK as REVIEW_SENT
from zou_server.services.previews.review_sent import review_sent
from zou_server.services.previews.web_movie import make_web_movie
from zou_server.services.production.mail_note import mail_note
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.talk.mail_notes import TASK as MAIL_NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from zou_server.settings import Settings

HOURS_TO_KEEP_JOBS = 24 * 14

ATTEMPTS = 5
"""How often a preview is tried whose job ends without a result: a crash, a full disk, a restart."""

WAIT_SECONDS = 10

log = logging.getLogger(__name__)

DEFER = text("""
    SELECT (procrastinate_defer_jobs_v1(ARRAY[ROW(
        :queue, :task, :priority, :lock, NULL, CAST(:args AS jsonb), CAST(:run_at AS timestamptz)
    )::procrastinate_job_to_defer_v1]))[1]
""")

tasks = Blueprint()


@tasks.periodic(cron="17 3 * * *")
@tasks.task(name="remove_old_jobs", pass_context=True)
async def remove_old_jobs(context: Any, timestamp: int) -> None:  # noqa: ARG001 - its caller's
    """Forget jobs that ended two weeks ago, those that failed too, so that the queue stays small."""
    await context.app.job_manager.delete_old_jobs(nb_hours=HOURS_TO_KEEP_JOBS, include_failed=True)


@tasks.periodic(cron="47 3 * * *")
@tasks.task(name="forget_old_answers", pass_context=True)
async def forget_old_answers(context: Any, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's call
    """Forget the answers kept for repeated requests after a day, and log-ins that ended a month ago."""
    for statement in (
        "DELETE FROM idempotency_key WHERE created_at < now() - interval '1 day'",
        "DELETE FROM login_session WHERE expires_at < now() - interval '30 days'",
        "DELETE FROM login_failure WHERE at < now() - interval '1 day'",
    ):
        await context.app.connector.execute_query_async(statement)


@tasks.periodic(cron="7 4 * * *")
@tasks.task(name="remove_abandoned_uploads", pass_context=True)
def remove_abandoned_uploads(context: Any, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's call
    """Remove what uploads that a crash ended left in the file store a day ago or earlier."""
    storage = make_storage(context.additional_context["settings"])
    storage.remove_abandoned()
    removed = sum(1 for _ in remove_orphans(context.additional_context["engine"], storage))
    if removed:
        log.info("removed %s files that no row names", removed)


@tasks.periodic(cron="27 * * * *")
@tasks.task(name="make_log_parts", pass_context=True)
def make_log_parts(context: Any, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's call
    """Make the next part of the log before its first number is given."""
    if make_parts_ahead(context.additional_context["engine"]):
        log.info("made the next part of the log of events")


@tasks.periodic(cron="57 4 * * *")
@tasks.task(name="analyze_log", pass_context=True)
def analyze_log(context: Any, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's call
    """Count the log as a whole: PostgreSQL itself looks at the parts alone."""
    with context.additional_context["engine"].begin() as connection:
        connection.execute(text("ANALYZE event"))
        connection.execute(text("ANALYZE change_set"))


@tasks.periodic(cron="37 4 * * *")
@tasks.task(name="prune_old_events", pass_context=True)
def prune_old_events(context: Any, timestamp: int) -> None:  # noqa: ARG001 - procrastinate's call
    """Forget the changes that are older than the studio keeps them, where it says so."""
    days = context.additional_context["settings"].keep_events_days
    if days:
        before = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        log.info("removed %s old events", prune_events(context.additional_context["engine"], before))


@tasks.task(
    name="process_preview", pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS)
)
def make_renditions(context: Any, preview_id: str, source_key: str, *, normalize: bool = True) -> None:
    """Make what people look at of a file that was sent; after too many attempts the preview is broken."""
    take = Take(UUID(preview_id), source_key)
    with _workshop(context) as workshop:
        is_last = context.job.attempts + 1 >= ATTEMPTS
        if context.job.attempts >= ATTEMPTS:
            give_up(workshop.studio, take, "The server broke down over this file again and again.")
            return
        try:
            process_preview(workshop, take, normalize=normalize)
        except Exception:
            if is_last:
                give_up(workshop.studio, take, "The server could not process this file; its log says why.")
            raise


@tasks.task(name=WEB_MOVIE, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS))
def make_web_movies(context: Any, preview_id: str, source_key: str) -> None:
    """Make the WebM and the strip of frames of a movie that is ready."""
    with _workshop(context) as workshop:
        make_web_movie(workshop, Take(UUID(preview_id), source_key))


@tasks.task(name=ENCODE, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS))
def make_browsable(context: Any, **arguments: Any) -> None:
    """Encode a component for browsers; after too many attempts the client's job has failed."""
    encoding = encoding_of(arguments)
    with _workshop(context) as workshop:
        try:
            encode_component(workshop, encoding)
        except Exception:
            if context.job.attempts + 1 >= ATTEMPTS:
                give_up_encoding(workshop, encoding, "The server could not encode this; its log says why.")
            raise


@tasks.task(name=SYNC, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS))
def take_over_people(context: Any, job_id: str) -> None:
    """Take over the people of the directory; after too many attempts the client's job has failed."""
    settings = context.additional_context["settings"]
    with _workshop(context) as workshop:
        try:
            sync_people(workshop.studio, make_directory(settings), settings.newcomer_role, UUID(job_id))
        except Exception:
            if context.job.attempts + 1 >= ATTEMPTS:
                give_up_sync(workshop.studio, UUID(job_id))
            raise


@tasks.task(
    name=REVIEW_SENT, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS)
)
def make_reviewed(context: Any, **arguments: Any) -> None:
    """Make the preview of a component that a client sent for review."""
    with _workshop(context) as workshop:
        review_sent(workshop, arguments)


@contextmanager
def _workshop(context: Any) -> Iterator[Workshop]:
    settings, writes = context.additional_context["settings"], context.additional_context["engine"]
    reads = make_engine(settings, application_name="zou-server jobs", autocommit=True)
    try:
        yield Workshop(
            Studio(reads, writes, RULEBOOK, JobQueue()),
            make_storage(settings),
            LocalMedia(settings.ocio_configs),
            LocalWorkFolders(settings.work_dir),
            context.should_abort,
        )
    finally:
        reads.dispose()


@tasks.task(name=SEND_MAIL, pass_context=True, retry=RetryStrategy(max_attempts=10, exponential_wait=3))
def send_mail(context: Any, sealed: str) -> None:
    """Send a mail; a mail server that is away is asked again, later each time."""
    settings = context.additional_context["settings"]
    Post(settings.secret_key).send(make_mailer(settings), sealed)


@tasks.task(name=MAIL_NOTE, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS))
def tell_followers(context: Any, note_ids: list[str]) -> None:
    """Order the mails that tell of notes; each of them is a job of its own."""
    with _workshop(context) as workshop:
        post = Post(context.additional_context["settings"].secret_key)
        mail_note(workshop.studio, post, *map(UUID, note_ids))


@tasks.task(
    name=BUILD_MOVIE, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS)
)
def make_playlist_movie(context: Any, job_id: str) -> None:
    """Make the movie of a playlist; after too many attempts its row says that there is none."""
    with _workshop(context) as workshop:
        try:
            build_movie(workshop, UUID(job_id))
        except Exception:
            if context.job.attempts + 1 >= ATTEMPTS:
                give_up_movie(
                    workshop, UUID(job_id), "The server could not make this movie; its log says why."
                )
            raise


@tasks.task(name=MARK_TAKE, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS))
def write_marks(context: Any, link_id: str, take_id: str) -> None:
    """Mark a take for a shared link; after too many attempts the link says that it cannot be."""
    with _workshop(context) as workshop:
        try:
            mark_take(workshop, UUID(link_id), take_id)
        except Exception:
            if context.job.attempts + 1 >= ATTEMPTS:
                reason = "The server could not mark this take; its log says why."
                give_up_marks(workshop, UUID(link_id), take_id, reason)
            raise


@tasks.task(name=TASK, pass_context=True, retry=RetryStrategy(max_attempts=ATTEMPTS, wait=WAIT_SECONDS))
def import_shotgun(context: Any, run_id: str) -> None:
    """Do an import, or what is left of it after a crash."""
    settings, writes = context.additional_context["settings"], context.additional_context["engine"]
    reads = make_engine(settings, application_name="zou-server jobs", autocommit=True)
    try:
        run_import(Studio(reads, writes, RULEBOOK, JobQueue()), UUID(run_id))
    except Exception:
        if context.job.attempts + 1 >= ATTEMPTS:
            reason = "The server could not do this import; its log says why."
            give_up_import(Studio(reads, writes, RULEBOOK, JobQueue()), UUID(run_id), reason)
        raise
    finally:
        reads.dispose()


class UnknownTaskError(Exception):
    """A job was deferred that no worker knows how to do."""


def defer(
    connection: Connection,
    task_name: str,
    args: Mapping[str, object],
    *,
    queue: str = "default",
    lock: str | None = None,
    run_at: datetime | None = None,
) -> int:
    """Put a job in the queue inside the connection's transaction and return the job's number.

    ``args`` must fit in JSON. Jobs that share a ``lock`` run one after the other, in the order deferred.
    Raises UnknownTaskError for a task that is not declared.
    """
    if task_name not in {task.name for task in tasks.tasks.values()}:
        message = f"there is no task called {task_name!r}; declare it in zou_server.adapters.jobs.tasks"
        raise UnknownTaskError(message)
    values = {
        "queue": queue,
        "task": task_name,
        "priority": 0,
        "lock": lock,
        "args": json.dumps(dict(args)),
        "run_at": run_at,
    }
    return int(connection.execute(DEFER, values).scalar_one())


class JobQueue:
    """The `Jobs` of the services."""

    def defer(self, connection: Connection, task: str, arguments: Mapping[str, object]) -> None:
        """Put a job in the queue inside the connection's transaction."""
        defer(connection, task, arguments)


def procrastinate_schema_sql() -> str:
    """Return the SQL that makes the queue's tables and functions, for a migration.

    It holds colons and percent signs that are no parameters: run it as it is with
    ``load_procrastinate_schema``.
    """
    return SchemaManager.get_schema()


def load_procrastinate_schema(connection: Connection) -> None:
    """Make the queue's tables and functions on a migration's connection (``op.get_bind()``)."""
    connection.exec_driver_sql(procrastinate_schema_sql(), execution_options={"no_parameters": True})


def make_job_app(settings: Settings) -> App:
    """Return the procrastinate application for the settings' database; nothing connects yet."""
    url = make_url(settings.direct_database_url or settings.database_url)
    parts: dict[str, Any] = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "dbname": url.database,
        **url.query,
    }
    conninfo = make_conninfo(**{name: value for name, value in parts.items() if value is not None})
    # Nothing is prepared: behind a pooler of connections the next statement may reach another session.
    keywords = {"application_name": "zou-server jobs", "prepare_threshold": None}
    app = App(connector=PsycopgConnector(conninfo=conninfo, kwargs=keywords, min_size=1, max_size=4))
    app.add_tasks_from(tasks, namespace="")
    return app
