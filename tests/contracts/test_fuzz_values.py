"""No value of the wrong kind gets a 500, wherever a dialect takes one: in bodies, filters and queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contracts import nasty
from tests.contracts.dialects import DIALECTS, Dialect, Ftrack, Refused, Shotgun, ShotRunner, Wire
from tests.contracts.world import World
from zou_server.blueprints.ftrack.vocabulary import types
from zou_server.blueprints.shotgun.methods import METHODS
from zou_server.blueprints.shotgun.relations import RELATIONS
from zou_server.blueprints.shotgun.vocabulary import vocabulary
from zou_server.blueprints.shotrunner.parameters import OPERATORS
from zou_server.models.base import Row
from zou_server.models.registry import Facet, facet

WRITTEN = [
    pytest.param(kind, each, id=f"{kind.name}-{each.name}")
    for kind in DIALECTS
    for each in kind.types().values()
    if issubclass(each.model, Row)
]
SG_RELATIONS = sorted({name for known in RELATIONS.values() for name in known})


def unkind(few: int) -> Callable[[Any], Any]:
    """A test of a few examples, the same ones every time."""
    return settings(
        max_examples=nasty.examples(few),
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


@pytest.fixture(scope="module")
def speak(world: World) -> Callable[[type[Dialect]], Any]:
    """The administrator, speaking a dialect."""
    known = {kind: kind(world, world.admin) for kind in DIALECTS}
    return lambda kind: known[kind]


@pytest.fixture(scope="module")
def shown(world: World) -> Callable[[Dialect, Facet], Wire]:
    """A row as a dialect shows it; made once."""
    made: dict[str, Any] = {}
    rows: dict[tuple[str, str], Wire] = {}

    def find(dialect: Dialect, each: Facet) -> Wire:
        if each.name not in made:
            made[each.name] = world.factory.make(each.name, full=True)
        key = (dialect.name, each.name)
        if key not in rows:
            rows[key] = dialect.show(each, dialect.id_of(each, made[each.name]))
        return rows[key]

    return find


ACTS: Mapping[str, Callable[[Dialect, Facet, Wire, str, Any], object]] = {
    "create": lambda dialect, each, row, key, value: dialect.create(each, {**row, key: value}),
    "create alone": lambda dialect, each, row, key, value: dialect.create(each, {key: value}),
    "update": lambda dialect, each, row, key, value: dialect.update(each, row["id"], {key: value}),
    "filter": lambda dialect, each, row, key, value: dialect.list(each, where=(key, value)),
    "sort": lambda dialect, each, row, key, value: dialect.list(each, order=f"-{key}"),
    "show": lambda dialect, each, row, key, value: dialect.show(each, value),
    "delete": lambda dialect, each, row, key, value: dialect.delete(each, value),
}


@pytest.mark.parametrize(("kind", "each"), WRITTEN)
def test_no_key_takes_a_value_that_breaks_the_server(
    speak: Callable[[type[Dialect]], Dialect],
    shown: Callable[[Dialect, Facet], Wire],
    kind: type[Dialect],
    each: Facet,
) -> None:
    dialect = speak(kind)
    row = shown(dialect, each)
    keys = [key.name for key in dialect.keys(each)]
    body = {key.name: row[key.name] for key in dialect.keys(each) if key.editable and key.name in row}

    @unkind(15)
    @given(
        act=st.sampled_from(sorted(ACTS)),
        key=st.sampled_from(keys) | nasty.texts,
        value=nasty.values,
    )
    def try_it(act: str, key: str, value: Any) -> None:
        with suppress(Refused):
            ACTS[act](dialect, each, {**body, "id": row["id"]}, key, value)

    try_it()


# -- Shotgun: filters and whole payloads ---------------------------------------------------------------------

SG_TYPES = sorted(vocabulary().types)
SG_PATHS = sorted({key for wire in vocabulary().types.values() for key in wire.fields})
SG_SOME_PATHS = (
    "sg_sequence.Sequence.code", "entity.Shot.sg_sequence.Sequence.episode.Episode.code",
    "project.Project.name", "task_assignees.HumanUser.name", "entity.Nothing.code", "a.b", ".", "..",
    "entity.Shot", "Shot.entity",
)  # fmt: skip
sg_links = st.fixed_dictionaries({"type": st.sampled_from(SG_TYPES) | nasty.scalars, "id": nasty.scalars})
sg_leaves = st.fixed_dictionaries(
    {
        "path": st.sampled_from(SG_PATHS) | st.sampled_from(SG_SOME_PATHS) | nasty.scalars,
        "relation": st.sampled_from(SG_RELATIONS) | nasty.scalars,
        "values": st.lists(nasty.scalars | sg_links, max_size=3) | nasty.values,
    }
)
sg_groups = st.recursive(
    sg_leaves,
    lambda inner: st.fixed_dictionaries(
        {
            "logical_operator": st.sampled_from(["and", "or"]) | nasty.scalars,
            "conditions": st.lists(inner, max_size=3) | nasty.values,
        }
    ),
    max_leaves=4,
)


@pytest.mark.parametrize("wire_type", SG_TYPES)
def test_shotgun_takes_any_filter(speak: Callable[[type[Dialect]], Any], wire_type: str) -> None:
    sg: Shotgun = speak(Shotgun)
    keys = sorted(vocabulary().types[wire_type].fields)

    @unkind(30)
    @given(
        group=sg_groups,
        path=st.sampled_from(keys),
        fields=st.lists(st.sampled_from(SG_PATHS) | nasty.scalars, max_size=3),
    )
    def read(group: Any, path: str, fields: list[Any]) -> None:
        leaf = {**group, "path": path} if "path" in group else group
        asked = {"type": wire_type, "filters": leaf, "return_fields": fields}
        with suppress(Refused):
            sg.call("read", asked)

    read()


@pytest.mark.parametrize("method", sorted(METHODS))
def test_shotgun_takes_any_payload(speak: Callable[[type[Dialect]], Any], method: str) -> None:
    sg: Shotgun = speak(Shotgun)
    names = (
        "type",
        "id",
        "fields",
        "filters",
        "paging",
        "sorts",
        "return_fields",
        "summaries",
        "grouping",
        "field_name",
    )
    fields = st.lists(
        st.fixed_dictionaries(
            {"field_name": st.sampled_from(SG_PATHS) | nasty.scalars, "value": nasty.values | sg_links}
        ),
        max_size=2,
    )
    request = st.fixed_dictionaries(
        {"type": st.sampled_from(SG_TYPES)},
        optional={
            "fields": fields,
            "id": nasty.scalars,
            "request_type": st.sampled_from(["create", "update", "x"]),
        },
    )

    @unkind(30)
    @given(
        payload=nasty.values
        | request
        | st.lists(request, max_size=2)
        | st.dictionaries(st.sampled_from(names), nasty.values, max_size=4)
    )
    def call(payload: Any) -> None:
        with suppress(Refused):
            sg.call(method, payload)

    call()


# -- ftrack: queries and actions -----------------------------------------------------------------------------

FT_TYPES = sorted(types())
FT_NAMES = sorted({name for wire in types().values() for name in wire.attributes})
FT_OPERATORS = (
    "is", "is_not", "=", "!=", ">", "<", ">=", "<=", "like", "not_like", "in", "not_in", "after", "before",
    "any", "has",
)  # fmt: skip
ft_paths = st.lists(
    st.sampled_from(FT_NAMES) | st.sampled_from(["parent[Shot]", "children[Task]", "x", "ancestors"]),
    min_size=1,
    max_size=3,
).map(".".join)
ft_literals = st.one_of(
    nasty.texts.map(lambda text: '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    nasty.texts,
    st.sampled_from(
        [
            "none",
            "True",
            "12",
            "()",
            '("a", "b")',
            "(name is x)",
            "(select id from Shot)",
            "2030-01-01",
            "now()",
        ]
    ),
)
ft_criteria = st.recursive(
    st.builds("{} {} {}".format, ft_paths, st.sampled_from(FT_OPERATORS), ft_literals),
    lambda inner: st.builds("({} and {})".format, inner, inner) | st.builds("not {}".format, inner)
    | st.builds("{} any ({})".format, ft_paths, inner) | st.builds("{} or {}".format, inner, inner),
    max_leaves=4,
)  # fmt: skip


@pytest.mark.parametrize("wire_type", FT_TYPES)
def test_ftrack_takes_any_query(speak: Callable[[type[Dialect]], Any], wire_type: str) -> None:
    ft: Ftrack = speak(Ftrack)
    tails = st.sampled_from(
        ["", " limit 2", " offset 1 limit 99999999999", " order by name descending", " order by x"]
    )

    @unkind(25)
    @given(projections=st.lists(ft_paths, max_size=3), criteria=ft_criteria, tail=tails)
    def query(projections: list[str], criteria: str, tail: str) -> None:
        select = f"select {', '.join(projections)} from " if projections else ""
        with suppress(Refused):
            ft.query(f"{select}{wire_type} where {criteria}{tail}")

    query()


@pytest.mark.parametrize("action", ["create", "update", "delete", "query", "query_schemas", "nothing"])
def test_ftrack_takes_any_action(speak: Callable[[type[Dialect]], Any], action: str) -> None:
    ft: Ftrack = speak(Ftrack)
    references = st.fixed_dictionaries({"__entity_type__": st.sampled_from(FT_TYPES), "id": nasty.scalars})
    data = st.dictionaries(st.sampled_from(FT_NAMES) | nasty.texts, nasty.values | references, max_size=3)
    sent = st.fixed_dictionaries(
        {"action": st.just(action)},
        optional={
            "entity_type": st.sampled_from(FT_TYPES) | nasty.scalars,
            "entity_key": st.lists(nasty.scalars, max_size=2) | nasty.values,
            "entity_data": data | nasty.values,
            "expression": nasty.values,
        },
    )

    @unkind(60)
    @given(actions=st.lists(sent, min_size=1, max_size=3))
    def act(actions: list[Any]) -> None:
        with suppress(Refused):
            ft.act(*actions)

    act()


# -- ShotRunner: parameters ----------------------------------------------------------------------------------


@pytest.mark.parametrize("each", [pytest.param(each, id=each.name) for each in ShotRunner.types().values()])
def test_shotrunner_takes_any_parameter(speak: Callable[[type[Dialect]], Any], each: Facet) -> None:
    sr: ShotRunner = speak(ShotRunner)
    keys = [key.name for key in sr.keys(facet(each.name))]
    names = st.builds(
        "{}{}".format,
        st.sampled_from(keys) | nasty.texts,
        st.sampled_from(
            ["", "[]", *(f"[{name}]" for name in OPERATORS), *(f"[{name}][]" for name in OPERATORS)]
        ),
    )

    @unkind(30)
    @given(name=names, text=nasty.texts | st.sampled_from(["1", "1.5", "2030-01-31", "a,b", "id"]))
    def ask(name: str, text: str) -> None:
        with suppress(Refused):
            sr.list(each, where=(name, text))

    ask()
