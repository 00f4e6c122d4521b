"""What a studio sets up for everybody in Kitsu: its sites, and buttons of its own."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row
from zou_server.models.feed import ZOU_ONLY
from zou_server.models.registry import entity

PRIMARY = "shotrunner_is_primary"
"""The custom field of the company that this studio is: its people know everybody, those of others do not."""


@entity("studios", names={"shotgun": None, "ftrack": None, "shotrunner": "Company"}, policy="company")
class Studio(Row):
    """A site or partner that people work at."""

    name: Mapped[str] = mapped_column(info={"max_length": 80})
    color: Mapped[str | None] = mapped_column(default="#999999", info={"max_length": 7})
    archived: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (sa.Index("uq_studio_name", "name", unique=True, postgresql_where=LIVE),)


@entity("custom-actions", names=ZOU_ONLY)
class CustomAction(Row):
    """A button of Kitsu that opens a URL, or posts what is selected to it."""

    name: Mapped[str] = mapped_column(info={"max_length": 80})
    url: Mapped[str | None] = mapped_column(info={"max_length": 400})
    entity_type: Mapped[str | None] = mapped_column(default="all", info={"max_length": 40})
    is_ajax: Mapped[bool] = mapped_column(default=False)
