"""Removing what was imported, and importing it again."""

from __future__ import annotations

import uuid
from typing import Any

from tests.services.importers.shotgun.rows import numbers, run, shot
from tests.shotgun_rows import link
from tests.studio import StudioKit
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Where
from zou_server.services.importers.shotgun.remove_row import remove_row


def remove(kit: StudioKit, kind: str, number: int) -> uuid.UUID | None:
    with kit.studio.write(SYSTEM) as work:
        found = remove_row(work, kind, number)
        work.commit()
    return found


def test_removing_takes_the_row_and_what_belongs_to_it(kit: StudioKit, project: dict[str, Any]) -> None:
    row = shot(project)
    made = run(kit, "shots", row).ids[0]
    task = {"id": next(numbers), "content": "t", "project": project, "entity": link("Shot", row["id"])}
    run(kit, "tasks", task)
    assert remove(kit, "shots", row["id"]) == made
    assert remove(kit, "shots", row["id"]) is None
    assert kit.row("Shot", made, "id") is None
    assert kit.rows("Task", "id", where=Where("shotgun_id", Op.EQ, task["id"])) == []


def test_what_was_removed_is_made_anew_when_it_is_imported_again(
    kit: StudioKit, project: dict[str, Any]
) -> None:
    row = shot(project)
    made = run(kit, "shots", row).ids[0]
    remove(kit, "shots", row["id"])
    again = run(kit, "shots", row)
    assert again.created == 1
    assert again.ids != [made]
