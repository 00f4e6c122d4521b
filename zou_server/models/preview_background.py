"""Backgrounds for 3D previews: their light, and what is seen behind (docs/protocols/zou.md 17)."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import LIVE, Row
from zou_server.models.registry import entity


@entity(
    "preview-background-files",
    names={"shotgun": None, "ftrack": None, "shotrunner": None},
    read_only=("source_key",),
)
class PreviewBackgroundFile(Row):
    """A picture of surroundings, such as an HDR panorama; `source_key` is where its bytes are kept."""

    name: Mapped[str] = mapped_column(info={"max_length": 40})
    archived: Mapped[bool] = mapped_column(default=False)
    is_default: Mapped[bool] = mapped_column(default=False)
    original_name: Mapped[str | None] = mapped_column(info={"max_length": 250})
    extension: Mapped[str | None] = mapped_column(info={"max_length": 6})
    file_size: Mapped[int | None] = mapped_column(sa.BigInteger, default=0)
    source_key: Mapped[str | None]

    __table_args__ = (
        sa.Index("uq_preview_background_file_name", "name", unique=True, postgresql_where=LIVE),
    )
