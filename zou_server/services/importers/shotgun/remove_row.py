"""Removing what was imported, by the id that it has in Shotgun: what its synchronisers send."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.policies import require
from zou_server.models.registry import facet
from zou_server.services.importers.shotgun.find_references import live
from zou_server.services.importers.shotgun.import_rows import IMPORT, kind_called
from zou_server.services.write.operations import Delete

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def remove_row(work: UnitOfWork, name: str, number: int) -> uuid.UUID | None:
    """Retire the row with this id and what belongs to it; None when there is none (any more).

    A note on several tasks is several comments of ours: all of them go, the first one's id comes back.
    A project goes whatever its status: it is gone in Shotgun, and can be revived here. Forbidden for
    everybody but administrators, InUse for vocabulary that others need, Invalid for oneself.
    """
    require(work.actor, "import", "run", IMPORT)
    of = facet(kind_called(name).facet)
    table = of.table
    ids = work.session.scalars(
        sa.select(table.c.id)
        .where(table.c.shotgun_id == number, live(of))
        .order_by(table.c.created_at, table.c.id)
    ).all()
    if work.actor.person_id in ids:
        raise Invalid("You cannot remove yourself.", {"id": ["is your own"]})
    work.execute([Delete(of, id_) for id_ in ids])
    return ids[0] if ids else None
