"""Which questions name few rows, so that a vendor's rights are looked up for these alone."""

from __future__ import annotations

import pytest

from zou_server.models.conditions import All, Condition, InQuery, Not, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.models.visibility import names_rows


def tasks_of(path: str, *, negated: bool = False) -> InQuery:
    tasks = Query(facet("Task"), Projection((Output("id", "id"),)), Where(path, Op.EQ, "x"))
    return InQuery("task_id", tasks, "id", negated=negated)


@pytest.mark.parametrize(
    "asked",
    [
        *(
            Where(path, Op.EQ, "x")
            for path in ("id", "number", "name", "code", "entity_id", "task.entity_id")
        ),
        *(Where("name", op, ["x"]) for op in (Op.IN, Op.EQ_CI, Op.IN_CI)),
        Where("entity_in.parent_id", Op.EQ, "x"),
        All((Where("project_id", Op.EQ, "x"), Where("code", Op.EQ_CI, "x"))),
        tasks_of("entity_id"),
    ],
    ids=str,
)
def test_what_is_named_itself_or_by_what_it_hangs_on_is_few(asked: Condition) -> None:
    assert names_rows(asked)


@pytest.mark.parametrize(
    "asked",
    [
        *(Where(path, Op.EQ, "x") for path in ("project_id", "project.id", "project.number", "project.name")),
        *(Where(path, Op.EQ, "x") for path in ("task_type.name", "task_status.id", "task_status.code")),
        Where("name", Op.CONTAINS, "x"),
        Not(Where("name", Op.EQ, "x")),
        tasks_of("project_id"),
        tasks_of("entity_id", negated=True),
    ],
    ids=str,
)
def test_what_is_named_by_a_project_a_type_or_a_status_is_many(asked: Condition) -> None:
    assert not names_rows(asked)
