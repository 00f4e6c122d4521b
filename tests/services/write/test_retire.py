"""Retiring a row takes what it owns along, and asks only where something is."""

from __future__ import annotations

from tests.contracts.statements import noted
from tests.studio import StudioKit, unique

MOST_STATEMENTS = 8
"""The row, who has something of it, its change and its event, and what a connection prepares once."""


def test_what_owns_nothing_is_retired_by_few_statements(kit: StudioKit) -> None:
    project = kit.project()
    for kind, id_ in (("Shot", kit.shot(project)), ("Project", kit.project())):
        with noted(kit.studio.writes) as statements:
            kit.delete(kind, id_)
        assert len(statements) <= MOST_STATEMENTS, statements


def test_what_a_row_owns_goes_and_comes_back_with_it_and_nothing_else_does(kit: StudioKit) -> None:
    project = kit.project()
    sequence = kit.create("Sequence", name=unique("Sequence"), project_id=project)
    shot, other = (kit.shot(project, parent_id=sequence) for _ in range(2))
    owned = [
        ("Task", kit.create("Task", entity_id=each, name=name)) for each in (shot, other) for name in "ab"
    ]
    owned += [("Note", kit.create("Note", object_id=id_, text="Look")) for _, id_ in owned]

    def live() -> list[bool]:
        return [kit.row(kind, id_, "id") is not None for kind, id_ in owned]

    of_shot = [place % 4 < 2 for place in range(8)]
    assert all(live())
    kit.delete("Shot", shot)
    assert live() == [not each for each in of_shot]
    kit.revive("Shot", shot)
    assert all(live())
