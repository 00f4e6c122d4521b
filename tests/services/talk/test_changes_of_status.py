"""Which comments change the status of their task: their rows say so, whatever happens to those before."""

from __future__ import annotations

import datetime as dt
import threading
import uuid

import pytest

from tests.services.talk.words import TASK, comment, siblings, status
from tests.studio import StudioKit
from tests.waiting import until_somebody_waits
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, Create, Delete, Revive


def changes(kit: StudioKit, task: uuid.UUID) -> dict[str, bool | None]:
    """What each live comment on a task says of itself."""
    where, order = Where("object_id", Op.EQ, str(task)), (Order("created_at"),)
    return {row["text"]: row["changes_status"] for row in kit.rows("Note", "text", "changes_status",
                                                                   where=where, order=order)}  # fmt: skip


@pytest.fixture
def task(kit: StudioKit) -> uuid.UUID:
    """A task with comments that give it two statuses."""
    (task,) = siblings(kit, "Layout")
    for text, code in (("1", "todo"), ("2", "wip"), ("3", "wip"), ("4", "wfa")):
        comment(kit, task, text, code)
    return task


def note(kit: StudioKit, task: uuid.UUID, text: str) -> uuid.UUID:
    """The id of a comment."""
    rows = kit.rows("Note", "id", "text", where=Where("object_id", Op.EQ, str(task)))
    return next(uuid.UUID(row["id"]) for row in rows if row["text"] == text)


def test_a_comment_changes_the_status_when_the_one_before_gave_another(
    kit: StudioKit, task: uuid.UUID
) -> None:
    assert changes(kit, task) == {"1": False, "2": True, "3": False, "4": True}


def test_the_comment_behind_one_that_goes_is_compared_with_the_one_before_it(
    kit: StudioKit, task: uuid.UUID
) -> None:
    two = note(kit, task, "2")
    kit.delete("Note", two)
    assert changes(kit, task) == {"1": False, "3": True, "4": True}
    kit.revive("Note", two)
    assert changes(kit, task) == {"1": False, "2": True, "3": False, "4": True}


def test_the_comment_behind_one_that_gives_another_status_is_compared_anew(
    kit: StudioKit, task: uuid.UUID
) -> None:
    kit.update("Note", note(kit, task, "3"), sets_status_id=status(kit, "wfa"))
    assert changes(kit, task) == {"1": False, "2": True, "3": True, "4": False}
    kit.update("Note", note(kit, task, "3"), sets_status_id=None)
    assert changes(kit, task) == {"1": False, "2": True, "3": None, "4": True}


def test_the_comment_behind_one_of_an_earlier_day_is_compared_with_it(
    kit: StudioKit, task: uuid.UUID
) -> None:
    early = dt.datetime(2020, 1, 1, tzinfo=dt.UTC).isoformat()
    comment(kit, task, "0", "wip", created_at=early)
    assert changes(kit, task) == {"0": True, "1": True, "2": True, "3": False, "4": True}


def test_a_comment_that_is_moved_leaves_one_task_and_comes_to_the_other(
    kit: StudioKit, task: uuid.UUID
) -> None:
    (other,) = siblings(kit, "Layout")
    comment(kit, other, "a", "wip")
    kit.update("Note", note(kit, task, "2"), object_id=other)
    assert changes(kit, task) == {"1": False, "3": True, "4": True}
    assert changes(kit, other) == {"2": True, "a": False}


def test_comments_come_back_with_their_task_as_they_were(kit: StudioKit, task: uuid.UUID) -> None:
    kit.execute(Delete(TASK, task))
    kit.execute(Revive(TASK, task))
    assert changes(kit, task) == {"1": False, "2": True, "3": False, "4": True}


def test_what_is_no_news_says_nothing(kit: StudioKit, task: uuid.UUID) -> None:
    project = kit.project()
    concept = kit.create("Concept", name="c", project_id=project)
    drawn = kit.create("Task", project_id=project, entity_id=concept)
    comment(kit, drawn, "sketch", "wip")
    assert changes(kit, drawn) == {"sketch": None}
    kit.create("Note", object_id=task, text="note")
    assert changes(kit, task)["note"] is None
    own = kit.create("Concept", name="c", project_id=kit.row("Task", task, "project_id"))
    kit.update("Task", task, entity_id=own)
    assert set(changes(kit, task).values()) == {None}


def test_nobody_says_it_but_the_server(kit: StudioKit, task: uuid.UUID) -> None:
    with pytest.raises(Invalid):
        kit.update("Note", note(kit, task, "1"), changes_status=True)
    with pytest.raises(Invalid):
        kit.execute(Act("comment", TASK, task, {"text": "x", "changes_status": True}))


def test_of_two_notes_made_at_once_with_the_same_status_one_changes_it(kit: StudioKit) -> None:
    (task,) = siblings(kit, "Layout")
    made = [
        Create(facet("Note"), {"object_id": task, "text": text, "sets_status_id": status(kit, "wip")})
        for text in ("1", "2")
    ]
    with kit.studio.write(SYSTEM) as work:
        work.execute(made[:1])
        waiting = threading.Thread(target=kit.execute, args=made[1:])
        waiting.start()
        until_somebody_waits(kit.studio.reads)
        work.commit()
    waiting.join()
    assert sorted(changes(kit, task).items()) == [("1", True), ("2", False)]
