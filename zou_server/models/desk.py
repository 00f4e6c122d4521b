"""What a person keeps on their desk: filters of lists, and when they sat down at their computer."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row, owner, reference, utc_now
from zou_server.models.feed import ZOU_ONLY
from zou_server.models.registry import entity


@entity("search-filter-groups", names=ZOU_ONLY, policy="shared_desk")
class SearchFilterGroup(Row):
    """A heading for saved filters of a list."""

    list_type: Mapped[str] = mapped_column(default="todo", info={"max_length": 80})
    entity_type: Mapped[str | None] = mapped_column(info={"max_length": 80})
    name: Mapped[str] = mapped_column(default="", info={"max_length": 200})
    color: Mapped[str | None] = mapped_column(default="", info={"max_length": 8})
    is_shared: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    project_id: Mapped[uuid.UUID | None] = owner("project")
    department_id: Mapped[uuid.UUID | None] = reference("department")

    __table_args__ = (
        sa.Index("ix_search_filter_group_person_id", "person_id", postgresql_where=LIVE),
        sa.Index("ix_search_filter_group_project_id", "project_id"),
    )


@entity("search-filters", names=ZOU_ONLY, policy="shared_desk")
class SearchFilter(Row):
    """A search that a person keeps for a list, for themselves or shared with the team."""

    list_type: Mapped[str] = mapped_column(info={"max_length": 80})
    entity_type: Mapped[str | None] = mapped_column(info={"max_length": 80})
    name: Mapped[str] = mapped_column(default="", info={"max_length": 200})
    search_query: Mapped[str] = mapped_column(default="", info={"max_length": 500})
    is_shared: Mapped[bool] = mapped_column(default=False)
    department_id: Mapped[uuid.UUID | None] = reference("department")
    search_filter_group_id: Mapped[uuid.UUID | None] = reference("search_filter_group")
    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    project_id: Mapped[uuid.UUID | None] = owner("project")

    __table_args__ = (
        sa.Index("ix_search_filter_person_id", "person_id", postgresql_where=LIVE),
        sa.Index("ix_search_filter_project_id", "project_id"),
        sa.Index("ix_search_filter_search_filter_group_id", "search_filter_group_id"),
    )


@entity("desktop-login-logs", names=ZOU_ONLY, policy="personal", display="")
class DesktopLoginLog(Row):
    """A person logged in on their computer."""

    person_id: Mapped[uuid.UUID | None] = owner("person", info={"target": "Person"})
    date: Mapped[dt.datetime] = mapped_column(default=utc_now)

    __table_args__ = (sa.Index("ix_desktop_login_log_person_id", "person_id", "date", postgresql_where=LIVE),)
