"""One call of a client: who calls, what for, and what the parts of this dialect need to answer it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.custom import Words
from zou_server.blueprints.shotgun.paths import Reached, reach
from zou_server.blueprints.shotgun.schema.wire_types import WireType
from zou_server.models.conditions import Form, Output, Projection

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.studio import Studio


KEPT_PROJECTIONS = 2048
MOST_FIELDS = 500


@dataclass(frozen=True)
class Call:
    """A call with its caller; `payload` is what the client sent beside its credentials."""

    method: str
    payload: Any
    actor: Actor
    studio: Studio
    authenticator: Authenticator
    now: dt.datetime

    @cached_property
    def words(self) -> Words:
        """Types and fields as this caller may name them."""
        is_all_read = self.actor.is_admin
        return Words(self.studio.read(self.actor), self.actor.person_id, is_log_whole=is_all_read)

    @property
    def request(self) -> dict[str, Any]:
        """The payload, which must be a dictionary."""
        if not isinstance(self.payload, dict):
            raise errors.malformed(f"{self.method} takes a dictionary")
        return self.payload

    def type_in(self, request: dict[str, Any]) -> WireType:
        """The type that a request is about; a fault names those there are."""
        found = self.words.type(request.get("type"))
        if found is None:
            raise errors.unknown_type(request, self.words.vocabulary.types)
        return found


def number_in(request: dict[str, Any]) -> int:
    """The `id` of the row that a request is about."""
    found = request.get("id")
    if isinstance(found, bool) or not isinstance(found, int):
        raise errors.missing("id", "integer", request)
    return found


# -- what an answer holds --------------------------------------------------------------------------


def projection_for(words: Words, wire_type: WireType, names: Iterable[str]) -> Projection:
    """The columns of an answer: type, id and the named fields; unknown names are left out."""
    outputs = [Output("type", wire_type.name, Form.LITERAL), Output("id", "number")]
    for name in dict.fromkeys(names):
        reached = None if name in ("type", "id") else reach(words, wire_type, name)
        if reached is not None and not reached.scopes:
            outputs.append(output_of(reached))
    if len(outputs) > MOST_FIELDS:
        raise errors.too_many("fields", MOST_FIELDS)
    return _kept(tuple(outputs))


def values_for(words: Words, wire_type: WireType, names: Sequence[str]) -> Projection:
    """The values of some fields alone, under the keys `0`, `1`, ... in the order of the names."""
    outputs = [output_of(reached) for name in names if (reached := reach(words, wire_type, name))]
    return _kept(tuple(replace(output, key=str(place)) for place, output in enumerate(outputs)))


def output_of(reached: Reached) -> Output:
    """The column that shows a field, under the name the client gave."""
    field = reached.field
    if reached.dead or field.form is Form.NULL:
        return Output(reached.name, "", Form.NULL)
    path = field.path if field.form is Form.LITERAL else f"{reached.prefix}{field.path}"
    only, otherwise = reached.only, field.otherwise
    return Output(reached.name, path, field.form, style=field.style, only=only, otherwise=otherwise)


@lru_cache(maxsize=KEPT_PROJECTIONS)
def _kept(outputs: tuple[Output, ...]) -> Projection:
    """One projection for equal columns: compiled statements are kept by it."""
    return Projection(outputs)
