"""The query tree against PostgreSQL: every operator, null and case, paths, pages, scope, streams."""

from __future__ import annotations

import json
import uuid
from contextlib import nullcontext
from dataclasses import replace
from typing import Any

import pytest

from tests.contracts.statements import noted
from tests.studio import PLAIN, StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import (
    All,
    AnyOf,
    Condition,
    Form,
    InQuery,
    Not,
    Op,
    Order,
    Output,
    Projection,
    Query,
    Retired,
    Some,
    UnionQuery,
    View,
    Where,
)
from zou_server.models.errors import Invalid, Unfilterable, UnknownField
from zou_server.models.registry import facet
from zou_server.query import statements
from zou_server.query.lift import lift
from zou_server.query.statements import AnswerShape, statement_for
from zou_server.services.read import reader as reader_module
from zou_server.services.read import spool as spool_module
from zou_server.services.read.reader import Page
from zou_server.services.read.run_statement import LONG_LIST, WORTH_PREPARING


@pytest.fixture(scope="module")
def shots(kit: StudioKit) -> str:
    """A project with four shots: Alpha (10 frames), beta (20), Gamma_x (none), 100% (0)."""
    project = kit.project()
    sequence = kit.create("Sequence", name="SQ010", project_id=project)
    for name, frames, lens in (
        ("Alpha", 10, 35),
        ("beta", 20, "wide"),
        ("Gamma_x", None, None),
        ("100%", 0, "50"),
    ):
        kit.create(
            "Shot", name=name, nb_frames=frames, parent_id=sequence, data={"lens": lens} if lens else None
        )
    return str(project)


PAIRS_OF_VALUES = AnyOf(
    tuple(
        All((Where("name", Op.EQ_CI, name), Where("nb_frames", Op.EQ, frames)))
        for frames in range(0, 30, 10)
        for name in ("ALPHA", "Beta", "100%")
        if (frames, name) != (0, "100%")
    )
)

CASES: list[tuple[Condition, str]] = [
    (Where("nb_frames", Op.EQ, "10"), "Alpha"),
    (Where("nb_frames", Op.NE, 10), "beta Gamma_x 100%"),
    (Where("nb_frames", Op.LT, 10), "100%"),
    (Where("nb_frames", Op.LE, 10), "Alpha 100%"),
    (Where("nb_frames", Op.GT, 10), "beta"),
    (Where("nb_frames", Op.GE, 10), "Alpha beta"),
    (Where("nb_frames", Op.IN, [10, 20, None]), "Alpha beta"),
    (Where("nb_frames", Op.IN, []), ""),
    (Where("nb_frames", Op.NOT_IN, [10]), "beta Gamma_x 100%"),
    (Where("nb_frames", Op.BETWEEN, [0, 10]), "Alpha 100%"),
    (Where("nb_frames", Op.NOT_BETWEEN, [0, 10]), "beta Gamma_x"),
    (Where("nb_frames", Op.NULL), "Gamma_x"),
    (Where("nb_frames", Op.NOT_NULL), "Alpha beta 100%"),
    (Where("name", Op.EQ, "alpha"), ""),
    (Where("name", Op.EQ_CI, "aLPHA"), "Alpha"),
    (Where("name", Op.NE_CI, "alpha"), "beta Gamma_x 100%"),
    (Where("name", Op.IN_CI, ["ALPHA", "BETA"]), "Alpha beta"),
    (Where("name", Op.NOT_IN_CI, ["ALPHA"]), "beta Gamma_x 100%"),
    (Where("name", Op.LIKE, "%A"), "Alpha beta"),
    (Where("name", Op.NOT_LIKE, "%A"), "Gamma_x 100%"),
    (Where("name", Op.LIKE, "back\\"), ""),
    (Where("name", Op.CONTAINS, "_"), "Gamma_x"),
    (Where("name", Op.CONTAINS, "%"), "100%"),
    (Where("name", Op.NOT_CONTAINS, "a"), "100%"),
    (Where("name", Op.STARTS, "BE"), "beta"),
    (Where("name", Op.ENDS, "X"), "Gamma_x"),
    (Where("data.lens::number", Op.GT, 40), "100%"),
    (Where("data.lens", Op.EQ, "wide"), "beta"),
    (Where("data.lens", Op.NULL), "Gamma_x"),
    (Where("parent.name", Op.EQ, "SQ010"), "Alpha beta Gamma_x 100%"),
    (Where("context[Sequence].name", Op.EQ, "SQ010"), "Alpha beta Gamma_x 100%"),
    (Where("context[Episode].name", Op.EQ, "SQ010"), ""),
    (Where("context.kind", Op.EQ, "Sequence"), "Alpha beta Gamma_x 100%"),
    (Not(Where("nb_frames", Op.GT, 10)), "Alpha Gamma_x 100%"),
    (AnyOf((Where("name", Op.EQ, "Alpha"), Where("nb_frames", Op.NULL))), "Alpha Gamma_x"),
    (AnyOf(()), ""),
    (AnyOf(tuple(Where("nb_frames", Op.EQ, n) for n in range(9, 40))), "Alpha beta"),
    (AnyOf(tuple(Where("name", Op.EQ_CI, f"{n}%") for n in range(90, 110))), "100%"),
    (Not(AnyOf(tuple(Where("nb_frames", Op.EQ, n) for n in range(9, 40)))), "Gamma_x 100%"),
    (PAIRS_OF_VALUES, "Alpha beta"),
    (Not(PAIRS_OF_VALUES), "Gamma_x 100%"),
    (AnyOf((PAIRS_OF_VALUES, Where("nb_frames", Op.NULL))), "Alpha beta Gamma_x"),
    (All(()), "Alpha beta Gamma_x 100%"),
]


@pytest.mark.parametrize(("where", "names"), CASES, ids=lambda value: repr(value)[:60])
def test_every_operator_means_the_same_with_null_and_case(
    kit: StudioKit, shots: str, where: Condition, names: str
) -> None:
    mine = All((Where("project_id", Op.EQ, shots), where))
    found = {row["name"] for row in kit.rows("Shot", "name", where=mine)}
    assert found == set(names.split())


def test_conditions_on_a_link_to_many_hold_for_one_row_only_inside_some(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.shot(project)
    kit.create("Task", entity_id=shot, name="anim", priority=3)
    kit.create("Task", entity_id=shot, name="comp", priority=0)
    name, urgent = Where("name", Op.EQ, "comp"), Where("priority", Op.EQ, 3)
    apart = All((Where("tasks.name", Op.EQ, "comp"), Where("tasks.priority", Op.EQ, 3)))
    ours = Where("project_id", Op.EQ, str(project))
    assert len(kit.rows("Shot", where=All((ours, apart)))) == 1
    assert kit.rows("Shot", where=All((ours, Some("tasks", All((name, urgent)))))) == []
    assert len(kit.rows("Shot", where=All((ours, Not(Some("tasks", Where("name", Op.EQ, "none"))))))) == 1


def test_a_sub_query_supplies_the_values(kit: StudioKit) -> None:
    project = kit.project()
    shot = kit.shot(project)
    kit.shot(project)
    kit.create("Task", entity_id=shot, name="anim")
    inner = Query(facet("Task"), Projection(()), Where("project_id", Op.EQ, str(project)))
    found = kit.rows("Shot", "id", where=InQuery("id", inner, "entity_id"))
    assert [row["id"] for row in found] == [str(shot)]


def test_nulls_come_last_in_both_directions(kit: StudioKit, shots: str) -> None:
    ours = Where("project_id", Op.EQ, shots)
    up = [r["nb_frames"] for r in kit.rows("Shot", "nb_frames", where=ours, order=(Order("nb_frames"),))]
    down = [
        r["nb_frames"]
        for r in kit.rows("Shot", "nb_frames", where=ours, order=(Order("nb_frames", descending=True),))
    ]
    assert up == [0, 10, 20, None]
    assert down == [20, 10, 0, None]


@pytest.mark.parametrize("descending", [False, True])
def test_a_cursor_visits_every_row_once(kit: StudioKit, *, descending: bool) -> None:
    project = kit.project()
    made = [str(kit.shot(project)) for _ in range(7)]
    order = (Order("created_at", descending),)
    seen: list[str] = []
    while page := kit.rows(
        "Shot",
        "id",
        where=Where("project_id", Op.EQ, str(project)),
        order=order,
        limit=3,
        after=seen[-1] if seen else None,
    ):
        seen += [row["id"] for row in page]
    assert seen == (made[::-1] if descending else made)


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("nothing", UnknownField),
        ("parent.nothing", UnknownField),
        ("nothing.name", UnknownField),
        ("deleted_at", Unfilterable),
        ("parent.deleted_at", Unfilterable),
        ("a.b.c.d.e.f.g.h.i.j.k.l.m.n", Invalid),
        ("parent[Task].name", Invalid),
    ],
)
def test_a_path_that_leads_nowhere_is_refused_by_name(
    kit: StudioKit, path: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        kit.rows("Shot", where=Where(path, Op.EQ, "x"))


@pytest.mark.parametrize(("path", "value"), [("nb_frames", "ten"), ("id", "x"), ("created_at", "yesterday")])
def test_a_value_of_another_kind_is_refused_by_the_name_of_its_field(
    kit: StudioKit, path: str, value: str
) -> None:
    with pytest.raises(Invalid) as refused:
        kit.rows("Shot", where=Where(path, Op.EQ, value))
    assert list(refused.value.fields) == [path]


def test_a_filter_nested_without_end_is_refused(kit: StudioKit) -> None:
    node: Condition = Where("name", Op.EQ, "x")
    for _ in range(200):
        node = Not(node)
    with pytest.raises(Invalid, match="nested"):
        kit.rows("Shot", where=node)


def test_a_long_list_of_values_is_planned_for_itself_and_a_short_one_is_not(kit: StudioKit) -> None:
    project = kit.project()
    shot = str(kit.shot(project))

    query = Query(facet("Shot"), Projection((Output("id", "id"),)))

    def asked(count: int) -> str:
        listed = Where("id", Op.IN, [shot, *(str(uuid.uuid4()) for _ in range(count - 1))])
        with noted(kit.studio.reads) as statements:
            for _ in range(WORTH_PREPARING + 1):
                found = kit.studio.read(SYSTEM).page(replace(query, where=listed), PLAIN)
                assert json.loads(found.text) == {"id": shot}
        return statements[-1]

    assert asked(LONG_LIST).startswith("EXECUTE ")
    assert asked(LONG_LIST + 1).startswith("SELECT ")


def test_a_union_pages_and_sorts_over_all_its_members(kit: StudioKit) -> None:
    project = kit.project()
    kit.create("Sequence", name="b", project_id=project)
    kit.create("Asset", name="a", project_id=project, entity_type_id=_character(kit))
    kit.create("Task", name="c", project_id=project)
    shown = Projection((Output("name", "name"), Output("id", "id")))
    ours = Where("project_id", Op.EQ, str(project))
    members = tuple(Query(facet(name), shown, ours) for name in ("Sequence", "Asset", "Task"))
    query = UnionQuery(members, (Order("name", descending=True),), limit=2)
    reader = kit.studio.read(kit.person("admin"))
    page = reader.page(query, PLAIN)
    assert [row["name"] for row in json.loads(f"[{page.text}]")] == ["c", "b"]
    assert reader.count(query, PLAIN) == 3


def _character(kit: StudioKit) -> str:
    found: str = kit.rows("AssetType", "id", where=Where("name", Op.EQ, "Character"))[0]["id"]
    return found


def test_people_see_the_projects_of_their_teams_only(kit: StudioKit) -> None:
    ours, theirs = kit.project(), kit.project()
    mine = kit.shot(ours)
    kit.shot(theirs)
    task = kit.create("Task", entity_id=mine)
    kit.create("Task", entity_id=kit.shot(theirs))
    artist = kit.person("user", {ours: None})
    assert [r["id"] for r in kit.rows("Project", "id", actor=artist)] == [str(ours)]
    assert [r["id"] for r in kit.rows("Shot", "id", actor=artist)] == [str(mine)]
    assert [r["id"] for r in kit.rows("Task", "id", actor=artist)] == [str(task)]


def test_a_vendor_sees_only_what_is_assigned_to_them(kit: StudioKit) -> None:
    project = kit.project()
    vendor = kit.person("vendor", {project: None})
    seen, hidden = kit.shot(project), kit.shot(project)
    task = kit.create("Task", entity_id=seen, assignees=[vendor.person_id])
    kit.create("Task", entity_id=hidden)
    assert [r["id"] for r in kit.rows("Task", "id", actor=vendor)] == [str(task)]
    assert [r["id"] for r in kit.rows("Shot", "id", actor=vendor)] == [str(seen)]


def test_live_and_retired_rows_together_are_the_live_ones_and_those_that_one_may_bring_back(
    kit: StudioKit,
) -> None:
    project = kit.project()
    live, gone = kit.shot(project), kit.shot(project)
    kit.delete("Shot", gone)
    for role, seen in (("user", {live}), ("manager", {live, gone})):
        actor = kit.person(role, {project: None})
        found = kit.rows("Shot", "id", actor=actor, retired=Retired.BOTH)
        assert {row["id"] for row in found} == {str(each) for each in seen}


def test_a_sub_query_holds_the_scope_of_whoever_asks(kit: StudioKit) -> None:
    ours, theirs = kit.project(), kit.project()
    kit.shot(ours)
    kit.shot(theirs)
    artist = kit.person("user", {ours: None})
    hidden = Query(facet("Shot"), Projection(()), Where("project_id", Op.EQ, str(theirs)))
    same_type = InQuery("entity_type_id", hidden, "entity_type_id")
    assert len(kit.rows("Shot", "id", where=All((same_type, Where("project_id", Op.EQ, str(ours)))))) == 1
    assert kit.rows("Shot", "id", where=same_type, actor=artist) == []


def test_a_masked_field_is_null_in_answers_filters_and_sorts(kit: StudioKit) -> None:
    person = kit.create(
        "Person", first_name=unique("Paid"), daily_salary=300, email=f"{uuid.uuid4().hex}@example.com"
    )
    artist, admin = kit.person("user"), kit.person("admin")
    assert kit.row("Person", person, "daily_salary", actor=admin) == 300
    assert kit.row("Person", person, "daily_salary", actor=artist) is None
    assert kit.rows("Person", "id", where=Where("daily_salary", Op.EQ, 300), actor=artist) == []


def test_a_big_answer_streams_and_holds_the_same_rows(
    kit: StudioKit, shots: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = Query(
        facet("Shot"),
        Projection((Output("name", "name"),)),
        Where("project_id", Op.EQ, shots),
        (Order("name"),),
    )
    reader = kit.studio.read(kit.person("admin"))
    whole = reader.listed(query, PLAIN)
    assert isinstance(whole, Page)
    monkeypatch.setattr(reader_module, "STREAM_FROM", 2)
    monkeypatch.setattr(reader_module, "SHORT", 20)
    monkeypatch.setattr(spool_module, "FIRST_ROWS", 3)
    streamed = reader.listed(query, PLAIN)
    assert not isinstance(streamed, Page)
    assert "".join(streamed) == whole.text


def test_an_answer_key_may_be_long_or_odd(kit: StudioKit) -> None:
    project = kit.project()
    long = "project.Project." + "x" * 80
    shown = Projection((Output(long, "name"), Output(long + 'y"%', "code"), Output("a b:c", "id")))
    query = Query(facet("Project"), shown, Where("id", Op.EQ, str(project)))
    text = kit.studio.read(kit.person("admin")).one(query, PLAIN)
    assert text is not None
    assert list(json.loads(text)) == [long, long + 'y"%', "a b:c"]


def test_a_key_inside_an_object_may_be_odd_too(kit: StudioKit) -> None:
    shot = kit.shot(kit.project())
    inner = Projection((Output("it's 100%: odd", "name"),))
    query = Query(
        facet("Shot"),
        Projection((Output("project", "project", Form.OBJECT, inner),)),
        Where("id", Op.EQ, str(shot)),
    )
    text = kit.studio.read(kit.person("admin")).one(query, PLAIN)
    assert text is not None
    assert list(json.loads(text)["project"]) == ["it's 100%: odd"]


def test_a_link_never_shows_or_filters_by_what_its_reader_may_not_see(kit: StudioKit) -> None:
    ours, theirs = kit.project(), kit.project(description="secret")
    someone = kit.create("Person", first_name=unique("In both"), email=f"{uuid.uuid4().hex}@example.com")
    for project in (ours, theirs):
        kit.create("Membership", project_id=project, person_id=someone)
    artist = kit.person("user", {ours: None})
    shown = kit.row("Person", someone, "projects*", actor=artist)
    assert shown == [str(ours)]
    guess = Where("projects.description", Op.EQ, "secret")
    assert kit.rows("Person", "id", where=guess, actor=artist) == []
    assert kit.rows("Person", "id", where=guess, actor=kit.person("admin")) != []
    guess_by_id = Where("projects", Op.EQ, str(theirs))
    assert kit.rows("Person", "id", where=guess_by_id, actor=artist) == []


def test_a_chain_of_thousands_of_alternatives_is_one_short_statement() -> None:
    pairs = ((Where("name", Op.EQ_CI, f"x{n}"), Where("nb_frames", Op.EQ, n)) for n in range(3000))
    chain = Query(facet("Shot"), Projection((Output("id", "id"),)), AnyOf(tuple(map(All, pairs))))
    statement, parameters = statement_for(chain, PLAIN, AnswerShape.ARRAY)
    assert len(statement.sql) < 2000
    assert sorted(len(each) for each in parameters.values() if isinstance(each, list)) == [3000, 3000]
    shorter = replace(chain, where=AnyOf(chain.where.terms[:100]))  # type: ignore[union-attr]
    assert statement_for(shorter, PLAIN, AnswerShape.ARRAY)[0] is statement


def test_a_question_along_too_many_links_is_refused_before_it_is_asked() -> None:
    deep = "project.created_by.projects.tasks.name"
    for count, refused in ((10, False), (999, True)):
        where = All(tuple(Where(deep, Op.CONTAINS, f"x{n}") for n in range(count)))
        query = Query(facet("Shot"), Projection((Output("id", "id"),)), where)
        with pytest.raises(Invalid, match="asks too much") if refused else nullcontext():
            statement_for(query, PLAIN, AnswerShape.ARRAY)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"retired": Retired.BOTH},
        {"limit": 3},
        {"offset": 2},
        {"after": str(uuid.UUID(int=7))},
        {"order": (Order("name"),)},
        {"first_of": "sequence_id"},
        {"where": Where("id", Op.NE, str(uuid.UUID(int=5)))},
        {"where": Where("parent_id", Op.EQ, str(uuid.UUID(int=5)))},
        {"seen_by": View("me", scope=Where("name", Op.EQ, "x"))},
        {"seen_by": View("me", projects=[str(uuid.UUID(int=6))])},
        {"seen_by": View("me", masked=frozenset({("Entity", "description")}))},
    ],
    ids=str,
)
def test_a_row_by_its_id_is_asked_for_by_the_statement_that_any_other_way_leads_to(
    more: dict[str, Any],
) -> None:
    shown = Projection((Output("id", "id"), Output("description", "description")))
    query = Query(facet("Shot"), shown, Where("id", Op.EQ, str(uuid.UUID(int=5))), seen_by=View("me"))
    asked = replace(query, **more)
    statement, parameters = statement_for(asked, PLAIN, AnswerShape.LINES)
    lifted, values = lift(asked)
    usual = statements._compiled(lifted, PLAIN, AnswerShape.LINES)  # noqa: SLF001 - without the short way
    assert statement.sql == usual.sql
    assert parameters == usual.bind(values)
