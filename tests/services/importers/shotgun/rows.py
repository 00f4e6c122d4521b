"""Short ways to import rows of Shotgun in tests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Order, Where
from zou_server.services.importers.shotgun.import_rows import Imported, import_rows


def run(kit: StudioKit, kind: str, *rows: Any, actor: Actor = SYSTEM) -> Imported:
    with kit.studio.write(actor) as work:
        found = import_rows(work, kind, list(rows))
        work.commit()
    return found


def one(kit: StudioKit, kind: str, number: Any, *paths: str) -> Any:
    """The values of the one row of a facet with a Shotgun id."""
    rows = kit.rows(kind, *paths, where=Where("shotgun_id", Op.EQ, number))
    assert len(rows) == 1, rows
    return rows[0][paths[0]] if len(paths) == 1 else rows[0]


def reason(kit: StudioKit, about: str) -> str:
    """Why the record about a row was left; "" when there is none."""
    rows = kit.rows("DataImportError", "event_data", order=(Order("created_at"),))
    said = {f"{row['event_data']['kind']} {row['event_data']['id']}": row["event_data"] for row in rows}
    return str(said[about]["reason"]) if about in said else ""


class Numbers:
    """Ids of Shotgun's that no other test uses."""

    def __init__(self) -> None:
        self.last = 10_000

    def __next__(self) -> int:
        self.last += 1
        return self.last

    def __iter__(self) -> Iterator[int]:
        return self


numbers = Numbers()


def shot(project: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {"id": next(numbers), "code": unique("sh"), "project": project, **values}


def asset(project: dict[str, Any], **values: Any) -> dict[str, Any]:
    return {
        "id": next(numbers),
        "code": unique("thing"),
        "project": project,
        "sg_asset_type": "Prop",
        **values,
    }
