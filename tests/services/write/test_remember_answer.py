"""A POST sent twice with the same Idempotency-Key changes the studio once."""

from __future__ import annotations

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from tests.waiting import PATIENCE, until_somebody_waits
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create
from zou_server.services.write.remember_answer import (
    KeyReused,
    RememberedAnswer,
    remember,
    remembered,
    request_digest,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

BODY = request_digest("POST", "/data/departments", b'{"name": "Rigging"}')
OTHER_BODY = request_digest("POST", "/data/departments", b'{"name": "Layout"}')


@pytest.fixture
def studio(writes: Engine) -> Studio:
    """The studio's data."""
    return Studio(writes, writes, RULEBOOK)


def make_department(
    studio: Studio, key: str, name: str, actor: Actor = SYSTEM, digest: str = BODY
) -> RememberedAnswer:
    """What a view does with a POST that carries a key."""
    with studio.write(actor) as work:
        kept = remembered(work, key, digest)
        if kept is not None:
            return kept
        work.execute([Create(facet("Department"), {"name": name})])
        remember(work, key, 201, f'{{"name":"{name}"}}')
        work.commit()
    return RememberedAnswer(201, f'{{"name":"{name}"}}')


def departments(engine: Engine, name: str) -> int:
    with engine.connect() as connection:
        found = text("SELECT count(*) FROM department WHERE name LIKE :name")
        return connection.scalar(found, {"name": f"{name}%"}) or 0


def test_a_repeated_request_gets_the_first_answer(studio: Studio, writes: Engine) -> None:
    first = make_department(studio, "a key", "Rigging")
    second = make_department(studio, "a key", "Rigging, had it run again")

    assert first == second == RememberedAnswer(201, '{"name":"Rigging"}')
    assert departments(writes, "Rigging") == 1


def test_a_key_for_another_body_is_refused(studio: Studio, writes: Engine) -> None:
    make_department(studio, "used key", "Modelling")

    with pytest.raises(KeyReused):
        make_department(studio, "used key", "Modelling too", digest=OTHER_BODY)
    assert departments(writes, "Modelling") == 1


def test_two_people_may_use_the_same_key(studio: Studio, writes: Engine) -> None:
    somebody = replace(SYSTEM, person_id=uuid.uuid4())

    make_department(studio, "common key", "Lighting 1")
    make_department(studio, "common key", "Lighting 2", actor=somebody)

    assert departments(writes, "Lighting") == 2


def test_what_was_rolled_back_was_never_answered(studio: Studio, writes: Engine) -> None:
    with studio.write(SYSTEM) as work:
        assert remembered(work, "lost key", BODY) is None
        work.execute([Create(facet("Department"), {"name": "Compositing"})])
        remember(work, "lost key", 201, "lost")

    assert make_department(studio, "lost key", "Compositing").body == '{"name":"Compositing"}'
    assert departments(writes, "Compositing") == 1


def test_the_same_request_sent_eight_times_at_once_changes_once(studio: Studio, writes: Engine) -> None:
    together = threading.Barrier(8)

    def send(number: int) -> RememberedAnswer:
        together.wait()
        return make_department(studio, "hasty key", f"Editing {number}")

    with ThreadPoolExecutor(8) as threads:
        answers = set(threads.map(send, range(8)))

    assert len(answers) == 1
    assert departments(writes, "Editing") == 1


def test_a_waiting_duplicate_does_the_work_when_the_first_fails(studio: Studio, writes: Engine) -> None:
    with ThreadPoolExecutor(1) as thread:
        with studio.write(SYSTEM) as work:
            assert remembered(work, "second chance", BODY) is None
            second = thread.submit(make_department, studio, "second chance", "Matchmove")
            until_somebody_waits(studio.reads)
        assert second.result(PATIENCE).status == 201

    assert departments(writes, "Matchmove") == 1


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\nb", "a\0b"])
def test_a_key_that_is_none_is_refused_by_name(studio: Studio, key: str) -> None:
    with pytest.raises(Invalid) as error, studio.write(SYSTEM) as work:
        remembered(work, key, BODY)
    assert list(error.value.fields) == ["Idempotency-Key"]
