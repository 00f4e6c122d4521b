"""What follows for others from rows that were made or changed: one rule for all of a table's, at the end.

`aftermath` does the same for rows that go or come back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from zou_server.services.aftermath.recompute_tasks import recompute_edited
from zou_server.services.aftermath.recount_time import recount_time
from zou_server.services.casting.count_ready_assets import after_assets, after_links, after_tasks
from zou_server.services.previews.join_versions import join_versions, number_versions
from zou_server.services.talk.tell_people import tell_assignees, tell_of_notes
from zou_server.services.write.change import Change

if TYPE_CHECKING:
    from zou_server.services.aftermath import Rule
    from zou_server.services.write.unit_of_work import UnitOfWork

Test = Callable[[Change], bool]


def _is_regiven(change: Change) -> bool:
    """True for a comment that gives another status now, or gives it to another task."""
    return not change.created and change.changed("sets_status_id", "object_id")


def _is_spent(change: Change) -> bool:
    return change.created or change.changed("duration", "task_id")


def _is_placed(change: Change) -> bool:
    """True for a preview whose version is to be found: it is new, or of another revision or task."""
    return (change.created and not change.changed("version_id")) or (
        not change.created and change.changed("task_id", "revision")
    )


FOLLOWING: Mapping[str, tuple[tuple[Test, Rule], ...]] = {
    "EntityLink": ((lambda change: change.is_changed, after_links),),
    "Entity": ((lambda change: not change.created and change.changed("ready_for"), after_assets),),
    "Task": ((lambda change: change.created, after_tasks),),
    "Note": (
        (_is_regiven, recompute_edited),
        (lambda change: change.created and change.is_news, tell_of_notes),
    ),
    "Assignation": ((lambda change: change.created, tell_assignees),),
    "TimeSpent": ((_is_spent, recount_time),),
    "PreviewFile": ((_is_placed, join_versions),),
    "Version": ((lambda change: change.created, number_versions),),
}
"""Model -> which of its changes matter to others, and the rule for all of them; in this order."""


def follow_changes(work: UnitOfWork, changes: Iterable[Change]) -> None:
    """Run each rule once for the rows of a list of operations; they must have been written."""
    found: dict[Rule, list[uuid.UUID]] = {}
    for change in changes:
        for test, rule in FOLLOWING.get(change.facet.model.__name__, ()):
            if test(change):
                found.setdefault(rule, []).append(change.row.id)
    for rule, ids in found.items():
        rule(work, ids, frozenset())
