"""How long a work day is: a project says it for itself, the studio for all others."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.person import Organisation
from zou_server.models.project import Project
from zou_server.models.values.project_settings import HOURS, usable_hours

MINUTES = 60


@dataclass(frozen=True, slots=True)
class HoursOfDays:
    """The hours of a day in the studio, and in the projects that have their own."""

    studio: float
    projects: Mapping[uuid.UUID, float]

    def hours(self, project_id: uuid.UUID | None) -> float:
        """The hours of a day in a project."""
        return self.studio if project_id is None else self.projects.get(project_id, self.studio)

    def minutes(self, project_id: uuid.UUID | None) -> float:
        """The minutes of a day in a project."""
        return self.hours(project_id) * MINUTES


def read_hours(session: Session) -> HoursOfDays:
    """The days of the studio and of its projects, in one statement."""
    studio = sa.select(Organisation.hours_by_day).limit(1).scalar_subquery()
    said = Project.data[HOURS].label("said")
    rows = session.execute(
        sa.select(studio, Project.id, said).select_from(
            sa.select(sa.literal(1)).subquery().outerjoin(Project, sa.and_(Project.data.has_key(HOURS)))
        )
    ).all()
    usual = usable_hours(rows[0][0])
    return HoursOfDays(usual, {id_: usable_hours(own, usual) for _, id_, own in rows if id_ is not None})
