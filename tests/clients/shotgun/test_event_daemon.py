"""What the event daemon does with the plugins of docs/clients/shotgun-events.md, by the real client."""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.clients.shotgun.site import PASSWORD, SCRIPT, Client, Row, Site, new
from tests.contracts.statements import noted
from zou_server.services.read.run_statement import WORTH_PREPARING

PAGE = Path(__file__).parents[3] / "docs" / "clients" / "shotgun-events.md"
FIELDS = ["id", "event_type", "attribute_name", "meta", "entity", "user", "project"]
FIELDS += ["session_uuid", "created_at"]
ASCENDING, DESCENDING = ([{"column": "id", "direction": way}] for way in ("asc", "desc"))
BATCH = 500
Callback = Callable[[Client, logging.Logger, Row, Any], None]
Events = Mapping[str, list[str] | None] | None
"""Event type -> the names of fields that a plugin hears of; None for all of them, and for all types."""


@dataclass
class Daemon:
    """Reads the log by id and calls what plugins registered; it starts behind the last event."""

    site: Site
    sg: Client
    last: int = 0
    callbacks: list[tuple[Client, Callback, Events, Any]] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.last = self.sg.find_one("EventLogEntry", [], ["id"], order=DESCENDING)["id"]

    def load(self, source: str, **names: Any) -> None:
        """Load a plugin as its file would be, with this site's key."""
        module: dict[str, Any] = {}
        exec(compile(source, "plugin", "exec"), module)  # noqa: S102 - as the daemon loads them
        module.update(SCRIPT=SCRIPT, KEY=self.site.key, **names)
        module["registerCallbacks"](self)

    def registerCallback(  # noqa: N802 - the daemon's name
        self, script: str, key: str, call: Callback, events: Events, args: Any
    ) -> None:
        """What plugins call."""
        assert (script, key) == (SCRIPT, self.site.key)
        self.callbacks.append((self.sg, call, events, args))

    def run(self) -> None:
        """Dispatch until nothing new comes, as one after the other pass of its loop would."""
        while events := self.sg.find(
            "EventLogEntry", [["id", "greater_than", self.last]], FIELDS, ASCENDING, limit=BATCH
        ):
            for event in events:
                self._dispatch(event)
                self.seen.append(event["id"])
                self.last = event["id"]

    def _dispatch(self, event: Row) -> None:
        for sg, call, wanted, args in self.callbacks:
            if _is_wanted(event, wanted):
                call(sg, logging.getLogger("plugin"), event, args)


def _is_wanted(event: Row, wanted: Events) -> bool:
    if wanted is None:
        return True
    if event["event_type"] not in wanted:
        return False
    names = wanted[event["event_type"]]
    return names is None or "*" in names or event["attribute_name"] in names


@pytest.fixture
def daemon(site: Site, sg: Client, tmp_path: Path) -> Daemon:
    found = Daemon(site, sg)
    plugins = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len(plugins) == 3
    for plugin in plugins:
        found.load(plugin, FOLDER=str(tmp_path))
    return found


def status(sg: Client, row: Row) -> str | None:
    found: str | None = sg.find_one("Task", [["id", "is", row["id"]]], ["sg_status_list"])["sg_status_list"]
    return found


def test_tasks_are_ready_when_all_that_they_wait_for_is_done(sg: Client, daemon: Daemon) -> None:
    project = new(sg, "Project")
    first, second = (new(sg, "Task", project=project, sg_status_list="ip") for _ in "ab")
    waiting = new(sg, "Task", project=project, sg_status_list="wtg", upstream_tasks=[first, second])
    sg.update("Task", first["id"], {"sg_status_list": "fin"})
    daemon.run()
    assert status(sg, waiting) == "wtg"
    sg.update("Task", second["id"], {"sg_status_list": "fin"})
    daemon.run()
    assert status(sg, waiting) == "rdy"
    assert daemon.seen == sorted(set(daemon.seen))


def test_the_length_of_a_cut_is_measured_again(sg: Client, daemon: Daemon) -> None:
    shot = new(sg, "Shot", project=new(sg, "Project"), sg_cut_in=1001)
    sg.update("Shot", shot["id"], {"sg_cut_out": 1024})
    daemon.run()
    mine = [["id", "is", shot["id"]]]
    assert sg.find_one("Shot", mine, ["sg_cut_duration"])["sg_cut_duration"] == 24


# The client leaves the file open that it uploads.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
def test_the_movies_of_a_shot_are_packed_when_it_is_done(sg: Client, daemon: Daemon, tmp_path: Path) -> None:
    project = new(sg, "Project")
    shot = new(sg, "Shot", project=project, sg_status_list="ip")
    version = new(sg, "Version", project=project, entity=shot)
    new(sg, "Version", project=project, entity=shot)
    movie = tmp_path / "take.mov"
    movie.write_bytes(b"not really a movie")
    sg.upload("Version", version["id"], str(movie), "sg_uploaded_movie")
    daemon.run()
    assert list(tmp_path.glob("*.zip")) == []
    sg.update("Shot", shot["id"], {"sg_status_list": "fin"})
    daemon.run()
    with zipfile.ZipFile(tmp_path / f"{shot['name']}.zip") as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert found == {"take.mov": b"not really a movie"}


@pytest.mark.parametrize("rule_set", ["Admin", "Manager"])
def test_a_poll_that_comes_again_and_again_is_planned_once(site: Site, sg: Client, rule_set: str) -> None:
    login = f"polls.as.{rule_set.lower()}"
    said = {"name": login, "login": login, "email": f"{login}@example.com", "password_proxy": PASSWORD}
    role = sg.find_one("PermissionRuleSet", [["display_name", "is", rule_set]])
    project = new(sg, "Project")
    sg.create("HumanUser", {**said, "permission_rule_set": role, "projects": [project]})
    after = sg.find_one("EventLogEntry", [], ["id"], order=DESCENDING)["id"]
    new(sg, "Shot", project=project)
    with site.client(login=login, password=PASSWORD) as client:

        def poll() -> list[Row]:
            wanted = [["id", "greater_than", after]]
            found: list[Row] = client.find("EventLogEntry", wanted, FIELDS, ASCENDING, limit=BATCH)
            return found

        polls = [poll() for _ in range(WORTH_PREPARING)]
        assert any(event["event_type"] == "Shotgun_Shot_New" for event in polls[0])
        with noted(site.app.extensions["studio"].reads) as statements:
            polls += [poll(), poll()]
    assert all(each == polls[0] for each in polls)
    assert statements
    assert not any("event_log" in each for each in statements)
