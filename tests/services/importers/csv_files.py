"""Short ways to import a CSV file into a test's studio and to export one from it."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.models.errors import Invalid
from zou_server.services.exporters.export_entities import export_entities
from zou_server.services.exporters.export_lists import export_list
from zou_server.services.importers.outcome import Outcome
from zou_server.services.importers.tables.read_table import TableFile

Importer = Callable[..., Outcome]

SHOTS = """Episode,Sequence,Name,Description,FPS,Frame In,Frame Out,Contractor
E01,SE01,S01,Description 01,25,0,100,contractor 1
E01,SE01,S02,Description 02,25,100,200,contractor 2
E01,SE02,S01,Description 03,25,200,300,contractor 2
E02,SE01,S01,Description 01,25,300,400,contractor 1
"""
ASSETS = """Type,Name,Description,Contractor
Prop,Cassette Player,Description 01,contractor 1
Prop,Wood Stick,Description 02,contractor 2
Character,Victor,Description 03,contractor 2
"""
"""What a studio's spreadsheets of shots and assets look like."""


def imported(
    kit: StudioKit, importer: Importer, text: str, *place: uuid.UUID, actor: Actor = SYSTEM, **options: Any
) -> list[uuid.UUID]:
    """Import a file and return the ids of its rows."""
    with kit.studio.write(actor) as work:
        ids = list(importer(work, TableFile(text.encode()), *place, **options).ids)
        work.commit()
    return ids


def refusal(
    kit: StudioKit, importer: Importer, text: str, *place: uuid.UUID, **options: Any
) -> dict[str, list[str]]:
    """Why a file is refused, by line and column."""
    with pytest.raises(Invalid) as refused:
        imported(kit, importer, text, *place, **options)
    return refused.value.fields


def exported(kit: StudioKit, kind: str, project: uuid.UUID, actor: Actor = SYSTEM) -> str:
    """The file of a project's entities of a kind."""
    return "".join(export_entities(kit.studio.read(actor), kind, project))


def listed(kit: StudioKit, name: str, actor: Actor = SYSTEM, **options: Any) -> str:
    """The file of a list of the studio."""
    return "".join(export_list(kit.studio.read(actor), name, **options))


def table(text: str) -> list[list[str]]:
    """The cells of a file."""
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))


def records(text: str) -> list[dict[str, str]]:
    """The rows of a file by heading."""
    headings, *rows = table(text)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def last_event(kit: StudioKit) -> int:
    """The number of the newest event."""
    return int(kit.events()[-1]["number"])


def tree(kit: StudioKit, project: uuid.UUID) -> list[str]:
    """Every shot of a project as episode/sequence/name, oldest first."""
    rows = kit.rows(
        "Shot",
        "episode.name",
        "sequence.name",
        "name",
        where=Where("project_id", Op.EQ, str(project)),
        order=(Order("created_at"),),
    )
    return ["/".join(str(value) for value in row.values()) for row in rows]
