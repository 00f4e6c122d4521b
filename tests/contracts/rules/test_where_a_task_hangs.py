"""A task hangs on something of its own project, never below itself and never nowhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.contracts.rules.hands import DIALECTS, Hand, Refused
from tests.studio import unique
from zou_server.models.conditions import Op, Where

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Show, Site
    from zou_server.models.actor import Actor


@pytest.fixture(scope="module")
def show(site: Site) -> Show:
    """The show of this module."""
    return site.show()


@pytest.fixture(scope="module")
def admin(site: Site) -> Actor:
    """Who runs the studio."""
    return site.person("admin")


def _shotgun_link(hand: Hand, kind: str, id_: uuid.UUID) -> dict[str, Any]:
    return {"type": kind, "id": hand.number(kind, id_)}


HANGS_ON_A_TASK: dict[str, Callable[[Hand, uuid.UUID, uuid.UUID], None]] = {
    "zou": lambda hand, task, on: hand.change("Task", task, "entity_id", str(on)),
    "shotgun": lambda hand, task, on: hand.change("Task", task, "entity", _shotgun_link(hand, "Task", on)),
    "ftrack": lambda hand, task, on: hand.change("Task", task, "parent_id", str(on)),
}
"""How a task is hung on a task; ShotRunner has no such thing."""


@pytest.mark.parametrize("dialect", HANGS_ON_A_TASK)
def test_a_task_never_hangs_below_itself(site: Site, show: Show, admin: Actor, dialect: str) -> None:
    hand, kit = site.hand(admin, dialect), site.kit
    upper, lower = show.tasks
    kit.update("Task", lower, entity_id=upper)
    for task, on in ((upper, upper), (upper, lower)):
        with pytest.raises(Refused), hand.refusals():
            HANGS_ON_A_TASK[dialect](hand, task, on)
    assert site.task(upper)["entity_id"] == str(show.shot)
    kit.update("Task", lower, entity_id=show.shot)


MAKES_A_TASK_NOWHERE: dict[str, Callable[[Hand, str], Any]] = {
    "zou": lambda hand, name: hand.make("Task", name=name),
    "shotgun": lambda hand, name: hand.make("Task", content=name),
    "ftrack": lambda hand, name: hand.make("Task", name=name),
    "shotrunner": lambda hand, name: hand.make("Task", title=name),
}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_task_is_never_without_a_project(site: Site, admin: Actor, dialect: str) -> None:
    hand, name = site.hand(admin, dialect), unique("nowhere")
    with pytest.raises(Refused), hand.refusals():
        MAKES_A_TASK_NOWHERE[dialect](hand, name)
    assert site.kit.rows("Task", "id", where=Where("name", Op.EQ, name)) == []


MAKES_A_TASK_TWICE_OVER: dict[str, Callable[[Hand, Show, Show, str], Any]] = {
    "zou": lambda hand, here, there, name: hand.make(
        "Task",
        name=name,
        entity_id=str(here.shot),
        project_id=str(there.project),
        task_type_id=str(here.steps[0]),
    ),
    "shotgun": lambda hand, here, there, name: hand.make(
        "Task",
        content=name,
        entity=_shotgun_link(hand, "Shot", here.shot),
        project=_shotgun_link(hand, "Project", there.project),
    ),
    "shotrunner": lambda hand, here, there, name: hand.make(
        "Task",
        title=name,
        taskable_type="Shot",
        taskable_id=hand.number("Shot", here.shot),
        project_id=hand.number("Project", there.project),
    ),
}
"""How a task is made on a shot of one project and in another; ftrack says either."""


@pytest.mark.parametrize("dialect", MAKES_A_TASK_TWICE_OVER)
def test_a_task_is_never_made_in_another_project_than_what_it_hangs_on(
    site: Site, show: Show, admin: Actor, dialect: str
) -> None:
    hand, name = site.hand(admin, dialect), unique("twice")
    with pytest.raises(Refused), hand.refusals():
        MAKES_A_TASK_TWICE_OVER[dialect](hand, show, site.show(), name)
    assert site.kit.rows("Task", "id", where=Where("name", Op.EQ, name)) == []


MOVES_A_TASK_ALONE: dict[str, Callable[[Hand, uuid.UUID, uuid.UUID], Any]] = {
    "shotgun": lambda hand, task, project: hand.change(
        "Task", task, "project", _shotgun_link(hand, "Project", project)
    ),
    "ftrack": lambda hand, task, project: hand.change("Task", task, "project_id", str(project)),
    "shotrunner": lambda hand, task, project: hand.change(
        "Task", task, "project_id", hand.number("Project", project)
    ),
}
"""How a task is given another project; Zou ignores such a key, and says so."""


@pytest.mark.parametrize("dialect", MOVES_A_TASK_ALONE)
def test_a_task_never_leaves_the_project_of_what_it_hangs_on(
    site: Site, show: Show, admin: Actor, dialect: str
) -> None:
    hand, there = site.hand(admin, dialect), site.show()
    with pytest.raises(Refused), hand.refusals():
        MOVES_A_TASK_ALONE[dialect](hand, show.tasks[0], there.project)
    assert site.task(show.tasks[0])["project_id"] == str(show.project)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_task_that_is_hung_elsewhere_is_in_the_project_there(
    site: Site, admin: Actor, dialect: str
) -> None:
    here, there = site.show(), site.show()
    note = site.kit.create("Note", text="a word", object_id=here.tasks[0])
    site.hand(admin, dialect).set("Task", here.tasks[0], "entity", there.shot)
    found = site.task(here.tasks[0])
    assert (found["entity_id"], found["project_id"]) == (str(there.shot), str(there.project))
    assert site.kit.row("Note", note, "project_id") == str(there.project)
