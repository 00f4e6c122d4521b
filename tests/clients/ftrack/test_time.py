"""ftrack_api, unmodified: time that is logged on a task is the time that Zou and Shotgun note of a day."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import arrow
import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import USER, Session, Site, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Act, Delete, Update

DAY = "2030-03-04"


class Sheet:
    """A task of a test's own, and its time as Zou notes it."""

    def __init__(self, site: Site, session: Session, show: Show) -> None:
        self.site, self.studio = site, Studio(site.engine, site.engine, RULEBOOK)
        task = session.create("Task", {"name": unique("timed"), "parent": session.get("Shot", show.shots[0])})
        session.commit()
        self.task, self.person = task["id"], session.query(f'User where email is "{USER}"').one()["id"]

    def logs(self) -> list[tuple[float, str]]:
        """The seconds of each time log, and what it says."""
        with self.site.session() as later:
            found = later.query(
                f"select duration, comment, user_id, start from Timelog where context_id is {self.task}"
            )
            rows = found.all()
            assert {row["user_id"] for row in rows} <= {self.person}
            assert {row["start"].format("YYYY-MM-DD") for row in rows} <= {DAY, "2030-03-05"}
            return sorted((row["duration"], row["comment"]) for row in rows)

    def days(self) -> dict[str, float]:
        """The minutes of each day."""
        keys = Projection((Output("date", "date"), Output("duration", "duration")))
        rows = self.studio.read(SYSTEM).rows(
            Query(facet("TimeSpent"), keys, Where("task_id", Op.EQ, self.task)),
            Spelling(),
        )
        return {row["date"]: row["duration"] for row in rows}

    def total(self) -> float:
        """The seconds logged on the task, as ftrack sums them up."""
        with self.site.session() as later:
            found: float = later.get("Task", self.task)["time_logged"]
            return found

    def spend(self, minutes: float, *, date: str = DAY, add: bool = False) -> None:
        """Note minutes of a day, as Zou does."""
        said = {"person_id": self.person, "date": date, "duration": minutes, "add": add}
        with self.studio.write(SYSTEM) as work:
            work.execute([Act("spend-time", facet("Task"), self.task, said)])
            work.commit()

    def forget(self, date: str = DAY) -> None:
        """Take a whole day away, as Zou does."""
        keys = Projection((Output("id", "id"), Output("date", "date")))
        rows = self.studio.read(SYSTEM).rows(
            Query(facet("TimeSpent"), keys, Where("task_id", Op.EQ, self.task)),
            Spelling(),
        )
        with self.studio.write(SYSTEM) as work:
            for row in rows:
                if row["date"] == date:
                    work.execute([Delete(facet("TimeSpent"), row["id"])])
            work.commit()


@pytest.fixture
def sheet(site: Site, session: Session, show: Show) -> Sheet:
    """A task without any time."""
    return Sheet(site, session, show)


def log(session: Session, sheet: Sheet, seconds: float, comment: str = "", **more: Any) -> Any:
    """Log time by the client."""
    values = {"context_id": sheet.task, "user_id": sheet.person, "duration": seconds, "comment": comment}
    made = session.create("Timelog", {**values, "start": arrow.get(f"{DAY}T09:30:00"), **more})
    session.commit()
    return made


def test_time_logged_in_ftrack_is_a_day_in_zou(session: Session, sheet: Sheet) -> None:
    first = log(session, sheet, 3600, "blocking")
    assert sheet.days() == {DAY: 60.0}
    log(session, sheet, 1800, "polish")
    assert sheet.days() == {DAY: 90.0}
    assert sheet.total() == 5400
    first["duration"] = 7200
    session.commit()
    assert sheet.days() == {DAY: 150.0}
    first["start"] = arrow.get("2030-03-05T08:00:00")
    session.commit()
    assert sheet.days() == {DAY: 30.0, "2030-03-05": 120.0}
    session.delete(first)
    session.commit()
    assert sheet.days() == {DAY: 30.0}
    assert sheet.logs() == [(1800, "polish")]
    assert sheet.total() == 1800


def test_time_noted_in_zou_is_a_time_log_in_ftrack(session: Session, sheet: Sheet) -> None:
    sheet.spend(60)
    assert sheet.logs() == [(3600, "")]
    sheet.spend(30, add=True)
    assert sheet.logs() == [(5400, "")]
    log(session, sheet, 600, "notes")
    assert sheet.days() == {DAY: 100.0}
    assert sheet.logs() == [(600, "notes"), (5400, "")]
    sheet.spend(40)
    assert sheet.logs() == [(600, "notes"), (1800, "")]
    sheet.forget()
    assert sheet.logs() == []
    assert sheet.total() == 0


def test_a_time_log_made_for_a_day_can_be_changed_and_removed(session: Session, sheet: Sheet) -> None:
    sheet.spend(60)
    (made,) = session.query(f"Timelog where context_id is {sheet.task}").all()
    made["duration"] = 1200
    session.commit()
    assert (sheet.days(), sheet.logs()) == ({DAY: 20.0}, [(1200, "")])
    session.delete(made)
    session.commit()
    assert (sheet.days(), sheet.logs()) == ({}, [])


def test_less_than_was_logged_is_told_by_what_is_taken_away(session: Session, sheet: Sheet) -> None:
    log(session, sheet, 3600, "draft")
    sheet.spend(45)
    assert sheet.logs() == [(-900, ""), (3600, "draft")]
    assert sheet.total() == 2700


def test_a_timer_that_is_stopped_is_time_spent(session: Session, sheet: Sheet) -> None:
    user, task = session.get("User", sheet.person), session.get("Task", sheet.task)
    user.start_timer(task, force=True)
    timer = session.query(f'Timer where user_id is "{sheet.person}"').one()
    timer["start"] = arrow.utcnow().shift(minutes=-10)
    session.commit()
    user.stop_timer()
    session.commit()
    assert sum(sheet.days().values()) == pytest.approx(10, abs=0.5)


@pytest.fixture
def lives_in(sheet: Sheet) -> Iterator[Callable[[str], None]]:
    """Lets the person of the sheet live in another time zone."""

    def move(zone: str) -> None:
        with sheet.studio.write(SYSTEM) as work:
            work.execute([Update(facet("Person"), uuid.UUID(sheet.person), {"timezone": zone})])
            work.commit()

    yield move
    move("Europe/Paris")


@pytest.mark.parametrize(
    ("zone", "start", "day"),
    [
        ("Asia/Tokyo", "2030-03-03T23:30:00", "2030-03-04"),
        ("America/Los_Angeles", "2030-03-05T02:00:00", "2030-03-04"),
        ("UTC", "2030-03-03T23:30:00", "2030-03-03"),
        ("Pacific/Kiritimati", "2030-03-03T10:30:00", "2030-03-04"),
    ],
)
def test_time_counts_on_the_day_that_it_is_where_its_person_lives(
    session: Session, sheet: Sheet, lives_in: Callable[[str], None], zone: str, start: str, day: str
) -> None:
    lives_in(zone)
    made = log(session, sheet, 3600, start=arrow.get(start))
    assert sheet.days() == {day: 60.0}
    lives_in("Europe/Paris" if zone != "UTC" else "Asia/Tokyo")  # what was noted stays where it is
    made["duration"] = 1800
    session.commit()
    assert sheet.days() == {day: 30.0}
    session.delete(made)
    session.commit()
    assert sheet.days() == {}


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo", "Pacific/Kiritimati"])
def test_a_day_noted_as_a_whole_is_the_same_day_wherever_somebody_lives(
    session: Session, sheet: Sheet, lives_in: Callable[[str], None], zone: str
) -> None:
    lives_in(zone)
    sheet.spend(60)
    (made,) = session.query(f"Timelog where context_id is {sheet.task}").all()
    assert made["start"].to(zone).format("YYYY-MM-DD HH:mm") == f"{DAY} 12:00"
    made["start"] = made["start"].shift(days=1)
    session.commit()
    assert sheet.days() == {"2030-03-05": 60.0}


def test_many_time_logs_of_one_commit_are_summed(session: Session, sheet: Sheet) -> None:
    for count in (2, 30):
        for number in range(count):
            values = {"context_id": sheet.task, "user_id": sheet.person, "duration": 60, "comment": "x"}
            start = dt.datetime(2030, 3, 4, 1, number, tzinfo=dt.UTC)
            session.create("Timelog", {**values, "start": arrow.get(start)})
        session.commit()
    assert sheet.days() == {DAY: 32.0}


def test_time_on_what_is_no_task_is_kept_and_is_no_day(session: Session, show: Show, sheet: Sheet) -> None:
    made = log(session, sheet, 3600, "meeting", context_id=show.project)
    assert made["duration"] == 3600
    assert sheet.days() == {}
