"""What a change of a link means for its other end: a shot has a task more when a task is hung on it.

Its event names the link as the row has it that was changed (`back:Task.entity_id`), and says how many events
before it that change is told.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from zou_server.models.base import Identity
from zou_server.models.event import BACK as PREFIX
from zou_server.models.free_links import BACK, MANY
from zou_server.services.write.change import Change
from zou_server.services.write.targets import Known
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.services.write.context import Context

Find = Callable[[uuid.UUID | None], Identity | Known | None]

SEEN_FROM_BOTH_ENDS: Mapping[str, frozenset[str]] = {
    # model: its links that the rows at the other end have a field for
    "Entity": frozenset({"parent_id", "entities_out"}),
    "Task": frozenset({"entity_id"}),
    "Component": frozenset({"version_id"}),
    "Note": frozenset({"parent_id", "reply_to_id"}),
}
"""Beside links that are rows of `object_link`: those have two ends always."""
KEPT_IN_DATA = frozenset({("Shot", "data.sg_scene"), ("CutItem", "data.cut_id"), ("Booking", "data.user")})
"""Kind of the row and its link: the same for links that `data` keeps as text."""


def back_name(kind: str, attribute: str) -> str:
    """The name of a link in events at its other end."""
    return f"{PREFIX}{attribute}" if attribute.startswith((MANY, BACK)) else f"{PREFIX}{kind}.{attribute}"


def _is_seen(change: Change, attribute: str) -> bool:
    if attribute.startswith((MANY, BACK)):
        return True
    if (change.identity.kind, attribute) in KEPT_IN_DATA:
        return True
    return attribute in SEEN_FROM_BOTH_ENDS.get(type(change.row).__name__, ())


def know_targets(context: Context) -> None:
    """Look up the other ends of all changed links by one statement."""
    ids: set[uuid.UUID] = set()
    for change in context.changes.values():
        for name, pair in change.told.items():
            if _is_seen(change, name):
                ids.update(_ends(pair))
    if ids:
        context.targets.load(ids)


def _ends(values: Iterable[Any]) -> Iterator[uuid.UUID]:
    for value in values:
        if isinstance(value, list):
            yield from value
        elif isinstance(value, str):
            with suppress(ValueError):  # `data` holds what clients write
                yield uuid.UUID(value)
        elif isinstance(value, uuid.UUID):
            yield value


def back_references(change: Change, changes: Mapping[str, tuple[Any, Any]], find: Find) -> Iterator[Recorded]:
    """An event for each row that a link of a changed one leads to now, or did before."""
    heads = 1 if change.created else 0
    told = heads + len(changes)
    for index, (name, pair) in enumerate(changes.items()):
        if not _is_seen(change, name):
            continue
        before, now = (list(_ends((value,))) for value in pair)
        for end in dict.fromkeys([*before, *now]):
            about = find(end)
            if about is None or (end in before and end in now):
                continue
            said = {
                "by": str(change.row.id),
                "is_added": end in now,
                "events_before": told - heads - index,
            }
            told += 1
            place = (about.kind, end, about.name, about.project_id)
            yield Recorded("update", *place, back_name(change.identity.kind, name), new=said)
