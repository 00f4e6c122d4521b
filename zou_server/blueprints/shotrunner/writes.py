"""From a body to operations.

ActiveResource sends the whole object back on every save. So a body is first compared with the object
as the client sees it, in the wire's own spelling: what is the same asks for nothing, whatever was
lost in showing it (fractions of seconds, masked values, characters that XML cannot hold).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotrunner.added import DEFAULTS
from zou_server.blueprints.shotrunner.attributes import State, Values
from zou_server.blueprints.shotrunner.documented import EITHER, UNLESS
from zou_server.blueprints.shotrunner.overrides import MARKED, Mark
from zou_server.blueprints.shotrunner.refusals import BadRequest, WrongAttributes
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.blueprints.shotrunner.wire_values import EMPTY, coerced, same
from zou_server.models.conditions import All, Op, Output, Projection, Query, Where
from zou_server.models.registry import Kind, facet
from zou_server.services.write.operations import Act, Create, Edit, Mode, Operation, Ref, Update

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary
    from zou_server.services.read.reader import Reader

VERSION = "lock_version"
WATCHERS = "watcher_ids"
PASSWORD = "password"  # noqa: S105 - the name of an attribute
BLANK = "can't be blank"
_ID = Projection((Output("id", "id"),))


def attributes_of_body(vocabulary: Vocabulary, body: Any) -> dict[str, Any]:
    """Return the attributes of a body, out of their root; WrongAttributes names those that do not exist."""
    if isinstance(body, dict) and isinstance(body.get(vocabulary.singular), dict) and len(body) == 1:
        body = body[vocabulary.singular]
    if not isinstance(body, dict):
        raise BadRequest(f"The body is not a {vocabulary.singular}.")
    unknown = {key[:80]: ["is not an attribute"] for key in body if key not in vocabulary.attributes}
    if unknown:
        raise WrongAttributes(fields=unknown)
    return body


def creation(vocabulary: Vocabulary, given: Mapping[str, Any]) -> list[Operation]:
    """The operations that make a new object."""
    given = {**defaults(vocabulary, given), **given}
    asked = {key: value for key, value in given.items() if value is not None and _is_written(vocabulary, key)}
    missing = {key: [BLANK] for key in _needed(vocabulary, asked) if asked.get(key) in EMPTY}
    missing |= _neither(vocabulary, asked)
    if missing:
        raise WrongAttributes(fields=missing)
    values = canonical_values(vocabulary, asked, State({}, asked))
    made = {name: _first(value) for name, value in values.items()}
    if given.get(WATCHERS) in (*EMPTY, []) or WATCHERS not in vocabulary.attributes:
        return [Create(vocabulary.facet, made)]
    id_ = uuid.uuid4()
    return [
        Create(vocabulary.facet, made, id=id_),
        Act("watch", vocabulary.facet, id_, {WATCHERS: _people(given[WATCHERS])}),
    ]


def _people(sent: Any) -> list[Ref]:
    try:
        return [Ref("Person", number) for number in coerced(Kind.LINKS, sent)]
    except ValueError as error:
        raise WrongAttributes(fields={WATCHERS: [str(error)]}) from None


def _needed(vocabulary: Vocabulary, asked: Mapping[str, Any]) -> list[str]:
    """What a new object needs, without what it has something else instead of."""
    unless = ((key, UNLESS.get((vocabulary.facet.name, key))) for key in vocabulary.required)
    return [key for key, other in unless if other is None or asked.get(other) in EMPTY]


def _neither(vocabulary: Vocabulary, values: Mapping[str, Any]) -> dict[str, list[str]]:
    """The first of several attributes when all of them are blank."""
    keys = EITHER.get(vocabulary.facet.name, ())
    blank = keys and all(not str(values.get(key) or "").strip() for key in keys)
    return {keys[0]: [BLANK]} if blank else {}


def defaults(vocabulary: Vocabulary, given: Mapping[str, Any]) -> dict[str, object]:
    """The defaults of a new object; who is given a password is waited for no more."""
    found = dict(DEFAULTS.get(vocabulary.facet.name, {}))
    if given.get(PASSWORD) is not None and "status" in found:
        found["status"] = "A"
    return found


def secrets(vocabulary: Vocabulary, number: int, given: Mapping[str, Any]) -> list[Operation]:
    """The operation that gives a person the password that a body holds."""
    attribute = vocabulary.attributes.get(PASSWORD)
    if attribute is None or not attribute.write_only or given.get(PASSWORD) in EMPTY:
        return []
    return [Act("give-password", facet("Person"), Ref("Person", number), {PASSWORD: given[PASSWORD]})]


def change(
    vocabulary: Vocabulary, number: int, given: Mapping[str, Any], shown: Mapping[str, Any]
) -> list[Operation]:
    """The operations that turn the object as `shown` into the one `given`; at least one.

    An update of nothing still compares the version.
    """
    asked = {
        key: value
        for key, value in given.items()
        if _is_written(vocabulary, key) and not same(vocabulary.type_of(key), value, shown.get(key))
    }
    lost = {key: [BLANK] for key in vocabulary.required if key in asked and asked[key] in EMPTY}
    lost |= _neither(vocabulary, {**shown, **asked}) if asked else {}
    if lost:
        raise WrongAttributes(fields=lost)
    values = canonical_values(vocabulary, asked, State(shown, {**shown, **asked}))
    target = Ref(str(vocabulary.facet.kind), number)
    first = {name: _first(value) for name, value in values.items()}
    return [
        Update(vocabulary.facet, target, first, version_of(given)),
        *(Update(vocabulary.facet, target, more) for more in _later(values)),
    ]


def marks(reader: Reader, number: int, operations: Iterable[Operation]) -> list[Operation]:
    """The operations that mark as the one what applied operations have linked to a row."""
    found: list[Operation] = []
    for operation in operations:
        values = operation.values if isinstance(operation, Create | Update) else {}
        for name, value in values.items():
            mark = MARKED.get((operation.facet.name, name))
            if mark is not None and isinstance(value, Edit) and value.mode is Mode.ADD:
                found += _marked(reader, mark, number, value.items[0].number)
    return found


def _marked(reader: Reader, mark: Mark, number: int, far: int) -> Iterator[Operation]:
    links = facet(mark.facet)
    where = All((Where(f"{mark.near}.number", Op.EQ, number), Where(f"{mark.far}.number", Op.EQ, far)))
    row = reader.one(Query(links, _ID, where), SPELLING)
    if row is not None:
        yield Update(links, orjson.loads(row)["id"], {mark.flag: True})


def version_of(given: Mapping[str, Any]) -> int | None:
    """The version that the client last saw, None when it does not say."""
    try:
        found: int | None = coerced(Kind.INTEGER, given.get(VERSION))
    except ValueError as error:
        raise WrongAttributes(fields={VERSION: [str(error)]}) from None
    return found


def canonical_values(vocabulary: Vocabulary, asked: Mapping[str, Any], state: State) -> Values:
    """The canonical values of wire values; WrongAttributes names, by wire key, each that cannot be one."""
    found: Values = {}
    wrong: dict[str, list[str]] = {}
    for key, sent in asked.items():
        attribute = vocabulary.attributes[key]
        try:
            value = coerced(attribute.kind, sent)
            if attribute.max_length and value is not None and len(value) > attribute.max_length:
                raise ValueError(f"is too long (maximum is {attribute.max_length} characters)")  # noqa: TRY301
            written = attribute.write(value, state)
        except ValueError as error:
            wrong[key] = [str(error)]
            continue
        custom = {**found.get("data", {}), **written.get("data", {})}
        found.update(written)
        if custom:
            found["data"] = custom
    if wrong:
        raise WrongAttributes(fields=wrong)
    return found


def _is_written(vocabulary: Vocabulary, key: str) -> bool:
    return bool(vocabulary.attributes[key].canonical)


def _is_edits(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Edit) for each in value)


def _first(value: Any) -> Any:
    """The first edit where an attribute asks for several; the others are operations of their own."""
    return value[0] if _is_edits(value) else value


def _later(values: Mapping[str, Any]) -> Iterator[Values]:
    for name, value in values.items():
        if _is_edits(value):
            yield from ({name: edit} for edit in value[1:])
