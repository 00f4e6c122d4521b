"""A shot that moves to another project takes along all that is its own, whichever client moves it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.contracts.rules.hands import DIALECTS, Refused
from tests.studio import unique
from zou_server.models.base import Identity

if TYPE_CHECKING:
    import uuid

    from tests.contracts.rules.site import Site
    from zou_server.models.actor import Actor


@pytest.fixture(scope="module")
def admin(site: Site) -> Actor:
    """Who runs the studio."""
    return site.person("admin")


def _belongings(site: Site, shot: uuid.UUID, project: uuid.UUID) -> dict[str, uuid.UUID]:
    """One row of everything that hangs on a shot."""
    kit = site.kit
    artist = kit.person("user", {project: None}).person_id
    step = kit.create("TaskType", name=unique("Step"))
    task = kit.create("Task", name=unique("Task"), entity_id=shot, task_type_id=step, assignees=[artist])
    below = kit.create("Task", name=unique("Below"), entity_id=task, task_type_id=step)
    comment = kit.create("Note", text="on the task", object_id=task)
    working = kit.create("WorkingFile", name="scene", task_id=task, entity_id=shot, revision=1)
    preview = kit.create("PreviewFile", name="take", task_id=task, revision=1)
    return {
        "Element": kit.create("Element", name=unique("EL"), project_id=project, parent_id=shot),
        "Task": task,
        "Task below": below,
        "Note on the shot": kit.create("Note", text="on the shot", object_id=shot),
        "Note": comment,
        "Note that answers": kit.create("Note", text="an answer", parent_id=comment),
        "WorkingFile": working,
        "OutputFile": kit.create(
            "OutputFile", name="render", entity_id=shot, task_type_id=step, source_file_id=working
        ),
        "PreviewFile": preview,
        "TimeSpent": kit.create(
            "TimeSpent", task_id=task, person_id=artist, date=dt.date(2030, 3, 4), duration=30
        ),
        "Subscription": kit.create("Subscription", task_id=task, person_id=artist),
        "Subscription of the step": kit.create(
            "Subscription", entity_id=shot, task_type_id=step, person_id=artist
        ),
        "Note that is deleted": _deleted(site, kit.create("Note", text="gone", object_id=task)),
    }


def _deleted(site: Site, note: uuid.UUID) -> uuid.UUID:
    site.kit.delete("Note", note)
    return note


def _projects(site: Site, ids: dict[str, uuid.UUID]) -> dict[str, Any]:
    """The project that each row is said to belong to."""
    with site.kit.studio.writes.connect() as connection:
        rows = dict(
            connection.execute(
                sa.select(Identity.id, Identity.project_id).where(Identity.id.in_(list(ids.values())))
            ).all()
        )
    return {name: rows[id_] for name, id_ in ids.items()}


def _kinds_in(site: Site, project: uuid.UUID) -> set[str]:
    """The kinds of rows that are said to belong to a project."""
    with site.kit.studio.writes.connect() as connection:
        wanted = sa.select(Identity.kind).where(Identity.project_id == project)
        return set(connection.scalars(wanted))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_moves_to_another_project_takes_all_that_is_its_own_along(
    site: Site, admin: Actor, dialect: str
) -> None:
    kit, show, there = site.kit, site.show(), site.show()
    owned = _belongings(site, show.shot, show.project)
    owned["Shot"] = show.shot
    owned |= {f"Task {number}": id_ for number, id_ in enumerate(show.tasks)}
    site.hand(admin, dialect).set("Shot", show.shot, "parent", there.sequence)
    left = {"Project", "Sequence", "Membership"}
    assert _kinds_in(site, show.project) <= left
    assert set(_projects(site, owned).items()) == {(name, there.project) for name in owned}
    for kind in ("Element", "Task", "Task below", "Note", "Note on the shot", "Note that answers"):
        assert kit.row(kind.split()[0], owned[kind], "project_id") == str(there.project), kind
    for kind in ("Subscription", "Subscription of the step"):
        assert kit.row("Subscription", owned[kind], "project_id") == str(there.project)
    assert kit.row("Element", owned["Element"], "sequence_id") == str(there.sequence)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_log_tells_of_everything_that_has_another_project_now(
    site: Site, admin: Actor, dialect: str
) -> None:
    show, there = site.show(), site.show()
    owned = _belongings(site, show.shot, show.project)
    site.hand(admin, dialect).set("Shot", show.shot, "parent", there.sequence)
    for kind in ("Element", "Task", "Task below", "Note", "Subscription"):
        told = [
            each
            for each in site.kit.events(owned[kind])
            if (each["action"], each["attribute"]) == ("update", "project_id")
        ]
        assert [(each["old"], each["new"]) for each in told] == [(str(show.project), str(there.project))], (
            kind
        )


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_shot_is_not_moved_into_a_project_where_one_may_not_make_one(site: Site, dialect: str) -> None:
    kit, show, there = site.kit, site.show(), site.show()
    mover = site.person("manager", show.project)
    kit.create("Membership", project_id=there.project, person_id=mover.person_id, role="user")
    with pytest.raises(Refused):
        site.hand(mover, dialect).set("Shot", show.shot, "parent", there.sequence)
    assert kit.row("Shot", show.shot, "project_id") == str(show.project)
    assert kit.row("Task", show.tasks[0], "project_id") == str(show.project)
