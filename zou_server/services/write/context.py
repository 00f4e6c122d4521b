"""Context: what rules and actions know of one list of operations: session, actor, rows, targets, changes.

They change rows through it (`touch`, `link`) and look things up once per list (`once`); they never see the
pipeline, so nothing below it depends on how a list is run.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

import sqlalchemy as sa

from zou_server.models.base import Identity, Row, new_id
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS, Facet
from zou_server.services.write.change import Change, display_name
from zou_server.services.write.operations import Create, Result
from zou_server.services.write.rows import Rows, belongs
from zou_server.services.write.targets import Targets
from zou_server.services.write.write_rows import blank

if TYPE_CHECKING:
    from zou_server.models.policies import Facts
    from zou_server.services.write.unit_of_work import UnitOfWork

UNKNOWN = 0
"""The number of a result until the rows are written and the database has given it."""

Link = tuple[str, str, str]
"""The link facet, its column that points here, and which of its rows where a link is made of some only."""
Linked = dict[tuple[Link, uuid.UUID], list[Row]]
"""Link and row -> the link rows that the row had before."""

P = ParamSpec("P")
T = TypeVar("T")


class Context:
    """One list of operations under way: its rows, the changes made to them, and what was looked up."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.session = work.session
        self.actor = work.actor
        self.rows = Rows(work.session, work.actor)
        self.targets = Targets(work.session, work.actor, self.rows.identities)
        self.changes: dict[uuid.UUID, Change] = {}
        self.linked: Linked = {}
        self.unlinked: dict[str, list[uuid.UUID]] = {}
        self.dropped: dict[sa.Table, list[uuid.UUID]] = {}
        self.is_single = self.makes = False
        """Whether the list is of one operation, and whether it makes a row."""
        self._memory: dict[Any, Any] = {}
        self._facts: Facts | None = None

    @property
    def facts(self) -> Facts:
        """The facts of who works where, as policies ask; looked up once for all rows of the list."""
        if self._facts is None:
            self._facts = self.work.rulebook.facts(self)
        return self._facts

    def once(self, find: Callable[Concatenate[Context, P], T], *args: P.args, **named: P.kwargs) -> T:
        """Return find(context, *args), called once per list of operations for the same arguments."""
        key = (find, args, tuple(named.items()))
        if key not in self._memory:
            self._memory[key] = find(self, *args, **named)
        return cast("T", self._memory[key])

    def link(self, facet: Facet, values: dict[str, Any]) -> Change:
        """Make a row on behalf of a rule or a link: no policy, no schema, same events."""
        return self.make(facet, new_id(), values, None)

    def touch(self, facet: Facet, row: Row) -> Change:
        """The change of a loaded row, for an action to set attributes through."""
        change = self.changes.get(row.id) or Change(facet, row, self.rows.identity(row.id), created=False)
        self.changes[row.id] = change
        return change

    @staticmethod
    def result_of(change: Change) -> Result:
        """The result of an operation whose outcome is this row."""
        return Result(change.row.id, UNKNOWN, change.facet)

    def make(self, facet: Facet, id_: uuid.UUID, values: dict[str, Any], operation: Create | None) -> Change:
        """Make a row with its identity, run its rules, and know it from then on."""
        work = self.work
        now = (operation and operation.made_at) or work.moment()
        author = self.author()
        stamps = {"created_at": now, "updated_at": now, "created_by_id": author, "updated_by_id": author}
        row: Any = blank(facet.model, {**start_of(facet.model), "id": id_, "lock_version": 0, **stamps})
        number = operation.number if operation else None
        identity = blank(Identity, {"id": id_, "kind": facet.kind, "number": number})
        change = Change(facet, row, identity, created=True)
        for name, value in {**facet.defaults, **values}.items():
            change.set(name, value)
        change.before = {name: old for name, old in change.before.items() if name in values}
        change.given = dict.fromkeys(values)
        change.say(values)
        for complete in work.rulebook.rule(facet.model).before:
            complete(self, change)
        vars(identity).update(
            kind=identity.kind or kind_of_row(facet, change.row),
            name=display_name(facet, change.row),
            project_id=self.project_of(facet, change.row),
        )
        self.makes = True
        self.session.make(identity, row)
        self.rows.add(change.row, identity)
        self.changes[id_] = change
        return change

    def completed(self, result: Result) -> Result:
        """The result of an operation with what is known when all is written: the number, and what changed."""
        change = self.changes.get(result.id)
        if change is None:
            return result
        found = {} if change.created else change.changes()
        return Result(result.id, change.identity.number, result.facet, change.created or bool(found), found)

    def author(self) -> uuid.UUID | None:
        """The author of the change; None for the server itself."""
        return None if self.actor.person_id.int == 0 else self.actor.person_id

    def project_of(self, facet: Facet, row: Row) -> uuid.UUID | None:
        """The project that a row belongs to, for the identity table and the events."""
        if facet.project == "id":
            return row.id
        hop, _, rest = facet.project.partition(".")
        value = getattr(row, hop if not rest else f"{hop}_id", None) if hop else None
        if not rest or value is None:
            return value
        identity = self.targets.get(value)
        return identity.project_id if identity else None


@cache
def start_of(model: type) -> dict[str, Any]:
    """The defaults of a model's columns, known before the row is written."""
    columns = model.__table__.columns  # type: ignore[attr-defined]
    return {c.name: c.default.arg if c.default is not None and c.default.is_scalar else None for c in columns}


def kind_of_row(facet: Facet, row: Row) -> str:
    """The kind of a row made through a facet that leaves it to the row."""
    for each in FACETS.values():
        if each.model is facet.model and each.kind and belongs(row, each.where):
            return each.kind
    raise Invalid(f"This {facet.name} is of no known kind.")
