"""The rules of a studio as a table: what a part asks of is there to be asked of."""

from __future__ import annotations

import pytest

from zou_server.models.registry import FACETS
from zou_server.services.rules import RULES
from zou_server.services.write.rulebook import Rule

ASKING = {name: rule for name, rule in RULES.items() if rule.asks_of}


@pytest.mark.parametrize(("name", "rule"), ASKING.items(), ids=ASKING)
def test_a_rule_asks_of_attributes_of_its_model_for_parts_of_its_own(name: str, rule: Rule) -> None:
    parts = {*rule.before, *rule.together, *rule.written}
    columns = next(each.model for each in FACETS.values() if each.model.__name__ == name).__table__.c
    assert parts >= rule.asks_of.keys()
    for part, names in rule.asks_of.items():
        assert names, part
        assert names <= set(columns.keys()), part


def test_shots_and_assets_have_such_a_rule() -> None:
    assert "Entity" in ASKING
