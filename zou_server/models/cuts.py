"""The frames of a shot, as far as they follow from those that somebody noted.

What is noted is kept in `data`: the first and last frame and the length of the cut, of its head and its tail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.registry import Computed, Kind

Value = ColumnElement[Any]
_WHOLE = r"^\s*[-+]?[0-9]{1,9}\s*$"
_ONE: Value = sa.literal_column("1")
_NONE: Value = sa.literal_column("0")


def _noted(row: FromClause, key: str) -> Value:
    """A frame that somebody noted; null for none, and for what is no number."""
    text = row.c.data.op("->>", return_type=sa.Text())(sa.literal_column(f"'{key}'"))
    return sa.case((text.op("~")(sa.literal_column(f"'{_WHOLE}'")), sa.cast(text, sa.Integer())), else_=None)


def _first(*values: Value) -> Value:
    return sa.func.coalesce(*values)


def cut_in(row: FromClause) -> Value:
    """The first frame of the cut."""
    return _first(_noted(row, "cut_in"), _noted(row, "cut_out") - _noted(row, "cut_duration") + _ONE)


def cut_out(row: FromClause) -> Value:
    """The last frame of the cut."""
    return _first(_noted(row, "cut_out"), _noted(row, "cut_in") + _noted(row, "cut_duration") - _ONE)


def cut_duration(row: FromClause) -> Value:
    """The frames of the cut."""
    return _first(_noted(row, "cut_out") - _noted(row, "cut_in") + _ONE, _noted(row, "cut_duration"))


def head_out(row: FromClause) -> Value:
    """The last frame before the cut."""
    return _first(_noted(row, "head_out"), cut_in(row) - _ONE)


def head_in(row: FromClause) -> Value:
    """The first frame of the handle before the cut."""
    return _first(_noted(row, "head_in"), head_out(row) - _noted(row, "head_duration") + _ONE)


def head_duration(row: FromClause) -> Value:
    """The frames of the handle before the cut."""
    return _first(head_out(row) - head_in(row) + _ONE, _noted(row, "head_duration"))


def tail_in(row: FromClause) -> Value:
    """The first frame after the cut."""
    return _first(_noted(row, "tail_in"), cut_out(row) + _ONE)


def tail_out(row: FromClause) -> Value:
    """The last frame of the handle after the cut."""
    return _first(_noted(row, "tail_out"), tail_in(row) + _noted(row, "tail_duration") - _ONE)


def tail_duration(row: FromClause) -> Value:
    """The frames of the handle after the cut."""
    return _first(tail_out(row) - tail_in(row) + _ONE, _noted(row, "tail_duration"))


def working_duration(row: FromClause) -> Value:
    """The frames of the cut and of both handles."""
    return cut_duration(row) + _first(head_duration(row), _NONE) + _first(tail_duration(row), _NONE)


def cut_summary(row: FromClause) -> Value:
    """From where to where the cut goes."""
    return sa.cast(cut_in(row), sa.Text()) + sa.literal_column("'-'") + sa.cast(cut_out(row), sa.Text())


def duration_summary(row: FromClause) -> Value:
    """How long the handle before the cut is, the cut, and the handle after it."""
    parts = (_first(head_duration(row), _NONE), cut_duration(row), _first(tail_duration(row), _NONE))
    texts = [sa.cast(part, sa.Text()) for part in parts]
    plus: Value = sa.literal_column("'+'")
    return texts[0] + plus + texts[1] + plus + texts[2]


_FRAMES: Mapping[str, Callable[[FromClause], Value]] = {
    "smart_cut_in": cut_in,
    "smart_cut_out": cut_out,
    "smart_cut_duration": cut_duration,
    "smart_head_in": head_in,
    "smart_head_out": head_out,
    "smart_head_duration": head_duration,
    "smart_tail_in": tail_in,
    "smart_tail_out": tail_out,
    "smart_tail_duration": tail_duration,
    "smart_working_duration": working_duration,
}
_TEXTS = {"smart_cut_summary_display": cut_summary, "smart_duration_summary_display": duration_summary}

FRAMES: Mapping[str, Computed] = {
    name: Computed(Kind.INTEGER, value, inner=True) for name, value in _FRAMES.items()
}
"""Numbers that follow from noted frames."""
SUMMARIES: Mapping[str, Computed] = {
    name: Computed(Kind.TEXT, value, inner=True) for name, value in _TEXTS.items()
}
"""The same in a few words."""
