"""Rows whose ids the client chose, as ftrack's does for all that it creates."""

from __future__ import annotations

import uuid

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit
from zou_server.models.errors import Conflict
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create


def shots(project: uuid.UUID, count: int) -> list[Create]:
    made = (uuid.uuid4() for _ in range(count))
    return [Create(facet("Shot"), {"name": id_.hex, "project_id": project}, id=id_) for id_ in made]


def test_many_are_made_by_as_many_statements_as_few(kit: StudioKit) -> None:
    project = kit.project()

    def statements(count: int) -> int:
        with noted(kit.studio.writes) as found:
            kit.execute(*shots(project, count))
        return len(found)

    kit.execute(*shots(project, 2))
    assert statements(40) == statements(2)


def test_one_that_is_taken_is_refused(kit: StudioKit) -> None:
    project = kit.project()
    taken = shots(project, 1)
    kit.execute(*taken)
    with pytest.raises(Conflict, match="is taken"):
        kit.execute(*shots(project, 2), *taken)
    with pytest.raises(Conflict, match="is taken"):
        kit.execute(Create(facet("Shot"), {"name": "x", "project_id": project}, id=project))
