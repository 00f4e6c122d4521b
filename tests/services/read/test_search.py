"""Words that resemble, contained and said: the operators behind search, and the indexes they use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tests.big_studio.plans import asked
from tests.studio import StudioKit, open_studio
from zou_server.blueprints.zou.bodies import read_body
from zou_server.blueprints.zou.production.search import INDEXES, Search, search_all, search_query
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Bundle, Op, Order, Where
from zou_server.query.statements import statement_for_bundle
from zou_server.services.read.reader import rows_of

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

MANY = 100_000


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    with open_studio(postgres, tmp_path_factory.mktemp("search")) as kit:
        yield kit


@pytest.fixture(scope="module")
def named(kit: StudioKit) -> StudioKit:
    """A project with shots of many names."""
    project = kit.project()
    for name, description in (
        ("Forêt noire", "trees everywhere"),
        ("FORET", "a path"),
        ("Fortress", "walls"),
        ("Harbour", "the harbour master's house"),
        ("50%_off", None),
    ):
        kit.create("Shot", name=name, project_id=project, description=description)
    return kit


def found(kit: StudioKit, op: Op, value: str, path: str = "name") -> list[str]:
    rows = kit.rows("Shot", "name", where=Where(path, op, value), order=(Order("name"),))
    return sorted(row["name"] for row in rows)


@pytest.mark.parametrize(
    ("op", "value", "names"),
    [
        (Op.CONTAINS_WORDS, "foret", ["FORET", "Forêt noire"]),
        (Op.CONTAINS_WORDS, "ÊT NOI", ["Forêt noire"]),
        (Op.CONTAINS_WORDS, "%_", ["50%_off"]),
        (Op.CONTAINS_WORDS, "o%s", []),
        (Op.RESEMBLES, "harbor", ["Harbour"]),
        (Op.RESEMBLES, "forrest", []),
        (Op.RESEMBLES, "noire", ["Forêt noire"]),
    ],
)
def test_names_are_found_by_words(named: StudioKit, op: Op, value: str, names: list[str]) -> None:
    assert found(named, op, value) == names


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("house harb", ["Harbour"]),
        ("TREE", ["Forêt noire"]),
        ("house tree", []),
        ("!!", []),
        ("", []),
    ],
)
def test_descriptions_are_found_by_what_they_say(named: StudioKit, value: str, names: list[str]) -> None:
    assert found(named, Op.SAYS, value, "description") == names


def test_the_most_alike_comes_first(named: StudioKit) -> None:
    order = (Order("name", descending=True, like="foret"),)
    where = Where("name", Op.CONTAINS_WORDS, "for")
    rows = named.rows("Shot", "name", where=where, order=order)
    assert [row["name"] for row in rows] == ["FORET", "Forêt noire", "Fortress"]


def test_what_has_a_code_in_its_name_comes_before_what_is_like_it(kit: StudioKit) -> None:
    project = kit.project()
    names = ("XQ0120", "seq_of_a_long_name_XQ01200_and_more", "XQ0121", "XQ012")
    for name in names:
        kit.create("Shot", name=name, project_id=project)
    search = read_body(Search, {"query": "XQ0120", "limit": 4})
    rows = kit.studio.read(SYSTEM).page(search_query("shots", search), ZOU).rows()
    assert [row["name"] for row in rows][:2] == list(names[:2])
    assert {row["name"] for row in rows[2:]} <= set(names[2:])
    assert len(rows) > 2


@pytest.fixture(scope="module")
def numbered(kit: StudioKit) -> StudioKit:
    """A project with shots and assets whose names and descriptions are much alike."""
    project = kit.project()
    for n in range(12):
        said = f"lantern {n}"
        kit.create("Shot", name=f"XR01{n:02}", project_id=project, description=said)
        kit.create("Asset", name=f"chair XR01{n:02}", project_id=project, description=said)
    kit.create("Asset", name="table", project_id=project, description="stands in XR0103")
    return kit


def names_found(kit: StudioKit, words: str, **more: Any) -> dict[str, list[str]]:
    search = read_body(Search, {"query": words, "limit": 30, "index_names": ["shots", "assets"], **more})
    found = search_all(kit.studio.read(SYSTEM), search)
    return {name: [row["name"] for row in rows_of(text)] for name, text in found.items()}


def test_a_code_finds_what_has_it_and_nothing_that_is_only_like_it(numbered: StudioKit) -> None:
    assert names_found(numbered, "XR0103") == {"shots": ["XR0103"], "assets": ["chair XR0103", "table"]}
    assert names_found(numbered, "xr0102", index_names=["shots"]) == {"shots": ["XR0102"]}


def test_a_code_that_nothing_has_finds_what_is_like_it(numbered: StudioKit) -> None:
    assert "XR0103" in names_found(numbered, "XR01031")["shots"]


@pytest.mark.parametrize("words", ["XR010", "xr01", "XR0100", "XR01001", "lantern 2", "nothing 77"])
def test_pages_of_a_search_for_a_code_are_parts_of_all_that_is_found(numbered: StudioKit, words: str) -> None:
    whole = names_found(numbered, words)
    for index, expected in whole.items():
        pages = []
        for offset in range(0, len(expected) + 6, 3):
            pages += names_found(numbered, words, limit=3, offset=offset)[index]
        assert pages == expected


def test_a_code_that_enough_names_have_is_compared_with_no_others(crowded: StudioKit) -> None:
    search = read_body(Search, {"query": "c4ca42", "limit": 1, "index_names": ["shots"]})
    with asked(crowded.studio.reads) as statements:
        found = rows_of(search_all(crowded.studio.read(SYSTEM), search)["shots"])
    assert [row["name"][:6] for row in found] == ["c4ca42"]
    searches = [text for text in statements if "plain_words" in text]
    assert searches
    assert not [text for text in searches if "<%" in text]


@pytest.fixture(scope="module")
def crowded(kit: StudioKit) -> StudioKit:
    """A project with a hundred thousand shots, made behind the pipeline's back."""
    project = kit.project()
    rows = sa.text(
        "WITH made AS (SELECT gen_random_uuid() AS id, n FROM generate_series(1, :many) n), "
        "known AS (INSERT INTO object (id, kind, project_id) SELECT id, 'Shot', :project FROM made) "
        "INSERT INTO entity (id, kind, name, description, project_id, created_at, updated_at, "
        "canceled, is_casting_standby, is_shared) "
        "SELECT id, 'Shot', md5(n::text), 'number ' || n, :project, now(), now(), false, false, false "
        "FROM made"
    )
    with kit.studio.writes.begin() as connection:
        connection.execute(rows, {"many": MANY, "project": project})
    with kit.studio.reads.connect() as connection:
        connection.execute(sa.text("VACUUM ANALYZE entity"))
    return kit


def test_a_search_among_a_hundred_thousand_uses_the_indexes(crowded: StudioKit) -> None:
    search = read_body(Search, {"query": "c4ca4238a0", "index_names": ["shots", "assets"]})
    plan = _plan(crowded, search)
    assert "ix_entity_words" in plan
    assert "ix_entity_description_words" in plan
    assert "Seq Scan on entity" not in plan


def _plan(kit: StudioKit, search: Search) -> str:
    """How PostgreSQL would answer a search, with the values in place."""
    queries = tuple(search_query(name, search) for name in search.index_names or ())
    statement, parameters = statement_for_bundle(Bundle(queries), ZOU)
    raw: Any = kit.studio.reads.raw_connection()
    try:
        with raw.cursor() as cursor:
            cursor.execute(f"EXPLAIN {statement.sql}", parameters)
            return "\n".join(line for (line,) in cursor.fetchall())
    finally:
        raw.close()


def test_every_index_is_of_a_type_that_has_its_fields() -> None:
    for name in INDEXES:
        assert search_query(name, read_body(Search, {"query": "tree"})).projection.outputs
