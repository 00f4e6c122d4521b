"""The event daemon while others write: nothing is lost, told twice or out of order. More of its plugins."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.clients.shotgun.site import SCRIPT, Client, Row, Site, new
from tests.clients.shotgun.test_event_daemon import ASCENDING, FIELDS, Daemon
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create
from zou_server.services.write.unit_of_work import UnitOfWork


@pytest.fixture
def daemon(site: Site, sg: Client) -> Daemon:
    return Daemon(site, sg)


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def made(daemon: Daemon, sg: Client, kind: str = "Shot") -> list[str]:
    """The names of the rows whose making the daemon saw, in its order."""
    wanted = [["id", "in", daemon.seen], ["event_type", "is", f"Shotgun_{kind}_New"]] if daemon.seen else []
    found = {each["id"]: each["entity"]["name"] for each in sg.find("EventLogEntry", wanted, ["entity"])}
    return [found[number] for number in daemon.seen if number in found]


@contextmanager
def writing(site: Site) -> Iterator[UnitOfWork]:
    """A transaction of another client."""
    with Studio(site.engine, site.engine, RULEBOOK).write(SYSTEM) as work:
        yield work


# -- others write at once ----------------------------------------------------------------------------------


def test_what_a_slow_writer_commits_later_is_seen_behind_what_was_committed_sooner(
    site: Site, sg: Client, p: Row, daemon: Daemon
) -> None:
    project = site.id_of("Project", p["id"])
    before = daemon.last
    with writing(site) as slow, writing(site) as failing:
        slow.execute([Create(facet("Shot"), {"name": "slow", "project_id": project})])
        new(sg, "Shot", project=p, code="quick 1")
        daemon.run()
        assert made(daemon, sg) == ["quick 1"]
        failing.execute([Create(facet("Shot"), {"name": "never", "project_id": project})])
        new(sg, "Shot", project=p, code="quick 2")
        daemon.run()
        slow.commit()
    daemon.run()
    new(sg, "Shot", project=p, code="quick 3")
    daemon.run()
    assert made(daemon, sg) == ["quick 1", "quick 2", "slow", "quick 3"]
    assert daemon.seen == list(range(before + 1, before + 1 + len(daemon.seen)))


def test_two_writers_at_once_one_of_long_changes_are_followed_without_a_gap(
    site: Site, sg: Client, p: Row, daemon: Daemon
) -> None:
    before, written = daemon.last, threading.Event()

    def write(name: str, size: int, times: int) -> None:
        with site.client() as mine:
            for turn in range(times):
                shots = [{"project": p, "code": f"{name} {turn} {number}"} for number in range(size)]
                each = {"request_type": "create", "entity_type": "Shot"}
                mine.batch([{**each, "data": data} for data in shots])

    def follow() -> None:
        while True:
            is_last = written.is_set()
            daemon.run()
            if is_last:
                return

    with ThreadPoolExecutor(3) as pool:
        follower = pool.submit(follow)
        writers = [pool.submit(write, "long", 150, 2), pool.submit(write, "short", 1, 25)]
        for each in writers:
            each.result()
        written.set()
        follower.result()
    names = made(daemon, sg)
    assert daemon.seen == list(range(before + 1, before + 1 + len(daemon.seen)))
    for name, size, times in (("long", 150, 2), ("short", 1, 25)):
        mine = [each for each in names if each.startswith(name)]
        assert mine == [f"{name} {turn} {number}" for turn in range(times) for number in range(size)]
    assert len(names) == 325


def test_a_daemon_that_was_away_goes_on_where_it_was(site: Site, sg: Client, p: Row, daemon: Daemon) -> None:
    new(sg, "Shot", project=p, code="seen")
    daemon.run()
    new(sg, "Shot", project=p, code="missed")
    again = Daemon(site, sg)
    again.last = daemon.last
    new(sg, "Shot", project=p, code="at work")
    again.run()
    assert made(again, sg) == ["missed", "at work"]


# -- numbers of what other clients know -----------------------------------------------------------------


@dataclass
class Patient(Daemon):
    """Asks for numbers that are missing once more, so many times, before it gives them up."""

    page: int = 500
    patience: int = 3
    missing: dict[int, int] = field(default_factory=dict)
    waited: list[int] = field(default_factory=list)

    def look(self) -> bool:
        """One pass; False when there was nothing new, and nothing is waited for."""
        start = min([*self.missing, self.last + 1])
        asked = [["id", "greater_than", start - 1]]
        news = 0
        for event in self.sg.find("EventLogEntry", asked, FIELDS, ASCENDING, limit=self.page):
            number = event["id"]
            if number <= self.last and number not in self.missing:
                continue
            self.missing |= dict.fromkeys(range(self.last + 1, number), self.patience)
            self.waited += list(self.missing)
            self.missing.pop(number, None)
            self.last = max(self.last, number)
            self.seen.append(number)
            news += 1
        was_waiting = bool(self.missing)
        self.missing = {each: times - 1 for each, times in self.missing.items() if times > 1}
        return bool(news) or was_waiting


@pytest.mark.parametrize("page", [500, 20])
def test_a_daemon_that_waits_for_missing_numbers_tells_each_event_once_and_in_order(
    site: Site, sg: Client, p: Row, page: int
) -> None:
    """There are none: what only other clients know has an entry too, and nothing is asked for again."""
    daemon = Patient(site, sg, page=page)
    before = daemon.last
    login = f"ann{page}"
    ann = sg.create("HumanUser", {"name": f"Ann {page}", "login": login, "email": f"{login}@x.example"})
    link = {"type": "HumanUser", "id": ann["id"]}
    shot = new(sg, "Shot", project=p, assets=[new(sg, "Asset", project=p)])
    for _ in range(4):
        new(sg, "Task", project=p, entity=shot, task_assignees=[link])
        daemon.look()
    while daemon.look():
        pass
    assert daemon.seen == list(range(before + 1, daemon.last + 1))
    assert not daemon.waited
    plain = [["event_type", "is", "Unlisted_Change"], ["id", "greater_than", before]]
    assert sg.find("EventLogEntry", plain)


# -- a plugin that hears of everything, and those of frames and timecodes ----------------------------------


def test_a_plugin_that_takes_every_event_is_told_what_happened_and_to_whom(
    sg: Client, p: Row, daemon: Daemon, caplog: pytest.LogCaptureFixture
) -> None:
    def logs(_sg: Client, log: logging.Logger, event: Row, args: Any) -> None:
        entity = event["entity"] or {}
        log.info("%s %s %s %s", args, event["event_type"], event["attribute_name"], entity.get("name"))

    daemon.registerCallback(SCRIPT, daemon.site.key, logs, None, "said:")
    caplog.set_level(logging.INFO, "plugin")
    shot = new(sg, "Shot", project=p, code="logged")
    sg.update("Shot", shot["id"], {"description": "x"})
    sg.delete("Shot", shot["id"])
    sg.create("EventLogEntry", {"event_type": "MyTool_Done", "project": p, "description": "d"})
    daemon.run()
    said = [each.getMessage() for each in caplog.records if each.name == "plugin"]
    assert said[0] == "said: Shotgun_Shot_New None None"  # what is retired by now is linked from nowhere
    assert "said: Shotgun_Shot_Change description None" in said
    assert "said: Shotgun_Shot_Retirement None None" in said
    assert said[-1] == "said: MyTool_Done None None"
    assert len(said) == len(daemon.seen)


def takes_cut_of_shot(sg: Client, _log: logging.Logger, event: Row, _args: Any) -> None:
    version = sg.find_one("Version", [["id", "is", event["meta"]["entity_id"]]], [*CUT, *CUT.values()])
    if not any(version[name] for name in CUT):
        values = {name: version[path] for name, path in CUT.items() if version[path] is not None}
        sg.update("Version", version["id"], values)


CUT = {
    "sg_first_frame": "entity.Shot.sg_cut_in",
    "sg_last_frame": "entity.Shot.sg_cut_out",
    "frame_count": "entity.Shot.sg_cut_duration",
}


def test_a_new_version_gets_the_cut_of_its_shot(sg: Client, p: Row, daemon: Daemon) -> None:
    shot = new(sg, "Shot", project=p, sg_cut_in=1001, sg_cut_out=1024, sg_cut_duration=24)
    daemon.registerCallback(SCRIPT, daemon.site.key, takes_cut_of_shot, {"Shotgun_Version_New": None}, None)
    bare, whole = new(sg, "Version", project=p, entity=shot), new(sg, "Version", project=p)
    daemon.run()
    for version, expected in ((bare, [1001, 1024, 24]), (whole, [None, None, None])):
        found = sg.find_one("Version", [["id", "is", version["id"]]], list(CUT))
        assert [found[name] for name in CUT] == expected


def says_timecodes(sg: Client, _log: logging.Logger, event: Row, args: Any) -> None:
    version = sg.find_one(
        "Version", [["id", "is", event["meta"]["entity_id"]]], [*args, "sg_uploaded_movie_frame_rate"]
    )
    rate = version["sg_uploaded_movie_frame_rate"] or 24
    codes = {
        code: None if version[frame] is None else round(version[frame] * 1000 / rate)
        for frame, code in args.items()
    }
    sg.update("Version", version["id"], codes)


def test_the_timecodes_of_a_version_follow_its_frames(sg: Client, p: Row, daemon: Daemon) -> None:
    codes = {
        frame: sg.schema_field_create("Version", "timecode", f"Timecode {word}")
        for frame, word in (("sg_first_frame", "in"), ("sg_last_frame", "out"))
    }
    version = new(sg, "Version", project=p, sg_uploaded_movie_frame_rate=25.0)
    heard = {"Shotgun_Version_Change": ["sg_first_frame", "sg_last_frame"]}
    daemon.registerCallback(SCRIPT, daemon.site.key, says_timecodes, heard, codes)
    for values, expected in (
        ({"sg_first_frame": 50, "sg_last_frame": 100}, [2000, 4000]),
        ({"sg_first_frame": None}, [None, 4000]),
    ):
        sg.update("Version", version["id"], values)
        daemon.run()
        found = sg.find_one("Version", [["id", "is", version["id"]]], list(codes.values()))
        assert [found[code] for code in codes.values()] == expected
