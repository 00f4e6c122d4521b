"""From a query string to a read: filters, order, page, and which attributes to answer.

Every attribute is a filter: `status=fin`, `status[]=a&status[]=b` (any of these), `due_date[gte]=2010-01-01`.
A parameter that means nothing is refused by name: to ignore it would return everything, and scripts
destroy what they find.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotrunner.attributes import Attribute
from zou_server.blueprints.shotrunner.lookup import with_ids
from zou_server.blueprints.shotrunner.refusals import BadRequest
from zou_server.blueprints.shotrunner.wire_values import coerced
from zou_server.models.conditions import All, AnyOf, Condition, Not, Op, Order, Query, Retired, Where
from zou_server.models.registry import Kind
from zou_server.services.read.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary

OPERATORS: dict[str, Op] = {
    "": Op.EQ,
    "eq": Op.EQ,
    "ne": Op.NE,
    "not": Op.NE,
    "gt": Op.GT,
    "gte": Op.GE,
    "lt": Op.LT,
    "lte": Op.LE,
    "in": Op.IN,
    "not_in": Op.NOT_IN,
    "like": Op.LIKE,
    "contains": Op.CONTAINS,
    "starts": Op.STARTS,
    "ends": Op.ENDS,
}
"""What may stand in `attr[...]`."""

LISTED = {Op.EQ: Op.IN, Op.NE: Op.NOT_IN, Op.IN: Op.IN, Op.NOT_IN: Op.NOT_IN}
NULLS = frozenset({"None", "nil", "null", ""})
TEXTUAL = frozenset({Op.LIKE, Op.CONTAINS, Op.STARTS, Op.ENDS})

_NAME = re.compile(r"(?P<key>[^\[\]]+)(?:\[(?P<operator>[a-z_]*)\])?(?P<list>\[\])?\Z")
_DEFAULT_PAGE = 30
_COUNT = re.compile(r"[0-9]{1,12}\Z")


@dataclass
class AskedParameters:
    """The parameters of one request, parsed."""

    keys: tuple[str, ...]
    order: tuple[Order, ...]
    conditions: list[Condition] = field(default_factory=list)
    limit: int | None = None
    offset: int | None = None
    page: int | None = None
    per_page: int | None = None
    retired: Retired = Retired.LIVE

    @property
    def is_paged(self) -> bool:
        """True when a page was asked for: then the answer tells the total."""
        return not (self.limit is None and self.offset is None)

    def query(self, reader: Reader, vocabulary: Vocabulary, *more: Condition) -> Query:
        """The read; `reader` looks up the numbers of links."""
        return Query(
            vocabulary.facet,
            vocabulary.projection(self.keys),
            with_ids(reader, All((*self.conditions, *more))),
            self.order,
            self.limit,
            self.offset,
            retired=self.retired,
        )


def read_parameters(vocabulary: Vocabulary, given: Iterable[tuple[str, str]]) -> AskedParameters:
    """Return what a list's parameters ask for; BadRequest names the first that means nothing."""
    asked = AskedParameters(vocabulary.shown, tuple(Order(path) for path in vocabulary.default_order))
    for name, values in _collected(given).items():
        reserved = RESERVED.get(name)
        if reserved is not None:
            reserved(vocabulary, asked, values[-1])
        else:
            asked.conditions.append(filter_condition(vocabulary, name, values))
    _set_page(asked)
    return asked


def read_single(vocabulary: Vocabulary, given: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], Retired]:
    """Return the keys that a single answer to a read shall hold, and whether a deleted object counts."""
    pairs = list(given)
    asked = AskedParameters((), ())
    for name, value in pairs:
        if name in _DELETED:
            RESERVED[name](vocabulary, asked, value)
    return read_shape(vocabulary, [pair for pair in pairs if pair[0] not in _DELETED]), asked.retired


def read_shape(vocabulary: Vocabulary, given: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return the keys that a single answer shall hold; BadRequest for anything but `fields` and `include`.

    They are two at least: ActiveResource takes a lone attribute for the root of an object.
    """
    asked = AskedParameters(vocabulary.shown, ())
    for name, values in _collected(given).items():
        if name not in _SHAPE:
            raise _unknown(name)
        RESERVED[name](vocabulary, asked, values[-1])
    return (
        asked.keys if len(asked.keys) > 1 else tuple(dict.fromkeys((*asked.keys, *vocabulary.shown[:2])))[:2]
    )


def _collected(given: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in given:
        found.setdefault(name, []).append(value)
    return found


def _unknown(name: str) -> BadRequest:
    return BadRequest(fields={name[:80]: ["is not a parameter"]})


# -- filters ---------------------------------------------------------------------------------------


def filter_condition(vocabulary: Vocabulary, name: str, values: Sequence[str]) -> Condition:
    """Return the condition of one filter."""
    match = _NAME.match(name)
    attribute = vocabulary.attributes.get(match["key"]) if match else None
    operator = OPERATORS.get(match["operator"] or "") if match else None
    if match is None or attribute is None or operator is None:
        raise _unknown(name)
    try:
        if match["list"] or match["operator"] == "" or len(values) > 1 or operator in (Op.IN, Op.NOT_IN):
            return _any_of(attribute, LISTED[operator], values)
        return _one(attribute, operator, values[0])
    except KeyError:
        raise BadRequest(fields={name[:80]: ["does not take a list"]}) from None
    except ValueError as error:
        raise BadRequest(fields={name[:80]: [str(error)]}) from None


def _any_of(attribute: Attribute, operator: Op, values: Sequence[str]) -> Condition:
    given = [_filter_value(attribute, Op.EQ, value) for value in values if value not in NULLS]
    terms: list[Condition] = [attribute.test(Op.IN, given)] if given else []
    if len(given) < len(values):
        terms.append(attribute.test(Op.NULL, None))
    return Not(AnyOf(tuple(terms))) if operator is Op.NOT_IN else AnyOf(tuple(terms))


def _one(attribute: Attribute, operator: Op, value: str) -> Condition:
    if value in NULLS and operator in (Op.EQ, Op.NE):
        return _nothing(attribute, operator, value)
    found = _filter_value(attribute, operator, value)
    if found is None:
        raise ValueError("needs a value")
    if attribute.kind is Kind.DATETIME and operator in (Op.EQ, Op.NE):
        return _second(attribute, operator, found)
    return attribute.test(operator, found)


def _nothing(attribute: Attribute, operator: Op, value: str) -> Condition:
    if operator is Op.NE:
        return attribute.test(Op.NOT_NULL, None)
    null = attribute.test(Op.NULL, None)
    is_text = attribute.kind is Kind.TEXT and type(attribute) is Attribute and value == ""
    return AnyOf((null, Where(attribute.path, Op.EQ, ""))) if is_text else null


def _second(attribute: Attribute, operator: Op, moment: dt.datetime) -> Condition:
    """Moments are shown without their fraction, so a filter by one means the whole second."""
    start = moment.replace(microsecond=0)
    try:
        within = All((attribute.test(Op.GE, start), attribute.test(Op.LT, start + dt.timedelta(seconds=1))))
    except OverflowError:
        return attribute.test(operator, start)
    return within if operator is Op.EQ else Not(within)


def _filter_value(attribute: Attribute, operator: Op, value: str) -> Any:
    kind = Kind.TEXT if operator in TEXTUAL else attribute.kind
    return coerced(Kind.INTEGER if kind is Kind.LINKS else kind, value)


# -- the others ------------------------------------------------------------------------------------


def _number(name: str, value: str, least: int) -> int:
    if not _COUNT.match(value) or int(value) < least:
        raise BadRequest(fields={name: [f"is not a whole number from {least}"]})
    return int(value)


def _set_page(asked: AskedParameters) -> None:
    if asked.page is None and asked.per_page is None:
        return
    if asked.is_paged:
        raise BadRequest(fields={"page": ["does not go with limit and offset"]})
    asked.limit = asked.per_page or _DEFAULT_PAGE
    asked.offset = ((asked.page or 1) - 1) * asked.limit


def _order(vocabulary: Vocabulary, asked: AskedParameters, value: str) -> None:
    asked.order = tuple(_order_key(vocabulary, each) for each in value.split(",") if each.strip())


def _order_key(vocabulary: Vocabulary, text: str) -> Order:
    """`due_date`, `-due_date` or, as in SQL, `due_date desc`."""
    key, _, direction = text.strip().lstrip("-").partition(" ")
    attribute = vocabulary.attributes.get(key)
    direction = direction.strip().lower()
    if attribute is None or not attribute.sort_path or direction not in ("", "asc", "desc"):
        raise BadRequest(fields={"order": [f"cannot be by '{text.strip()[:80]}'"]})
    return attribute.order(descending=text.strip().startswith("-") or direction == "desc")


def _fields(vocabulary: Vocabulary, asked: AskedParameters, value: str) -> None:
    asked.keys = _known_keys(vocabulary, "fields", value)


def _include(vocabulary: Vocabulary, asked: AskedParameters, value: str) -> None:
    asked.keys = tuple(dict.fromkeys((*asked.keys, *_known_keys(vocabulary, "include", value))))


def _known_keys(vocabulary: Vocabulary, name: str, value: str) -> tuple[str, ...]:
    keys = tuple(dict.fromkeys(each.strip() for each in value.split(",") if each.strip()))
    for key in keys:
        if key not in vocabulary.attributes:
            raise BadRequest(fields={name: [f"has no attribute '{key[:80]}'"]})
    return keys or vocabulary.shown


SEARCHED = frozenset(
    (
        *("code", "title", "label", "name", "message", "shot_code", "sequence_code", "asset_label"),
        *("login", "first_name", "last_name"),
    )
)
"""The attributes that a search looks into."""


def _search(vocabulary: Vocabulary, asked: AskedParameters, value: str) -> None:
    """Every word is somewhere in what the object is called or says."""
    found = [each for key, each in vocabulary.attributes.items() if key in SEARCHED and each.path]
    for word in value.split():
        asked.conditions.append(AnyOf(tuple(each.test(Op.CONTAINS, word) for each in found)))


def _sized(name: str, least: int) -> Callable[[Vocabulary, AskedParameters, str], None]:
    def read(_: Vocabulary, asked: AskedParameters, value: str) -> None:
        setattr(asked, name, _number(name, value, least))

    return read


def _retired(name: str, which: Retired) -> Callable[[Vocabulary, AskedParameters, str], None]:
    def read(_: Vocabulary, asked: AskedParameters, value: str) -> None:
        try:
            asked.retired = which if coerced(Kind.BOOLEAN, value) else asked.retired
        except ValueError as error:
            raise BadRequest(fields={name: [str(error)]}) from None

    return read


RESERVED: dict[str, Callable[[Vocabulary, AskedParameters, str], None]] = {
    "page": _sized("page", 1),
    "per_page": _sized("per_page", 1),
    "limit": _sized("limit", 0),
    "offset": _sized("offset", 0),
    "order": _order,
    "fields": _fields,
    "include": _include,
    "q": _search,
    "with_deleted": _retired("with_deleted", Retired.BOTH),
    "only_deleted": _retired("only_deleted", Retired.RETIRED),
}
"""The parameters that are no filter."""

_SHAPE = ("fields", "include")
_DELETED = ("with_deleted", "only_deleted")
