"""Custom methods of one object: bring it back, follow it, list who follows, show its texts as HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.blueprints.shotrunner.lookup import link_to
from zou_server.blueprints.shotrunner.nesting import Parent
from zou_server.blueprints.shotrunner.overrides import NOTEABLE, BelowParent
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.models.conditions import Condition, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.talk.textile_html import html_of
from zou_server.services.write.operations import Edit, Mode, Operation, Ref, Revive, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotrunner.vocabulary import Vocabulary
    from zou_server.models.actor import Actor
    from zou_server.services.read.reader import Reader

FOLLOWED = "links:HumanUser/followed"
_THREAD = Projection((Output("parent", "parent.number"),))
LONGEST_THREAD = 64

Verb = Callable[["Reader", "Actor", "Vocabulary", int], list[Operation]]


def revive(_reader: Reader, _actor: Actor, vocabulary: Vocabulary, number: int) -> list[Operation]:
    """Bring back a deleted object."""
    return [Revive(vocabulary.facet, Ref(str(vocabulary.facet.kind), number))]


def _follow(mode: Mode) -> Verb:
    def operations(reader: Reader, actor: Actor, vocabulary: Vocabulary, number: int) -> list[Operation]:
        target = Ref(str(vocabulary.facet.kind), head_of(reader, vocabulary, number))
        return [Update(facet("HumanUser"), actor.person_id, {FOLLOWED: Edit(mode, [target])})]

    return operations


def head_of(reader: Reader, vocabulary: Vocabulary, number: int) -> int:
    """The note that a thread begins with; any other object stands for itself."""
    if vocabulary.facet.name != "Note":
        return number
    for _ in range(LONGEST_THREAD):
        row = reader.one(Query(vocabulary.facet, _THREAD, Where("number", Op.EQ, number)), SPELLING)
        above = orjson.loads(row)["parent"] if row else None
        if above is None:
            break
        number = above
    return number


VERBS: Mapping[tuple[str, str], tuple[Verb, tuple[str, ...]]] = {
    ("PUT", "restore"): (revive, ()),
    ("PUT", "watch"): (_follow(Mode.ADD), ("Note",)),
    ("DELETE", "watch"): (_follow(Mode.REMOVE), ("Note",)),
    ("PUT", "subscribe"): (_follow(Mode.ADD), NOTEABLE),
    ("DELETE", "subscribe"): (_follow(Mode.REMOVE), NOTEABLE),
}
"""HTTP method and name -> what it does, and the facets that have it; all of them where none is named."""

LISTS: Mapping[str, tuple[str, ...]] = {"watchers": ("Note",), "subscribers": NOTEABLE}
"""Lists of the users who follow an object -> the facets that have them."""


def verb_of(vocabulary: Vocabulary, method: str, name: str) -> Verb | None:
    """The verb of a custom method; None when such objects have none of that name."""
    verb, facets = VERBS.get((method, name), (None, ()))
    return verb if not facets or vocabulary.facet.name in facets else None


def followers(reader: Reader, vocabulary: Vocabulary, number: int, name: str) -> Parent | None:
    """The users who watch a thread or subscribe to an object, as a collection below it."""
    if vocabulary.facet.name not in LISTS.get(name, ()):
        return None
    head = head_of(reader, vocabulary, number)

    def condition(_: int) -> Condition:
        return link_to(FOLLOWED, str(vocabulary.facet.kind), head)

    return Parent(vocabulary, number, BelowParent(condition, "who follows it"), None)


TEXTILE = ("description", "message")
"""Attributes that hold Textile."""


def html_row(vocabulary: Vocabulary, row: Mapping[str, Any]) -> dict[str, str]:
    """The Textile texts of an object as HTML that is safe to show."""
    return {"id": row["id"]} | {
        f"{key}_html": html_of(row[key]) for key in TEXTILE if key in vocabulary.attributes
    }
