"""The fixed kinds of things stay, types of assets come and go."""

from __future__ import annotations

import uuid

import pytest

from tests.studio import StudioKit, unique
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Invalid


@pytest.mark.parametrize("kind", ["EntityType", "ObjectType"])
def test_a_fixed_kind_is_not_removed(kit: StudioKit, kind: str) -> None:
    (row,) = kit.rows("ObjectType", "id", where=Where("kind", Op.EQ, "Episode"))
    with pytest.raises(Invalid, match="it stays"):
        kit.delete(kind, uuid.UUID(row["id"]))


def test_no_kind_is_added(kit: StudioKit) -> None:
    name = unique("Kind")[:30]
    with pytest.raises(Invalid, match="are fixed"):
        kit.create("ObjectType", name=name)
    assert kit.rows("EntityType", where=Where("name", Op.EQ, name)) == []


def test_a_type_of_asset_comes_and_goes(kit: StudioKit) -> None:
    made = kit.create("AssetType", name=unique("Type")[:30])
    kit.delete("EntityType", made)
    kit.revive("EntityType", made)
    assert kit.row("AssetType", made, "id") == str(made)
