"""Who works on a task says how it goes, by whatever call a client has; and of nobody else's task."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import arrow
import pytest

from tests.contracts.rules.hands import DIALECTS, Refused, said_in
from tests.studio import unique
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import facet
from zou_server.services.write.operations import Update

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Show, Site
    from zou_server.models.actor import Actor

NOON = dt.datetime(2030, 3, 4, 12, tzinfo=dt.UTC)

OF_THE_WORK: dict[str, tuple[str, Any, Any]] = {
    # word -> the field, what is set, what is kept
    "progress": ("completion_rate", 40, 40),
    "description": ("description", "half of it", "half of it"),
    "real start": ("real_start_date", NOON, "2030-03-04T12:00:00"),
    "real end": ("end_date", NOON, "2030-03-04T12:00:00"),
}
OF_OTHERS: dict[str, tuple[str, Any]] = {
    "name": ("name", "mine now"),
    "due": ("due_date", NOON),
    "estimation": ("estimation", 7200),
}


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """The show that all work on."""
    return site.show()


@pytest.fixture(scope="module")
def artist(site: Site, show: Show) -> Actor:
    """Who works on the first task of the show, and not on the second."""
    actor = site.person("user", show.project)
    site.kit.update("Task", show.tasks[0], assignees=[actor.person_id])
    return actor


@pytest.mark.parametrize(("dialect", "word"), said_in(OF_THE_WORK))
def test_who_works_on_a_task_says_how_it_goes(
    site: Site, show: Show, artist: Actor, dialect: str, word: str
) -> None:
    field, given, kept = OF_THE_WORK[word]
    site.kit.execute(Update(facet("Task"), show.tasks[0], {field: None}))
    site.hand(artist, dialect).set("Task", show.tasks[0], word, given)
    found = site.task(show.tasks[0])[field]
    assert found == kept or str(found).startswith(str(kept))


@pytest.mark.parametrize(("dialect", "word"), said_in(OF_THE_WORK))
def test_how_the_work_of_others_goes_is_not_theirs_to_say(
    site: Site, show: Show, artist: Actor, dialect: str, word: str
) -> None:
    field, given, _ = OF_THE_WORK[word]
    before = site.task(show.tasks[1])[field]
    with pytest.raises(Refused):
        site.hand(artist, dialect).set("Task", show.tasks[1], word, given)
    assert site.task(show.tasks[1])[field] == before


@pytest.mark.parametrize("word", OF_OTHERS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_works_on_a_task_sets_nothing_else_of_it(
    site: Site, show: Show, artist: Actor, dialect: str, word: str
) -> None:
    field, given = OF_OTHERS[word]
    before = site.task(show.tasks[0])[field]
    with pytest.raises(Refused):
        site.hand(artist, dialect).set("Task", show.tasks[0], word, given)
    assert site.task(show.tasks[0])[field] == before


@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_works_on_a_task_gives_it_a_status_that_is_for_artists(
    site: Site, show: Show, artist: Actor, dialect: str
) -> None:
    site.kit.update("Task", show.tasks[0], task_status_id=site.status("todo"))
    hand = site.hand(artist, dialect)
    hand.set("Task", show.tasks[0], "status", site.status("wip"))
    assert site.task(show.tasks[0])["task_status_id"] == str(site.status("wip"))
    with pytest.raises(Refused):
        hand.set("Task", show.tasks[0], "status", site.status("done"))
    with pytest.raises(Refused):
        hand.set("Task", show.tasks[1], "status", site.status("wip"))
    assert site.task(show.tasks[0])["task_status_id"] == str(site.status("wip"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_who_works_on_a_task_comments_on_it_and_on_no_other(
    site: Site, show: Show, artist: Actor, dialect: str
) -> None:
    text = unique("said with")
    hand = site.hand(artist, dialect)
    hand.say(show.tasks[0], text)
    with pytest.raises(Refused):
        hand.say(show.tasks[1], text)
    rows = site.kit.rows("Note", "object_id", "person_id", where=Where("text", Op.EQ, text))
    assert rows == [{"object_id": str(show.tasks[0]), "person_id": str(artist.person_id)}]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_vendor_who_works_on_a_task_says_how_it_goes(site: Site, show: Show, dialect: str) -> None:
    vendor = site.person("vendor", show.project)
    task = site.kit.create(
        "Task",
        name=unique("Task"),
        entity_id=show.shot,
        task_type_id=show.steps[0],
        assignees=[vendor.person_id],
    )
    site.hand(vendor, dialect).set("Task", task, "description", "begun")
    assert site.task(task)["description"] == "begun"
    with pytest.raises(Refused):
        site.hand(vendor, dialect).set("Task", task, "due", NOON)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_supervisor_plans_the_tasks_of_their_departments_and_no_others(
    site: Site, show: Show, dialect: str
) -> None:
    lead = site.person("supervisor", show.project)
    hand = site.hand(lead, dialect)
    hand.set("Task", show.tasks[1], "due", NOON)
    assert str(site.task(show.tasks[1])["due_date"]).startswith("2030-03-04")
    with pytest.raises(Refused):
        hand.set("Task", show.tasks[1], "name", "renamed")
    elsewhere = site.kit.create("Department", name=unique("Elsewhere"))
    site.kit.update("Person", lead.person_id, departments=[elsewhere])
    with pytest.raises(Refused):
        hand.set("Task", show.tasks[1], "estimation", 7200)
    with pytest.raises(Refused):
        hand.set("Task", show.tasks[1], "status", site.status("wip"))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_supervisor_works_on_a_task_of_another_department_like_anybody(
    site: Site, show: Show, dialect: str
) -> None:
    lead = site.person("supervisor", show.project)
    elsewhere = site.kit.create("Department", name=unique("Elsewhere"))
    site.kit.update("Person", lead.person_id, departments=[elsewhere])
    task = site.kit.create(
        "Task",
        name=unique("Task"),
        entity_id=show.shot,
        task_type_id=show.steps[0],
        assignees=[lead.person_id],
    )
    hand = site.hand(lead, dialect)
    hand.set("Task", task, "description", "my own")
    assert site.task(task)["description"] == "my own"
    with pytest.raises(Refused):
        hand.set("Task", task, "due", NOON)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_client_says_nothing_of_the_work(site: Site, show: Show, dialect: str) -> None:
    client = site.person("client", show.project)
    site.kit.update("Task", show.tasks[0], description="as it was")
    with pytest.raises(Refused):
        site.hand(client, dialect).set("Task", show.tasks[0], "description", "better")
    assert site.task(show.tasks[0])["description"] == "as it was"


LOGS_TIME = {
    "zou": lambda hand, task: hand.make(
        "TimeSpent", task_id=str(task), date="2030-03-04", duration=60, person_id=_me(hand)
    ),
    "shotgun": lambda hand, task: hand.make(
        "TimeLog",
        entity={"type": "Task", "id": hand.number("Task", task)},
        date="2030-03-05",
        duration=60,
    ),
    "ftrack": lambda hand, task: hand.make(
        "Timelog", context_id=str(task), start=arrow.get("2030-03-06T09:00:00"), duration=3600, comment=""
    ),
}
"""The dialects that have a call to log time; ActiveResource's has none."""


def _me(hand: Any) -> str:
    found = hand.kit.rows("Person", "id", where=Where("email", Op.EQ, hand.email))
    return str(found[0]["id"])


@pytest.mark.parametrize("dialect", LOGS_TIME)
def test_who_works_on_a_task_logs_time_on_it_and_on_no_other(
    site: Site, show: Show, artist: Actor, dialect: str
) -> None:
    hand = site.hand(artist, dialect)
    before = site.kit.row("Task", show.tasks[0], "duration") or 0
    with hand.refusals():
        LOGS_TIME[dialect](hand, show.tasks[0])
    assert site.kit.row("Task", show.tasks[0], "duration") == before + 60
    with pytest.raises(Refused), hand.refusals():
        LOGS_TIME[dialect](hand, show.tasks[1])


def _published_in_shotgun(hand: Any, kind: str, show: Show, key: str, task: uuid.UUID) -> Any:
    return hand.make(
        kind,
        code=unique("publish"),
        project={"type": "Project", "id": hand.number("Project", show.project)},
        entity={"type": "Shot", "id": hand.number("Shot", show.shot)},
        **{key: {"type": "Task", "id": hand.number("Task", task)}},
    )


def _published_in_ftrack(hand: Any, show: Show, task: uuid.UUID) -> Any:
    asset = hand.make("Asset", name=unique("publish"), context_id=str(show.shot))
    return hand.make("AssetVersion", asset_id=asset["id"], task_id=str(task))


def _version_of(hand: Any, show: Show, task: uuid.UUID) -> str:
    """A version of a task that somebody else published."""
    return str(hand.kit.create("Version", task_id=task, object_id=show.shot, project_id=show.project))


PUBLISHES = {
    "zou": lambda hand, show, task: hand.make(
        "WorkingFile", name=unique("scene"), task_id=str(task), entity_id=str(show.shot)
    ),
    "shotgun version": lambda hand, show, task: _published_in_shotgun(hand, "Version", show, "sg_task", task),
    "shotgun file": lambda hand, show, task: _published_in_shotgun(hand, "PublishedFile", show, "task", task),
    "ftrack version": _published_in_ftrack,
    "ftrack component": lambda hand, show, task: hand.make(
        "FileComponent", name="main", version_id=_version_of(hand, show, task)
    ),
}
"""Dialects that have a call to publish, and what; ActiveResource's has none."""


@pytest.mark.parametrize("call", PUBLISHES)
def test_who_works_on_a_task_publishes_for_it_and_for_no_other(
    site: Site, show: Show, artist: Actor, call: str
) -> None:
    hand = site.hand(artist, call.partition(" ")[0])
    with hand.refusals():
        PUBLISHES[call](hand, show, show.tasks[0])
    with pytest.raises(Refused), hand.refusals():
        PUBLISHES[call](hand, show, show.tasks[1])
