"""The job queue: a job exists exactly when the change that asked for it does."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from zou_server.adapters.job_worker import run_worker
from zou_server.adapters.jobs import UnknownTaskError, defer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from zou_server.settings import Settings


def test_a_job_is_deferred_and_done(engine: Engine, settings: Settings) -> None:
    with engine.begin() as connection:
        number = defer(connection, "remove_old_jobs", {"timestamp": 0})
    asyncio.run(run_worker(settings, wait=False))
    with engine.connect() as connection:
        query = text("SELECT status::text FROM procrastinate_jobs WHERE id = :number")
        assert connection.scalar(query, {"number": number}) == "succeeded"


def test_kept_answers_are_forgotten_after_a_day(engine: Engine, settings: Settings) -> None:
    keep = text("""
        INSERT INTO idempotency_key (actor_id, key, request_digest, status, body, created_at)
        SELECT gen_random_uuid(), word, 'digest', 201, '{}', now() - age * interval '1 hour'
        FROM (VALUES ('old', 25), ('young', 23)) AS kept (word, age)
    """)
    with engine.begin() as connection:
        connection.execute(keep)
        defer(connection, "forget_old_answers", {"timestamp": 0})
    asyncio.run(run_worker(settings, wait=False))
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT key FROM idempotency_key")).all() == ["young"]


def test_a_job_goes_back_with_the_transaction(engine: Engine) -> None:
    with engine.connect() as connection:
        defer(connection, "remove_old_jobs", {"timestamp": 0})
        connection.rollback()
        assert connection.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0


def test_a_task_nobody_knows_is_refused_by_name(engine: Engine) -> None:
    with engine.connect() as connection, pytest.raises(UnknownTaskError, match="called 'make_tea'"):
        defer(connection, "make_tea", {})
