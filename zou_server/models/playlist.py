"""Playlists: takes put in an order, to look at together."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.base import LIVE, Row, owner, reference
from zou_server.models.registry import Computed, Kind, entity

_SPELLED = "-".join("_" * digits for digits in (8, 4, 4, 4, 12))
"""An id as it is usually spelled; that there is one in every entry is a rule of playlists."""


def _played(row: FromClause) -> ColumnElement[Any]:
    """The ids of the entities in a playlist, a row each, where they are spelled as we do."""
    shots = row.c.shots
    entries = sa.case((sa.func.jsonb_typeof(shots) == "array", shots), else_=None)
    entry = sa.func.jsonb_array_elements(entries, type_=JSONB).column_valued("entry")
    id_ = entry["entity_id"].astext
    ids = sa.select(sa.case((id_.like(_SPELLED), sa.cast(id_, sa.Uuid())), else_=None)).correlate(row)
    return sa.func.unnest(sa.func.array(ids.scalar_subquery()), type_=sa.Uuid())


@entity(
    "playlists",
    names={"ftrack": None, "shotrunner": None},
    policy="playlist",
    required=("project_id",),
    computed={"played_id": Computed(Kind.UUID, _played, inner=True)},
)
class Playlist(Row):
    """An ordered list of entities, each with the take to show.

    `shots` is that list: {"entity_id", "preview_file_id"} in the order to play. `for_entity` says in
    lower case what they are; a playlist without an episode is of the whole show.
    """

    name: Mapped[str] = mapped_column(info={"max_length": 80})
    shots: Mapped[list[Any] | None] = mapped_column(default=list)
    project_id: Mapped[uuid.UUID] = owner("project", nullable=False)
    episode_id: Mapped[uuid.UUID | None] = owner("entity", info={"target": "Episode"})
    task_type_id: Mapped[uuid.UUID | None] = reference("task_type")
    for_client: Mapped[bool | None] = mapped_column(default=False)
    for_entity: Mapped[str | None] = mapped_column(default="shot", info={"max_length": 10})
    is_for_all: Mapped[bool | None] = mapped_column(default=False)

    __table_args__ = (
        sa.Index("ix_playlist_project_id", "project_id", "updated_at", "id", postgresql_where=LIVE),
    )
