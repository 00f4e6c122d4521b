"""A big answer drains from the database into a temporary file at database speed and is sent from there.

So a slow client holds no database connection, an error still gets its status, and memory does not
grow with the answer: it is taken, kept and sent in pieces of so many bytes, whatever the rows are.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from zou_server.models.errors import of_disk
from zou_server.query.statement import Statement
from zou_server.services.read.drain import drain

PIECE = 1024 * 1024
"""Bytes that come from the database at once, about."""

TEXT, BLOCK = 2 * PIECE, 8 * PIECE
"""Bytes of one text, for who looks at the rows again, and of one block of an answer that is sent as it is."""

FIRST_ROWS, MOST_ROWS = 50, 5_000
"""Rows that are fetched before it is known how long they are, and at most at once."""


class Spool:
    """The rows of a statement, each a JSON text, in texts that joined give them separated by `joint`.

    Iterate once, take the blocks once, or close it: the file goes with it.
    """

    def __init__(self, raw: Any, statement: Statement, parameters: dict[str, Any], joint: str = ",") -> None:
        self.rows, self.size = 0, 0
        self._sizes: list[int] = []
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            drain(lambda: self._fill(raw, statement, parameters, joint))
            self._file.seek(0)
        except BaseException as error:
            self._file.close()
            if isinstance(error, OSError):
                raise of_disk(error, "an answer of this size") from error
            raise

    def __iter__(self) -> Iterator[str]:
        """The rows as texts of whole rows, once."""
        try:
            for size in self._sizes:
                yield self._file.read(size).decode()
        finally:
            self._file.close()

    def blocks(self) -> Iterator[bytes]:
        """The same in a few large blocks, once: each costs its sender a turn of everybody else."""
        try:
            while block := self._file.read(BLOCK):
                yield block
        finally:
            self._file.close()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()

    def _fill(self, raw: Any, statement: Statement, parameters: dict[str, Any], joint: str) -> None:
        """Fetch through a server-side cursor, on a connection in autocommit."""
        with raw.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                cursor.execute(f"DECLARE spooled NO SCROLL CURSOR FOR {statement.sql}", parameters)
                while self._take(cursor, joint):
                    pass
            finally:
                cursor.execute("ROLLBACK")

    def _take(self, cursor: Any, joint: str) -> bool:
        """Fetch one piece; False when there are no more rows."""
        wanted = FIRST_ROWS if not self.rows else max(1, min(MOST_ROWS, PIECE * self.rows // (self.size + 1)))
        cursor.execute(f"FETCH {wanted} FROM spooled")
        lines = [line for (line,) in cursor.fetchall()]
        if lines:
            data = ((joint if self.rows else "") + joint.join(lines)).encode()
            self._file.write(data)
            if not self._sizes or self._sizes[-1] + len(data) > TEXT:
                self._sizes.append(0)
            self._sizes[-1] += len(data)
            self.rows += len(lines)
            self.size += len(data)
        return len(lines) == wanted
