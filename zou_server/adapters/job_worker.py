"""The worker of the job queue: it takes jobs until it is told to stop, whatever happens to the database.

procrastinate's worker ends when its database goes away, as in any restart of PostgreSQL. Ours then waits,
connects again and goes on; the jobs that were in hand are done again.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from procrastinate.exceptions import ConnectorException

from zou_server.adapters.database import make_engine
from zou_server.adapters.jobs import make_job_app
from zou_server.adapters.work_folders import LocalWorkFolders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from procrastinate import App
    from sqlalchemy import Engine

    from zou_server.settings import Settings

CONCURRENT_JOBS = 2
STOP_SECONDS = 20.0
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
AGAIN_SECONDS = 0.2
"""After so long, what did not end when it was told to is told again."""
SETTLED_SECONDS = 60.0
"""A worker that ran for so long begins again with the shortest pause."""

log = logging.getLogger(__name__)


@dataclass
class Stop:
    """The request to stop the worker, and the task to cancel when it comes."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    running: asyncio.Task[None] | None = None

    def ask(self) -> None:
        """Let the jobs in hand end and take no more.

        procrastinate takes a cancellation as the wish to end in order. One that comes while it connects may
        be lost on the way, so it is repeated once every job has had its time.
        """
        self.asked.set()
        if self.running is not None and not self.running.done():
            self.running.cancel()
            asyncio.get_running_loop().call_later(STOP_SECONDS + 2, self.ask)


async def run_worker(settings: Settings, *, wait: bool = True) -> None:
    """Do jobs until SIGTERM or SIGINT, then let the running ones end.

    Tasks find an engine and the settings in their context's ``additional_context``.
    ``wait=False`` returns as soon as the queue is empty, and raises when the database goes away.
    """
    LocalWorkFolders(settings.work_dir).remove_abandoned()
    engine = make_engine(settings, application_name="zou-server jobs")
    try:
        if not wait:
            await _work_once(settings, engine, wait=False)
            return
        stop = Stop()
        with _stop_on_signals(stop):
            await _work_until(stop, settings, engine)
    finally:
        engine.dispose()


async def _work_until(stop: Stop, settings: Settings, engine: Engine) -> None:
    """Work, and begin again with longer and longer pauses whenever the worker ends by itself."""
    clock = asyncio.get_running_loop().time
    pause = SHORTEST_PAUSE
    while not stop.asked.is_set():
        began = clock()
        stop.running = asyncio.create_task(_work_once(settings, engine, wait=True))
        try:
            await stop.running
        except asyncio.CancelledError:
            if not stop.asked.is_set():
                raise
        except ConnectorException as error:
            log.warning("the job worker lost its database: %s", str(error.__cause__ or error).strip())
        if stop.asked.is_set():
            return
        pause = SHORTEST_PAUSE if clock() - began > SETTLED_SECONDS else min(pause * 2, LONGEST_PAUSE)
        log.warning("the job worker connects again in %.0f s", pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.asked.wait(), pause)


async def _work_once(settings: Settings, engine: Engine, *, wait: bool) -> None:
    """Do jobs with one pool of connections; ends when told to, or when the database goes away."""
    app = make_job_app(settings)
    async with app.open_async():
        rescue = asyncio.create_task(_rescue_jobs(app, settings.job_stalled_seconds))
        try:
            await app.run_worker_async(
                wait=wait,
                concurrency=CONCURRENT_JOBS,
                shutdown_graceful_timeout=STOP_SECONDS,
                install_signal_handlers=False,
                update_heartbeat_interval=settings.job_stalled_seconds / 3,
                stalled_worker_timeout=settings.job_stalled_seconds,
                additional_context={"engine": engine, "settings": settings},
            )
        finally:
            await end_task(rescue)


async def end_task(task: asyncio.Task[None]) -> None:
    """Cancel a task until it has ended.

    A driver whose database goes away in that moment raises its own error instead of the cancellation, and
    whoever goes on after errors never hears of it.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait({task}, timeout=AGAIN_SECONDS)


@contextmanager
def _stop_on_signals(stop: Stop) -> Iterator[None]:
    """Let SIGTERM and SIGINT ask the worker to stop."""
    loop = asyncio.get_running_loop()
    both = (signal.SIGTERM, signal.SIGINT)
    for each in both:
        loop.add_signal_handler(each, stop.ask)
    try:
        yield
    finally:
        for each in both:
            loop.remove_signal_handler(each)


async def _rescue_jobs(app: App, stalled_seconds: int) -> None:
    """For ever, put back the jobs of workers that were killed: those without a sign of life for so long."""
    while True:
        try:
            stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds)
            for job in stalled:
                log.warning("job %s was left by a worker that died; it is done again", job.id)
                await app.job_manager.retry_job(job)
        except Exception:
            log.exception("jobs of workers that died cannot be looked for; trying again")
        await asyncio.sleep(stalled_seconds / 3)
