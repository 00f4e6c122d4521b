"""A part of a transaction may fail alone; what was done before it and after it stands."""

from __future__ import annotations

import uuid

import pytest

from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Conflict, Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Operation, Update
from zou_server.services.write.unit_of_work import UnitOfWork


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project with one shot, called `taken`."""
    found = kit.project()
    kit.create("Shot", name="taken", project_id=found)
    return found


def fail(work: UnitOfWork, *operations: Operation) -> None:
    """Do one after the other, of which the last cannot be."""
    with work.attempt():
        for operation in operations:
            work.execute([operation])


def test_what_failed_leaves_no_row_and_no_event(kit: StudioKit, project: uuid.UUID) -> None:
    before, after = unique("before"), unique("after")
    events = len(kit.events())
    with kit.studio.write(SYSTEM) as work:
        first = work.execute([Create(facet("Shot"), {"name": before, "project_id": project})])[0]
        lost = Update(facet("Shot"), first.id, {"description": "lost"})
        with pytest.raises(Conflict):
            fail(work, lost, Create(facet("Shot"), {"name": "taken", "project_id": project}))
        work.execute([Create(facet("Shot"), {"name": after, "project_id": project})])
        work.commit()
    assert kit.row("Shot", first.id, "name", "description") == {"name": before, "description": None}
    heads = [row for row in kit.events()[events:] if row["id"] is not None and row["attribute"] is None]
    assert [row["object_name"] for row in heads] == [before, after]


def test_a_row_that_was_changed_in_vain_is_read_anew(kit: StudioKit, project: uuid.UUID) -> None:
    shot = kit.create("Shot", name=unique("sh"), project_id=project, description="old")
    with kit.studio.write(SYSTEM) as work:
        lost = Update(facet("Shot"), shot, {"description": "lost"})
        with pytest.raises(Invalid):
            fail(work, lost, Create(facet("Shot"), {"name": "x" * 256, "project_id": project}))
        changed = work.execute([Update(facet("Shot"), shot, {"description": "old"})])[0].changed
        work.commit()
    assert not changed
    assert kit.row("Shot", shot, "description") == "old"


def test_what_succeeded_stands(kit: StudioKit, project: uuid.UUID) -> None:
    with kit.studio.write(SYSTEM) as work:
        with work.attempt():
            made = work.execute([Create(facet("Shot"), {"name": unique("sh"), "project_id": project})])[0]
        work.commit()
    assert kit.row("Shot", made.id, "id") == str(made.id)
    assert kit.events(made.id)[0]["action"] == "create"
