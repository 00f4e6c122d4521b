"""One statement as it is kept and run: the SQL, and how the values of a request become its parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.dialects.postgresql import psycopg2

from zou_server.models.conditions import Op
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.models.values import coerce
from zou_server.query.operators import LISTS, PATTERNS, SQL_TYPES

LIKENESSES = frozenset({*PATTERNS, Op.RESEMBLES, Op.SAYS} - LISTS)
"""Operators whose answer depends on the letters of the value: so does how it is best found."""

POSTGRESQL: Any = psycopg2.dialect(paramstyle="pyformat")  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Binder:
    """How the value of one slot becomes a parameter."""

    index: int
    path: str
    kind: Kind
    op: Op
    part: int | None = None

    @property
    def is_list(self) -> bool:
        """True when the parameter is a list of values."""
        return self.op in LISTS and self.part is None

    @property
    def cast(self) -> str:
        """The cast that tells PostgreSQL a list's type; that of one value shows from its use."""
        if not self.is_list:
            return ""
        return f"::{SQL_TYPES[self.kind].compile(POSTGRESQL)}[]"

    def __call__(self, value: Any) -> Any:
        """Return the parameter; Invalid, naming the path, when the value is of another kind."""
        prepare = PATTERNS.get(self.op)
        if self.part is not None:
            if len(value) != 2:  # noqa: PLR2004 - a pair
                raise Invalid(
                    f"{self.path}: '{self.op.value}' takes two values.", {self.path: ["takes two values"]}
                )
            return coerce(self.kind, value[self.part], self.path)
        if self.op in LISTS:
            found = [coerce(self.kind, each, self.path) for each in value if each is not None]
            return [prepare(each) for each in found] if prepare else found
        found = coerce(self.kind, value, self.path)
        return prepare(found) if prepare else found


@dataclass(slots=True, eq=False)
class Statement:
    """Compiled SQL with pyformat parameters: `fixed` ones, and those of the slots.

    `name` is what a connection that has it prepared calls it; `uses` counts how often it was wanted.
    `of_log` is True for one that reads nothing but the log, `is_long` for one whose last answer was long.
    """

    sql: str
    fixed: dict[str, Any]
    binders: tuple[tuple[str, Binder], ...]
    name: str
    of_log: bool = False
    uses: int = 0
    is_long: bool = False
    _run: str = ""
    lists: tuple[str, ...] = field(init=False)
    """The parameters that are lists of values."""
    of_patterns: bool = field(init=False)
    """True when a parameter is a text that values are to be like."""

    def __post_init__(self) -> None:
        self.lists = tuple(name for name, binder in self.binders if binder.is_list)
        self.of_patterns = any(binder.op in LIKENESSES for _, binder in self.binders)

    def bind(self, values: Sequence[Any]) -> dict[str, Any]:
        """The parameters for one request."""
        parameters = dict(self.fixed)
        for name, binder in self.binders:
            parameters[name] = binder(values[binder.index])
        return parameters

    def run_prepared(self) -> str:
        """The statement that runs this one where it is prepared; a list of values is one parameter."""
        if not self._run:
            listed = ", ".join(f"%({name})s{binder.cast}" for name, binder in self.binders)
            self._run = f"EXECUTE {self.name} ({listed})" if listed else f"EXECUTE {self.name}"
        return self._run
