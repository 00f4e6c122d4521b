"""Following the event log for those who listen: what a pass costs, who is told what, what is never lost."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.contracts.statements import noted
from tests.studio import StudioKit
from zou_server.adapters.wake_ups import PostgresWakeUps
from zou_server.models.actor import Actor
from zou_server.models.conditions import Output, Projection, Query
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.events import follow_events
from zou_server.services.events.follow_events import (
    PAGE,
    PAUSE_SECONDS,
    TICK_SECONDS,
    EventFollower,
    Listener,
)
from zou_server.services.events.resume_events import last_number
from zou_server.services.people.manage_sessions import SessionKind, end_session, insert_session
from zou_server.services.write.operations import Create
from zou_server.services.write.unit_of_work import WAKE_UP_CHANNEL

PATIENCE = 30.0
HOUR = timedelta(hours=1)


class Notebook:
    """A speaker that writes down what it was given to say."""

    client = "test"
    spelling = Spelling()

    def __init__(self) -> None:
        outputs = ("number", "event_name", "object_id")
        self.events = Query(facet("ApiEvent"), Projection(tuple(Output(each, each) for each in outputs)))
        self.said: dict[str, list[dict[str, Any]]] = {}
        self.sent_away: dict[str, bool] = {}
        self.busy: set[str] = set()
        self.changed = threading.Condition()

    def can_take(self, key: str) -> bool:
        """Nobody who is busy."""
        return key not in self.busy

    def tell(self, keys: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
        """Write it down."""
        with self.changed:
            for key in keys:
                self.said.setdefault(key, []).extend(rows)
            self.changed.notify_all()

    def send_away(self, key: str, *, for_good: bool) -> None:
        """Write it down."""
        self.sent_away[key] = for_good

    def heard_of(self, key: str) -> list[str]:
        """The ids of what somebody was told of, in order."""
        return [row["object_id"] for row in self.said.get(key, ())]

    def wait_for(self, key: str, id_: uuid.UUID) -> None:
        """Wait until somebody was told of a row."""
        with self.changed:
            assert self.changed.wait_for(lambda: str(id_) in self.heard_of(key), PATIENCE)


class Wire:
    """A follower, and short ways to let somebody listen."""

    def __init__(self, kit: StudioKit) -> None:
        self.kit, self.notebook = kit, Notebook()
        self.opened: list[PostgresWakeUps] = []
        self.follower = EventFollower(kit.studio, self._wake_ups, self.notebook)
        self.listeners: list[Listener] = []

    def _wake_ups(self) -> PostgresWakeUps:
        self.opened.append(PostgresWakeUps(self.kit.settings.database_url, WAKE_UP_CHANNEL))
        return self.opened[-1]

    def session(self, actor: Actor, lifetime: timedelta = HOUR) -> uuid.UUID:
        """Log somebody in."""
        with self.kit.studio.writes.begin() as connection:
            return insert_session(connection, actor.person_id, SessionKind.ACCESS, lifetime)

    def listen(self, actor: Actor, lifetime: timedelta = HOUR) -> str:
        """Somebody listens, but nothing follows the log by itself: passes are made by hand."""
        key = uuid.uuid4().hex
        seen = last_number(self.kit.studio.reads)
        listener = Listener(key, self.session(actor, lifetime), seen, str(actor.person_id))
        self.follower._listeners[key] = listener  # noqa: SLF001 - without starting the thread
        self.listeners.append(listener)
        return key

    def session_of(self, key: str) -> uuid.UUID:
        """The log-in of a listener."""
        return next(each.session_id for each in self.listeners if each.key == key)

    def count(self) -> int:
        """The statements of a pass."""
        with noted(self.kit.studio.reads, self.kit.studio.writes) as statements:
            self.follower.tell_listeners()
            return len(statements)


@pytest.fixture
def wire(kit: StudioKit) -> Wire:
    return Wire(kit)


# -- what a pass costs ---------------------------------------------------------------------------------------


def crowd(wire: Wire, projects: list[uuid.UUID], each: int) -> None:
    kit = wire.kit
    for _ in range(each):
        wire.listen(kit.person("admin"))
        wire.listen(kit.person("client", dict.fromkeys(projects)))
        wire.listen(kit.person("user", dict.fromkeys(projects)))
        wire.listen(kit.person("manager", dict.fromkeys(reversed(projects))))
        for project in projects:
            wire.listen(kit.person("user", {project: None}))


def test_a_pass_takes_a_statement_for_each_group_however_many_listen(wire: Wire, kit: StudioKit) -> None:
    projects = [kit.project() for _ in range(3)]
    crowd(wire, projects, 2)
    kit.shot(projects[0])
    wire.follower.tell_listeners()  # the newcomers are all at places of their own
    groups = 1 + 1 + 1 + len(projects)  # administrators, clients, all projects (users, managers), one project
    kit.shot(projects[0])
    assert wire.count() == 1 + groups
    crowd(wire, projects, 5)
    kit.shot(projects[0])
    wire.follower.tell_listeners()
    kit.shot(projects[0])
    assert wire.count() == 1 + groups


def test_a_pass_without_news_takes_one_statement(wire: Wire, kit: StudioKit) -> None:
    crowd(wire, [kit.project()], 3)
    wire.follower.tell_listeners()
    assert wire.count() == 1
    assert wire.follower.tell_listeners() == TICK_SECONDS


# -- who is told what ----------------------------------------------------------------------------------------


def test_everybody_is_told_once_and_in_order_of_what_they_may_see(wire: Wire, kit: StudioKit) -> None:
    ours, theirs = kit.project(), kit.project()
    admin, artist = wire.listen(kit.person("admin")), wire.listen(kit.person("user", {ours: None}))
    shots = [kit.shot(ours), kit.shot(theirs), kit.shot(ours)]
    for _ in range(3):
        wire.follower.tell_listeners()
    assert wire.notebook.heard_of(admin)[-3:] == [str(each) for each in shots]
    assert wire.notebook.heard_of(artist) == [str(shots[0]), str(shots[2])]


def test_what_is_for_one_person_is_told_to_nobody_else(wire: Wire, kit: StudioKit) -> None:
    project = kit.project()
    told, other = kit.person("user", {project: None}), kit.person("manager", {project: None})
    outputs = (Output("data", "payload"), *(Output(each, each) for each in ("number", "kind", "object_id")))
    wire.notebook.events = Query(facet("LiveEvent"), Projection(outputs))
    keys = [wire.listen(told), wire.listen(other)]
    shot = kit.shot(project)
    bell = kit.create("Notification", person_id=told.person_id, project_id=project)
    wire.follower.tell_listeners()
    assert [wire.notebook.heard_of(key) for key in keys] == [[str(shot), str(bell)], [str(shot)]]


def test_rights_are_those_of_the_moment(wire: Wire, kit: StudioKit) -> None:
    project = kit.project()
    person = kit.person()
    key = wire.listen(person)
    unseen = kit.shot(project)
    wire.follower.tell_listeners()
    membership = kit.create("Membership", project_id=project, person_id=person.person_id)
    seen = kit.shot(project)
    wire.follower.tell_listeners()
    assert str(unseen) not in wire.notebook.heard_of(key)
    assert str(seen) in wire.notebook.heard_of(key)
    unseen = kit.shot(project)
    kit.delete("Membership", membership)
    wire.follower.tell_listeners()
    assert str(unseen) not in wire.notebook.heard_of(key)


def test_whatever_number_of_rights_there_are_everybody_hears_what_is_theirs(
    wire: Wire, kit: StudioKit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_events, "MOST_SCOPES", 2)
    projects = [kit.project() for _ in range(4)]
    keys = [wire.listen(kit.person("user", {project: None})) for project in projects for _ in range(2)]
    wire.follower.tell_listeners()
    wire.notebook.said.clear()
    expected: list[list[str]] = [[] for _ in projects]
    for _ in range(3):
        for shots, project in zip(expected, projects, strict=True):
            shots.append(str(kit.shot(project)))
        wire.follower.tell_listeners()
    assert [wire.notebook.heard_of(key) for key in keys] == [shots for shots in expected for _ in range(2)]


def test_many_events_come_page_by_page_without_a_wait_between(wire: Wire, kit: StudioKit) -> None:
    project = kit.project()
    key = wire.listen(kit.person("user", {project: None}))
    count = 2 * PAGE + 1
    creates = (Create(facet("Sequence"), {"name": f"{n}", "project_id": project}) for n in range(count))
    made = [str(row.id) for row in kit.execute(*creates)]
    for page in (1, 2):
        assert wire.follower.tell_listeners() == 0.0
        assert wire.notebook.heard_of(key) == made[: page * PAGE]
    assert wire.follower.tell_listeners() == TICK_SECONDS
    assert wire.notebook.heard_of(key) == made


def test_whoever_is_slow_is_told_later_and_nothing_twice(wire: Wire, kit: StudioKit) -> None:
    project = kit.project()
    people = [kit.person("user", {project: None}) for _ in range(2)]
    slow, quick = (wire.listen(person) for person in people)
    wire.notebook.busy.add(slow)
    shots = [str(kit.shot(project))]
    assert wire.follower.tell_listeners() == PAUSE_SECONDS
    shots.append(str(kit.shot(project)))
    assert wire.follower.tell_listeners() == PAUSE_SECONDS
    assert wire.notebook.heard_of(quick) == shots
    assert wire.notebook.heard_of(slow) == []
    wire.notebook.busy.clear()
    assert wire.follower.tell_listeners() == TICK_SECONDS
    assert wire.notebook.heard_of(slow) == wire.notebook.heard_of(quick) == shots


def test_ended_sessions_are_sent_away_for_good_and_expired_ones_may_come_back(
    wire: Wire, kit: StudioKit
) -> None:
    project = kit.project()
    ended, expired, gone, closed, here = (
        wire.listen(kit.person("user", {project: None}), timedelta(hours=hours)) for hours in (1, 0, 1, 1, 1)
    )
    end_session(kit.studio.writes, wire.session_of(ended))
    with kit.studio.writes.begin() as connection:
        forget = sa.text("DELETE FROM login_session WHERE id = :id RETURNING person_id")
        connection.execute(forget, {"id": wire.session_of(gone)})
        who = sa.text("SELECT person_id FROM login_session WHERE id = :id")
        person = connection.execute(who, {"id": wire.session_of(closed)}).scalar_one()
    kit.update("Person", person, active=False)
    shot = kit.shot(project)
    wire.follower.tell_listeners()
    assert wire.notebook.sent_away == {ended: True, closed: True, expired: False, gone: False}
    assert [key for key in wire.notebook.said if str(shot) in wire.notebook.heard_of(key)] == [here]


# -- by itself -----------------------------------------------------------------------------------------------


def test_a_listener_is_told_by_wake_ups_until_they_leave(wire: Wire, kit: StudioKit) -> None:
    project = kit.project()
    person = kit.person("user", {project: None})

    def join(key: str) -> None:
        wire.follower.join(Listener(key, wire.session(person), last_number(kit.studio.reads)))

    for round_ in ("first", "second"):
        for key in ("a", "b"):
            join(key)
        for _ in range(3):
            shot = kit.shot(project)
            for key in ("a", "b"):
                wire.notebook.wait_for(key, shot)
        wire.follower.leave("a")
        wire.notebook.wait_for("b", kit.shot(project))
        wire.follower.leave("b")
        for thread in threading.enumerate():
            if thread.name == "live events":
                thread.join(PATIENCE)
        assert [t.name for t in threading.enumerate() if t.name == "live events"] == [], round_
    assert len(wire.opened) == 2


def test_a_change_made_before_the_first_pass_is_told_too(wire: Wire, kit: StudioKit) -> None:
    project = kit.project()
    person = kit.person("user", {project: None})
    listener = Listener("a", wire.session(person), last_number(kit.studio.reads))
    shot = kit.shot(project)
    wire.follower.join(listener)
    wire.notebook.wait_for("a", shot)
    wire.follower.leave("a")


def test_the_waiting_ends_for_a_commit_a_call_a_log_out_and_a_broken_connection(
    wire: Wire, kit: StudioKit
) -> None:
    wake_ups = PostgresWakeUps(kit.settings.database_url, WAKE_UP_CHANNEL)
    person = kit.person()
    session = wire.session(person)
    wake_ups.wait(PATIENCE)  # connects
    woken: list[str] = []

    def waiting() -> None:
        wake_ups.wait(PATIENCE)
        woken.append("")

    def kill() -> None:
        with kit.studio.reads.connect() as connection:
            connection.execute(
                sa.text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
                )
            )

    for cause in (kit.project, wake_ups.wake, lambda: end_session(kit.studio.writes, session), kill):
        thread = threading.Thread(target=waiting)
        thread.start()
        cause()
        thread.join(PATIENCE / 2)
        assert not thread.is_alive(), cause
        wake_ups.wait(0.001)
    wake_ups.wait(PATIENCE)  # connects again
    wake_ups.wake()
    wake_ups.wait(PATIENCE)
    wake_ups.close()


def test_a_database_that_is_away_is_waited_for(kit: StudioKit) -> None:
    url = kit.settings.database_url.replace("/test_", "/no_such_")
    wake_ups = PostgresWakeUps(url, WAKE_UP_CHANNEL)
    for _ in range(3):
        wake_ups.wait(0.01)
    wake_ups.close()
