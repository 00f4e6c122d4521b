"""The dates of tasks follow each other whichever client moves them."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from tests.contracts.rules.hands import DIALECTS
from tests.studio import unique
from zou_server.models.errors import Conflict

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Show, Site
    from zou_server.models.actor import Actor

FRIDAY, MONDAY, WEDNESDAY = (dt.datetime(2031, 5, day, tzinfo=dt.UTC) for day in (2, 5, 7))


@pytest.fixture
def show(site: Site) -> Show:
    return site.show()


@pytest.fixture(scope="module")
def admin(site: Site) -> Actor:
    return site.person("admin")


def dates(site: Site, task: uuid.UUID) -> tuple[str, ...]:
    found = site.kit.row("Task", task, "start_date", "due_date")
    return tuple(str(found[name])[:10] for name in ("start_date", "due_date"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_task_is_pushed_by_the_one_that_it_waits_for(
    site: Site, show: Show, admin: Actor, dialect: str
) -> None:
    first, second = show.tasks
    site.kit.update("Task", first, start_date=FRIDAY, due_date=FRIDAY)
    site.kit.update("Task", second, start_date=MONDAY, due_date=MONDAY)
    site.kit.create("TaskDependency", from_id=second, to_id=first)
    site.hand(admin, dialect).set("Task", first, "due", WEDNESDAY)
    assert dates(site, first) == ("2031-05-02", "2031-05-07")
    assert dates(site, second) == ("2031-05-08", "2031-05-08")


# ActiveResource sends both dates always, so there the last day is said to stay.
@pytest.mark.parametrize("dialect", [each for each in DIALECTS if each != "shotrunner"])
def test_the_last_day_follows_the_first(site: Site, show: Show, admin: Actor, dialect: str) -> None:
    task, hand = show.tasks[0], site.hand(admin, dialect)
    site.kit.update("Task", task, start_date=FRIDAY, due_date=MONDAY)
    with hand.refusals():
        hand.change("Task", task, "start_date", hand.value("due", MONDAY))
    assert dates(site, task) == ("2031-05-05", "2031-05-06")
    site.kit.update("Task", task, start_date=FRIDAY, due_date=MONDAY)
    assert dates(site, task) == ("2031-05-02", "2031-05-05")


def test_a_name_that_shotgun_gave_twice_is_still_taken_for_the_others(
    site: Site, show: Show, admin: Actor
) -> None:
    name, kit = unique("SH"), site.kit
    hand = site.hand(admin, "shotgun")
    project = {"type": "Project", "id": hand.number("Project", show.project)}
    shots = [hand.make("Shot", project=project, code=name)["id"] for _ in range(2)]
    assert len(set(shots)) == 2
    with pytest.raises(Conflict):
        kit.create("Shot", name=name, project_id=show.project)
    other = kit.create("Shot", name=unique("SH"), project_id=show.project)
    with pytest.raises(Conflict):
        kit.update("Shot", other, name=name)
