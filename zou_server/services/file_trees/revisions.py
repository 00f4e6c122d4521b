"""Revisions: which number comes next, so that two publishers never get the same one.

Files are revisions of one another when a shipped tree would put them in the same place: working files
of one entity, step and name; output files of one entity (or copy of an asset, and where it is), output
type, step and name, whatever their representation. The number of a file that was removed is not given
again: it may still be on a disk.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import All, Condition, Op, Order, Output, Projection, Query, Retired, Where
from zou_server.models.errors import Conflict, Invalid
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.read.reader import Reader

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

PLAIN = Spelling()
MOST = 2**31 - 1
_NUMBER = Projection((Output("revision", "revision"),))
_LOCK = sa.text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


class RevisionTaken(Conflict):
    """There is a file with this revision already."""

    code = "revision_taken"
    cure = "Ask for the next revision: leave `revision` out, or send 0."


@dataclass(frozen=True, slots=True)
class Series:
    """Files that are revisions of one another: the facet, whose they are, and what they have in common.

    `same` are paths and values; `apart` is what one revision may have several of.
    """

    kind: str
    owner: uuid.UUID | str
    same: Mapping[str, Any]
    apart: Mapping[str, Any]

    def condition(self) -> Condition:
        """The files of the series."""
        return All(tuple(_equal(path, value) for path, value in self.same.items()))


def working_series(task: Any, name: str) -> Series:
    """The working files that share a place with those of a task."""
    same = {"entity_id": task.entity_id, "task.task_type_id": task.task_type_id, "name": name}
    return Series("WorkingFile", task.entity_id, same, {})


def output_series(common: Mapping[str, Any], representation: str = "") -> Series:
    """The output files of an entity, or of a copy of an asset in a place: `common` names them."""
    same = {
        "asset_instance_id": None,
        "temporal_entity_id": None,
        "output_type_id": None,
        "task_type_id": None,
        **common,
    }
    owner = same["asset_instance_id"] or same["entity_id"]
    return Series("OutputFile", owner, same, {"representation": representation})


def last_revision(reader: Reader, series: Series) -> int:
    """The highest revision so far, 0 before the first."""
    query = Query(
        facet(series.kind),
        _NUMBER,
        series.condition(),
        (Order("revision", descending=True),),
        limit=1,
        retired=Retired.BOTH,
    )
    text = reader.page(query, PLAIN).text
    return int(orjson.loads(text)["revision"] or 0) if text else 0


def claim_revision(work: UnitOfWork, series: Series, wanted: int) -> int:
    """The revision of a new file: `wanted`, or the next when that is 0.

    Nobody else gets a revision of the same owner until this transaction has ended. RevisionTaken when
    the one wanted is there already.
    """
    if not 0 <= wanted <= MOST:
        raise Invalid(fields={"revision": ["is not a revision"]})
    work.session.execute(_LOCK, {"key": f"files of {series.owner}"})
    work.session.flush()
    reader = work.read.on_behalf_of(SYSTEM)
    if wanted == 0:
        return last_revision(reader, series) + 1
    same = (series.condition(), Where("revision", Op.EQ, wanted))
    apart = tuple(_equal(path, value) for path, value in series.apart.items())
    if reader.count(Query(facet(series.kind), _NUMBER, All((*same, *apart))), PLAIN):
        what = "working" if series.kind == "WorkingFile" else "output"
        raise RevisionTaken(
            f"The given {what} file already exists.", {"revision": ["has already been taken"]}
        )
    return wanted


def _equal(path: str, value: Any) -> Condition:
    if value is None:
        return Where(path, Op.NULL)
    return Where(path, Op.EQ, str(value) if isinstance(value, uuid.UUID) else value)
