"""Which events this dialect has words for, and its type of the log: docs/adr/0020.

Who reads the whole log finds an entry for every number: what there is no word for is told of plainly. Who
reads a part of it finds what there are words for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from zou_server.blueprints.shotgun.events.back_references import seen_as
from zou_server.blueprints.shotgun.events.words import PLAIN, PLAIN_SENTENCE, TOLD
from zou_server.blueprints.shotgun.schema.personal import PUBLIC
from zou_server.blueprints.shotgun.schema.wire_types import WireField, WireType
from zou_server.blueprints.shotgun.vocabulary import Vocabulary, vocabulary
from zou_server.models.base import Row
from zou_server.models.conditions import EVERYTHING, All, AnyOf, Condition, Fixed, Not, Only, Op, Where
from zou_server.models.event import LOG_IN
from zou_server.models.visible_rows import even_chances

LOG = "EventLogEntry"
_OF_ROWS = ("create", "update", "delete", "revive", LOG_IN)
_RETIRED = "retirement_date"
_OTHERWISE = {
    "event_type": PLAIN,
    "meta": "{}",
    "description": PLAIN_SENTENCE,
    "attribute_name": None,
    "entity": None,
}
"""Field of an entry -> what it shows of an event that there is no word for."""


def event_fields(words: Vocabulary) -> Mapping[str, Mapping[str, WireField]]:
    """Kind -> attribute as events name it -> the field it is here."""
    found: dict[str, dict[str, WireField]] = {}
    for wire_type in words.types.values():
        if wire_type.facet.kind and issubclass(wire_type.facet.model, Row):
            mine = found.setdefault(wire_type.facet.kind, {})
            for field in wire_type.fields.values():
                for name in field.attributes:
                    mine.setdefault(name, field)
                if field.data_type == "multi_entity" and (attribute := seen_as(field, words)):
                    mine.setdefault(attribute, field)
    return found


@cache
def has_words() -> Only:
    """What happened to rows of types, and to fields, that there are here, and what tools add.

    What a script does that is to leave no traces has none.
    """
    words = vocabulary()
    fields = {f"{kind}:{name}" for kind, mine in event_fields(words).items() for name in (*mine, _RETIRED)}
    known: Condition = AnyOf(
        (
            Where("attribute", Op.NULL),
            Where("attribute", Op.STARTS, Fixed("data.")),
            even_chances(Where("attribute_of_kind", Op.IN, Fixed(tuple(sorted(fields))))),
        )
    )
    of_rows = (Where("kind", Op.IN, tuple(sorted(words.kinds))), Where("action", Op.IN, _OF_ROWS), known)
    silent = Where("actor.data.generate_event_log_entries::boolean", Op.EQ, value=False)
    return Only(All((AnyOf((All(of_rows), Where("action", Op.STARTS, Fixed(TOLD)))), Not(silent), PUBLIC)))


@cache
def type_of_log(*, is_whole: bool) -> WireType:
    """The log as who reads all of it has it, or who reads a part."""
    found = vocabulary().types[LOG]
    if not is_whole:
        return replace(found, where=has_words().condition)
    fields = {
        key: replace(field, only=has_words(), otherwise=_OTHERWISE[key]) if key in _OTHERWISE else field
        for key, field in found.fields.items()
    }
    return WireType(found.name, found.facet, fields, EVERYTHING)
