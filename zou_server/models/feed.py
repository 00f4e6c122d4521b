"""What a person is told: whom something concerns, and what they asked to hear of."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Computed, Kind, entity

NOTIFICATION_TYPES = ("comment", "mention", "assignation", "reply", "reply-mention", "playlist-ready")
ZOU_ONLY = {"shotgun": None, "ftrack": None, "shotrunner": None}


def own_subscription(row: FromClause) -> ColumnElement[Any]:
    """The subscription to the same task that the person told has; null for none."""
    heard: sa.Table = Subscription.__table__  # type: ignore[assignment]
    mine = heard.alias()
    return (
        sa.select(mine.c.id)
        .where(
            mine.c.task_id == row.c.task_id, mine.c.person_id == row.c.person_id, mine.c.deleted_at.is_(None)
        )
        .limit(sa.literal_column("1"))
        .scalar_subquery()
    )


@entity(
    "notifications",
    names=ZOU_ONLY,
    policy="notification",
    display="",
    required=("person_id",),
    computed={"subscription_id": Computed(Kind.LINK, own_subscription, target="Subscription")},
)
class Notification(Row):
    """Something happened that concerns a person. `change` says that a task got another status.

    `comment_id` is the comment it is about, or the one that `reply_id` answers.
    """

    read: Mapped[bool] = mapped_column(default=False)
    change: Mapped[bool] = mapped_column(default=False)
    notification_type: Mapped[str] = mapped_column(default="comment", info={"choices": NOTIFICATION_TYPES})
    person_id: Mapped[uuid.UUID] = owner("person", nullable=False, info={"target": "Person"})
    author_id: Mapped[uuid.UUID | None] = reference("person", info={"target": "Person"})
    comment_id: Mapped[uuid.UUID | None] = owner("note", info={"target": "Note"})
    reply_id: Mapped[uuid.UUID | None] = owner("note", info={"target": "Note"})
    task_id: Mapped[uuid.UUID | None] = owner("task")
    playlist_id: Mapped[uuid.UUID | None] = owner("playlist")
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("ix_notification_person_id", "person_id", "created_at", postgresql_where=LIVE),
        sa.Index("ix_notification_project_id", "project_id", "created_at", postgresql_where=LIVE),
        sa.Index("ix_notification_comment_id", "comment_id"),
        sa.Index("ix_notification_reply_id", "reply_id"),
        sa.Index("ix_notification_task_id", "task_id"),
    )


@entity("subscriptions", names=ZOU_ONLY, policy="personal", display="")
class Subscription(Row):
    """A person wants to hear of a task, or of one step in all that is below an entity (a sequence)."""

    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    task_id: Mapped[uuid.UUID | None] = owner("task")
    entity_id: Mapped[uuid.UUID | None] = owner("entity")
    task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("uq_subscription_task", "task_id", "person_id", unique=True, postgresql_where=LIVE),
        sa.Index(
            "uq_subscription_step",
            "entity_id",
            "task_type_id",
            "person_id",
            unique=True,
            postgresql_where=LIVE,
        ),
        sa.Index("ix_subscription_person_id", "person_id"),
        sa.Index("ix_subscription_project_id", "project_id"),
    )
