"""The door that dialects go through: reads and writes on behalf of one actor.

text = studio.read(actor).page(query, spelling).text    # JSON text, rows joined by commas
with studio.write(actor) as work:                       # one transaction
results = work.execute([Create(...), ...])
text = work.read.one(query, spelling)               # sees what was just written
work.commit()                                       # leaving without it rolls back
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.base import Clock, utc_now
from zou_server.services.read.integrity import REFUSALS, refuse
from zou_server.services.read.kept_answers import KeptAnswers
from zou_server.services.read.reader import Reader
from zou_server.services.read.source import OneDatabase, Source
from zou_server.services.write.pipeline import run
from zou_server.services.write.rulebook import Rulebook
from zou_server.services.write.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from zou_server.services.ports import Jobs


class Studio:
    """The studio's data: one object for the whole process, made by the composition root.

    `reads` is an engine in autocommit (a single statement needs no transaction), `writes` one that
    opens transactions; `rulebook` holds what follows from a change and every verb (`services/rulebook.py`);
    `jobs` takes the work that a change leaves for later. `now` is the one clock: of the moments that changes
    are stamped with, and of the filters that say "in the last week". `answers` is where reads for people go,
    such as a replica; without it they go to `reads`, as everything else does.
    """

    def __init__(
        self,
        reads: sa.Engine,
        writes: sa.Engine,
        rulebook: Rulebook,
        jobs: Jobs | None = None,
        now: Clock = utc_now,
        answers: Source | None = None,
    ) -> None:
        self.reads, self.writes, self._rulebook, self._jobs = reads, writes, rulebook, jobs
        self._primary, self._changes = OneDatabase(reads), OneDatabase(writes)
        self._answers = answers or self._primary
        self._kept = KeptAnswers()
        self.now = now

    def read(self, actor: Actor, *, again: bool = True) -> Reader:
        """A reader for this actor; `again` is False for who follows the log and never asks the same twice."""
        return Reader(self._answers, actor, kept=self._kept) if again else Reader(self._primary, actor)

    def write(self, actor: Actor) -> UnitOfWork:
        """A unit of work for this actor; what is not committed is rolled back.

        Whatever the database refuses meanwhile, or while it goes away, is a domain error.
        """
        work = UnitOfWork(self.writes, actor, self._rulebook, run, self._jobs, self.now())
        try:
            work.read = Reader(self._changes, actor, work.session.pooled_connection())
        except REFUSALS as error:
            refuse(error)
        return work
