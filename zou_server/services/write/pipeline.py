"""The write pipeline: load, policy, schema, apply, components, flush, over a whole list of operations.

Operations are applied in order, so a later one may change what an earlier one made; what must hold
of the finished rows (required fields, the database's constraints) is checked when all are applied.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.base import Identity, Row
from zou_server.models.errors import Conflict, DomainError, Forbidden, Invalid, NotFound, Stale
from zou_server.models.policies import MANAGERS
from zou_server.models.production import Entity
from zou_server.models.registry import FACETS, Facet, Kind
from zou_server.schemas.derive import load, writable
from zou_server.services.actions import ACTIONS
from zou_server.services.components import COMPONENTS
from zou_server.services.components.place_in_tree import move_below, settle_tree
from zou_server.services.write.authorise import authorise, without_masks
from zou_server.services.write.change import Change, display_name
from zou_server.services.write.follow_changes import follow_changes
from zou_server.services.write.links import (
    Linked,
    apply_links,
    expanded,
    links_before,
    retire_unlinked,
    split_links,
)
from zou_server.services.write.operations import Act, Create, Delete, Operation, Result, Revive, Update
from zou_server.services.write.record_changes import record_change
from zou_server.services.write.resolve import Resolver, absent
from zou_server.services.write.retire import retire, revive
from zou_server.services.write.rows import Rows, belongs
from zou_server.services.write.targets import Known, Targets, given_ids
from zou_server.services.write.write_rows import blank

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


UNKNOWN = 0
"""The number of a result until the rows are written and the database has given it."""


class Pipeline:
    """One run over a list of operations."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.session = work.session
        self.actor = work.actor
        self.rows = Rows(work.session, work.actor)
        self.targets = Targets(work.session, work.actor, self.rows.identities())
        self.changes: dict[uuid.UUID, Change] = {}
        self.moved: dict[uuid.UUID, list[uuid.UUID]] = {}
        self.linked: Linked = {}
        self.unlinked: dict[str, list[uuid.UUID]] = {}
        self.is_single = False
        self._memory: dict[str, Any] = {}

    def run(self, operations: Sequence[Operation], known: Iterable[Known] = ()) -> list[Result]:
        """Apply the operations and return one result each; a failure names its index."""
        resolver = Resolver(self.session, operations)
        self.targets.note(known)
        self.is_single = len(operations) == 1
        self._prefetch(operations, resolver)
        self._claim(operations)
        results = []
        for index, operation in enumerate(operations):
            try:
                results.append(_APPLY[type(operation)](self, operation, resolver))
            except DomainError as error:
                error.operation_index = index  # type: ignore[attr-defined]
                raise
        self._finish()
        return [self._completed(result) for result in results]

    def remembered(self, key: str, find: Callable[[Pipeline], Any]) -> Any:
        """Something that components look up once per list of operations."""
        if key not in self._memory:
            self._memory[key] = find(self)
        return self._memory[key]

    def link(self, facet: Facet, values: dict[str, Any]) -> Change:
        """Make a row on behalf of a component or a link: no policy, no schema, same events."""
        return self._make(facet, uuid.uuid4(), values, None)

    def touch(self, facet: Facet, row: Row) -> Change:
        """The change of a loaded row, for an action to set attributes through."""
        change = self.changes.get(row.id) or Change(facet, row, self.rows.identity(row.id), created=False)
        self.changes[row.id] = change
        return change

    @staticmethod
    def result_of(change: Change) -> Result:
        """The result of an operation whose outcome is this row."""
        return Result(change.row.id, UNKNOWN, change.facet)

    # -- phases ----------------------------------------------------------------------------------

    def _prefetch(self, operations: Sequence[Operation], resolver: Resolver) -> None:
        wanted: list[tuple[Facet, uuid.UUID]] = []
        for index, operation in enumerate(operations):
            if isinstance(operation, Create) and operation.id is None:
                continue
            try:
                wanted.append((operation.facet, resolver.target(operation.id, operation.facet.name)))
            except NotFound as error:
                error.operation_index = index  # type: ignore[attr-defined]
                raise
        if wanted:
            self.rows.load(wanted)
        self.targets.load(given_ids(operations))
        self.linked.update(links_before(self.session, operations, resolver))

    def _create(self, operation: Create, resolver: Resolver) -> Result:
        facet = operation.facet
        if operation.id is not None:
            id_ = resolver.target(operation.id, facet.name)
            existing = self.rows.any(id_)
            if existing is not None:
                return self._create_again(operation, existing, resolver)
            if self._is_taken(id_):
                raise Conflict(f"The id {id_} is taken.", {"id": ["has already been taken"]})
        else:
            id_ = uuid.uuid4()
        values = self._loaded(facet, resolver.values(operation.values), None)
        plain, links = split_links(facet, values)
        self._refuse_outsiders(plain)
        change = self._make(facet, id_, plain, operation)
        if operation.made_at or operation.made_by:
            self._made_elsewhere(change, operation, resolver)
        authorise(self, facet, "create", change.row, change.identity.project_id, values)
        apply_links(self, change, links)
        return Result(id_, UNKNOWN, facet)

    def _is_taken(self, id_: uuid.UUID) -> bool:
        return self.targets.get(id_) is not None

    def _create_again(self, operation: Create, existing: Row, resolver: Resolver) -> Result:
        facet, id_ = operation.facet, existing.id
        if existing.deleted_at is None or self.rows.find(facet, id_) is None:
            raise Conflict(f"The id {id_} is taken.", {"id": ["has already been taken"]})
        self._revive(Revive(facet, id_), resolver)
        return self._update(Update(facet, id_, operation.values), resolver)

    def _refuse_outsiders(self, values: dict[str, Any]) -> None:
        """A person outside a project learns nothing from trying to create in it."""
        project = values.get("project_id")
        if project is not None and self.actor.role_in(project) is None:
            raise Invalid(fields={"project_id": ["does not exist"]})

    def _make(self, facet: Facet, id_: uuid.UUID, values: dict[str, Any], operation: Create | None) -> Change:
        work = self.work
        now = (operation and operation.made_at) or work.moment()
        author = self._author()
        stamps = {"created_at": now, "updated_at": now, "created_by_id": author, "updated_by_id": author}
        row: Any = blank(facet.model, {**start_of(facet.model), "id": id_, "lock_version": 0, **stamps})
        number = operation.number if operation else None
        identity = blank(Identity, {"id": id_, "kind": facet.kind, "number": number})
        change = Change(facet, row, identity, created=True)
        for name, value in {**facet.defaults, **values}.items():
            change.set(name, value)
        change.before = {name: old for name, old in change.before.items() if name in values}
        for prepare in COMPONENTS.get(facet.model.__name__, ()):
            prepare(self, change)
        vars(identity).update(
            kind=identity.kind or kind_of_row(facet, change.row),
            name=display_name(facet, change.row),
            project_id=self._project_of(facet, change.row),
        )
        self.session.make(identity, row)
        self.rows.add(change.row, identity)
        self.changes[id_] = change
        return change

    def _made_elsewhere(self, change: Change, operation: Create, resolver: Resolver) -> None:
        """Only who runs a production says that a row was made by somebody else, or at another time."""
        facet = change.facet
        if self.actor.role_in(change.identity.project_id) not in MANAGERS:
            raise Forbidden(f"Your role does not let you say when a {facet.name} was made, or by whom.")
        if operation.made_by is not None:
            maker = resolver.values({"created_by_id": operation.made_by})
            self.targets.check(facet, maker)
            vars(change.row).update(maker)

    def _author(self) -> uuid.UUID | None:
        return None if self.actor.person_id.int == 0 else self.actor.person_id

    def _claim(self, operations: Sequence[Operation]) -> None:
        """Take the numbers that an importer chose: the sequence goes on behind them."""
        numbers = [each.number for each in operations if isinstance(each, Create) and each.number is not None]
        if not numbers:
            return
        raise_to = sa.text(
            "SELECT setval('object_number', greatest(:n, (SELECT last_value FROM object_number)))"
        )
        self.session.execute(raise_to, {"n": max(numbers)})

    def _update(self, operation: Update, resolver: Resolver) -> Result:
        facet = operation.facet
        row = self._live(operation, resolver)
        if (
            operation.version is not None
            and operation.version != row.lock_version
            and row.id not in self.changes
        ):
            versions = f"(yours {operation.version}, current {row.lock_version})"
            raise Stale(f"Attempted to update a stale {facet.name} {versions}.")
        change = self.changes.get(row.id) or Change(facet, row, self.rows.identity(row.id), created=False)
        values = without_masks(self, facet, self._loaded(facet, resolver.values(operation.values), row))
        authorise(self, facet, "update", row, change.identity.project_id, values)
        plain, links = split_links(facet, values)
        for name, value in plain.items():
            change.set(name, value)
        self.changes[row.id] = change
        apply_links(self, change, links)
        for prepare in COMPONENTS.get(facet.model.__name__, ()):
            prepare(self, change)
        return Result(row.id, UNKNOWN, facet)

    def _delete(self, operation: Delete, resolver: Resolver) -> Result:
        facet = operation.facet
        row = self._found(operation, resolver)
        id_, identity = row.id, self.rows.identity(row.id)
        if row.deleted_at is not None:
            return Result(id_, identity.number, facet, changed=False)
        if operation.version is not None and operation.version != row.lock_version:
            raise Stale(f"Attempted to delete a stale {facet.name}.")
        authorise(self, facet, "delete", row, identity.project_id, {})
        number = identity.number
        retire(self.work, facet, row, identity)
        return Result(id_, number, facet)

    def _revive(self, operation: Revive, resolver: Resolver) -> Result:
        facet = operation.facet
        row = self._found(operation, resolver)
        id_, identity = row.id, self.rows.identity(row.id)
        if row.deleted_at is None:
            return Result(id_, identity.number, facet, changed=False)
        authorise(self, facet, "revive", row, identity.project_id, {})
        number = identity.number
        revive(self.work, identity)
        return Result(id_, number, facet)

    def _act(self, operation: Act, resolver: Resolver) -> Result:
        action = ACTIONS.get(operation.action)
        if action is None:
            raise Invalid(f"There is no action '{operation.action}'.")
        row = self._live(operation, resolver)
        return action(self, row, resolver.values(operation.values))

    # -- helpers ---------------------------------------------------------------------------------

    def _found(self, operation: Update | Delete | Revive | Act, resolver: Resolver) -> Row:
        """The row that an operation is about, retired or not."""
        row = self.rows.find(operation.facet, resolver.target(operation.id, operation.facet.name))
        if row is None:
            raise absent(operation.id, operation.facet.name)
        return row

    def _live(self, operation: Update | Act, resolver: Resolver) -> Row:
        row = self._found(operation, resolver)
        if row.deleted_at is not None:
            raise absent(operation.id, operation.facet.name)
        return row

    def _loaded(self, facet: Facet, given: dict[str, Any], row: Row | None) -> dict[str, Any]:
        values = load(facet, expanded(self, facet, given, row))
        self.targets.check(facet, values)
        return values

    def _project_of(self, facet: Facet, row: Row) -> uuid.UUID | None:
        """The project that a row belongs to, for the identity table and the events."""
        if facet.project == "id":
            return row.id
        hop, _, rest = facet.project.partition(".")
        value = getattr(row, hop if not rest else f"{hop}_id", None) if hop else None
        if not rest or value is None:
            return value
        identity = self.targets.get(value)
        return identity.project_id if identity else None

    def _finish(self) -> None:
        settle_tree(self)
        # A task's project is that of its entity, so entities come first.
        for change in sorted(self.changes.values(), key=lambda each: not isinstance(each.row, Entity)):
            self._settle(change)
        self.session.flush_last()
        retire_unlinked(self)
        for id_, old in self.moved.items():
            move_below(self, self.changes[id_].row, old)
        for change in self.changes.values():
            record_change(self.work, change)
        follow_changes(self.work, self.changes.values())

    def _settle(self, change: Change) -> None:
        """What must hold of a row when all operations are applied, and what its identity says of it."""
        row: Any = change.row
        if "project_id" in change.facet.table.c and row.project_id is None:
            about = self.targets.get(getattr(row, "entity_id", None) or getattr(row, "object_id", None))
            row.project_id = about.project_id if about else None
        if change.created:
            self._require(change)
        elif change.is_changed:
            row.lock_version += 1
            row.updated_at = self.work.now
            row.updated_by_id = self._author()
        else:
            return
        name, project_id = display_name(FACETS_OF[type(row)], row), self._project_of(change.facet, row)
        if change.identity.name != name:
            change.identity.name = name
        if change.identity.project_id != project_id:
            change.identity.project_id = project_id

    @staticmethod
    def _require(change: Change) -> None:
        missing = {
            name: ["is required"] for name in required(change.facet) if getattr(change.row, name) is None
        }
        if missing:
            raise Invalid(fields=missing)

    def _completed(self, result: Result) -> Result:
        change = self.changes.get(result.id)
        if change is None:
            return result
        found = {} if change.created else change.changes()
        return Result(result.id, change.identity.number, result.facet, change.is_changed, found)


class _FacetsOf(dict[type, Facet]):
    """Model -> the facet that is the whole table."""

    def __missing__(self, model: type) -> Facet:
        self[model] = FACETS[model.__name__]
        return self[model]


FACETS_OF = _FacetsOf()


@cache
def start_of(model: type) -> dict[str, Any]:
    """What the columns of a model hold when nothing is said, known before the row is written."""
    columns = model.__table__.columns  # type: ignore[attr-defined]
    return {c.name: c.default.arg if c.default is not None and c.default.is_scalar else None for c in columns}


@cache
def required(facet: Facet) -> tuple[str, ...]:
    """The attributes that a new row must have a value for."""
    return tuple(
        name
        for name, field in facet.fields.items()
        if field.required and writable(field) and field.kind is not Kind.LINKS
    )


def kind_of_row(facet: Facet, row: Row) -> str:
    """The kind of a row made through a facet that leaves it to the row."""
    for each in FACETS.values():
        if each.model is facet.model and each.kind and belongs(row, each.where):
            return each.kind
    raise Invalid(f"This {facet.name} is of no known kind.")


_APPLY: dict[type, Callable[[Pipeline, Any, Resolver], Result]] = {
    Create: Pipeline._create,
    Update: Pipeline._update,
    Delete: Pipeline._delete,
    Revive: Pipeline._revive,
    Act: Pipeline._act,
}
