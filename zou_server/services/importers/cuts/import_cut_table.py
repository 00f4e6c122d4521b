"""A cut from a spreadsheet, compared and taken like one of an editorial file."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from zou_server.services.exporters.export_entities import project_layout
from zou_server.services.importers.cuts.apply_cut import AS_IT_IS, CutRules
from zou_server.services.importers.cuts.cut_in_table import cut_in_table
from zou_server.services.importers.cuts.take_cut import TimelineImport, cut_place, take_cut
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.production.name_clips import IN_PROJECT

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def import_cut_table(
    work: UnitOfWork,
    project_id: uuid.UUID,
    file: TableFile,
    *,
    episode_id: uuid.UUID | None = None,
    rules: CutRules = AS_IT_IS,
) -> TimelineImport:
    """Bring shots to the places that a file says; other columns of an export of shots say nothing here."""
    place = cut_place(work, project_id, IN_PROJECT, episode_id=episode_id, rules=rules)
    layout = project_layout(work.read, "Shot", project_id)
    shots, skipped = cut_in_table(file, place.naming, (column.heading for column in layout.columns))
    return take_cut(work, place, shots, skipped, rules)
