"""What is wrong with a file, collected over all its lines, so that a person can mend all of it at once."""

from __future__ import annotations

from zou_server.models.errors import Invalid

IN_THE_MESSAGE = 10
"""So many problems are told in the sentence; all of them are in its fields."""


class Problems:
    """Wrong cells by line and column."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str], list[str]] = {}

    def add(self, line: int, heading: str, why: str) -> None:
        """Note that the cell under `heading` on this line of the file is wrong."""
        self._found.setdefault((line, heading), []).append(why)

    def raise_if_any(self) -> None:
        """Invalid that names every wrong line and column."""
        if not self._found:
            return
        in_order = sorted(self._found.items(), key=lambda each: each[0][0])
        fields = {f"line {line}, {heading}": why for (line, heading), why in in_order}
        told = [f"{where}: {', '.join(why)}" for where, why in fields.items()]
        more = len(told) - IN_THE_MESSAGE
        sentence = "; ".join(told[:IN_THE_MESSAGE]) + (f"; and {more} more" if more > 0 else "")
        wrong = len({line for line, _ in self._found})
        lines = "1 line is" if wrong == 1 else f"{wrong} lines are"
        raise Invalid(f"Nothing was imported, {lines} wrong: {sentence}.", fields)
