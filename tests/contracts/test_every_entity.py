"""Every type in every dialect that shows it: list, show, filter, sort, page, create, update, delete.

The rows come from the write pipeline, with a value in every attribute that may have one; what a dialect
shows of them is what it must take back. So nothing here knows a key or a spelling of any dialect.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from tests.contracts.dialects import DIALECTS, Dialect, Key, Refused, Wire, plain
from tests.contracts.world import World
from zou_server.models.conditions import Op, Where
from zou_server.models.registry import Facet
from zou_server.services.files.kept_files import LINKS

STAMPS = frozenset({"created_at", "updated_at"})
"""Moments that are shown with less precision than they are kept in."""

SORTED_OTHERWISE = {
    ("shotgun", "sg_status_list"): "of people: the truth behind `act` and `dis`",
    ("shotgun", "EventLog.description"): "the name of the row: no log is put in the order of its sentences",
    ("shotrunner", "status"): "of people: the truth behind `A` and `I`",
}
"""Dialect and key, of one facet or of all -> by what it sorts, where that is not what it shows."""

NOT_MADE = {
    (
        "ftrack",
        "PublishedFile",
    ): "no such row",  # Shotgun's clients make them: ftrack makes components like them
    ("ftrack", "FieldDescriptor"): "A configuration is for an entity_type",  # two keys, which show no column
}
"""Dialect and facet whose rows its clients may change and make none of -> what they are told."""

NOT_CHANGED = {
    ("shotgun", "Membership"): "ProjectUserConnection.project is editable on create only",
    ("ftrack", "EntityAssignation"): "An appointment is not moved: delete it and make another",
    ("ftrack", "GroupAppointment"): "An appointment is not moved: delete it and make another",
}
"""Dialect and facet whose rows stay as they are made -> what whoever changes one is told."""

Speak = Callable[[type[Dialect]], Dialect]


@dataclass(frozen=True)
class Pair:
    """Two rows of a facet that differ wherever they can, as a dialect shows them."""

    facet: Facet
    ids: tuple[Any, Any]
    first: Wire
    second: Wire


@pytest.fixture(scope="module")
def speak(world: World) -> Speak:
    """The administrator, speaking a dialect."""
    known: dict[type[Dialect], Dialect] = {}
    return lambda kind: known.setdefault(kind, kind(world, world.admin))


@pytest.fixture(scope="module")
def pair_of(world: World) -> Callable[[Dialect, Facet], Pair]:
    """Two rows to look at; the same two for all tests of a type."""
    made: dict[str, tuple[uuid.UUID, uuid.UUID]] = {}

    def find(dialect: Dialect, facet: Facet) -> Pair:
        if dialect.is_event(facet):
            told_most = sorted(dialect.list(facet), key=lambda row: sum(v is None for v in row.values()))
            return seen(dialect, facet, [row["id"] for row in told_most[:2]])
        if facet.name not in made:
            made[facet.name] = (made_row(world, facet), made_row(world, facet))
        return seen(dialect, facet, [dialect.id_of(facet, each) for each in made[facet.name]])

    return find


def made_row(world: World, facet: Facet) -> uuid.UUID:
    given = GIVEN[facet.name](world) if facet.name in GIVEN else {}
    return world.factory.make(facet.name, full=True, **given)


def said_by_admin(world: World) -> dict[str, uuid.UUID]:
    """The administrator as the author of a message, in a chat that they take part in."""
    (person,) = world.kit.rows("HumanUser", "id", where=Where("email", Op.EQ, world.admin.login))
    chat, author = world.factory.make("Chat"), uuid.UUID(person["id"])
    world.factory.make("ChatParticipant", chat_id=chat, person_id=author)
    return {"chat_id": chat, "person_id": author}


GIVEN: Mapping[str, Callable[[World], Mapping[str, Any]]] = {
    "FieldDescriptor": lambda _: {"is_hierarchical": False},  # the others are of no type of their own
    "Code": lambda _: {  # no client can make one without
        "data": {"shotrunner_scope": "delivery", "shotrunner_label": "DPX"},
        "project_id": None,  # those of a project are in its own list
    },
    "Attachment": lambda world: {LINKS: [world.factory.make("Shot")]},  # nor without this
    "ChatMessage": said_by_admin,  # nobody says or changes a message in somebody else's name
}
"""Facet -> values of the rows to look at, where an administrator may not change whatever there is."""


def seen(dialect: Dialect, facet: Facet, ids: list[Any]) -> Pair:
    return Pair(facet, (ids[0], ids[1]), dialect.show(facet, ids[0]), dialect.show(facet, ids[1]))


def every(*, written: bool = False, whole: bool = False) -> pytest.MarkDecorator:
    """Each dialect with each type that it shows.

    `written`: only types that clients may change. `whole`: only dialects whose clients send whole objects.
    """
    cases = [
        pytest.param(dialect, facet, id=f"{dialect.name}-{facet.name}")
        for dialect in DIALECTS
        if dialect.sends_whole_objects or not whole
        for facet in dialect.types().values()
        if not (written and Dialect.is_event(None, facet))  # type: ignore[arg-type]
    ]
    return pytest.mark.parametrize(("kind", "facet"), cases)


PairOf = Callable[[Dialect, Facet], Pair]


@every()
def test_a_row_is_in_the_list_as_it_is_shown_alone(
    speak: Speak, pair_of: PairOf, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    pair = pair_of(dialect, facet)
    listed = {row["id"]: row for row in dialect.list(facet)}
    for id_, shown in zip(pair.ids, (pair.first, pair.second), strict=True):
        assert {key: plain(value) for key, value in listed[id_].items()} == {
            key: plain(shown[key]) for key in listed[id_]
        }


@every()
def test_every_key_filters(speak: Speak, pair_of: PairOf, kind: type[Dialect], facet: Facet) -> None:
    dialect = speak(kind)
    pair = pair_of(dialect, facet)
    for key in shown_keys(dialect, pair):
        if key.filterable:
            found = {row["id"] for row in dialect.list(facet, where=(key.name, pair.first[key.name]))}
            assert key.name in STAMPS or pair.ids[0] in found, key.name
            assert differs(pair, key) <= (pair.ids[1] not in found), key.name


@every()
def test_every_key_sorts(speak: Speak, pair_of: PairOf, kind: type[Dialect], facet: Facet) -> None:
    dialect = speak(kind)
    pair = pair_of(dialect, facet)
    for key in shown_keys(dialect, pair):
        if key.sortable:
            ids = [row["id"] for row in dialect.list(facet, order=f"-{key.name}")]
            found = [id_ for id_ in ids if id_ in pair.ids]
            assert len(found) == 2, key.name
            if has_order(dialect, pair, key):
                greater = pair.first[key.name] > pair.second[key.name]
                assert found == list(pair.ids if greater else pair.ids[::-1]), key.name


@every()
def test_pages_put_together_are_the_list(
    speak: Speak, pair_of: PairOf, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    pair_of(dialect, facet)
    order = next(key.name for key in dialect.keys(facet) if key.sortable and key.name in (*STAMPS, "id"))
    whole = [row["id"] for row in dialect.list(facet, order=order)]
    pages = [dialect.list(facet, order=order, page=(number, 2)) for number in (1, 2, 3)]
    assert [row["id"] for page in pages for row in page] == whole[:6]
    assert dialect.list(facet, order=order, page=(len(whole) + 1, 2)) == []


@pytest.mark.parametrize(("dialect", "name"), sorted({*NOT_MADE, *NOT_CHANGED}))
def test_what_is_not_made_or_changed_is_shown(dialect: str, name: str) -> None:
    (kind,) = [each for each in DIALECTS if each.name == dialect]
    assert name in [facet.name for facet in kind.types().values()]


@every(written=True)
def test_what_is_shown_can_be_sent_to_make_the_same_again(
    world: World, speak: Speak, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    id_ = dialect.id_of(facet, made_row(world, facet))
    shown = dialect.show(facet, id_)
    dialect.delete(facet, id_)  # or its name would be taken
    if (kind.name, facet.name) in NOT_MADE:
        with pytest.raises(Refused, match=NOT_MADE[kind.name, facet.name]):
            dialect.show(facet, dialect.create(facet, editable(dialect, facet, shown)))
        return
    again = dialect.show(facet, dialect.create(facet, editable(dialect, facet, shown)))
    assert again["id"] != id_
    assert editable(dialect, facet, again) == editable(dialect, facet, shown)


@every(written=True)
def test_an_update_of_everything_is_shown(
    world: World, speak: Speak, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    id_, other = (dialect.id_of(facet, made_row(world, facet)) for _ in range(2))
    before, wanted = dialect.show(facet, id_), dialect.show(facet, other)
    dialect.delete(facet, other)
    if (kind.name, facet.name) in NOT_CHANGED:
        with pytest.raises(Refused, match=NOT_CHANGED[kind.name, facet.name]):
            dialect.update(facet, id_, editable(dialect, facet, wanted))
        assert dialect.show(facet, id_) == before
        return
    assert changeable(dialect, facet, before) != changeable(dialect, facet, wanted)
    dialect.update(facet, id_, changeable(dialect, facet, wanted))
    after = dialect.show(facet, id_)
    assert changeable(dialect, facet, after) == changeable(dialect, facet, wanted)


@every(written=True, whole=True)
def test_an_object_sent_back_whole_changes_nothing(
    world: World, speak: Speak, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    made = made_row(world, facet)
    id_ = dialect.id_of(facet, made)
    version = world.kit.row(facet.name, made, "lock_version")
    dialect.update(facet, id_, editable(dialect, facet, dialect.show(facet, id_)))
    assert world.kit.row(facet.name, made, "lock_version") == version


@every(written=True)
def test_a_deleted_row_leaves_lists_and_cannot_be_shown(
    world: World, speak: Speak, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    id_ = dialect.id_of(facet, made_row(world, facet))
    dialect.delete(facet, id_)
    assert id_ not in [row["id"] for row in dialect.list(facet)]
    with pytest.raises(Refused) as refused:
        dialect.show(facet, id_)
    assert refused.value.status == dialect.missing


@every()
def test_a_type_is_described_with_every_key_it_shows(
    speak: Speak, pair_of: PairOf, kind: type[Dialect], facet: Facet
) -> None:
    dialect = speak(kind)
    assert set(pair_of(dialect, facet).first) - {"type"} <= dialect.described(facet)


def shown_keys(dialect: Dialect, pair: Pair) -> list[Key]:
    return [key for key in dialect.keys(pair.facet) if key.name in pair.first]


def editable(dialect: Dialect, facet: Facet, row: Mapping[str, Any]) -> Wire:
    """What of a row a client may set."""
    return {key.name: plain(row[key.name]) for key in dialect.keys(facet) if key.editable and key.name in row}


def changeable(dialect: Dialect, facet: Facet, row: Mapping[str, Any]) -> Wire:
    """What of a row that is there a client may set."""
    once = {key.name for key in dialect.keys(facet) if key.once}
    return {name: value for name, value in editable(dialect, facet, row).items() if name not in once}


def differs(pair: Pair, key: Key) -> bool:
    return bool(pair.first[key.name] != pair.second[key.name])


def has_order(dialect: Dialect, pair: Pair, key: Key) -> bool:
    """Whether two rows can only come in one order."""
    values = (pair.first[key.name], pair.second[key.name])
    is_plain = all(isinstance(each, str | int | float) and not isinstance(each, bool) for each in values)
    names = (key.name, f"{pair.facet.name}.{key.name}")
    is_shown = not any((dialect.name, name) in SORTED_OTHERWISE for name in names)
    return is_plain and is_shown and differs(pair, key)
