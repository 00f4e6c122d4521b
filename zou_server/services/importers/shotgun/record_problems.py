"""What was wrong with rows of an import, kept for a person to look at: one record for each row.

Importing a row again replaces its record; a row that has become good loses it. So the records always say
what is still missing, and importing the same list twice changes nothing.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from zou_server.models.imports import DataImportError
from zou_server.models.registry import facet
from zou_server.services.importers.shotgun.find_references import among
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.importers.shotgun.values import MOST, storable
from zou_server.services.write.operations import Create, Update
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SOURCE = "shotgun"


def record_problems(work: UnitOfWork, kind: str, rows: Sequence[SgRow]) -> int:
    """Bring the records of these rows up to date; returns how many of them have one."""
    problems = _problems(kind, rows)
    existing = _existing(work, set(problems))
    made = [
        Create(facet("DataImportError"), {"event_data": said, "source": SOURCE, "about": about})
        for about, said in problems.items()
        if said is not None and about not in existing
    ]
    changed = [
        Update(facet("DataImportError"), existing[about], {"event_data": said})
        for about, said in problems.items()
        if said is not None and about in existing
    ]
    work.execute([*made, *changed])
    gone = [existing[about] for about, said in problems.items() if said is None and about in existing]
    if gone:
        retire_all(work, facet("DataImportError"), gone)
    return len(made) + len(changed)


def _problems(kind: str, rows: Sequence[SgRow]) -> dict[str, Mapping[str, Any] | None]:
    """What is wrong by the row that it is about, None where nothing is."""
    reasons: dict[str, tuple[SgRow, list[str], bool]] = {}
    for row in rows:
        origin = row.source or row
        _, said, _ = reasons.setdefault(_about(kind, origin), (origin, [], bool(row.refused)))
        for each in filter(None, (row.refused, *origin.left_out, *row.left_out)):
            if each not in said:
                said.append(each)
    return {
        about: {
            "kind": kind,
            "id": storable(row.key),
            "reason": "; ".join(said),
            "imported": not refused,
            "row": storable(row.raw),
        }
        if said
        else None
        for about, (row, said, refused) in reasons.items()
    }


def _about(kind: str, row: SgRow) -> str:
    """What names the row: its kind and id, or a digest of it where it has none that can be one."""
    if 0 < row.number <= MOST:
        return f"{kind} {row.number}"
    text = orjson.dumps(storable(row.raw), option=orjson.OPT_SORT_KEYS)
    return f"{kind} #{hashlib.sha256(text).hexdigest()[:32]}"


def _existing(work: UnitOfWork, abouts: set[str]) -> dict[str, uuid.UUID]:
    found = work.session.execute(
        sa.select(DataImportError.about, DataImportError.id).where(
            among(DataImportError.about, abouts),
            DataImportError.source == SOURCE,
            DataImportError.deleted_at.is_(None),
        )
    )
    return {about: id_ for about, id_ in found if about is not None}
