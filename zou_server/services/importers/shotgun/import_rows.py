"""A list of Shotgun's rows of one kind, made rows of ours; a second time it changes nothing.

The order within a list does not matter: rows of the list may refer to each other (assets to their
parents). What they refer to in other kinds must have been imported before: a row whose project, task or
entity is not known is left out, one whose sequence or step is not is taken in without it. Either way a
record says so (`record_problems.py`), and importing the row again later completes it.

Fields that are empty in Shotgun leave ours as they are; lists (assets, assignees) are taken at their word.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid, UnknownType
from zou_server.models.policies import require
from zou_server.services.importers.shotgun.cast_assets import cast_assets
from zou_server.services.importers.shotgun.complete_rows import PREPARE
from zou_server.services.importers.shotgun.custom_fields import take_custom_fields
from zou_server.services.importers.shotgun.find_references import find_references
from zou_server.services.importers.shotgun.find_words import find_words
from zou_server.services.importers.shotgun.follow_rows import FOLLOW
from zou_server.services.importers.shotgun.kinds import KINDS, ImportKind
from zou_server.services.importers.shotgun.match_rows import match_rows
from zou_server.services.importers.shotgun.read_rows import read_rows
from zou_server.services.importers.shotgun.record_problems import record_problems
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.importers.shotgun.write_all import write_all

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

_ONE_AT_A_TIME = sa.text("SELECT pg_advisory_xact_lock(7402, 1)")


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of importing a list: the ids of the resulting rows in its order, and counts of its rows.

    `incomplete` are the rows as sent that have a record of what is wrong.
    """

    ids: list[uuid.UUID] = field(default_factory=list)
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: int = 0
    incomplete: list[Any] = field(default_factory=list)


IMPORT = "import from Shotgun"


def kind_called(name: str) -> ImportKind:
    """The kind of rows with this name."""
    kind = KINDS.get(name)
    if kind is None:
        raise UnknownType(f"There is no import of '{name}'.")
    return kind


def checked_list(sent: Any) -> list[Any]:
    """The body of an import: a list."""
    if not isinstance(sent, list):
        raise Invalid("The body must be a list of Shotgun entities.", {"body": ["is not a list"]})
    return sent


def import_rows(work: UnitOfWork, name: str, sent: Sequence[Any]) -> Imported:
    """Import a list; the caller commits. Rows that cannot be imported leave a record and stop no other."""
    require(work.actor, "import", "run", IMPORT)
    kind = kind_called(name)
    work.tells = False
    # Two imports at once would both find a row missing, and both make it.
    work.session.execute(_ONE_AT_A_TIME)
    rows = find_references(work, kind, read_rows(kind, sent))
    find_words(work, kind, rows)
    rows = match_rows(work, kind, rows)
    take_custom_fields(work, kind, rows)
    if name in PREPARE:
        PREPARE[name](work, [row for row in rows if not row.refused])
    write_all(work, kind, rows)
    cast_assets(work, kind, rows)
    if name in FOLLOW:
        FOLLOW[name](work, [row for row in rows if not row.refused])
    return _summary(rows, record_problems(work, name, rows))


def _summary(rows: Sequence[SgRow], errors: int) -> Imported:
    good = [row for row in rows if not row.refused]
    created = sum(row.created for row in good)
    updated = sum(row.changed and not row.created for row in good)
    wrong = {id(row.source or row): row for row in rows if row.problem or (row.source and row.source.problem)}
    return Imported(
        ids=[row.id for row in good if row.id is not None],
        created=created,
        updated=updated,
        unchanged=len(good) - created - updated,
        errors=errors,
        incomplete=[row.raw for row in wrong.values()],
    )
