"""A status that is set has the same consequences whichever client sets it, with a comment or without."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.rules.hands import DIALECTS, Refused, said_in
from tests.studio import unique
from zou_server.models.conditions import All, Op, Where

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Show, Site
    from zou_server.models.actor import Actor

NOON = dt.datetime(2030, 3, 4, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """The show of this module."""
    return site.show()


@pytest.fixture(scope="module")
def boss(site: Site, show: Show) -> Actor:
    """Who may give any status."""
    return site.person("manager", show.project)


def _task(site: Site, show: Show, **values: Any) -> uuid.UUID:
    return site.kit.create(
        "Task", name=unique("Task"), entity_id=show.shot, task_type_id=show.steps[0], **values
    )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_work_begins_is_handed_in_and_ends_when_the_status_says_so(
    site: Site, show: Show, boss: Actor, dialect: str
) -> None:
    task, hand = _task(site, show), site.hand(boss, dialect)
    hand.set("Task", task, "status", site.status("wip"))
    found = site.task(task)
    assert found["real_start_date"]
    assert (found["end_date"], found["done_date"]) == (None, None)
    hand.set("Task", task, "status", site.status("wfa"))
    assert site.task(task)["end_date"]
    hand.set("Task", task, "status", site.status("done"))
    assert site.task(task)["done_date"]
    hand.set("Task", task, "status", site.status("retake"))
    found = site.task(task)
    assert (found["done_date"], found["retake_count"]) == (None, 1)
    assert found["real_start_date"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_log_tells_of_every_status_by_the_same_event(
    site: Site, show: Show, boss: Actor, dialect: str
) -> None:
    task = _task(site, show)
    site.hand(boss, dialect).set("Task", task, "status", site.status("wip"))
    told = [each for each in site.kit.events(task) if each["action"] == "status-changed"]
    assert [each["new"] for each in told] == [
        {
            "new_task_status_id": str(site.status("wip")),
            "previous_task_status_id": str(site.status("todo")),
            "person_id": str(boss.person_id),
        }
    ]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_task_has_no_more_retakes_than_its_project_allows(site: Site, dialect: str) -> None:
    show = site.show()
    site.kit.update("Project", show.project, max_retakes=1)
    hand = site.hand(site.person("manager", show.project), dialect)
    task = _task(site, show, retake_count=1)
    with pytest.raises(Refused, match=r"(?i)no more retakes"):
        hand.set("Task", task, "status", site.status("retake"))
    assert site.task(task)["task_status_id"] == str(site.status("todo"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_next_step_is_moved_along_by_the_rules_of_the_project(site: Site, dialect: str) -> None:
    show, kit = site.show(), site.kit
    rule = kit.create(
        "StatusAutomation",
        entity_type="shot",
        in_task_type_id=show.steps[0],
        in_task_status_id=site.status("done"),
        out_task_type_id=show.steps[1],
        out_task_status_id=site.status("ready"),
    )
    kit.create("ProjectStatusAutomation", project_id=show.project, status_automation_id=rule)
    hand = site.hand(site.person("manager", show.project), dialect)
    hand.set("Task", show.tasks[0], "status", site.status("done"))
    assert site.task(show.tasks[1])["task_status_id"] == str(site.status("ready"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_works_on_a_task_is_told_of_its_new_status(
    site: Site, show: Show, boss: Actor, dialect: str
) -> None:
    artist = site.person("user", show.project)
    task = _task(site, show, assignees=[artist.person_id])
    site.hand(boss, dialect).set("Task", task, "status", site.status("retake"))
    where = All((Where("task_id", Op.EQ, str(task)), Where("change", Op.EQ, value=True)))
    told = site.kit.rows("Notification", "person_id", "author_id", where=where)
    assert told == [{"person_id": str(artist.person_id), "author_id": str(boss.person_id)}]


@pytest.mark.parametrize("dialect", [each for each, _ in said_in(["real start"])])
def test_a_date_that_is_said_in_so_many_words_stays(
    site: Site, show: Show, boss: Actor, dialect: str
) -> None:
    task, hand = _task(site, show), site.hand(boss, dialect)
    hand.set("Task", task, "real start", NOON)
    hand.set("Task", task, "status", site.status("wip"))
    assert site.task(task)["real_start_date"].startswith("2030-03-04T12:00:00")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_same_status_again_changes_nothing(site: Site, show: Show, boss: Actor, dialect: str) -> None:
    task, hand = _task(site, show), site.hand(boss, dialect)
    hand.set("Task", task, "status", site.status("retake"))
    before = site.task(task)
    hand.set("Task", task, "status", site.status("retake"))
    assert site.task(task) == before
    assert before["retake_count"] == 1
