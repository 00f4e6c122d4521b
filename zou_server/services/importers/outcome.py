"""What an import does, line by line: the one way in which importers write, and what is told of it.

Operations run in shares, so that the other requests of this process get their turn during a long import;
all shares are one transaction.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import DomainError, Forbidden, Invalid
from zou_server.models.registry import Facet
from zou_server.services.importers.problems import WrongLines
from zou_server.services.importers.tables.kept import Kept
from zou_server.services.write.operations import Act, Create, Operation, Result
from zou_server.services.write.record_changes import plain

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

SHARE = 500
"""Operations that run together."""


@dataclass(frozen=True, slots=True)
class Told:
    """One row that an import makes or changes: the line that asks for it, and its new values.

    `line` is None for what no line is about, such as a new custom field.
    """

    line: int | None
    kind: str
    id: uuid.UUID
    values: Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """The rows of a file, and what became of them."""

    work: UnitOfWork
    facet: Facet
    ids: Kept[uuid.UUID] = field(default_factory=Kept)
    """The row of each line, in the file's order."""
    made: Kept[Told] = field(default_factory=Kept)
    changed: Kept[Told] = field(default_factory=Kept)

    def execute(self, planned: Sequence[tuple[int | None, Operation]]) -> list[Result]:
        """Run operations that lines ask for; what one of them may not or cannot do names its line."""
        results: list[Result] = []
        for start in range(0, len(planned), SHARE):
            share = planned[start : start + SHARE]
            try:
                found = self.work.execute([operation for _, operation in share])
            except DomainError as error:
                raise _of_line(error, share) from error
            for (line, operation), result in zip(share, found, strict=True):
                self._tell(line, operation, result)
            results += found
            time.sleep(0)  # to whoever waits
        return results

    def _tell(self, line: int | None, operation: Operation, result: Result) -> None:
        if isinstance(operation, Create | Act):
            given = operation.values
            told = Told(line, result.facet.name, result.id, {n: plain(v) for n, v in given.items()})
            self.made.append(told)
        elif result.changed:
            values = {name: plain(new) for name, (_, new) in result.changes.items()}
            self.changed.append(Told(line, result.facet.name, result.id, values))


def _of_line(error: DomainError, share: Sequence[tuple[int | None, Operation]]) -> DomainError:
    index = getattr(error, "operation_index", None)
    line = None if index is None else share[index][0]
    if line is None:
        return error
    message = f"Line {line}: {error.message}"
    if isinstance(error, Invalid):
        return WrongLines(message, {line: error.fields or {"row": [error.message]}})
    return Forbidden(message) if isinstance(error, Forbidden) else error
