"""Long lists: statements do not grow with them."""

from __future__ import annotations

import itertools
from typing import Any

from tests.contracts.statements import noted
from tests.services.importers.shotgun.rows import asset, numbers, run, shot
from tests.shotgun_rows import link
from tests.studio import StudioKit, unique


def _many(project: dict[str, Any], count: int) -> dict[str, list[Any]]:
    """Lists of every kind that grows, `count` rows each, all referring to each other."""
    people = [{"id": next(numbers), "firstname": unique("P"), "lastname": "Y"} for _ in range(count)]
    things = [asset(project, sg_weight=place) for place in range(count)]
    for child, parent in itertools.pairwise(things):
        child["parents"] = [link("Asset", parent["id"])]
    sequences = [{"id": next(numbers), "code": unique("sq"), "project": project} for _ in range(count)]
    shots = [
        shot(
            project,
            sg_sequence=link("Sequence", sequence["id"]),
            assets=[link("Asset", thing["id"])],
            sg_mood=str(place),
            sg_cut_in=place,
        )
        for place, (sequence, thing) in enumerate(zip(sequences, things, strict=True))
    ]
    tasks = [
        {
            "id": next(numbers),
            "content": "work",
            "project": project,
            "entity": link("Shot", each["id"]),
            "task_assignees": [link("HumanUser", person["id"])],
            "sg_status_list": "ip",
        }
        for each, person in zip(shots, people, strict=True)
    ]
    versions = [
        {"id": next(numbers), "code": unique("v"), "sg_task": link("Task", each["id"])} for each in tasks
    ]
    notes = [{"id": next(numbers), "content": "hm", "tasks": [link("Task", each["id"])]} for each in tasks]
    teams = [
        {"id": next(numbers), "project": project, "user": link("HumanUser", person["id"])}
        for person in people
    ]
    return {
        "persons": people,
        "assets": things,
        "sequences": sequences,
        "shots": shots,
        "projectconnections": teams,
        "tasks": tasks,
        "versions": versions,
        "notes": notes,
    }


def _changed(kind: str, row: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any]:
    """The row as it comes another day: other words, other links."""
    words = {"persons": "lastname", "versions": "description", "notes": "content"}
    found = {**row, words.get(kind, "description"): unique("changed")}
    if kind == "tasks":
        found["task_assignees"] = [*row["task_assignees"], *others[0]["task_assignees"]]
    return found


def test_statements_do_not_grow_with_the_rows_of_a_list(kit: StudioKit, project: dict[str, Any]) -> None:
    counted: dict[tuple[str, str], list[int]] = {}
    numbers.last += 1_000_000  # so that none is taken: a number of ours costs a statement
    for count in (3, 30):
        for kind, rows in _many(project, count).items():
            again = [_changed(kind, row, rows) for row in rows]
            for what, sent in (("new", rows), ("same", rows), ("changed", again)):
                with noted(kit.studio.reads, kit.studio.writes) as statements:
                    assert run(kit, kind, *sent).errors == 0, kind
                counted.setdefault((kind, what), []).append(len(statements))
    grown = {key: pair for key, pair in counted.items() if pair[1] > pair[0]}
    assert grown == {}


def test_thousands_of_rows_are_taken_in_at_once(kit: StudioKit, project: dict[str, Any]) -> None:
    rows = [shot(project, sg_cut_in=n, sg_cut_duration=10, sg_tide=f"{n % 7}") for n in range(3_000)]
    assert run(kit, "shots", *rows).created == len(rows)
    assert run(kit, "shots", *rows).unchanged == len(rows)
