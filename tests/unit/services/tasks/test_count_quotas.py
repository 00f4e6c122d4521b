"""How finished shots are spread over the people and days that finished them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from zou_server.services.tasks.count_quotas import (
    Finished,
    Share,
    Spent,
    count_quotas,
    weighted_shares,
    whole_shares,
)

MONDAY = dt.date(2030, 1, 7)


def day(number: int) -> dt.date:
    return MONDAY + dt.timedelta(days=number)


def finished(started: dt.date | None = None, ended: dt.date = MONDAY, frames: int = 100) -> Finished:
    return Finished("task", "step", ["ada"], started, ended, frames, drawings=10)


def test_a_shot_is_spread_by_the_time_that_was_spent_on_it() -> None:
    spent = [Spent("task", "ada", day(0), 60), Spent("task", "grace", day(1), 180)]
    shares = list(weighted_shares([finished()], spent))
    assert [(share.person_id, share.day, share.part) for share in shares] == [
        ("ada", day(0), 0.25),
        ("grace", day(1), 0.75),
    ]


def test_without_time_a_shot_is_spread_over_the_working_days_it_took() -> None:
    shares = list(weighted_shares([finished(day(4), day(7))], []))  # Friday to Monday
    assert [(share.day, share.part) for share in shares] == [(day(4), 0.5), (day(7), 0.5)]


def test_a_shot_that_was_never_started_counts_on_the_day_it_ended() -> None:
    assert [share.day for share in weighted_shares([finished(None, day(2))], [])] == [day(2)]


def test_a_shot_that_began_and_ended_on_a_weekend_counts_on_its_last_day() -> None:
    shares = list(weighted_shares([finished(day(5), day(6))], []))
    assert [(share.day, share.part) for share in shares] == [(day(6), 1.0)]


def test_a_whole_shot_counts_once_for_each_assignee() -> None:
    task = Finished("task", "step", ["ada", "grace"], None, MONDAY, 50, 0)
    assert [(share.person_id, share.part) for share in whole_shares([task])] == [("ada", 1.0), ("grace", 1.0)]


def test_the_sums_are_those_of_all_shares_by_day_week_month_and_year() -> None:
    shares = [Share(finished(), "ada", day(0), 0.5), Share(finished(), "ada", day(7), 0.5)]
    mine = count_quotas(shares, fps=25)["ada"]
    assert mine["day"]["frames"] == {"2030-01-07": 50, "2030-01-14": 50}
    assert mine["week"]["count"] == {"2030-2": 0.5, "2030-3": 0.5}
    assert mine["month"]["seconds"] == {"2030-01": 4}
    assert mine["year"] == {
        "frames": {"2030": 100},
        "seconds": {"2030": 4},
        "count": {"2030": 1},
        "drawings": {"2030": 10},
    }


def test_entries_are_counted_by_month_for_days_and_by_year_for_weeks_and_months() -> None:
    shares = [Share(finished(), "ada", day(each), 0.25) for each in (0, 1, 7, 30)]
    mine = count_quotas(shares, fps=25)["ada"]
    assert mine["day"]["entries"] == {"2030-01": 3, "2030-02": 1}
    assert mine["week"]["entries"] == {"2030": 3}
    assert mine["month"]["entries"] == {"2030": 2}


def test_the_total_is_of_everybody() -> None:
    shares = [Share(finished(), who, day(0), 0.5) for who in ("ada", "grace")]
    found = count_quotas(shares, fps=25)
    assert found["total"]["day"]["count"] == {"2030-01-07": 1}
    assert found["ada"]["day"]["count"] == {"2030-01-07": 0.5}


def test_the_sums_of_a_person_are_by_step() -> None:
    found = count_quotas([Share(finished(), "ada", MONDAY, 1)], 25, by_task_type=True)
    assert found.keys() == {"step", "total"}


def test_nothing_finished_is_nothing() -> None:
    assert count_quotas([], 25) == {}


def test_all_parts_of_a_shot_make_the_whole_shot() -> None:
    spent = [Spent("task", "ada", day(each), 7 * (each + 1)) for each in range(5)]
    total = sum(share.part for share in weighted_shares([finished()], spent))
    assert total == pytest.approx(1)


LATE = dt.datetime(2030, 1, 8, 3, 30, tzinfo=dt.UTC)
"""On Monday evening in Los Angeles, at noon on Tuesday in Tokyo."""

ZONES = {"ada": ZoneInfo("America/Los_Angeles"), "grace": ZoneInfo("Asia/Tokyo")}


def test_a_moment_is_on_the_day_that_it_was_for_each_person() -> None:
    task = Finished("task", "step", ["ada", "grace", "joan"], None, LATE, 50, 0)
    days = [("ada", MONDAY), ("grace", day(1)), ("joan", day(1))]
    assert [(share.person_id, share.day) for share in whole_shares([task], ZONES)] == days
    assert [(share.person_id, share.day) for share in weighted_shares([task], [], ZONES)] == days


def test_a_day_that_was_given_is_the_same_everywhere() -> None:
    task = Finished("task", "step", ["ada", "grace"], MONDAY, day(1), 50, 0)
    assert [(share.person_id, share.day, share.part) for share in weighted_shares([task], [], ZONES)] == [
        ("ada", MONDAY, 0.5),
        ("ada", day(1), 0.5),
        ("grace", MONDAY, 0.5),
        ("grace", day(1), 0.5),
    ]
