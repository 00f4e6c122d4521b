"""Who reads the log from its beginning gets all of their projects, whenever each of these began."""

from __future__ import annotations

import uuid

import pytest

from tests.studio import PLAIN, StudioKit
from zou_server.models.conditions import EVERYTHING, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet

SHOWN = Projection((Output("project", "project_id"), Output("number", "number")))


@pytest.mark.parametrize("wanted", [0, 1, 2, 3])
def test_the_log_of_somebody_holds_their_projects_from_the_first_event_of_each(
    kit: StudioKit, wanted: int
) -> None:
    projects = [kit.project() for _ in range(3)]
    for each in projects * 2:
        kit.create("Sequence", name=f"SQ {uuid.uuid4().hex[:6]}", project_id=each)
    mine = projects[3 - wanted :]
    reader = kit.person("manager", dict.fromkeys(mine))
    everything = Query(facet("EventLog"), SHOWN, EVERYTHING, (Order("number"),))
    whole = kit.studio.read(kit.person("admin")).rows(everything, PLAIN)
    theirs = [each for each in whole if each["project"] in {str(each) for each in mine}]
    read = kit.studio.read(reader)
    assert bool(theirs) == bool(wanted)
    assert [each for each in read.rows(everything, PLAIN) if each in whole] == theirs
    if theirs:
        after = Where("number", Op.GT, theirs[0]["number"])
        rest = Query(facet("EventLog"), SHOWN, after, (Order("number"),))
        assert read.rows(rest, PLAIN) == theirs[1:]
