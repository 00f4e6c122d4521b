"""The parent process of ``zou-server serve``.

It starts PostgreSQL when there is none, migrates, makes the first data, starts the web processes and the
job worker, and waits. One that dies is started again, and the others go on meanwhile. When it is told to
stop, or when one cannot be kept running, it stops all of them: web first, so that no new work arrives, then
jobs, PostgreSQL last.
"""

from __future__ import annotations

import dataclasses
import signal
import socket
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import psycopg2
import sqlalchemy as sa

from zou_server.adapters.children import Child, start_python
from zou_server.adapters.data_directory import DataDirectoryLock
from zou_server.adapters.database import check_database, make_engine
from zou_server.adapters.keep_running import GaveUpError, KeptRunning
from zou_server.adapters.migrate import require_migrated, upgrade
from zou_server.adapters.postgres.embedded import EmbeddedPostgres
from zou_server.adapters.postgres.programs import EmbeddedPostgresError
from zou_server.adapters.storage import make_storage
from zou_server.models.person import Organisation
from zou_server.packaged import packaged_dir
from zou_server.services.events.log_parts import make_parts_ahead

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from zou_server.adapters.keep_running import Program
    from zou_server.services.install.install_first_data import FirstCredentials
    from zou_server.settings import Settings

WATCH_SECONDS = 0.2
WEB_START_SECONDS = 180.0
WEB_STOP_SECONDS = 30.0
JOBS_STOP_SECONDS = 30.0
WEB_ENDS, POSTGRES_ENDS = 5, 8
"""How often in a row a process that everything needs may end before the server gives up."""


class ServeError(Exception):
    """The server cannot start or had to stop; the message says why."""

    code = "cannot_serve"
    cure = "Mend what the message says, and start the server again; `zou-server check` looks for more."


class StopRequestedError(Exception):
    """Somebody asked the server to stop with SIGTERM or SIGINT."""


def serve(
    settings: Settings, *, say: Callable[[str], None], demo: bool = False, with_jobs: bool = True
) -> None:
    """Run the server until SIGTERM or SIGINT.

    ``say`` gets what a person must read: the first credentials, once, and the address. Raises ServeError
    when the port is taken or a process dies; DataDirectoryInUseError when another server has the data.
    """
    with ExitStack() as stack:
        stack.enter_context(_stop_on_signals())
        listener = stack.enter_context(_bound_socket(settings.host, settings.port))
        settings = dataclasses.replace(settings, port=listener.getsockname()[1])
        stack.enter_context(DataDirectoryLock(settings.data_dir))
        kept: list[KeptRunning] = []
        if not settings.database_url:
            settings = _keep_postgres(settings, kept, stack)
        credentials = _prepare_database(settings)
        if credentials is not None:
            say(_introduce(credentials))
            if demo:
                _show_a_production(settings)
        elif demo and not settings.read_only:
            say("--demo fills a new studio only; this one is not new, so it stays as it is")
        if with_jobs and not settings.read_only:
            _keep(kept, stack, "jobs", partial(_start_jobs, settings), gives_up_after=None)
        _keep(kept, stack, "web", partial(_start_web, settings, listener), gives_up_after=WEB_ENDS)
        # Else connections would still queue up here after the web processes ended.
        stack.callback(listener.close)
        _wait_until_answering(settings, kept)
        say(f"zou-server is ready at {settings.url} (stop it with Ctrl-C)")
        while True:  # until a signal raises StopRequestedError
            _look(kept)
            time.sleep(WATCH_SECONDS)


def _keep(
    kept: list[KeptRunning],
    stack: ExitStack,
    name: str,
    start: Callable[[], Program],
    *,
    gives_up_after: int | None,
    failures: tuple[type[Exception], ...] = (),
) -> None:
    """Start a program, have it watched, and stop it at the end of the block."""
    kept.append(KeptRunning(name, start, gives_up_after=gives_up_after, failures=failures))
    stack.callback(kept[-1].stop)


def _keep_postgres(settings: Settings, kept: list[KeptRunning], stack: ExitStack) -> Settings:
    """Start the embedded PostgreSQL, have it watched, and return the settings with its address."""
    server = EmbeddedPostgres(settings.data_dir, programs_dir=settings.postgres_bin)
    stack.callback(server.stop)  # one that does not become ready too
    failures = (EmbeddedPostgresError, OSError, psycopg2.Error)
    _keep(kept, stack, "PostgreSQL", server.started, gives_up_after=POSTGRES_ENDS, failures=failures)
    return dataclasses.replace(settings, database_url=server.url)


@contextmanager
def _stop_on_signals() -> Iterator[None]:
    """Turn the first SIGTERM or SIGINT into the end of the block, and ignore more of them while it ends."""

    def request_stop(_number: int, _frame: object) -> None:
        for each in (signal.SIGTERM, signal.SIGINT):
            signal.signal(each, signal.SIG_IGN)
        raise StopRequestedError

    before = {each: signal.signal(each, request_stop) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except StopRequestedError:
        pass
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _bound_socket(host: str, port: int) -> Iterator[socket.socket]:
    """Yield a socket that has the port, not yet listening; raise ServeError when it is taken."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind)
    except OSError as error:
        message = f"cannot listen on {host}: {error.strerror}; choose another address with --host"
        raise ServeError(message) from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            message = (
                f"cannot listen on {host} port {port}: {error.strerror}; "
                "stop the program that uses it, or choose another with --port"
            )
            raise ServeError(message) from error
        yield listener


def _prepare_database(settings: Settings) -> FirstCredentials | None:
    """Check and migrate the database and fill a new one; return the credentials made, if any.

    One that is only read has to be as this version wants it.
    """
    engine = make_engine(settings, application_name="zou-server start", statement_timeout="0")
    try:
        if settings.read_only:
            require_migrated(engine)
            return None
        check_database(engine)
        upgrade(engine)
        make_parts_ahead(engine)
        if _has_studio(engine):
            return None
        from zou_server.services.install.install_first_data import install_first_data  # noqa: PLC0415 - slow

        return install_first_data(engine)
    finally:
        engine.dispose()


def _has_studio(engine: sa.Engine) -> bool:
    """Tell whether somebody has made the first data, which loads all rules."""
    with engine.connect() as connection:
        return connection.scalar(sa.select(Organisation.id).limit(1)) is not None


def _show_a_production(settings: Settings) -> None:
    """Load the demo productions into a studio that was just made; its credentials are out by now."""
    # most starts need no drawing and no queue
    from zou_server.adapters.jobs import JobQueue  # noqa: PLC0415
    from zou_server.services.install.demo_series import install_series  # noqa: PLC0415
    from zou_server.services.install.install_demo import install_demo  # noqa: PLC0415

    engine = make_engine(settings, application_name="zou-server start", statement_timeout="0")
    try:
        install_series(install_demo(engine, make_storage(settings), JobQueue()))
    finally:
        engine.dispose()


def _introduce(credentials: FirstCredentials) -> str:
    """Return the one message that shows the generated credentials, one line for each client."""
    return "\n".join(
        (
            "",
            "A new studio. These credentials are shown this once; keep them now:",
            f"  gazu, Kitsu      email {credentials.admin_email}  password {credentials.admin_password}",
            f"  shotgun_api3     script_name {credentials.script_name}  api_key {credentials.script_key}",
            f"  ftrack_api       api_user {credentials.admin_email}  api_key {credentials.api_key}",
            f"  ActiveResource   user {credentials.admin_email}  password {credentials.admin_password}",
            "",
        )
    )


def _start_web(settings: Settings, listener: socket.socket) -> Child:
    """Start gunicorn on the bound socket."""
    descriptor = listener.fileno()
    configuration = packaged_dir("config") / "gunicorn.conf.py"
    arguments = ["-m", "gunicorn", "--config", str(configuration), "--bind", f"fd://{descriptor}"]
    return start_python("web", arguments, settings, stop_seconds=WEB_STOP_SECONDS, keep_open=(descriptor,))


def _start_jobs(settings: Settings) -> Child:
    """Start the process that does the jobs."""
    return start_python("jobs", ["-m", "zou_server", "worker"], settings, stop_seconds=JOBS_STOP_SECONDS)


def _wait_until_answering(settings: Settings, kept: list[KeptRunning]) -> None:
    """Wait until the server answers, or raise ServeError."""
    deadline = time.monotonic() + WEB_START_SECONDS
    while time.monotonic() < deadline:
        _look(kept)
        try:
            with urllib.request.urlopen(f"{settings.url}/health/live", timeout=5):  # noqa: S310 - our own
                return
        except urllib.error.HTTPError:
            return  # it answers, if only to refuse
        except OSError:
            time.sleep(0.05)
    message = f"the web processes did not answer within {WEB_START_SECONDS:.0f} seconds; their log is above"
    raise ServeError(message)


def _look(kept: list[KeptRunning]) -> None:
    """Start again what has ended; ServeError when one ends whenever it is started."""
    try:
        for each in kept:
            each.look()
    except GaveUpError as error:
        raise ServeError(str(error)) from error
