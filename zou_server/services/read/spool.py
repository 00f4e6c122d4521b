"""A big answer drains from the database into a temporary file at database speed and is sent from there.

So a slow client holds no database connection, an error still gets its status, and memory does not
grow with the answer.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, Any

from zou_server.models.errors import Unavailable
from zou_server.query.statement import Statement

FETCH = 2_000
"""Rows that come from the database at once; as many are one piece of the answer."""


class Spool:
    """The rows of a statement, each a JSON text, in pieces that joined give them separated by `joint`.

    Iterate once, or close it: the file goes with it.
    """

    def __init__(self, raw: Any, statement: Statement, parameters: dict[str, Any], joint: str = ",") -> None:
        self._sizes: list[int] = []
        self._file: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by close()
        try:
            for piece in _pieces(raw, statement, parameters, joint):
                data = piece.encode()
                self._file.write(data)
                self._sizes.append(len(data))
            self._file.seek(0)
        except BaseException as error:
            self._file.close()
            if isinstance(error, OSError):
                raise Unavailable("There is no room to prepare an answer of this size.") from error
            raise

    def __iter__(self) -> Iterator[str]:
        """The pieces, once."""
        try:
            for size in self._sizes:
                yield self._file.read(size).decode()
        finally:
            self._file.close()

    def close(self) -> None:
        """Let the file go."""
        self._file.close()


def _pieces(raw: Any, statement: Statement, parameters: dict[str, Any], joint: str) -> Iterator[str]:
    """Fetch through a server-side cursor, on a connection in autocommit."""
    with raw.cursor() as cursor:
        cursor.execute("BEGIN")
        try:
            cursor.execute(f"DECLARE spooled NO SCROLL CURSOR FOR {statement.sql}", parameters)
            separator = ""
            while True:
                cursor.execute(f"FETCH {FETCH} FROM spooled")
                rows = cursor.fetchall()
                if not rows:
                    break
                yield separator + joint.join(row[0] for row in rows)
                separator = joint
        finally:
            cursor.execute("ROLLBACK")
