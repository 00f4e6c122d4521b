"""Casting assets in entities: whole lists replaced, or one asset put into many; only what differs changes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.models.policies import allowed
from zou_server.models.production import Entity, EntityLink
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Operation, Update
from zou_server.services.write.retire import retire_all

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class CastPart:
    """The part of an asset in an entity: how often it occurs, and a free word (fixed, animate)."""

    occurences: int = 1
    label: str = ""


Cast = Mapping[uuid.UUID, CastPart]
"""Asset -> its part."""


def replace_castings(work: UnitOfWork, project_id: uuid.UUID, castings: Mapping[uuid.UUID, Cast]) -> None:
    """Give each entity exactly this cast. The number of statements does not grow with the lists.

    Raises NotFound for an entity that is not in the project, Invalid for what is no asset, Forbidden for
    who is no manager there.
    """
    now = _lock(work, project_id, castings)
    operations: list[Operation] = []
    gone: list[uuid.UUID] = []
    for entity_id, wanted in castings.items():
        links = now.get(entity_id, {})
        operations += _missing(entity_id, wanted, links)
        operations += _different(wanted, links)
        gone += [link.id for asset_id, link in links.items() if asset_id not in wanted]
    _change(work, operations, gone)


def cast_asset(
    work: UnitOfWork,
    project_id: uuid.UUID,
    asset_id: uuid.UUID,
    entity_ids: Sequence[uuid.UUID],
    occurences: int | None = None,
    label: str | None = None,
) -> None:
    """Put an asset into entities, or change its part there; no occurence takes it out."""
    now = _lock(work, project_id, entity_ids)
    links = {id_: now.get(id_, {}).get(asset_id) for id_ in dict.fromkeys(entity_ids)}
    if occurences == 0:
        _change(work, [], [link.id for link in links.values() if link is not None])
        return
    operations: list[Operation] = []
    for entity_id, link in links.items():
        kept = CastPart() if link is None else CastPart(link.nb_occurences or 1, link.label or "")
        part = CastPart(
            kept.occurences if occurences is None else occurences, kept.label if label is None else label
        )
        if link is None:
            operations += _missing(entity_id, {asset_id: part}, {})
        else:
            operations += _different({asset_id: part}, {asset_id: link})
    _change(work, operations, [])


def _lock(
    work: UnitOfWork, project_id: uuid.UUID, entity_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, dict[uuid.UUID, EntityLink]]:
    """The links of the entities, by entity and asset, once nobody else can change them."""
    role = work.actor.role_in(project_id)
    if role is None:
        raise NotFound(f"There is no Project {project_id}.")
    if not allowed(work.actor, role, "production", "delete", None):
        raise Forbidden("Managers cast assets.")
    found = work.session.scalars(
        sa.select(Entity.id)
        .where(Entity.id.in_(entity_ids), Entity.project_id == project_id, Entity.deleted_at.is_(None))
        .order_by(Entity.id)
        .with_for_update(key_share=True)
    ).all()
    if missing := sorted(str(id_) for id_ in set(entity_ids) - set(found)):
        raise NotFound(f"There is no Entity {missing[0]} in this project.")
    links: dict[uuid.UUID, dict[uuid.UUID, EntityLink]] = {}
    for link in work.session.scalars(
        sa.select(EntityLink)
        .where(EntityLink.entity_in_id.in_(entity_ids), EntityLink.deleted_at.is_(None))
        .order_by(EntityLink.id)
    ):
        links.setdefault(link.entity_in_id, {})[link.entity_out_id] = link
    return links


def _missing(
    entity_id: uuid.UUID, wanted: Cast, links: Mapping[uuid.UUID, EntityLink]
) -> Iterator[Operation]:
    for asset_id, part in wanted.items():
        if asset_id == entity_id:
            raise Invalid(fields={"asset_id": ["is the entity itself"]})
        if asset_id not in links:
            values = {
                "entity_in_id": entity_id,
                "entity_out_id": asset_id,
                "nb_occurences": part.occurences,
                "label": part.label,
            }
            yield Create(facet("EntityLink"), values)


def _different(wanted: Cast, links: Mapping[uuid.UUID, EntityLink]) -> Iterator[Operation]:
    for asset_id, link in links.items():
        part = wanted.get(asset_id)
        if part is not None and part != CastPart(link.nb_occurences or 0, link.label or ""):
            values = {"nb_occurences": part.occurences, "label": part.label}
            yield Update(facet("EntityLink"), link.id, values)


def _change(work: UnitOfWork, operations: list[Operation], gone: list[uuid.UUID]) -> None:
    if operations:
        work.execute(operations)
    if gone:
        retire_all(work, facet("EntityLink"), gone)
