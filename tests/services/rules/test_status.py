"""What a status is for: tasks always have one, and what tasks have versions have."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.studio import StudioKit, open_studio, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Delete, Update

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import SuitePostgres

FOR_TASKS = Where("for_task", Op.EQ, value=True)


@pytest.fixture
def small(postgres: SuitePostgres, tmp_path: Path) -> Iterator[StudioKit]:
    """A studio whose tasks have two statuses."""
    with open_studio(postgres, tmp_path) as kit:
        for row in kit.rows("Status", "id", where=FOR_TASKS)[2:]:
            kit.delete("Status", uuid.UUID(row["id"]))
        yield kit


def statuses(kit: StudioKit) -> list[uuid.UUID]:
    return [uuid.UUID(row["id"]) for row in kit.rows("Status", "id", where=FOR_TASKS)]


def test_the_last_status_for_tasks_stays_one(small: StudioKit) -> None:
    first, last = statuses(small)
    small.update("Status", first, for_task=False)
    with pytest.raises(Invalid, match="last one"):
        small.update("Status", last, for_task=False)
    with pytest.raises(Invalid, match="last one"):
        small.delete("TaskStatus", last)
    assert statuses(small) == [last]


def test_the_last_statuses_for_tasks_do_not_go_together(small: StudioKit) -> None:
    first, last = statuses(small)
    with pytest.raises(Invalid, match="last one"):
        small.execute(Update(facet("Status"), first, {"for_task": False}), Delete(facet("Status"), last))
    assert len(statuses(small)) == 2


def test_a_status_takes_the_place_of_the_last_one_in_one_change(small: StudioKit) -> None:
    gone = [Delete(facet("Status"), each) for each in statuses(small)]
    small.execute(Create(facet("TaskStatus"), {"name": "New", "code": "new"}), *gone)
    assert len(statuses(small)) == 1


def test_two_people_do_not_take_the_last_two_statuses_at_once(small: StudioKit) -> None:
    first, last = statuses(small)
    found: list[Exception] = []

    def take() -> None:
        try:
            small.update("Status", last, for_task=False)
        except Invalid as error:
            found.append(error)

    other = threading.Thread(target=take)
    with small.studio.write(SYSTEM) as work:
        work.execute([Update(facet("Status"), first, {"for_task": False})])
        other.start()
        other.join(0.5)
        work.commit()
    other.join(30)
    assert len(found) == 1
    assert statuses(small) == [last]


def test_a_status_of_something_else_may_go(small: StudioKit) -> None:
    made = small.create("Status", name=unique("seen"), for_version=True)
    small.update("Status", made, for_version=False)
    small.delete("Status", made)


@pytest.mark.parametrize("kind", ["Status", "TaskStatus"])
def test_a_status_for_tasks_is_one_for_versions(kit: StudioKit, kind: str) -> None:
    made = kit.create(kind, name=unique("status"), for_task=True)
    assert kit.row("Status", made, "for_version") is True
    with pytest.raises(Invalid, match="versions"):
        kit.update("Status", made, for_version=False)
    kit.update("Status", made, for_task=False)
    assert kit.row("Status", made, "for_version") is True
    kit.update("Status", made, for_version=False)
    kit.update("Status", made, for_task=True)
    assert kit.row("Status", made, "for_version") is True
    kit.update("Status", made, for_task=False, for_version=False)


def test_a_status_that_is_said_to_be_for_tasks_and_not_for_versions_is_refused(kit: StudioKit) -> None:
    with pytest.raises(Invalid, match="versions"):
        kit.create("TaskStatus", name=unique("status"), for_version=False)
