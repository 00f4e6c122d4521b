"""The entities of a project as people name them: below a sequence or a type of assets, in an episode."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from zou_server.models.production import Entity, EntityType
from zou_server.services.exporters.cells import returned
from zou_server.services.exporters.export_lists import MAIN_PACK

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class KnownEntity:
    """An entity: its kind, what it hangs below (a sequence's name, a type's), and its episode's name."""

    id: uuid.UUID
    kind: str
    parent: str
    type: str
    episode: str


class EntitiesByName:
    """Shots, assets and whatever else a project is made of, looked up once."""

    def __init__(self, work: UnitOfWork, project_id: uuid.UUID) -> None:
        self._work, self._project_id = work, project_id

    @cached_property
    def _found(self) -> dict[str, list[KnownEntity]]:
        sequence, episode, source = aliased(Entity), aliased(Entity), aliased(Entity)
        rows = self._work.session.execute(
            sa.select(
                Entity.id, Entity.name, Entity.kind, sequence.name, EntityType.name, episode.name, source.name
            )
            .outerjoin(sequence, Entity.sequence_id == sequence.id)
            .outerjoin(EntityType, Entity.entity_type_id == EntityType.id)
            .outerjoin(episode, Entity.episode_id == episode.id)
            .outerjoin(source, Entity.source_id == source.id)
            .where(Entity.project_id == self._project_id, Entity.deleted_at.is_(None))
            .order_by(Entity.created_at, Entity.id)
        )
        found: dict[str, list[KnownEntity]] = defaultdict(list)
        for id_, name, kind, below, type_, in_, source_ in rows:
            type_name = _folded(type_)
            parent = type_name if kind == "Asset" else _folded(below)
            known = KnownEntity(id_, kind, parent, type_name, _folded(source_ if kind == "Asset" else in_))
            found[_folded(name)].append(known)
        return found

    def find(
        self,
        name: str,
        *,
        parent: str | None = None,
        type_: str | None = None,
        episode: str | None = None,
        kinds: frozenset[str] | None = None,
        among: Container[uuid.UUID] | None = None,
    ) -> uuid.UUID:
        """The one entity of a name; what is not None must hold. ValueError says why there is not one.

        The main pack of a series is an episode without a name.
        """
        wanted = "" if episode is None or episode.upper() == MAIN_PACK else _folded(episode)
        found = [
            each
            for each in self._found.get(_folded(name), [])
            if (parent is None or each.parent == _folded(parent))
            and (type_ is None or each.type == _folded(type_))
            and (episode is None or each.episode == wanted)
            and (kinds is None or each.kind in kinds)
            and (among is None or each.id in among)
        ]
        place = "/".join(part for part in (episode, parent or type_, name) if part)
        if not found:
            raise ValueError(f"there is no '{place[:120]}' in the project")
        if len(found) > 1:
            raise ValueError(f"'{place[:120]}' may be {len(found)} of the project; say what it hangs below")
        return found[0].id


def _folded(name: str | None) -> str:
    return returned(name).casefold()
