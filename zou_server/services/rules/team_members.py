"""Who is named on a team with a group of it (ShotRunner's teams) is in that group, for every client."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from zou_server.models.appointments import GROUP_MEMBERS
from zou_server.models.object_links import ObjectLink
from zou_server.models.person import Membership
from zou_server.models.registry import facet
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.operations import Create
from zou_server.services.write.retire import retire_all
from zou_server.services.write.unit_of_work import UnitOfWork

GROUP = "shotrunner_team"
_LINK = "GroupUserConnection"
Pair = tuple[uuid.UUID, uuid.UUID]
"""A group and a person."""


def follow_group(context: Context, changes: Sequence[Change]) -> None:
    """Bring groups in step with written memberships that name one, or another one than before."""
    joined: list[Pair] = []
    left: list[Pair] = []
    for change in changes:
        row = change.of(Membership)
        now, before = _group(row.data), _group(change.before.get("data", row.data))
        if change.created:
            before = None
        if now != before:
            joined += [(now, row.person_id)] if now else []
            left += [(before, row.person_id)] if before else []
    if left:
        _leave(context.work, left)
    if joined:
        _join(context.work, joined)


def leave_groups(work: UnitOfWork, ids: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Take people out of the groups that memberships named which went."""
    _leave(work, [pair for pair in _named(work, ids) if not together.intersection(pair)])


def join_groups(work: UnitOfWork, ids: Sequence[uuid.UUID], _together: frozenset[uuid.UUID]) -> None:
    """Put people back into the groups that memberships name which came back."""
    _join(work, _named(work, ids))


def _named(work: UnitOfWork, ids: Sequence[uuid.UUID]) -> list[Pair]:
    rows = work.session.execute(
        sa.select(Membership.data, Membership.person_id).where(
            Membership.id.in_(ids), Membership.data.has_key(GROUP)
        )
    )
    return [(group, person) for data, person in rows if (group := _group(data))]


def _group(data: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(str((data or {}).get(GROUP)))
    except ValueError:
        return None


def _links(work: UnitOfWork, pairs: Sequence[Pair]) -> dict[Pair, uuid.UUID]:
    rows = work.session.execute(
        sa.select(ObjectLink.from_id, ObjectLink.to_id, ObjectLink.id).where(
            ObjectLink.field == GROUP_MEMBERS,
            ObjectLink.deleted_at.is_(None),
            sa.tuple_(ObjectLink.from_id, ObjectLink.to_id).in_(pairs),
        )
    )
    return {(group, person): id_ for group, person, id_ in rows}


def _join(work: UnitOfWork, pairs: Sequence[Pair]) -> None:
    known = _links(work, pairs) if pairs else {}
    new = [pair for pair in dict.fromkeys(pairs) if pair not in known]
    if new:
        of = facet(_LINK)
        work.execute([Create(of, {"from_id": str(group), "to_id": str(person)}) for group, person in new])


def _leave(work: UnitOfWork, pairs: Sequence[Pair]) -> None:
    """Remove the links of those whom no other membership names in the group."""
    if not pairs:
        return
    still = {
        (group, person)
        for data, person in work.session.execute(
            sa.select(Membership.data, Membership.person_id).where(
                Membership.person_id.in_([person for _, person in pairs]),
                Membership.deleted_at.is_(None),
                Membership.data.has_key(GROUP),
            )
        )
        if (group := _group(data))
    }
    gone = [id_ for pair, id_ in _links(work, pairs).items() if pair not in still]
    if gone:
        retire_all(work, facet(_LINK), gone)
