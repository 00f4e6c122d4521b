"""The life of a copy of an asset: its number among its like, and its name."""

from __future__ import annotations

import sqlalchemy as sa

from zou_server.models.asset_instance import AssetInstance
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule

_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
_ROOM = 74
"""Characters of the asset's name; the number and its underscore come after it."""


def number_instance(context: Context, change: Change) -> None:
    """Chair_0001, Chair_0002: counted in the scene or asset that they stand in."""
    row = change.of(AssetInstance)
    if not change.created or row.asset_id is None:
        return
    if row.instance_number is None:
        context.session.execute(_LOCK, {"key": f"copies of {row.asset_id}"})
        context.session.flush()
        last = context.session.scalar(
            sa.select(sa.func.max(AssetInstance.instance_number)).where(
                AssetInstance.asset_id == row.asset_id,
                AssetInstance.scene_id.is_not_distinct_from(row.scene_id),
                AssetInstance.target_asset_id.is_not_distinct_from(row.target_asset_id),
            )
        )
        row.instance_number = (last or 0) + 1
    asset = context.targets.get(row.asset_id)
    change.default("name", f"{((asset and asset.name) or '')[:_ROOM]}_{row.instance_number:04}")


ASSET_INSTANCE = Rule(before=(number_instance,))
"""A copy of an asset in a shot, scene or asset."""
