"""Who is on more than tasks: people on parts of the tree, and groups on anything, with all their members."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner
from zou_server.models.registry import entity

_FTRACK: dict[str, str | None] = dict.fromkeys(("zou", "shotgun", "shotrunner"))
APPOINTMENT: dict[str, str | None] = {**_FTRACK, "ftrack": "Appointment"}
ASSIGNMENT, ALLOCATION = "assignment", "allocation"
GROUP_MEMBERS = "Group/users"
"""The links of groups to who is in them."""


@entity("entity-assignations", names=APPOINTMENT, policy="assignation", display="")
class EntityAssignation(Row):
    """A person is on a shot, an asset or another part of the tree that is no task.

    An `inherited` one comes from a group, and goes with it.
    """

    entity_id: Mapped[uuid.UUID] = owner("entity", nullable=False)
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})
    inherited: Mapped[bool] = mapped_column(default=False, server_default=sa.false(), info={"inner": True})

    __table_args__ = (
        sa.Index("uq_entity_assignation", "entity_id", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_entity_assignation_person_id", "person_id"),
    )


@entity("group-appointments", names=APPOINTMENT, policy="assignation", display="")
class GroupAppointment(Row):
    """A group is on a task, a part of the tree (`type` assignment) or a project's team (allocation).

    So is whoever is in the group, by rows of their own that are `inherited`.
    """

    object_id: Mapped[uuid.UUID] = owner("object", nullable=False)
    group_id: Mapped[uuid.UUID] = owner("declared_record", nullable=False, info={"target": "Group"})
    type: Mapped[str | None] = mapped_column(info={"choices": (ASSIGNMENT, ALLOCATION)})
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("uq_group_appointment", "object_id", "group_id", unique=True, postgresql_where=LIVE),
        sa.Index("ix_group_appointment_group_id", "group_id"),
        sa.Index("ix_group_appointment_project_id", "project_id"),
    )
