"""What is wrong with a file, collected over all its lines, so that a person can mend all of it at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from zou_server.models.errors import Invalid

IN_THE_MESSAGE = 10
"""So many problems are told in the sentence; all of them are in its fields."""


class WrongLines(Invalid):
    """Some lines of a file are wrong; `lines` says which and, by heading, why."""

    code = "wrong_lines"
    cure = "Correct the cells that are named, or import the file without those lines."

    def __init__(self, message: str, lines: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
        self.lines = lines
        fields = {f"line {n}, {heading}": why for n, found in lines.items() for heading, why in found.items()}
        super().__init__(message, fields)


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
        lines: dict[int, dict[str, list[str]]] = {}
        for (line, heading), why in sorted(self._found.items(), key=lambda each: each[0][0]):
            lines.setdefault(line, {})[heading] = why
        told = [
            f"line {n}, {name}: {', '.join(why)}" for n, found in lines.items() for name, why in found.items()
        ]
        more = len(told) - IN_THE_MESSAGE
        sentence = "; ".join(told[:IN_THE_MESSAGE]) + (f"; and {more} more" if more > 0 else "")
        are = "1 line is" if len(lines) == 1 else f"{len(lines)} lines are"
        raise WrongLines(f"Nothing was imported, {are} wrong: {sentence}.", lines)
