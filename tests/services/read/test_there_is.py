"""A question for a name that there is not is answered without a look at the rows that could have it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.big_studio.plans import asked, nodes, plans
from tests.studio import StudioKit, open_studio, unique
from zou_server.models.conditions import All, AnyOf, Condition, Not, Op, Some, Where

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

NOBODY = "nobody@example.com"


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    with open_studio(postgres, tmp_path_factory.mktemp("there")) as kit:
        project = kit.project()
        person = kit.create("Person", first_name="Ada", last_name=unique("Byron"), email="ada@example.com")
        shot = kit.shot(project)
        kit.create("Task", name="worked on", entity_id=shot, assignees=[person])
        kit.create("Task", name="free", entity_id=shot)
        yield kit


def found(kit: StudioKit, where: Condition) -> list[str]:
    return sorted(row["name"] for row in kit.rows("Task", "name", where=where))


def read(kit: StudioKit, where: Condition) -> list[str | None]:
    """The tables that PostgreSQL reads to answer a question."""
    with asked(kit.studio.reads) as statements:
        kit.rows("Task", "name", where=where)
    (plan,) = [plan for _, plan in plans(kit.studio.reads, statements, "ANALYZE, FORMAT JSON")]
    return [each.get("Relation Name") for each in nodes(plan) if each["Actual Loops"]]


TEXTS = (
    Where("task_status.name", Op.EQ_CI, "no such status"),
    Where("task_status.name", Op.IN_CI, ["no such status", "nor this"]),
    Where("project.name", Op.EQ, "no such project"),
    Where("entity[Shot].name", Op.EQ_CI, "no such shot"),
    Where("context.name", Op.EQ_CI, "no such parent"),
    Where("entity.name", Op.IN_CI, ["no such parent", "nor this"]),
    Where("assignees.email", Op.EQ_CI, NOBODY),
    Some("assignees", Where("email", Op.EQ, NOBODY)),
    Some("assignees", AnyOf((Where("email", Op.EQ_CI, NOBODY), Where("login", Op.EQ_CI, NOBODY)))),
    All((Where("name", Op.EQ, "free"), Where("task_type.name", Op.EQ, "no such step"))),
)


@pytest.mark.parametrize("where", TEXTS, ids=str)
def test_no_row_is_looked_at_where_nothing_has_the_name(kit: StudioKit, where: Condition) -> None:
    assert found(kit, where) == []
    assert "task" not in read(kit, where)


@pytest.mark.parametrize("where", TEXTS, ids=str)
def test_what_is_not_so_named_is_found_all_the_same(kit: StudioKit, where: Condition) -> None:
    assert found(kit, Not(where)) == ["free", "worked on"]
    assert found(kit, AnyOf((where, Where("name", Op.EQ, "free")))) == ["free"]


@pytest.mark.parametrize(
    "where",
    [
        Where("assignees.email", Op.EQ_CI, "ADA@example.com"),
        Some("assignees", Where("email", Op.EQ, "ada@example.com")),
        AnyOf((Where("assignees.email", Op.EQ, "ada@example.com"), Where("task_status.name", Op.EQ, "none"))),
    ],
    ids=str,
)
def test_who_is_there_is_found(kit: StudioKit, where: Condition) -> None:
    assert found(kit, where) == ["worked on"]
