"""The query language as a tree: what `parser` makes and `translate` reads. Names are those of the wire."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One name of a path, perhaps narrowed to a type: `parent[Shot]`."""

    name: str
    cast: str = ""


Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value; only an unquoted `none` is null."""

    text: str
    quoted: bool = True

    @property
    def is_null(self) -> bool:
        """True for the unquoted words that mean null."""
        return not self.quoted and self.text.lower() in ("none", "null")


@dataclass(frozen=True, slots=True)
class Compare:
    """`path operator value`; the operator is one of `OPERATORS`, `in` and `not_in` take the rest."""

    path: Path
    operator: str
    value: Literal


@dataclass(frozen=True, slots=True)
class Among:
    """`path in (...)`: a list of values, or the rows of another query."""

    path: Path
    values: tuple[Literal, ...] | Select
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Quantified:
    """`path any (...)`, `path has (...)`: there is a related row for which `term` holds."""

    path: Path
    term: Criteria


@dataclass(frozen=True, slots=True)
class Both:
    """Every term holds; no term at all holds always."""

    terms: tuple[Criteria, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one term holds."""

    terms: tuple[Criteria, ...]


@dataclass(frozen=True, slots=True)
class Neither:
    """The term does not hold."""

    term: Criteria


Criteria = Compare | Among | Quantified | Both | Either | Neither

ALWAYS = Both()

OPERATORS = {
    "is": "=",
    "is_not": "!=",
    "greater_than": ">",
    "after": ">",
    "less_than": "<",
    "before": "<",
    "=": "=",
    "!=": "!=",
    ">": ">",
    "<": "<",
    ">=": ">=",
    "<=": "<=",
    "like": "like",
    "not_like": "not_like",
}
"""Every spelling of an operator, and the one that the rest of the dialect uses."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """One sort key."""

    path: Path
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Aggregate:
    """An aggregate of the values of rows: `how` is count, sum, avg, min or max."""

    how: str
    path: Path

    @property
    def name(self) -> str:
        """As the client wrote it."""
        return f"{self.how}({spelled(self.path)})"


@dataclass(frozen=True, slots=True)
class Select:
    """A whole query; without projections it asks for the type's default ones.

    With aggregates or a `group` its rows are groups, not entities.
    """

    type: str
    projections: tuple[Path, ...] = ()
    where: Criteria = ALWAYS
    order: tuple[Ordering, ...] = ()
    offset: int | None = None
    limit: int | None = None
    group: tuple[Path, ...] = ()
    aggregates: tuple[Aggregate, ...] = ()


def path_of(text: str) -> Path:
    """The path of dotted names without casts."""
    return tuple(Step(name) for name in text.split("."))


def spelled(path: Path) -> str:
    """A path as the client wrote it, for messages."""
    return ".".join(f"{step.name}[{step.cast}]" if step.cast else step.name for step in path)


def named_values(criteria: Criteria, name: str) -> list[str]:
    """The values that criteria let an attribute have: `name is ...`, `name in (...)`, beside other terms."""
    if isinstance(criteria, Both):
        return next((found for term in criteria.terms if (found := named_values(term, name))), [])
    if isinstance(criteria, Compare) and criteria.operator == "=" and spelled(criteria.path) == name:
        return [criteria.value.text]
    if isinstance(criteria, Among) and not criteria.negated and spelled(criteria.path) == name:
        return [each.text for each in criteria.values] if isinstance(criteria.values, tuple) else []
    return []
