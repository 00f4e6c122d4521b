"""Dates of tasks as the client's documentation tells of them: work time, pieces, dependencies, templates."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
import shotgun_api3

from tests.clients.shotgun.site import Client, Row, Site, new

FaultError = shotgun_api3.Fault
DAY = 480
FRIDAY, MONDAY, TUESDAY, WEDNESDAY, THURSDAY = (f"2011-05-{day}" for day in (20, 23, 24, 25, 26))
DATES = ("start_date", "due_date", "duration")


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


@pytest.fixture
def sh(sg: Client, p: Row) -> Row:
    return new(sg, "Shot", project=p)


def read(sg: Client, task: Row, *names: str) -> Row:
    found: Row = sg.find_one("Task", [["id", "is", task["id"]]], list(names or DATES))
    return {name: found[name] for name in names or DATES}


def dates(sg: Client, task: Row) -> tuple[Any, ...]:
    return tuple(read(sg, task).values())


def task(sg: Client, p: Row, **values: Any) -> Row:
    return new(sg, "Task", project=p, **values)


MADE = [
    ({"start_date": FRIDAY, "due_date": WEDNESDAY}, (FRIDAY, WEDNESDAY, 4 * DAY)),
    ({"start_date": FRIDAY, "due_date": WEDNESDAY, "duration": 60}, (FRIDAY, WEDNESDAY, 4 * DAY)),
    ({"start_date": FRIDAY, "duration": 5 * DAY}, (FRIDAY, THURSDAY, 5 * DAY)),
    ({"start_date": FRIDAY, "duration": 90}, (FRIDAY, FRIDAY, 90)),
    ({"due_date": WEDNESDAY, "duration": 4 * DAY}, (FRIDAY, WEDNESDAY, 4 * DAY)),
    ({"start_date": FRIDAY}, (FRIDAY, None, None)),
    ({"duration": 960}, (None, None, 960)),
    ({"start_date": FRIDAY, "due_date": WEDNESDAY, "milestone": True}, (WEDNESDAY, WEDNESDAY, 0)),
]


@pytest.mark.parametrize(("values", "expected"), MADE)
def test_the_dates_of_a_new_task_agree_with_its_work_time(
    sg: Client, p: Row, values: Row, expected: tuple[Any, ...]
) -> None:
    assert dates(sg, task(sg, p, **values)) == expected


CHANGED = [
    ({"start_date": WEDNESDAY}, (WEDNESDAY, "2011-05-30", 4 * DAY)),
    ({"due_date": MONDAY}, (FRIDAY, MONDAY, 2 * DAY)),
    ({"duration": 5 * DAY}, (FRIDAY, THURSDAY, 5 * DAY)),
    ({"start_date": WEDNESDAY, "due_date": THURSDAY}, (WEDNESDAY, THURSDAY, 2 * DAY)),
    ({"start_date": MONDAY, "duration": 2 * DAY}, (MONDAY, TUESDAY, 2 * DAY)),
    ({"due_date": THURSDAY, "duration": DAY}, (FRIDAY, THURSDAY, 5 * DAY)),
    ({"milestone": True}, (FRIDAY, FRIDAY, 0)),
    ({"start_date": None}, (None, WEDNESDAY, None)),
    ({"due_date": None}, (FRIDAY, None, None)),
]


@pytest.mark.parametrize(("values", "expected"), CHANGED)
def test_a_change_of_one_date_keeps_what_the_documentation_says(
    sg: Client, p: Row, values: Row, expected: tuple[Any, ...]
) -> None:
    made = task(sg, p, start_date=FRIDAY, due_date=WEDNESDAY)
    said = sg.update("Task", made["id"], values)
    assert dates(sg, made) == expected
    assert all(said[name] == read(sg, made, name)[name] for name in values)


def test_a_milestone_that_is_none_any_more_takes_a_day(sg: Client, p: Row) -> None:
    made = task(sg, p, start_date=FRIDAY, milestone=True)
    assert dates(sg, made) == (FRIDAY, FRIDAY, 0)
    sg.update("Task", made["id"], {"milestone": False})
    assert dates(sg, made) == (FRIDAY, FRIDAY, DAY)


def test_days_that_are_not_worked_on_are_not_counted(sg: Client, p: Row) -> None:
    mine = new(sg, "Project")
    made = task(sg, mine, start_date="2012-01-03", duration=3 * DAY)
    assert dates(sg, made) == ("2012-01-03", "2012-01-05", 3 * DAY)
    sg.work_schedule_update("2012-01-04", working=False, project=mine, recalculate_field="due_date")
    assert dates(sg, made) == ("2012-01-03", "2012-01-06", 3 * DAY)
    sg.work_schedule_update("2012-01-05", working=False, project=mine, recalculate_field="duration")
    assert dates(sg, made) == ("2012-01-03", "2012-01-06", 2 * DAY)
    assert dates(sg, task(sg, p, start_date="2012-01-03", duration=3 * DAY))[1] == "2012-01-05"


def test_the_day_off_of_the_only_person_on_a_task_is_no_work_day(site: Site, sg: Client, p: Row) -> None:
    person = sg.create("HumanUser", {"name": "Off Day", "login": "off", "email": "off@x.example"})
    who = site.id_of("Person", person["id"])
    site.create("DayOff", person_id=who, date="2012-02-07", end_date="2012-02-08")
    made = task(sg, p, start_date="2012-02-06", duration=2 * DAY, task_assignees=[person])
    assert dates(sg, made)[1] == "2012-02-09"
    said = sg.work_schedule_read("2012-02-06", "2012-02-08", user={"type": "HumanUser", "id": person["id"]})
    assert [said[day]["reason"] for day in sorted(said)] == ["STUDIO_WORK_WEEK"] + 2 * ["USER_EXCEPTION"]


# -- pieces --------------------------------------------------------------------------------------------------

SPLITS = [{"start": "2012-12-10", "end": "2012-12-11"}, {"start": "2012-12-13", "end": "2012-12-18"}]


def test_pieces_say_the_dates_and_the_work_time(sg: Client, p: Row) -> None:
    made = task(sg, p, start_date=FRIDAY, due_date=WEDNESDAY)
    assert sg.update("Task", made["id"], {"splits": SPLITS})["splits"] == SPLITS
    assert dates(sg, made) == ("2012-12-10", "2012-12-18", 6 * DAY)
    assert read(sg, made, "split_durations")["split_durations"] == [2 * DAY, 4 * DAY]
    sg.update("Task", made["id"], {"duration": 3 * DAY})
    assert read(sg, made, "split_durations")["split_durations"] == [2 * DAY, DAY]
    sg.update("Task", made["id"], {"splits": SPLITS})
    with pytest.raises(FaultError, match="split_durations"):
        sg.update("Task", made["id"], {"split_durations": [1, 2]})
    sg.update("Task", made["id"], {"splits": None})
    assert dates(sg, made) == ("2012-12-10", "2012-12-18", 7 * DAY)
    assert read(sg, made, "splits")["splits"] is None
    assert read(sg, made, "split_durations")["split_durations"] is None


PIECES: list[tuple[Row, list[tuple[str, str]] | None]] = [
    ({"start_date": "2012-12-11"}, [("2012-12-11", "2012-12-12"), ("2012-12-14", "2012-12-19")]),
    ({"due_date": "2012-12-14"}, [("2012-12-10", "2012-12-11"), ("2012-12-13", "2012-12-14")]),
    ({"duration": 3 * DAY}, [("2012-12-10", "2012-12-11"), ("2012-12-13", "2012-12-13")]),
    ({"duration": 2 * DAY}, None),
]


@pytest.mark.parametrize(("values", "expected"), PIECES)
def test_pieces_follow_a_change_of_dates(
    sg: Client, p: Row, values: Row, expected: list[tuple[str, str]] | None
) -> None:
    made = task(sg, p, splits=SPLITS)
    sg.update("Task", made["id"], values)
    found = read(sg, made, "splits")["splits"]
    assert (found and [(each["start"], each["end"]) for each in found]) == expected


@pytest.mark.parametrize(
    "splits",
    [
        [{"start": "2012-12-10", "end": "2012-12-11"}, {"start": "2012-12-12", "end": "2012-12-14"}],
        [{"start": "2012-12-14", "end": "2012-12-14"}, {"start": "2012-12-15", "end": "2012-12-18"}],
        [{"start": "2012-12-11", "end": "2012-12-10"}],
        [{"start": "soon"}],
        "x",
    ],
)
def test_pieces_that_cannot_be_are_refused(sg: Client, p: Row, splits: Any) -> None:
    made = task(sg, p, start_date=FRIDAY, due_date=WEDNESDAY)
    with pytest.raises(FaultError, match="splits"):
        sg.update("Task", made["id"], {"splits": splits})
    assert dates(sg, made) == (FRIDAY, WEDNESDAY, 4 * DAY)


@pytest.mark.parametrize("values", [{"duration": 10**9}, {"start_date": "9999-12-31"}])
def test_plans_without_an_end_are_refused(sg: Client, p: Row, values: Row) -> None:
    made = task(sg, p, start_date=FRIDAY, due_date=WEDNESDAY)
    with pytest.raises(FaultError):
        sg.update("Task", made["id"], values)
    assert dates(sg, made) == (FRIDAY, WEDNESDAY, 4 * DAY)


# -- dependencies --------------------------------------------------------------------------------------------


def chain(sg: Client, p: Row) -> tuple[Row, Row, Row]:
    """Three tasks, each a day after the other."""
    first = task(sg, p, start_date=FRIDAY, due_date=FRIDAY)
    second = task(sg, p, start_date=MONDAY, due_date=TUESDAY, upstream_tasks=[first])
    third = task(sg, p, start_date=WEDNESDAY, due_date=WEDNESDAY, upstream_tasks=[second])
    return first, second, third


STATE = ("start_date", "due_date", "pinned", "dependency_violation")


def test_tasks_are_pushed_by_those_that_they_depend_on(sg: Client, p: Row) -> None:
    first, second, third = chain(sg, p)
    sg.update("Task", first["id"], {"due_date": TUESDAY})
    assert dates(sg, second) == (WEDNESDAY, THURSDAY, 2 * DAY)
    assert dates(sg, third) == ("2011-05-27", "2011-05-27", DAY)
    assert set(read(sg, second, "pinned", "dependency_violation").values()) == {False}


def test_a_task_that_is_moved_too_early_is_pinned_and_marked(sg: Client, p: Row) -> None:
    first, second, _ = chain(sg, p)
    sg.update("Task", second["id"], {"start_date": FRIDAY})
    assert read(sg, second, *STATE) == {
        "start_date": FRIDAY,
        "due_date": MONDAY,
        "pinned": True,
        "dependency_violation": True,
    }
    sg.update("Task", first["id"], {"due_date": TUESDAY})
    assert read(sg, second, "start_date")["start_date"] == FRIDAY
    sg.update("Task", second["id"], {"pinned": False})
    assert read(sg, second, *STATE) == {
        "start_date": WEDNESDAY,
        "due_date": THURSDAY,
        "pinned": False,
        "dependency_violation": False,
    }


def test_a_task_that_depends_on_nothing_any_more_is_not_too_early(sg: Client, p: Row) -> None:
    _, second, _ = chain(sg, p)
    sg.update("Task", second["id"], {"start_date": FRIDAY})
    sg.update("Task", second["id"], {"upstream_tasks": []})
    assert read(sg, second, "dependency_violation")["dependency_violation"] is False


KINDS = [
    ("finish-to-start-next-day", 0, MONDAY),
    ("finish-to-start-next-day", 2, WEDNESDAY),
    ("start-to-start", 0, FRIDAY),
    ("start-to-start", 1, MONDAY),
    ("finish-to-finish", 1, FRIDAY),
    ("start-to-finish-next-day", 3, WEDNESDAY),
]


@pytest.mark.parametrize(("kind", "offset", "start"), KINDS)
def test_every_kind_of_dependency_has_its_first_day(
    sg: Client, p: Row, kind: str, offset: int, start: str
) -> None:
    first = task(sg, p, start_date=FRIDAY, due_date=FRIDAY)
    second = task(sg, p, start_date="2011-05-02", due_date="2011-05-03", upstream_tasks=[first])
    (link,) = sg.find("TaskDependency", [["task_id", "is", second["id"]]], ["dependency_type", "offset_days"])
    assert (link["dependency_type"], link["offset_days"]) == ("finish-to-start-next-day", 0)
    sg.update("TaskDependency", link["id"], {"dependency_type": kind, "offset_days": offset})
    sg.update("Task", second["id"], {"pinned": True})
    sg.update("Task", second["id"], {"pinned": False})
    assert read(sg, second, "start_date")["start_date"] == start


def test_tasks_that_depend_on_each_other_are_refused(sg: Client, p: Row) -> None:
    first, second, third = chain(sg, p)
    for downstream in (first, second):
        with pytest.raises(FaultError, match="loop"):
            sg.update("Task", downstream["id"], {"upstream_tasks": [third]})
    with pytest.raises(FaultError, match="dependency_type"):
        sg.create("TaskDependency", {"task": third, "dependent_task": first, "dependency_type": "sometimes"})
    assert sg.find_one("Task", [["id", "is", first["id"]]], ["upstream_tasks"])["upstream_tasks"] == []


def test_a_dependency_is_written_from_either_end(sg: Client, p: Row) -> None:
    lay, anm = (
        task(sg, p, start_date=FRIDAY, due_date=FRIDAY),
        task(sg, p, start_date=FRIDAY, due_date=FRIDAY),
    )
    sg.update("Task", lay["id"], {"downstream_tasks": [anm]})
    found = sg.find_one("Task", [["id", "is", anm["id"]]], ["upstream_tasks", "start_date"])
    assert ([each["id"] for each in found["upstream_tasks"]], found["start_date"]) == ([lay["id"]], MONDAY)
    (link,) = sg.find("TaskDependency", [["dependent_task_id", "is", lay["id"]]], ["task"])
    assert link["task"]["id"] == anm["id"]


def test_time_that_was_logged_is_compared_with_the_bid(sg: Client, p: Row) -> None:
    made = task(sg, p, est_in_mins=480)
    sg.create("TimeLog", {"project": p, "entity": made, "duration": 120, "date": FRIDAY})
    names = ("time_logs_sum", "time_vs_est", "time_percent_of_est")
    assert tuple(read(sg, made, *names).values()) == (120, 360, 25)
    found = sg.find(
        "Task", [["project", "is", p], ["time_vs_est", "is", 360]], [], [{"field_name": "time_vs_est"}]
    )
    assert [each["id"] for each in found] == [made["id"]]


# -- templates -----------------------------------------------------------------------------------------------


def template(sg: Client, *contents: str) -> tuple[Row, list[Row]]:
    made = new(sg, "TaskTemplate")
    step = sg.find_one("Step", [])
    tasks = [
        sg.create("Task", {"content": content, "task_template": made, "step": step, "duration": 960})
        for content in contents
    ]
    for before, after in pairwise(tasks):
        sg.update("Task", after["id"], {"upstream_tasks": [before]})
    return made, tasks


def test_a_shot_gets_the_tasks_of_its_template(sg: Client, p: Row) -> None:
    made, tasks = template(sg, "Layout", "Animation")
    assert sg.find_one("TaskTemplate", [["id", "is", made["id"]]], ["task_count"])["task_count"] == 2
    shot = new(sg, "Shot", project=p, task_template=made)
    names = ["content", "template_task", "task_template", "project", "duration", "upstream_tasks", "step"]
    first, second = sg.find("Task", [["entity", "is", shot]], names)
    assert [first["content"], second["content"]] == ["Layout", "Animation"]
    assert first["template_task"]["id"] == tasks[0]["id"]
    assert (first["task_template"], first["project"]["id"], first["duration"]) == (None, p["id"], 960)
    assert [each["id"] for each in second["upstream_tasks"]] == [first["id"]]
    assert len(sg.find("Task", [["task_template", "is", made]])) == 2


def test_another_template_adds_the_tasks_that_are_not_there(sg: Client, p: Row) -> None:
    one, _ = template(sg, "Model")
    other, _ = template(sg, "Model", "Rig")
    asset = new(sg, "Asset", project=p, task_template=one)
    sg.update("Asset", asset["id"], {"task_template": other})
    found = sg.find("Task", [["entity", "is", asset]], ["content"])
    assert [each["content"] for each in found] == ["Model", "Rig"]
    sg.update("Asset", asset["id"], {"task_template": None})
    assert len(sg.find("Task", [["entity", "is", asset]])) == 2


def test_a_template_goes_with_its_tasks(sg: Client) -> None:
    made, tasks = template(sg, "Comp")
    sg.delete("TaskTemplate", made["id"])
    assert sg.find_one("Task", [["id", "is", tasks[0]["id"]]]) is None
    with pytest.raises(FaultError, match="project"):
        sg.create("Task", {"content": "homeless"})


# -- cuts ----------------------------------------------------------------------------------------------------


def test_frames_follow_from_those_that_are_noted(sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p, cut_in=1001, cut_duration=50, head_in=993, tail_duration=8)
    expected = {
        "smart_cut_in": 1001,
        "smart_cut_out": 1050,
        "smart_cut_duration": 50,
        "smart_head_in": 993,
        "smart_head_out": 1000,
        "smart_head_duration": 8,
        "smart_tail_in": 1051,
        "smart_tail_out": 1058,
        "smart_tail_duration": 8,
        "smart_working_duration": 66,
        "smart_cut_summary_display": "1001-1050",
        "smart_duration_summary_display": "8+50+8",
    }
    found = sg.find_one("Shot", [["smart_cut_out", "is", 1050]], list(expected))
    assert found == {"type": "Shot", "id": shot["id"], **expected}
    with pytest.raises(FaultError, match="read only"):
        sg.update("Shot", shot["id"], {"smart_cut_in": 1})
    assert (
        sg.find_one("Shot", [["id", "is", new(sg, "Shot", project=p)["id"]]], ["smart_cut_in"])[
            "smart_cut_in"
        ]
        is None
    )
