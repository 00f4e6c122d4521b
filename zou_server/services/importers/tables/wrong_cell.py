"""A cell of a workbook that has no value which anybody could mean."""

from __future__ import annotations

from typing import Self


class WrongCell(str):
    """A cell that is no value: its text, and why."""

    __slots__ = ("why",)
    why: str

    def __new__(cls, stands: str, why: str) -> Self:
        """A cell that is refused wherever a column is read from it."""
        cell = super().__new__(cls, stands)
        cell.why = why
        return cell

    def __reduce__(self) -> tuple[type[WrongCell], tuple[str, str]]:
        return type(self), (str(self), self.why)
