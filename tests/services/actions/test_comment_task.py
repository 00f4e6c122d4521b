"""Commenting on a task: the status it gives, the dates that follow, who may, what a failure leaves."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, RefBy


def comment(
    kit: StudioKit, task: uuid.UUID, code: str | None, actor: Actor = SYSTEM, **values: Any
) -> uuid.UUID:
    if code:
        values["sets_status_id"] = RefBy("TaskStatus", "code", code)
    return kit.execute(Act("comment", facet("Task"), task, {"text": "hello", **values}), actor=actor)[0].id


def test_a_comment_and_the_status_it_gives_are_one_change(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    note = comment(kit, task, "wip")
    assert kit.row("Note", note, "text", "sets_status.code", "object_id") == {
        "text": "hello",
        "sets_status.code": "wip",
        "object_id": str(task),
    }
    found = kit.row("Task", task, "task_status.code", "real_start_date", "last_comment_date")
    assert found["task_status.code"] == "wip"
    assert found["real_start_date"] == found["last_comment_date"] is not None
    assert next(e["action"] for e in kit.events(note)) == "create"
    assert "task_status_id" in [e["attribute"] for e in kit.events(task)]


def test_the_dates_of_a_task_follow_its_statuses(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    paths = ("real_start_date", "end_date", "done_date", "retake_count")
    comment(kit, task, "wip")
    started = kit.row("Task", task, *paths)
    comment(kit, task, "wfa")
    comment(kit, task, "retake")
    comment(kit, task, "wip")
    asked = kit.row("Task", task, *paths)
    assert asked["real_start_date"] == started["real_start_date"]
    assert asked["end_date"] is not None
    assert asked["retake_count"] == 1
    comment(kit, task, "done")
    assert kit.row("Task", task, "done_date") is not None
    comment(kit, task, "wip")
    assert kit.row("Task", task, "done_date") is None


def test_a_comment_dated_before_the_last_one_leaves_the_status_alone(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    comment(kit, task, "wip")
    comment(kit, task, "done", created_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC).isoformat())
    assert kit.row("Task", task, "task_status.code") == "wip"


def test_the_retake_cap_refuses_the_whole_comment(kit: StudioKit) -> None:
    project = kit.project(max_retakes=1)
    task = kit.create("Task", entity_id=kit.shot(project))
    comment(kit, task, "retake")
    comment(kit, task, "wip")
    with pytest.raises(Invalid, match="No more retakes"):
        comment(kit, task, "retake")
    assert len(kit.rows("Note", "id", where=Where("object_id", Op.EQ, str(task)))) == 2
    assert kit.row("Task", task, "task_status.code") == "wip"


@pytest.mark.parametrize(
    ("role", "assigned", "status", "may"),
    [
        ("manager", False, "done", True),
        ("supervisor", False, "done", True),
        ("user", True, "wfa", True),
        ("user", True, "done", False),
        ("user", False, "wfa", False),
        ("client", False, "wip", True),
        ("client", False, "wfa", False),
        ("vendor", True, "wfa", True),
    ],
)
def test_who_may_comment_with_which_status(
    kit: StudioKit, role: str, status: str, *, assigned: bool, may: bool
) -> None:
    project = kit.project()
    actor = kit.person(role, {project: None})
    task = kit.create("Task", project_id=project, assignees=[actor.person_id] if assigned else [])
    if may:
        assert comment(kit, task, status, actor)
        return
    with pytest.raises(Forbidden):
        comment(kit, task, status, actor)


def test_only_managers_comment_in_the_name_of_others(kit: StudioKit) -> None:
    project = kit.project()
    other = kit.person("user", {project: None})
    artist, manager = kit.person("user", {project: None}), kit.person("manager", {project: None})
    task = kit.create("Task", project_id=project, assignees=[artist.person_id])
    with pytest.raises(Forbidden):
        comment(kit, task, "wip", artist, person_id=other.person_id)
    note = comment(kit, task, "wip", manager, person_id=other.person_id)
    assert kit.row("Note", note, "person_id") == str(other.person_id)


def test_an_unknown_action_or_key_is_refused_by_name(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    with pytest.raises(Invalid, match="explode"):
        kit.execute(Act("explode", facet("Task"), task, {}))
    with pytest.raises(Invalid, match="txt"):
        comment(kit, task, "wip", txt="typo")


def test_a_comment_takes_at_most_twelve_statements(kit: StudioKit) -> None:
    task = kit.create("Task", entity_id=kit.shot(kit.project()))
    status = kit.rows("TaskStatus", "id", where=Where("code", Op.EQ, "retake"))[0]["id"]
    comment(kit, task, None, sets_status_id=status)
    with noted(kit.studio.writes) as seen:
        comment(kit, task, None, sets_status_id=status)
    assert 0 < len(seen) <= 12
