"""What a new row starts with: the defaults of its type's custom fields."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create


def field(kit: StudioKit, key: str, default: Any, entity_type: str = "Shot", **values: Any) -> uuid.UUID:
    return kit.create(
        "FieldDescriptor", name=key, field_name=key, entity_type=entity_type, default_value=default, **values
    )


def data(kit: StudioKit, kind: str, id_: uuid.UUID) -> dict[str, Any]:
    (row,) = kit.rows(kind, "data", where=Where("id", Op.EQ, str(id_)))
    return row["data"] or {}


def test_a_new_row_gets_the_defaults_of_the_studio_and_of_its_project_alone(kit: StudioKit) -> None:
    mine, other = kit.project(), kit.project()
    field(kit, "weight", 3, data_type="number")
    field(kit, "mood", "dark", project_id=mine)
    field(kit, "mood", "light", project_id=other)
    field(kit, "size", "small")
    field(kit, "size", None, project_id=mine)
    field(kit, "above", "x", is_hierarchical=True)
    field(kit, "price", 7, entity_type="Asset", data_type="number")
    assert data(kit, "Shot", kit.shot(mine)) == {"weight": 3, "mood": "dark"}
    assert data(kit, "Shot", kit.shot(other)) == {"weight": 3, "mood": "light", "size": "small"}
    made = kit.shot(other, data={"weight": None, "mood": "grey"})
    assert data(kit, "Shot", made) == {"mood": "grey", "size": "small"}


def test_the_default_of_a_deleted_field_is_given_to_nobody(kit: StudioKit) -> None:
    gone = field(kit, "gone", "x")
    kit.delete("FieldDescriptor", gone)
    assert "gone" not in data(kit, "Shot", kit.shot(kit.project()))


def test_the_defaults_of_many_rows_are_one_statement_and_none_where_there_are_none(kit: StudioKit) -> None:
    project = kit.project()
    field(kit, "weight_of_many", 3, data_type="number", project_id=project)
    unasked = replace(SYSTEM, types_with_defaults=frozenset({"Version"}))
    counts = []
    for actor, size in ((unasked, 1), (SYSTEM, 1), (SYSTEM, 30)):
        creates = [
            Create(facet("Shot"), {"name": unique("Shot"), "project_id": project}) for _ in range(size)
        ]
        with noted(kit.studio.writes) as statements:
            kit.execute(*creates, actor=actor)
        counts.append(len(statements))
    assert counts == [counts[0], counts[0] + 1, counts[0] + 1]


@pytest.mark.parametrize(
    ("data_type", "choices", "default"),
    [("list", ["a"], "b"), ("taglist", ["a"], ["a", "b"]), ("number", None, "x"), ("boolean", None, 1)],
)
def test_a_default_that_is_no_value_of_its_field_is_refused(
    kit: StudioKit, data_type: str, choices: Any, default: Any
) -> None:
    with pytest.raises(Invalid):
        field(kit, "wrong", default, data_type=data_type, choices=choices)


def test_a_default_goes_with_the_choice_that_it_was(kit: StudioKit) -> None:
    id_ = field(kit, "of_list", "a", data_type="list", choices=["a", "b"])
    kit.update("FieldDescriptor", id_, choices=["b"])
    (row,) = kit.rows("FieldDescriptor", "default_value", where=Where("id", Op.EQ, str(id_)))
    assert row["default_value"] is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("9007199254740993", 9007199254740993),
        ("-12", -12),
        ("0.1", 0.1),
        ("2.50", 2.5),
        ("1e3", 1000),
        (7, 7),
    ],
)
def test_a_default_number_is_kept_as_it_is_said(kit: StudioKit, given: Any, kept: Any) -> None:
    id_ = field(kit, unique("number").replace(" ", "_"), given, data_type="number")
    assert kit.row("FieldDescriptor", id_, "default_value") == kept


@pytest.mark.parametrize(
    "given", ["0.12345678901234567890", "12345678901234567890123", 2**70, "nan", "1e999999999"]
)
def test_a_default_number_that_would_become_another_is_refused(kit: StudioKit, given: Any) -> None:
    with pytest.raises(Invalid, match="default_value"):
        field(kit, unique("number").replace(" ", "_"), given, data_type="number")
