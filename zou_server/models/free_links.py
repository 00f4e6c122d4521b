"""Links that no column holds: named by their path, found for every facet that has custom fields.

* ``link:reviewer``              one row, its id under `reviewer` in `data`
* ``links:Playlist/versions``    many rows, in the order of `object_link`
* ``linked:Playlist/versions``   the same links from their other end
* ``held:CutItem/cut_id``        the rows of a kind that name this one under `cut_id` in their `data`
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.models.conditions import Op, Where

if TYPE_CHECKING:
    from zou_server.models.registry import Field

ONE, MANY, BACK, HELD = "link:", "links:", "linked:", "held:"
_UUID = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"


def is_free(name: object) -> bool:
    """True for the name of such a link."""
    return isinstance(name, str) and name.startswith((ONE, MANY, BACK, HELD))


def custom_name(name: str) -> str:
    """The custom field that a link of a row is, by its key of `data`; any other name as it is."""
    if name.startswith(ONE):
        return f"data.{name.removeprefix(ONE)}"
    return f"data.{name.partition('/')[2]}" if name.startswith(MANY) else name


def held_by(name: str) -> tuple[str, str]:
    """The kind of the rows along such a link, and the key of theirs that names the other."""
    kind, _, key = name.removeprefix(HELD).partition("/")
    return kind, key


def text_in(row: FromClause, key: str) -> ColumnElement[Any]:
    """The text under a key of `data`, as indexes have it."""
    found: ColumnElement[Any] = row.c.data.op("->>", return_type=sa.Text())(sa.literal(key, sa.Text()))
    return found


def target_in(key: str) -> Callable[[FromClause], ColumnElement[Any]]:
    """The SQL id of the row that a key of `data` names; null for anything else that it holds."""

    def expression(row: FromClause) -> ColumnElement[Any]:
        text = text_in(row, key)
        return sa.case((text.op("~")(sa.literal(_UUID)), sa.cast(text, sa.Uuid())), else_=None)

    return expression


def where_of(name: str) -> Where:
    """The rows of `object_link` that a link to many is made of."""
    return Where("field", Op.EQ, name.partition(":")[2])


class Fields(dict[str, "Field"]):
    """Fields by name, which knows free links too though it does not list them."""

    def __init__(self, fields: dict[str, Field], make: Callable[[str], Field]) -> None:
        super().__init__(fields)
        self._make = make

    def __missing__(self, name: str) -> Field:
        if not is_free(name):
            raise KeyError(name)
        return self._make(name)

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or is_free(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The field called `name`."""
        try:
            return self[name]  # dict.get asks no __missing__
        except KeyError:
            return default
