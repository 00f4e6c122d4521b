"""The events of a long change: written while it goes on, numbered as one change set when it is committed."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Conflict, NoRoom
from zou_server.models.registry import facet
from zou_server.services.write import unit_of_work
from zou_server.services.write.operations import Create, Operation
from zou_server.services.write.unit_of_work import UnitOfWork


def attempt(work: UnitOfWork, *lists: Sequence[Operation]) -> None:
    with work.attempt():
        for operations in lists:
            work.execute(operations)


def test_events_that_were_written_before_the_commit_are_numbered_in_their_order(
    kit: StudioKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "EVENTS_AT_ONCE", 3)
    project, shot = kit.project(), facet("Shot")
    names = [unique("sh") for _ in range(11)]
    lost = [Create(shot, {"name": unique("lost"), "project_id": project}) for _ in range(5)]
    made = [Create(shot, {"name": name, "project_id": project}) for name in names]
    before = len(kit.events())
    with kit.studio.write(SYSTEM) as work:
        work.execute(made[:4])
        with pytest.raises(Conflict):
            attempt(work, lost, made[:1])
        attempt(work, made[4:9])
        assert len(kit.events()) == before, "nobody sees what is not committed"
        work.execute(made[9:])
        work.commit()
        work.execute([Create(shot, {"name": unique("next"), "project_id": project})])
        work.commit()
    events = kit.events()[before:]
    heads = [row["object_name"] for row in events if row["attribute"] is None]
    assert heads[:-1] == names
    assert heads[-1].startswith("next")
    numbers = [row["number"] for row in events]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def test_a_change_that_is_left_leaves_no_event_that_was_written(
    kit: StudioKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "EVENTS_AT_ONCE", 3)
    project, before = kit.project(), len(kit.events())
    with kit.studio.write(SYSTEM) as work:
        work.execute([Create(facet("Shot"), {"name": unique("sh"), "project_id": project}) for _ in range(9)])
    kit.create("Shot", name=unique("sh"), project_id=project)
    numbers = [row["number"] for row in kit.events()]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len({row["object_name"] for row in kit.events()[before:]} - {None}) <= 2


FULL = "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '53100'; END $$"
"""What a full disk says."""


def test_a_change_whose_events_found_no_room_is_not_committed_though_its_caller_goes_on(
    kit: StudioKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unit_of_work, "EVENTS_AT_ONCE", 3)
    monkeypatch.setattr(unit_of_work, "WAIT", FULL)
    project, shot = kit.project(), facet("Shot")
    names = [unique("sh") for _ in range(5)]
    made = [Create(shot, {"name": name, "project_id": project}) for name in names]
    with kit.studio.write(SYSTEM) as work:
        with pytest.raises(NoRoom, match="no room"):
            attempt(work, made[:4])
        work.execute(made[4:])
        with pytest.raises(NoRoom, match="no room"):
            work.commit()
    assert not [row for row in kit.rows("Shot", "name") if row["name"] in names]
