"""The life of an entity link: the counts of assets that follow from it."""

from __future__ import annotations

from zou_server.services.casting.count_ready_assets import after_links
from zou_server.services.write.rulebook import After, Rule

ENTITY_LINK = Rule(
    after=(After(lambda change: change.is_changed, after_links),),
    gone=(after_links,),
    back=(after_links,),
)
"""That a shot, scene or episode uses an asset."""
