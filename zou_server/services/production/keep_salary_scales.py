"""A salary scale for each department, position and seniority: those nobody set are made with no salary."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.errors import Conflict
from zou_server.models.inventory import SalaryScale
from zou_server.models.policies import MANAGERS
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create

if TYPE_CHECKING:
    from zou_server.services.studio import Studio

_MISSING = sa.text("""
SELECT d.id, p.position, s.seniority
FROM department d
CROSS JOIN unnest(CAST(:positions AS text[])) AS p(position)
CROSS JOIN unnest(CAST(:seniorities AS text[])) AS s(seniority)
LEFT JOIN salary_scale x ON x.department_id = d.id AND x.position = p.position
    AND x.seniority = s.seniority AND x.deleted_at IS NULL
WHERE d.deleted_at IS NULL AND x.id IS NULL
ORDER BY d.created_at, d.id, p.position, s.seniority
""")


def keep_salary_scales(studio: Studio, actor: Actor) -> None:
    """Make those that are missing, when somebody looks who may see them."""
    if not MANAGERS & {actor.role, *actor.project_roles.values()}:
        return
    columns = SalaryScale.__table__.c
    words = {
        "positions": list(columns.position.info["choices"]),
        "seniorities": list(columns.seniority.info["choices"]),
    }
    with studio.reads.connect() as connection:
        missing = connection.execute(_MISSING, words).all()
    if not missing:
        return
    values = [dict(zip(("department_id", "position", "seniority"), row, strict=True)) for row in missing]
    with suppress(Conflict), studio.write(SYSTEM) as work:  # somebody else made them at the same moment
        work.execute([Create(facet("SalaryScale"), each) for each in values])
        work.commit()
