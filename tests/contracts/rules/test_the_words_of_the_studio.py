"""What the studio's vocabulary always has, whichever client would take it away."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from tests.contracts.rules.hands import DIALECTS, Refused
from zou_server.models.conditions import Op, Where

if TYPE_CHECKING:
    from tests.contracts.rules.site import Site

SENTENCE = {"shotrunner": "422|Unprocessable"}
"""Dialect -> what its client shows of a refused deletion; the others show the sentence."""
FOR_TASKS = Where("for_task", Op.EQ, value=True)


@pytest.fixture(scope="module")
def last(site: Site) -> uuid.UUID:
    """The only status that tasks have."""
    first, *rest = site.kit.rows("TaskStatus", "id", where=FOR_TASKS)
    for row in rest:
        site.kit.delete("TaskStatus", uuid.UUID(row["id"]))
    return uuid.UUID(first["id"])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_last_status_for_tasks_is_not_deleted(site: Site, last: uuid.UUID, dialect: str) -> None:
    hand = site.hand(site.person("admin"), dialect)
    with pytest.raises(Refused, match=SENTENCE.get(dialect, "this is the last one")):
        hand.delete("TaskStatus", last)
    assert site.kit.rows("TaskStatus", "id", where=FOR_TASKS) == [{"id": str(last)}]


@pytest.mark.parametrize("dialect", ["zou", "ftrack"])
def test_a_fixed_kind_is_not_deleted(site: Site, dialect: str) -> None:
    (row,) = site.kit.rows("ObjectType", "id", where=Where("kind", Op.EQ, "Episode"))
    episode = uuid.UUID(row["id"])
    hand = site.hand(site.person("admin"), dialect)
    with pytest.raises(Refused, match="it stays"):
        hand.delete("EntityType", episode)
    assert site.kit.row("ObjectType", episode, "id") == str(episode)
