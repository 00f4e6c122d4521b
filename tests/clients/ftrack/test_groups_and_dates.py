"""ftrack_api, unmodified, asks for groups, aggregates, days by what they are today, and types of folders."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import ServerError, Session, Site, unique
from zou_server.blueprints.ftrack.dates import span_of

NOON = dt.datetime(2024, 2, 29, 12, tzinfo=dt.UTC)
"""A Thursday, and the last day of a February."""


def rows(session: Session, expression: str) -> list[Any]:
    """What a query answers, as it comes."""
    (answer,) = session.call([{"action": "query", "expression": expression}])
    found: list[Any] = answer["data"]
    return found


@pytest.fixture(scope="module")
def project(site: Site) -> str:
    """A project with tasks that are due on several days, and of two steps."""
    with site.session() as session:
        made = session.create(
            "Project",
            {
                "name": unique("dates"),
                "full_name": unique("Dates"),
                "project_schema": session.query("ProjectSchema").first(),
            },
        )
        steps = [session.query(f'Type where name is "{name}"').one() for name in ("Animation", "Lighting")]
        today = dt.datetime.now(dt.UTC).replace(hour=9, minute=0, second=0, microsecond=0)
        for number, days in enumerate((0, -1, 1, 400, None)):
            values = {
                "name": f"task{number}",
                "parent": made,
                "type": steps[number % 2],
                "bid": 3600 * number,
            }
            if days is not None:
                values["end_date"] = (today + dt.timedelta(days=days)).isoformat()
            session.create("Task", values)
        session.commit()
        return str(made["id"])


def both_names(**values: Any) -> dict[str, Any]:
    """Aggregates as they are written, and as one word."""
    written = {"{}({})".format(*name.split("_")): value for name, value in values.items()}
    return {**values, **written}


def test_rows_are_counted_by_what_they_are_grouped_by(session: Session, project: str) -> None:
    found = rows(session, f"select count(id) from Task where project_id is {project} group by status_id")
    status = session.query(f"select status_id from Task where project_id is {project}").first()["status_id"]
    assert found == [{"status_id": status, **both_names(count_id=5)}]


def test_rows_are_counted_in_groups(session: Session, project: str) -> None:
    found = rows(
        session,
        f"select type.name, count(id), sum(bid), avg(bid), max(name) from Task where project_id is {project} "
        "group by type.name order by count(id) descending",
    )
    assert found == [
        {
            "type": {"name": "Animation"},
            **both_names(count_id=3, sum_bid=21600, avg_bid=7200, max_name="task4"),
        },
        {
            "type": {"name": "Lighting"},
            **both_names(count_id=2, sum_bid=14400, avg_bid=7200, max_name="task3"),
        },
    ]
    assert rows(session, f"select count(id) from Task where project_id is {project}") == [
        both_names(count_id=5)
    ]


def test_groups_come_in_pages(session: Session, project: str) -> None:
    asked = f"select name, count(id) from Task where project_id is {project} group by name order by name"
    (answer,) = session.call([{"action": "query", "expression": f"{asked} limit 2"}])
    assert [each["name"] for each in answer["data"]] == ["task0", "task1"]
    assert answer["metadata"]["next"]["offset"] == 2
    assert [each["name"] for each in rows(session, f"{asked} offset 4 limit 2")] == ["task4"]


def test_rows_of_several_types_are_counted_together(session: Session, project: str) -> None:
    assert rows(session, f"select count(id), min(name) from TypedContext where project_id is {project}") == [
        both_names(count_id=5, min_name="task0")
    ]
    empty = rows(session, "select count(id), sum(bid) from Task where name is nobody_called_it_so")
    assert empty == [both_names(count_id=0, sum_bid=None)]


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("select name, count(id) from Task", "name is neither grouped by nor in an aggregate"),
        ("select sum(name) from Task", "there is no sum of such values"),
        ("select count(id) from State", "State has no rows that could be counted"),
        ("select count(nothing) from Task", "Task has no attribute 'nothing'"),
        ("select count(id) from Task group by nothing", "Task has no attribute 'nothing'"),
        ("select count(id) from Task group by assignments", "assignments of Task is not one value"),
        (
            "select count(id) from Task group by name order by bid",
            "Groups are ordered by what is selected of them: bid is not",
        ),
        ("Task where id in (select count(id) from Task)", "id cannot be compared with groups"),
        ("select count(id from Task", "Failed to parse the query near 'from Task'"),
    ],
)
def test_groups_that_make_no_sense_are_refused(session: Session, asked: str, why: str) -> None:
    with pytest.raises(ServerError, match=why):
        rows(session, asked)


# -- days by what they are today -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("criterion", "names"),
    [
        ("end_date is TODAY", {"task0"}),
        ('end_date is "YESTERDAY"', {"task1"}),
        ("end_date is_not TODAY", {"task1", "task2", "task3", "task4"}),
        ("end_date before TODAY", {"task1"}),
        ("end_date after TODAY", {"task2", "task3"}),
        ("end_date <= TODAY", {"task0", "task1"}),
        ("end_date >= TOMORROW", {"task2", "task3"}),
        ("end_date in (TODAY, TOMORROW)", {"task0", "task2"}),
        ("end_date is NEXT_2_YEARS", {"task0", "task2", "task3"}),
        ("created_at is THIS_YEAR", {"task0", "task1", "task2", "task3", "task4"}),
        ("created_at before THIS_WEEK", set()),
    ],
)
def test_a_day_may_be_what_it_is_today(
    session: Session, project: str, criterion: str, names: set[str]
) -> None:
    found = session.query(f"select name from Task where project_id is {project} and {criterion}")
    assert {each["name"] for each in found} == names


@pytest.mark.parametrize(
    ("word", "first", "end"),
    [
        ("TODAY", "2024-02-29", "2024-03-01"),
        ("YESTERDAY", "2024-02-28", "2024-02-29"),
        ("THIS_WEEK", "2024-02-26", "2024-03-04"),
        ("last_week", "2024-02-19", "2024-02-26"),
        ("NEXT_MONTH", "2024-03-01", "2024-04-01"),
        ("THIS_QUARTER", "2024-01-01", "2024-04-01"),
        ("LAST_YEAR", "2023-01-01", "2024-01-01"),
        ("LAST_7_DAYS", "2024-02-23", "2024-03-01"),
        ("NEXT_2_WEEKS", "2024-02-29", "2024-03-15"),
    ],
)
def test_the_days_that_a_word_stands_for(word: str, first: str, end: str) -> None:
    span = span_of(word, NOON)
    assert span is not None
    assert tuple(each.date().isoformat() for each in span) == (first, end)


@pytest.mark.parametrize("word", ["SOMEDAY", "THIS_1000_DAYS", "LAST_", "2024-02-29"])
def test_other_words_stand_for_no_days(word: str) -> None:
    assert span_of(word, NOON) is None


def test_an_unknown_word_is_no_day(session: Session) -> None:
    with pytest.raises(ServerError, match="end_date"):
        rows(session, "Task where end_date is SOMEDAY")


def test_days_are_counted_from_the_clock_of_the_studio(
    site: Site, session: Session, project: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = site.app.extensions["studio"]
    monkeypatch.setattr(studio, "now", lambda: dt.datetime.now(dt.UTC) + dt.timedelta(days=400))
    found = session.query(f"select name from Task where project_id is {project} and end_date is TODAY")
    assert [each["name"] for each in found] == ["task3"]
    asked = f"select count(id) from Task where project_id is {project} and end_date before TODAY"
    assert rows(session, asked)[0]["count_id"] == 3


# -- what is seen as a folder --------------------------------------------------------------------------------


def test_criteria_on_the_type_of_a_folder_compare_what_it_shows(
    site: Site, session: Session, show: Show
) -> None:
    kinds = {
        kind: site.create(kind, name=unique(kind), project_id=show.project) for kind in ("Concept", "Folder")
    }
    (folders,) = session.query('Type where name is "Folder"').all()
    folder = session.query('select name from ObjectType where name is "Folder"').one()
    assert folders["id"] == folder["id"]
    for id_ in kinds.values():
        shown = session.query(f"select type.name, type.sort from Folder where id is {id_}").one()
        assert shown["type"]["name"] == "Folder"
    found = session.query(f'Folder where project_id is {show.project} and type.name is "Folder"').all()
    assert {each["id"] for each in found} == set(kinds.values())
    assert session.query(f'Folder where project_id is {show.project} and type.name is "Concept"').all() == []


def test_a_folder_type_of_another_name_is_found_by_that_name(site: Site, show: Show) -> None:
    concept = site.create("Concept", name=unique("Concept"), project_id=show.project)
    id_ = "3c133785-51cb-11e3-980a-20c9d0831e59"
    site.change("EntityType", id_, name="Binder")
    try:
        with site.session() as later:
            shown = later.query(f"select type.name from Folder where id is {concept}").one()
            assert shown["type"]["name"] == "Binder"
            assert later.query(f'Folder where id is {concept} and type.name is "Binder"').one()
            assert later.query(f'Folder where id is {concept} and type.name is "Folder"').first() is None
            assert later.query(f'Folder where id is {concept} and type is "{id_}"').one()
    finally:
        site.change("EntityType", id_, name="Folder")
