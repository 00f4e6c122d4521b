"""One row under import: what was sent, what was read of it, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zou_server.services.importers.shotgun.values import ShotgunLink


@dataclass(slots=True)
class SgRow:
    """A row: `values` by attribute, `data` and `custom` its fields without a column.

    `links` are to be looked up by attribute, `words` by name, `many` by relation. `left_out` says what
    of it could not be taken in, `refused` why nothing of it was.
    """

    raw: Any
    number: int = 0
    values: dict[str, Any] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    custom: dict[str, Any] = field(default_factory=dict)
    links: dict[str, ShotgunLink | list[ShotgunLink]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    many: dict[str, list[ShotgunLink]] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    refused: str = ""
    id: uuid.UUID | None = None
    made_at: dt.datetime | None = None
    project_id: uuid.UUID | None = None
    created: bool = False
    changed: bool = False
    source: SgRow | None = None
    """The row that this one is a copy of."""

    def leave_out(self, why: str) -> None:
        """Note something of the row that is not taken in."""
        self.left_out.append(why)

    def refuse(self, why: str) -> None:
        """Note why the row is not taken in at all; the first reason counts."""
        self.refused = self.refused or why

    @property
    def key(self) -> object:
        """The id as it was sent, for a person to find the row by."""
        return self.raw.get("id") if isinstance(self.raw, Mapping) else None

    @property
    def problem(self) -> str:
        """The problem of the row, in one text; "" when there is none."""
        return self.refused or "; ".join(self.left_out)
