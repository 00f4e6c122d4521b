"""What the links of a write point at: that it exists, is live, visible and of the right kind.

One statement for all links of a list of operations. Rows made earlier in the same list count.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.base import Identity
from zou_server.models.errors import Invalid
from zou_server.models.registry import ANY, FACETS, Facet, Kind, facet_of_kind
from zou_server.models.visibility import is_limited
from zou_server.query.facets import kinds_of
from zou_server.services.write.operations import Create, Edit, Operation, Update
from zou_server.services.write.prepared import Prepared
from zou_server.services.write.visible_ids import visible_ids
from zou_server.services.write.write_rows import WritingSession


class Place(NamedTuple):
    """The place of an entity in the tree, from which what hangs below it takes its own."""

    id: uuid.UUID
    kind: str
    path: list[uuid.UUID] | None
    project_id: uuid.UUID | None
    sequence_id: uuid.UUID | None
    episode_id: uuid.UUID | None


class Known(NamedTuple):
    """The target of a link, as far as a link needs to know it; an entity of a short list with its place."""

    id: uuid.UUID
    kind: str
    name: str | None
    project_id: uuid.UUID | None
    deleted_at: dt.datetime | None
    place: Place | None = None


KNOWN = sa.select(Identity.id, Identity.kind, Identity.name, Identity.project_id, Identity.deleted_at)
"""The statement of all identities, a row for each `Known`; to be narrowed."""

FEW = 20
"""So many targets are looked up with their places: one of them may be what a new row hangs below."""

_BY_ID = Prepared(
    "targets", ("uuid[]",), "SELECT id, kind, name, project_id, deleted_at FROM object WHERE id = ANY($1)"
)
_WITH_PLACE = Prepared(
    "targets_and_places",
    ("uuid[]",),
    """
SELECT o.id, o.kind, o.name, o.project_id, o.deleted_at,
       e.id, e.kind, e.path, e.project_id, e.sequence_id, e.episode_id
FROM object o LEFT JOIN entity e ON e.id = o.id WHERE o.id = ANY($1)
""",
)


class Targets:
    """The identities that links point at."""

    def __init__(self, session: WritingSession, actor: Actor, known: dict[uuid.UUID, Identity]) -> None:
        self._session, self._actor, self._known = session, actor, known
        self._found: dict[uuid.UUID, Known] = {}
        self._free: set[uuid.UUID] = set()

    def load(self, ids: Iterable[uuid.UUID]) -> None:
        """Look up the ids not known yet."""
        found, known, free = self._found, self._known, self._free
        wanted = {id_ for id_ in ids if id_ not in found and id_ not in known and id_ not in free}
        if wanted:
            statement = _WITH_PLACE if len(wanted) <= FEW else _BY_ID
            for id_, kind, name, project_id, gone, *place in statement.rows(
                self._session.pooled_connection(), [str(id_) for id_ in wanted]
            ):
                placed = Place._make(place) if place and place[0] else None
                found[id_] = Known(id_, kind, name, project_id, gone, placed)
            free |= wanted - found.keys()  # asked for again they are not looked up again

    def note(self, known: Iterable[Known]) -> None:
        """Take identities that were read in this transaction: they are not looked up again."""
        for each in known:
            self._found[each.id] = each

    def place(self, id_: uuid.UUID) -> Place | None:
        """The place of an entity that was looked up with it."""
        found = self._found.get(id_)
        return found.place if found is not None else None

    def get(self, id_: uuid.UUID | None) -> Identity | Known | None:
        """The identity behind an id, looked up unless it is known; None when there is none."""
        if id_ is None:
            return None
        found = self._known.get(id_) or self._found.get(id_)
        if found is None:
            self.load([id_])
        return found or self._found.get(id_)

    def check(self, facet: Facet, values: Mapping[str, Any]) -> None:
        """Raise Invalid for every link that points at nothing usable; those not known are looked up."""
        wrong: dict[str, list[str]] = {}
        links = links_of(facet, values)
        if not links:
            return
        self.load([id_ for _, id_ in links])
        for name, id_ in links:
            found = self._known.get(id_) or self._found.get(id_)
            self._test(name, facet.fields[name].target, found, wrong)
        if wrong:
            raise Invalid(fields=wrong)
        if is_limited(self._actor):
            self._check_limits(facet, values)

    def _check_limits(self, facet: Facet, values: Mapping[str, Any]) -> None:
        """Raise Invalid for links to rows of one's projects that are not for people from outside."""
        by_kind: dict[str, set[uuid.UUID]] = {}
        links = links_of(facet, values)
        for id_ in {id_ for _, id_ in links} - set(self._known):
            by_kind.setdefault(self._found[id_].kind, set()).add(id_)
        for kind, found in by_kind.items():
            hidden = found - visible_ids(self._session, self._actor, facet_of_kind(kind), found)
            if hidden:
                raise Invalid(fields={name: ["does not exist"] for name, id_ in links if id_ in hidden})

    def _test(
        self, name: str, target: str, identity: Identity | Known | None, wrong: dict[str, list[str]]
    ) -> None:
        if identity is None or identity.deleted_at is not None or not self._visible(identity):
            wrong.setdefault(name, []).append("does not exist")
        elif target != ANY and identity.kind not in kinds_of(FACETS[target]):
            wrong.setdefault(name, []).append(f"is a {identity.kind}, not a {target}")

    def _visible(self, identity: Identity | Known) -> bool:
        if self._actor.is_admin or identity.project_id is None:
            return True
        return identity.project_id in self._actor.project_roles or identity.id in self._known


def links_of(facet: Facet, values: Mapping[str, Any]) -> list[tuple[str, uuid.UUID]]:
    """Every id that the values of a facet link to, with the name of the link."""
    found: list[tuple[str, uuid.UUID]] = []
    for name, value in values.items():
        kind = facet.fields[name].kind
        if kind is Kind.LINK and value is not None:
            found.append((name, value))
        elif kind is Kind.LINKS:
            found += [(name, each) for each in value]
    return found


def given_ids(operations: Iterable[Operation]) -> list[uuid.UUID]:
    """The ids that a list of operations links to, as far as they can be told before it is checked."""
    given: list[Any] = []
    for operation in operations:
        if isinstance(operation, Create) and operation.id is not None:
            given.append(operation.id)  # it may be taken
        if isinstance(operation, Create | Update):
            for name, value in operation.values.items():
                field = operation.facet.fields.get(name)
                if field is not None and field.kind is Kind.LINK:
                    given.append(value)
                elif field is not None and field.kind is Kind.LINKS:
                    items = value.items if isinstance(value, Edit) else value
                    given += items if isinstance(items, list | tuple) else ()
    return _ids(given)


def _ids(given: Iterable[Any]) -> list[uuid.UUID]:
    found: list[uuid.UUID] = []
    for value in given:
        if isinstance(value, uuid.UUID):
            found.append(value)
        elif isinstance(value, str):
            with suppress(ValueError):
                found.append(uuid.UUID(value))
    return found
