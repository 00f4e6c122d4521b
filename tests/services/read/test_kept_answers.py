"""Answers from the log are kept while nothing is added to it, and never a moment longer."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from tests.contracts.statements import Statements, noted
from tests.studio import PLAIN, StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import EVERYTHING, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.read import kept_answers
from zou_server.services.write.operations import Create

NAMES = Projection((Output("name", "event_name"), Output("object", "object_id")))
WITH_PROJECT = Projection((Output("name", "event_name"), Output("project", "project.name")))


@pytest.fixture
def asked(kit: StudioKit) -> Iterator[Statements]:
    """The statements that reads send."""
    with noted(kit.studio.reads) as found:
        yield found


def newest(kit: StudioKit, actor: Actor = SYSTEM, projection: Projection = NAMES, limit: int = 100) -> str:
    query = Query(facet("ApiEvent"), projection, EVERYTHING, (Order("created_at", descending=True),), limit)
    return kit.studio.read(actor).page(query, PLAIN).text


def of_row(kit: StudioKit, id_: uuid.UUID) -> str:
    query = Query(facet("ApiEvent"), NAMES, Where("object_id", Op.EQ, str(id_)))
    return kit.studio.read(SYSTEM).page(query, PLAIN).text


def test_the_end_of_the_log_is_read_once_while_nothing_happens(kit: StudioKit, asked: Statements) -> None:
    kit.shot(kit.project())
    first = newest(kit)
    before = len(asked)
    assert newest(kit) == first
    assert len(asked) == before + 1
    assert "change_set" in asked[-1]


def test_a_change_is_in_the_next_answer(kit: StudioKit) -> None:
    project = kit.project()
    newest(kit)
    shot = kit.shot(project)
    assert str(shot) in newest(kit)


def test_a_change_that_was_rolled_back_is_in_none(kit: StudioKit, asked: Statements) -> None:
    project = kit.project()
    kept = newest(kit)
    with kit.studio.write(SYSTEM) as work:
        work.execute([Create(facet("Shot"), {"name": "SH010", "project_id": project})])
    before = len(asked)
    assert newest(kit) == kept
    assert len(asked) == before + 1


def test_another_question_has_another_answer(kit: StudioKit) -> None:
    project = kit.project()
    one, other = kit.shot(project), kit.shot(project)
    assert (str(one) in of_row(kit, one), str(one) in of_row(kit, other)) == (True, False)
    assert newest(kit, limit=1) != newest(kit, limit=2)


def test_what_one_person_was_told_is_not_told_to_another(kit: StudioKit) -> None:
    project = kit.project()
    member, outsider = kit.person("manager", {project: None}), kit.person("manager")
    shot = kit.shot(project)
    assert str(shot) in newest(kit, member)
    assert str(shot) not in newest(kit, outsider)
    assert str(shot) in newest(kit, member)


def test_an_answer_that_says_more_than_the_log_is_not_kept(kit: StudioKit) -> None:
    project = kit.create("Project", name="Before")
    kit.shot(project)
    assert '"Before"' in newest(kit, projection=WITH_PROJECT)
    with kit.studio.writes.begin() as connection:  # behind the log's back
        connection.execute(sa.text("UPDATE project SET name = 'After' WHERE id = :id"), {"id": project})
    assert '"After"' in newest(kit, projection=WITH_PROJECT)


def test_a_page_of_rows_is_not_kept(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.shot(project)
    kit.row("Shot", shot, "name")
    with kit.studio.writes.begin() as connection:
        connection.execute(sa.text("UPDATE entity SET name = 'SH999' WHERE id = :id"), {"id": shot})
    assert kit.row("Shot", shot, "name") == "SH999"


def test_what_is_kept_has_an_end(kit: StudioKit, asked: Statements, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "ROOM", 100)
    kit.shot(kit.project())
    first = newest(kit)
    before = len(asked)
    assert newest(kit) == first
    assert len(asked) == before + 2


def test_readers_at_once_never_miss_what_was_committed_before_they_asked(kit: StudioKit) -> None:
    project = kit.project()
    wrong: list[uuid.UUID] = []

    def write_and_look() -> None:
        for _ in range(20):
            shot = kit.shot(project)
            if str(shot) not in newest(kit, limit=50):
                wrong.append(shot)

    threads = [threading.Thread(target=write_and_look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
