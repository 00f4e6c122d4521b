"""Statements of transactions, prepared in each connection.

Planning many joins costs more than running them (a comment's notifications: 4 ms against 0.4 ms). What
a connection has prepared is noted in its pool record, as `prepare` does for reads.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from zou_server.services.read.run_statement import MAX_PREPARED, SHARED

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

ONE_PLAN = "SET LOCAL plan_cache_mode = force_generic_plan;"
"""To be said before what `Prepared.said` gives: with its own choice PostgreSQL goes on planning for each list
of ids."""

# The first plan is made while the tables of a new studio are all but empty, and kept while they grow: it
# must not be one that reads them whole. When PostgreSQL has counted the rows it plans once more.
_READS_WHOLE = ("enable_seqscan", "enable_hashjoin", "enable_mergejoin")
_BY_INDEX = "".join(f"SET LOCAL {option} = off;" for option in _READS_WHOLE)
_ANY_WAY = "".join(f"SET LOCAL {option} TO DEFAULT;" for option in _READS_WHOLE)
_PLACE = re.compile(r"\$(\d+)")


class Prepared:
    """One statement with parameters `$1`, `$2`, ...; `types` are theirs."""

    def __init__(self, name: str, types: Sequence[str], sql: str) -> None:
        self._name, self._types, self._sql = f"zou_{name}", types, sql
        self._said: dict[tuple[str, ...], str] = {}
        nothing = ", ".join(["NULL"] * len(types))
        self._prepare = (
            f"PREPARE {self._name} ({', '.join(types)}) AS {sql};"
            f"{ONE_PLAN}{_BY_INDEX} EXPLAIN EXECUTE {self._name} ({nothing}); {_ANY_WAY}"
        )

    def ready(self, raw: Any) -> bool:
        """See to it that a connection of the pool knows the statement; False where it is not to know more."""
        if self._name not in raw.info:
            if len(raw.info) >= MAX_PREPARED or SHARED in raw.info:
                return False
            with closing(raw.cursor()) as cursor:
                cursor.execute(self._prepare)
            raw.info[self._name] = True
        return True

    def said(self, raw: Any, *places: str) -> str:
        """The text that runs it on a connection of the pool, with what stands for each parameter."""
        if self._name not in raw.info and not self.ready(raw):
            return self.plain(places)
        return self._said.get(places) or self._said.setdefault(places, self.prepared(places))

    def prepared(self, places: Sequence[str]) -> str:
        """The text for a connection that knows the statement."""
        return f"EXECUTE {self._name} ({', '.join(self._values(places))})"

    def plain(self, places: Sequence[str]) -> str:
        """The text for a connection that does not."""
        values = self._values(places)
        return _PLACE.sub(lambda found: values[int(found[1]) - 1], self._sql)

    def run(self, work: UnitOfWork, *parameters: Any) -> Sequence[Sequence[Any]]:
        """Run it in the unit of work's transaction and return its rows."""
        return self.rows(work.pooled_connection(), *parameters)

    def rows(self, raw: Any, *parameters: Any) -> Sequence[Sequence[Any]]:
        """Run it on a connection of the pool and return its rows."""
        said = self.said(raw, *(["%s"] * len(parameters)))
        with closing(raw.cursor()) as cursor:
            cursor.execute(ONE_PLAN + said, parameters)
            found: Sequence[Sequence[Any]] = cursor.fetchall()
            return found

    def _values(self, places: Sequence[str]) -> list[str]:
        return [f"CAST({place} AS {type_})" for place, type_ in zip(places, self._types, strict=True)]
