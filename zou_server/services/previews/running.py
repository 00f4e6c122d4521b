"""What the job worker is busy with, for those who run the studio."""

from __future__ import annotations

from zou_server.models.actor import Actor
from zou_server.models.conditions import All, Condition, Op, Where
from zou_server.models.errors import Forbidden


def running_previews(actor: Actor) -> Condition:
    """The previews that renditions are being made of; Forbidden to anybody but administrators."""
    if not actor.is_admin:
        raise Forbidden("Only administrators see what the whole studio processes.")
    return All((Where("status", Op.EQ, "processing"), Where("source_key", Op.NOT_NULL)))
