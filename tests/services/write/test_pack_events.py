"""What events say is kept in few bytes, and read as it was said."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.write.pack_events import packed_values
from zou_server.services.write.write_events import Recorded

A, B, C = (str(uuid.UUID(int=number)) for number in (1 << 120, 2 << 120, 3 << 120))
AUTHOR = str(SYSTEM.person_id)


def told(kit: StudioKit, event: Recorded) -> list[dict[str, Any]]:
    """The events that are read after one was recorded."""
    with kit.studio.write(SYSTEM) as work:
        work.record(event)
        work.commit()
    shown = Projection(tuple(Output(name, name) for name in ("attribute", "old", "new")))
    where = Where("object_id", Op.EQ, str(event.object_id))
    return kit.studio.read(SYSTEM).rows(Query(facet("EventLog"), shown, where), Spelling())


@pytest.mark.parametrize(
    "said",
    [
        {"new_task_status_id": A, "previous_task_status_id": B, "person_id": AUTHOR},
        {"new_task_status_id": A, "previous_task_status_id": None, "person_id": C},
        {"new_task_status_id": A, "previous_task_status_id": B, "person_id": None, "comment_id": C},
        {"new_task_status_id": A, "previous_task_status_id": B},
        {"new_task_status_id": None, "previous_task_status_id": B, "person_id": C},
        {"new_task_status_id": "later", "previous_task_status_id": B, "person_id": C},
        {"new_task_status_id": A, "previous_task_status_id": "earlier", "person_id": C},
        {"new_task_status_id": A.upper(), "previous_task_status_id": B.upper(), "person_id": C},
        {},
    ],
)
def test_a_payload_is_read_as_it_was_said(kit: StudioKit, said: dict[str, Any]) -> None:
    event = Recorded("status-changed", "Task", uuid.uuid4(), "main", None, new=said, first=True)
    assert told(kit, event) == [{"attribute": None, "old": None, "new": said}]


@pytest.mark.parametrize(
    "values",
    [
        {"object_id": uuid.UUID(A), "sets_status_id": uuid.UUID(B), "links": [A], "others": [B], "more": [C]},
        {
            "object_id": A,
            "text": "3",
            "links": [A, B],
            "nothing": None,
            "none": [],
            "number": 1,
            "flag": True,
        },
        {
            "text": A.upper(),
            "name": A.replace("-", ""),
            "braces": f"{{{A}}}",
            "data": {"a": A},
            "list": [[A]],
        },
        {"project_id": uuid.UUID(C), "entity_id": A, "task_type_id": B, "person_id": C},
        {"project_id": None, "status_id": uuid.UUID(C)},
        {"links": [C], "project_id": uuid.UUID(A)},
    ],
)
def test_the_values_of_a_new_row_are_read_as_they_were_said(kit: StudioKit, values: dict[str, Any]) -> None:
    event = Recorded(
        "create", "Note", uuid.uuid4(), None, uuid.UUID(C), first=True, made=list(values.items())
    )
    first, *rest = told(kit, event)
    assert first == {"attribute": None, "old": None, "new": None}
    said = {key: str(value) if isinstance(value, uuid.UUID) else value for key, value in values.items()}
    assert {each["attribute"]: each["new"] for each in rest} == said
    assert [each["attribute"] for each in rest] == list(values)
    assert {each["old"] for each in rest} == {None}


def test_of_the_ids_that_a_new_row_says_two_are_no_text() -> None:
    pairs, ids = packed_values([("object_id", A), ("status_id", B), ("links", [A]), ("by", C)], None)
    assert ids == {"new_id": uuid.UUID(A), "old_id": uuid.UUID(B)}
    assert pairs == [("object_id", 0, 1), ("status_id", 0, 2), ("links", 0, 3), ("by", C)]
