"""Asking to hear of tasks, or of a step in a sequence; asking again changes nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.feed import Subscription
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Delete

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

Place = Mapping[str, str]
"""What to hear of: `task_id`, or `entity_id` and `task_type_id`."""


def subscribe(work: UnitOfWork, places: Sequence[Place]) -> list[uuid.UUID]:
    """Make the caller's missing subscriptions and return all of them, in the order asked for."""
    known = _own(work, places)
    missing = [place for place in places if _key(place) not in known]
    made = work.execute([Create(facet("Subscription"), dict(place)) for place in missing])
    known.update({_key(place): result.id for place, result in zip(missing, made, strict=True)})
    return [known[_key(place)] for place in places]


def unsubscribe(work: UnitOfWork, places: Sequence[Place]) -> None:
    """Take the caller's subscriptions back; those that are not there do not matter."""
    known = _own(work, places)
    work.execute([Delete(facet("Subscription"), id_) for id_ in known.values()])


def _key(place: Place) -> tuple[str | None, ...]:
    return (place.get("task_id"), place.get("entity_id"), place.get("task_type_id"))


def _own(work: UnitOfWork, places: Sequence[Place]) -> dict[tuple[str | None, ...], uuid.UUID]:
    about: Any = [place.get("task_id") or place.get("entity_id") for place in places]
    rows = work.session.execute(
        sa.select(
            Subscription.id, Subscription.task_id, Subscription.entity_id, Subscription.task_type_id
        ).where(
            Subscription.person_id == work.actor.person_id,
            Subscription.deleted_at.is_(None),
            sa.or_(Subscription.task_id.in_(about), Subscription.entity_id.in_(about)),
        )
    )
    found = {tuple(None if each is None else str(each) for each in row[1:]): row[0] for row in rows}
    wanted = {_key(place) for place in places}
    return {key: id_ for key, id_ in found.items() if key in wanted}
