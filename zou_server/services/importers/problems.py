"""What is wrong with a file, collected over all its lines, so that a person can mend all of it at once."""

from __future__ import annotations

from zou_server.models.errors import Invalid

IN_THE_MESSAGE = 10
"""So many problems are told in the sentence; all of them are in its fields."""


class Problems:
    """Wrong cells by line and column."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._lines: set[int] = set()

    def add(self, line: int, heading: str, why: str) -> None:
        """Note that the cell under `heading` on this line of the file is wrong."""
        self._lines.add(line)
        self._found.setdefault(f"line {line}, {heading}", []).append(why)

    def raise_if_any(self) -> None:
        """Invalid that names every wrong line and column."""
        if not self._found:
            return
        told = [f"{where}: {', '.join(why)}" for where, why in self._found.items()]
        more = len(told) - IN_THE_MESSAGE
        sentence = "; ".join(told[:IN_THE_MESSAGE]) + (f"; and {more} more" if more > 0 else "")
        lines = "1 line is" if len(self._lines) == 1 else f"{len(self._lines)} lines are"
        raise Invalid(f"Nothing was imported, {lines} wrong: {sentence}.", self._found)
