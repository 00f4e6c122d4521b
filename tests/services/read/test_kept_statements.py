"""Statements kept by their shape take no more than so many bytes, whatever clients ask."""

from __future__ import annotations

import gc
import random
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.studio import PLAIN
from zou_server.models.conditions import All, AnyOf, Fixed, Op, Output, Projection, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.query import statements
from zou_server.query.kept import kept_within
from zou_server.query.lift import lift
from zou_server.query.statements import AnswerShape

PATHS = ("name", "description", "project.name", "parent.name", "parent.description")
OPERATORS = (Op.EQ_CI, Op.CONTAINS, Op.EQ)
ROOM = 1024 * 1024


@pytest.fixture
def traced() -> Iterator[None]:
    """Python tells how much memory it holds."""
    tracemalloc.start()
    yield
    tracemalloc.stop()


def shape(dice: random.Random, count: int) -> Query:
    """A filter as nobody has asked it before, without its values."""
    terms = (Where(dice.choice(PATHS), dice.choice(OPERATORS), f"x{n}") for n in range(count))
    lifted, _ = lift(Query(facet("Shot"), Projection((Output("id", "id"),)), All(tuple(terms))))
    assert isinstance(lifted, Query)
    return lifted


@pytest.mark.usefixtures("traced")
def test_many_large_shapes_are_kept_within_their_room_and_small_ones_beside_them() -> None:
    dice = random.Random(8)  # noqa: S311 - shapes, no secrets
    keeps = kept_within(ROOM)(statements._compiled.__wrapped__)  # type: ignore[attr-defined] # noqa: SLF001
    keeps(shape(dice, 200), PLAIN, AnswerShape.ARRAY)  # what is made once for all is made
    small = shape(dice, 2)
    first = keeps(small, PLAIN, AnswerShape.ARRAY)
    gc.collect()
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(30):
        keeps(shape(dice, 200), PLAIN, AnswerShape.ARRAY)
        assert keeps(small, PLAIN, AnswerShape.ARRAY) is first
    gc.collect()
    assert tracemalloc.get_traced_memory()[0] - before < ROOM


def test_what_would_hold_the_database_is_refused_before_a_statement_is_made() -> None:
    asked = AnyOf(tuple(Where("assignees.projects.tasks.name", Op.CONTAINS, f"x{n}") for n in range(999)))
    with pytest.raises(Invalid, match="asks too much at once"):
        lift(Query(facet("Task"), Projection((Output("id", "id"),)), asked))


def test_what_a_dialect_always_says_is_no_parameter_and_a_first_page_has_no_offset() -> None:
    always = All((Where("name", Op.STARTS, Fixed("sh")), Where("name", Op.IN, Fixed(("sh1", "sh2")))))
    query = Query(facet("Shot"), Projection((Output("id", "id"),)), always, limit=501, offset=0)
    _, values = lift(query)
    assert values == []
    statement, _ = statements.statement_for(query, PLAIN, AnswerShape.LINES)
    assert not statement.binders
    assert not statement.of_patterns
    assert lift(replace(query, offset=500))[1] == [500]
