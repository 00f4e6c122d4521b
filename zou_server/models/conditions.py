"""The query tree: what a read asks for, said once for all dialects.

Everything here is a frozen dataclass without behaviour. Parsers (one a dialect), facets and
policies make these; `zou_server.query.compiler` is the only place that turns them into SQL.

Paths are dotted and canonical: attribute names of the registry, never a dialect's names.

* ``task_status.is_done``  a hop along the to-one link ``task_status_id``, then a column
* ``assignees.email``      a hop along a to-many link: EXISTS, independently for each condition
* ``entity[Shot].status``  a hop along a link that may point at anything, narrowed to one facet
* ``data.weight::number``  a custom field, compared as the kind after ``::``
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zou_server.models.registry import Facet


class Op(Enum):
    """What a condition may ask of one value; text with CI in its name ignores case.

    Negative operators match null (a task without a status is "not done"); ordering never does.
    """

    EQ = "="
    NE = "!="
    LT = "<"
    LE = "<="
    GT = ">"
    GE = ">="
    IN = "in"
    NOT_IN = "not in"
    BETWEEN = "between"
    NOT_BETWEEN = "not between"
    LIKE = "like"  # %, _ and \ as in SQL, case ignored
    NOT_LIKE = "not like"
    EQ_CI = "is"
    NE_CI = "is not"
    IN_CI = "in, ignoring case"
    NOT_IN_CI = "not in, ignoring case"
    CONTAINS = "contains"
    NOT_CONTAINS = "not contains"
    STARTS = "starts with"
    ENDS = "ends with"
    CONTAINS_WORDS = "contains, ignoring case and accents"
    RESEMBLES = "has a word like"  # typos, case and accents forgiven
    SAYS = "says"  # every word of the value, the last perhaps cut short, ignoring case and accents
    NULL = "is null"
    NOT_NULL = "is not null"


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that is the same in every question, so it is kept in the statement; its hash is made once."""

    value: object
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash(self.value))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Where:
    """One comparison: the value at `path` against `value` (a list for IN, a pair for BETWEEN)."""

    path: str
    op: Op
    value: object = None


@dataclass(frozen=True, slots=True)
class All:
    """Every term holds; no term at all holds for everything."""

    terms: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one term holds; no term at all holds for nothing."""

    terms: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Not:
    """The term does not hold; where it is unknown (null), Not holds."""

    term: Condition


@dataclass(frozen=True, slots=True)
class Some:
    """There is a row along the link `path` for which the whole `term` holds at once."""

    path: str
    term: Condition = All()


@dataclass(frozen=True, slots=True)
class InQuery:
    """The value at `path` is among the values of `select` in the rows of `query`.

    `once` names rows that are the same wherever they are asked for in a question: they are found once, with
    all outputs of the query, of which `select` is one. `listed` values are few beside the rows that may have
    them, and found first, so that an index finds these rows. `looked_up` ones are many beside the rows that
    are asked about: for each of these, an index says whether its value is among them. (The SQL has an OFFSET
    of 0, or PostgreSQL would find all of them first where it expects to look often.)
    """

    path: str
    query: Query
    select: str
    negated: bool = False
    once: str = ""
    listed: bool = False
    looked_up: bool = False


@dataclass(frozen=True, slots=True)
class Live:
    """The row is not retired; a scope says it, since no path leads to what keeps that."""


Condition = Where | All | AnyOf | Not | Some | InQuery | Live

EVERYTHING = All()
NOTHING = AnyOf()


class Retired(Enum):
    """Which rows a read is about: the live ones, the trash, or both."""

    LIVE = "live"
    RETIRED = "retired"
    BOTH = "both"


class Form(Enum):
    """How a projected path is written into the answer."""

    VALUE = "value"  # the scalar, spelled by its kind
    LINK = "link"  # a to-one link, spelled as the dialect writes links
    LINKS = "links"  # a to-many link as a list of links
    OBJECT = "object"  # a to-one link as an object of `outputs`
    OBJECTS = "objects"  # a to-many link as a list of objects of `outputs`
    MAPPING = "mapping"  # a to-many link as one object: the first of `outputs` is the key, see Output
    NEWEST = "newest"  # the newest row along a to-many link as an object of `outputs`; empty for none
    IS_MINE = "is mine"  # true when a row along a to-many link is the reader's own (its `person_id`)
    LITERAL = "literal"  # the constant `path` itself, a text (style "json": a JSON value)
    NULL = "null"  # always null: a key that clients ask for and we hold nothing under


@dataclass(frozen=True, slots=True, eq=False)
class Only:
    """The rows of a query in which values are shown; told apart by which object it is.

    Its condition has constants alone: it is a part of the shape of a question.
    """

    condition: Condition


@dataclass(frozen=True, slots=True)
class Output:
    """One key of the answer and where its value comes from.

    `style` is a hint for the dialect's spelling (a duration in hours, a colour as "r,g,b"). The forms
    MAPPING and NEWEST give the value of the last output alone when it is "value", else objects. `also` are
    other links to many whose rows come after those of an OBJECTS one, in the same list. In rows that `only`
    does not hold for, `otherwise` stands for the value: a text, or JSON where that is it; None for null.
    """

    key: str
    path: str
    form: Form = Form.VALUE
    outputs: Projection | None = None
    style: str = ""
    also: tuple[Output, ...] = ()
    only: Only | None = None
    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Projection:
    """The keys of one answer row, in order.

    A `positional` one is answered as a list of the values alone. Statements are kept by what they show:
    the hash is made once, and one that is reused is found without a look at its keys.
    """

    outputs: tuple[Output, ...]
    positional: bool = False
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_hash", hash((self.outputs, self.positional)))

    def __hash__(self) -> int:
        return self._hash


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key; nulls come last in both directions.

    With `like`, rows are sorted by how much the text at `path` is like it: descending for the best first.
    With `holding`, all that have it in the text are more like it than all others.
    """

    path: str
    descending: bool = False
    like: object = None
    holding: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """What a reader may see of a query's rows and of everything that links from them lead to.

    * `reader`: the id of the person who reads, for what an answer says of them
    * `scope`: the condition that holds for the rows of the query's own facet
    * `projects`: the projects (a list of ids) that links may lead into, None for all of them
    * `masked`: the fields (model name, attribute) that are null in all rows
    * `limits`: conditions on the own columns of a model's rows wherever they are reached ("" for what a
      link to anything shows)
    * `veils`: fields that are null in all rows but those of a condition
    """

    reader: object = None
    scope: Condition = EVERYTHING
    projects: object = None
    masked: frozenset[tuple[str, str]] = frozenset()
    limits: tuple[tuple[str, Condition], ...] = ()
    veils: tuple[tuple[frozenset[tuple[str, str]], Condition], ...] = ()


WHOLE_VIEW = View()
"""The view of nobody in particular, who sees everything."""


@dataclass(frozen=True, slots=True)
class Query:
    """A read of one facet, and what its reader may see.

    `after` is the id of the last row already seen: the page that follows it. With `first_of`, a path, only
    the first row in the order is found for each value there, and none where there is no value.
    """

    facet: Facet
    projection: Projection
    where: Condition = EVERYTHING
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int | None = None
    after: object = None
    retired: Retired = Retired.LIVE
    seen_by: View = WHOLE_VIEW
    first_of: str = ""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of a query there are for each value of `by`, and the sums of `sums` over them.

    The answer's rows have the keys of both, and `amount` unless it is only about the sums.
    """

    query: Query
    by: Projection
    sums: Projection = Projection(())
    has_amount: bool = True


@dataclass(frozen=True, slots=True)
class Bundle:
    """Several reads answered together by one statement."""

    queries: tuple[Query | Tally, ...]


@dataclass(frozen=True, slots=True)
class UnionQuery:
    """A read over several facets that share an answer shape (ftrack's Context, ShotRunner's Code).

    Every member projects the same keys in the same order; `order` names keys of the answer.
    """

    members: tuple[Query, ...]
    order: tuple[Order, ...] = ()
    limit: int | None = None
    offset: int | None = None
