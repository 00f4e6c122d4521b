"""gazu.events, unmodified, against a served instance: who hears what, how, and what happens on bad days."""

from __future__ import annotations

import gc
import http.client
import os
import signal
import socket
import tempfile
import time
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gazu
import pytest
import requests
import shotgun_api3
import socketio
import sqlalchemy as sa

from tests.clients.zou.live.site import (
    SCRIPT,
    LiveSite,
    Refused,
    bearer,
    live_site,
    part,
    web_processes,
)
from tests.waiting import wait_until
from zou_server.adapters.worker_sockets import PASSED_ON
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.write.operations import Act, Create

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

# The clients leave sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
EXPECTED_COMPLAINTS = (
    "was sent SIGKILL",  # the process that a test killed
    "sqlalchemy.pool",  # a connection that a test cut off
)
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(scope="module", params=[1, 3], ids=["one-process", "three-processes"])
def site(
    request: pytest.FixtureRequest, postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveSite]:
    with live_site(postgres, tmp_path_factory.mktemp("live"), request.param) as site:
        yield site
    with warnings.catch_warnings(action="ignore"):
        gc.collect()
    complaints = site.server.complaints()
    assert [line for line in complaints if not any(word in line for word in EXPECTED_COMPLAINTS)] == []


@pytest.fixture
def admin(site: LiveSite) -> Iterator[Any]:
    client = site.client(site.made.admin)
    yield client
    client.session.close()


# -- gazu, as its documentation shows it ---------------------------------------------------------------------


def test_gazu_connects_twelve_times_in_twelve(admin: Any) -> None:
    for _ in range(12):
        event_client = gazu.events.init(client=admin)
        assert event_client.connected
        assert event_client.transport() == "websocket"
        part(event_client)


def test_gazu_hears_what_gazu_and_shotgun_api3_do(site: LiveSite, admin: Any) -> None:
    project, task = str(site.made.project), str(site.made.task)
    with site.listening(admin) as heard:
        asset = gazu.asset.new_asset(project, str(site.made.asset_type), f"Tree {uuid.uuid4()}", client=admin)
        assert heard.wait_for("asset:new", asset["id"]) == {
            "asset_id": asset["id"],
            "asset_type": str(site.made.asset_type),
            "project_id": project,
        }
        gazu.client.put(f"data/tasks/{task}", {"priority": 2}, client=admin)
        assert heard.wait_for("task:update", task)["project_id"] == project
        status = str(site.made.statuses["wip"])
        said = gazu.task.add_comment(task, status, "Now.", client=admin)
        assert heard.wait_for("comment:new", said["id"])["project_id"] == project
        assert heard.wait_for("task:status-changed", task)["new_task_status_id"] == status

        sg = shotgun_api3.Shotgun(site.server.url, script_name=SCRIPT, api_key=site.script_key)
        number = site.kit.row("Project", site.made.project, "number")
        name = f"sg {uuid.uuid4()}"
        sg.create("Shot", {"project": {"type": "Project", "id": number}, "code": name})
        sg.close()
        (shot,) = [row["id"] for row in site.kit.rows("Shot", "id", "name") if row["name"] == name]
        told = {"shot_id": shot, "episode_id": None, "project_id": project}
        assert heard.wait_for("shot:new", shot) == told


def test_an_event_has_the_name_and_the_data_of_the_log(site: LiveSite, admin: Any) -> None:
    with site.listening(admin) as heard:
        values = {"text": "as in the log", "sets_status_id": site.made.statuses["wip"]}
        (made,) = site.kit.execute(Act("comment", facet("Task"), site.made.task, values))
        heard.wait_for("comment:new", made.id)
        site.fence(heard, site.made.project)
        logged = gazu.client.get(f"data/events/last?limit={len(heard.events)}", client=admin)
        assert heard.events == [(row["name"], row["data"]) for row in reversed(logged)]


@pytest.mark.parametrize("way", ["polling", "websocket"])
def test_one_way_of_talking_is_enough(site: LiveSite, admin: Any, way: str) -> None:
    with site.joined(bearer(admin), transports=[way]) as heard:
        for _ in range(3):
            site.fence(heard, site.made.project)
        assert len(heard.events) == 3


def test_a_client_that_polls_gets_many_events_in_pieces_it_accepts(site: LiveSite, admin: Any) -> None:
    with site.joined(bearer(admin), transports=["polling"]) as heard:
        place = {"project_id": site.made.project}
        made = site.kit.execute(
            *(Create(facet("Shot"), {"name": f"{uuid.uuid4()}", **place}) for _ in range(100))
        )
        wait_until(lambda: len(heard.named("shot:new")) >= 100, "a hundred events did not arrive")
        assert [data["shot_id"] for data in heard.named("shot:new")] == [str(row.id) for row in made]


def test_a_browser_listens_by_its_cookie(site: LiveSite) -> None:
    with requests.Session() as browser:
        browser.headers["User-Agent"] = FIREFOX
        site.client(site.made.artist).session.close()  # sets the password
        email = site.kit.row("Person", site.made.artist.person_id, "email")
        body = {"email": email, "password": "a long enough password"}
        assert browser.post(f"{site.url}/auth/login", json=body, timeout=30).ok
        origin = {"Origin": site.server.url}
        with site.joined(origin, session=browser) as heard:
            site.fence(heard, site.made.project)


def test_a_page_of_another_site_cannot_listen(site: LiveSite, admin: Any) -> None:
    headers = bearer(admin) | {"Origin": "https://elsewhere.example"}
    for way in ("polling", "websocket"):
        with pytest.raises(Refused), site.joined(headers, transports=[way]):
            pass


# -- who may listen ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({}, "Missing JWT in headers or cookies"),
        ({"Authorization": "Bearer rubbish"}, "Not enough segments"),
    ],
)
def test_whoever_has_no_token_is_told_so(site: LiveSite, headers: dict[str, str], words: str) -> None:
    with pytest.raises(Refused, match=words), site.joined(headers):
        pass


def test_gazu_without_a_log_in_fails_to_connect(site: LiveSite) -> None:
    client = gazu.client.create_client(site.url)
    with pytest.raises(socketio.exceptions.ConnectionError):
        gazu.events.init(client=client)
    client.session.close()


def test_a_refresh_token_opens_no_connection(site: LiveSite, admin: Any) -> None:
    headers = {"Authorization": f"Bearer {admin.tokens['refresh_token']}"}
    with pytest.raises(Refused, match="Only non-refresh tokens are allowed"), site.joined(headers):
        pass


def test_a_log_out_ends_the_connection_for_good(site: LiveSite) -> None:
    client = site.client(site.made.artist)
    with site.listening(client) as heard:
        site.fence(heard, site.made.project)
        headers = bearer(client)
        gazu.log_out(client=client)
        wait_until(lambda: not heard.client.connected, "the connection outlived the session")
        with pytest.raises(Refused, match="session has ended"), site.joined(headers):
            pass
    client.session.close()


def test_whoever_is_deactivated_hears_no_more(site: LiveSite) -> None:
    person = site.kit.person("user", {site.made.project: None})
    client = site.client(person)
    with site.listening(client) as heard:
        site.fence(heard, site.made.project)
        site.kit.update("Person", person.person_id, active=False)
        shot = site.kit.shot(site.made.project)
        wait_until(lambda: not heard.client.connected, "the connection outlived the account")
        assert not heard.speaks_of(shot)
        with pytest.raises(Refused, match="session has ended"), site.joined(bearer(client)):
            pass
    client.session.close()


def test_whoever_has_a_newer_token_comes_back_when_the_old_one_expires(site: LiveSite) -> None:
    client = site.client(site.made.artist)
    with site.listening(client) as heard:
        site.fence(heard, site.made.project)
        before = client.tokens["access_token"]
        with site.kit.studio.writes.begin() as connection:
            connection.execute(
                sa.text(
                    "UPDATE login_session SET expires_at = now() WHERE person_id = :id AND kind = 'access'"
                ),
                {"id": site.made.artist.person_id},
            )
        wait_until(lambda: client.tokens["access_token"] != before, "gazu did not renew its token")
        wait_until(lambda: heard.client.connected and heard.client.namespaces, "gazu did not come back")
        site.fence(heard, site.made.project)
    client.session.close()


# -- who hears what ------------------------------------------------------------------------------------------


def test_a_newcomer_hears_of_a_project_from_the_moment_they_are_on_its_team(site: LiveSite) -> None:
    kit, made = site.kit, site.made
    home = kit.project()
    person = kit.person("user", {home: None})
    client = site.client(person)
    with site.listening(client) as heard:
        unheard = kit.shot(made.project)
        site.fence(heard, home)
        kit.create("Membership", project_id=made.project, person_id=person.person_id)
        site.fence(heard, made.project)
        assert not heard.speaks_of(unheard)
        (membership,) = [
            uuid.UUID(row["id"])
            for row in kit.rows("Membership", "id", "person_id", "project_id")
            if (row["person_id"], row["project_id"]) == (str(person.person_id), str(made.project))
        ]
        kit.delete("Membership", membership)
        unheard = kit.shot(made.project)
        site.fence(heard, home)
        assert not heard.speaks_of(unheard)
    client.session.close()


@pytest.mark.parametrize("role", ["client", "vendor"])
def test_people_from_outside_hear_what_they_may_see_of_the_log(site: LiveSite, role: str) -> None:
    kit, made = site.kit, site.made
    home = kit.project()
    person = kit.person(role, {made.project: None, home: "user"})
    theirs = kit.create("Task", entity_id=kit.shot(made.project), task_type_id=made.step)
    kit.create("Assignation", task_id=theirs, person_id=person.person_id)
    client = site.client(person)
    with site.listening(client) as heard:
        unheard = kit.shot(made.project)
        kit.update("Task", made.task, description=str(uuid.uuid4()))
        kit.update("Task", theirs, description=str(uuid.uuid4()))
        site.fence(heard, home)
        assert not heard.speaks_of(unheard)
        assert not heard.speaks_of(made.task)
        assert heard.speaks_of(theirs) is (role == "vendor")
    client.session.close()


def test_budgets_and_what_is_not_in_a_project_are_for_administrators(site: LiveSite, admin: Any) -> None:
    kit, made = site.kit, site.made
    lead = site.client(made.lead)
    with site.listening(admin) as all_of_it, site.listening(lead) as heard:
        budget = kit.create("Budget", project_id=made.project, name="Secret", currency="EUR")
        someone = kit.person()
        for each in (heard, all_of_it):
            site.fence(each, made.project)
        assert all_of_it.speaks_of(budget)
        assert all_of_it.speaks_of(someone.person_id)
        assert not heard.speaks_of(budget)
        assert not heard.speaks_of(someone.person_id)
    lead.session.close()


# -- what was missed -----------------------------------------------------------------------------------------


def last_event(admin: Any) -> str:
    found: str = gazu.client.get("data/events/last?limit=1", client=admin)[0]["id"]
    return found


def test_whoever_says_what_they_heard_last_gets_what_they_missed(site: LiveSite, admin: Any) -> None:
    last = last_event(admin)
    missed = [site.kit.shot(site.made.project) for _ in range(3)]
    elsewhere = site.kit.shot(site.made.other)
    artist = site.client(site.made.artist)
    with site.joined(bearer(artist), auth={"last_event_id": last}) as heard:
        site.fence(heard, site.made.project)
        assert [data["shot_id"] for data in heard.named("shot:new")][:3] == [str(each) for each in missed]
        assert len(heard.named("shot:new")) == 4
        assert not heard.speaks_of(elsewhere)
    with site.joined(bearer(artist), auth={}) as heard:
        site.fence(heard, site.made.project)
        assert len(heard.events) == 1
    artist.session.close()


@pytest.mark.parametrize(
    ("auth", "words"),
    [
        ({"last_event_id": str(uuid.UUID(int=7))}, "there is no event 00000000-0000-0000-0000-000000000007"),
        ({"last_event_id": "yesterday"}, "'yesterday' is not the id of an event"),
        ({"last_event_id": {"a": 1}}, "is not the id of an event"),
        ({"room": "abc"}, "auth: 'room' is unknown; there are last_event_id and token"),
        ({"token": "abc"}, "Not enough segments"),
        (["last_event_id"], "auth must be an object"),
    ],
)
def test_what_cannot_be_resumed_is_refused_by_name(site: LiveSite, admin: Any, auth: Any, words: str) -> None:
    with pytest.raises(Refused, match=words), site.joined(bearer(admin), auth=auth):
        pass


def test_an_event_that_one_may_not_see_is_as_unknown_as_any(site: LiveSite, admin: Any) -> None:
    site.kit.shot(site.made.other)
    last, artist = last_event(admin), site.client(site.made.artist)
    with (
        pytest.raises(Refused, match="there is no event"),
        site.joined(bearer(artist), auth={"last_event_id": last}),
    ):
        pass
    artist.session.close()


# -- bad days ------------------------------------------------------------------------------------------------


def test_ten_thousand_rows_at_once_arrive_in_order_and_none_twice(site: LiveSite, admin: Any) -> None:
    project = site.kit.project()
    last = last_event(admin)
    with (
        site.joined(bearer(admin), transports=["polling"]) as polled,
        site.joined(bearer(admin), transports=["websocket"]) as streamed,
    ):
        made = site.kit.execute(
            *(Create(facet("Shot"), {"name": f"{n:05}", "project_id": project}) for n in range(10_000))
        )
        site.kit.shot(project)
        for heard in (polled, streamed):
            wait_until(
                lambda heard=heard: len(heard.named("shot:new")) > 10_000,  # type: ignore[misc]
                f"only {len(heard.events)} arrived",
            )
            got = [data["shot_id"] for data in heard.named("shot:new")]
            assert got[:-1] == [str(row.id) for row in made]
    with (
        pytest.raises(Refused, match="more than 10000 events happened since"),
        site.joined(bearer(admin), auth={"last_event_id": last}),
    ):
        pass


def test_a_client_of_a_killed_process_comes_back_and_hears_again(site: LiveSite, admin: Any) -> None:
    with site.listening(admin) as heard:
        session = heard.client.eio.sid
        for pid in web_processes(site):
            os.kill(pid, signal.SIGKILL)
        wait_until(
            lambda: heard.client.connected and heard.client.eio.sid != session and heard.client.namespaces,
            "the client did not come back",
        )
        site.fence(heard, site.made.project)


def test_a_broken_connection_to_the_database_is_made_anew(site: LiveSite, admin: Any) -> None:
    listening = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'"

    def backends() -> set[int]:
        with site.kit.studio.reads.connect() as connection:
            return set(connection.scalars(sa.text(f"SELECT pid {listening}")))

    with site.listening(admin) as heard:
        site.fence(heard, site.made.project)
        before = wait_until(backends, "nobody listens for wake-ups")
        with site.kit.studio.reads.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) {listening}"))
        site.fence(heard, site.made.project)
        wait_until(lambda: backends() - before, "nobody listens for wake-ups any more")
        site.fence(heard, site.made.project)
    wait_until(lambda: not backends(), "the connection outlived the last listener")


def test_what_happens_while_the_database_is_away_is_told_when_it_is_back(
    site: LiveSite, admin: Any, postgres: SuitePostgres
) -> None:
    root = sa.create_engine(postgres.url, isolation_level="AUTOCOMMIT")
    name = sa.make_url(site.kit.settings.database_url).database
    with site.listening(admin) as heard, root.connect() as connection:
        site.fence(heard, site.made.project)
        with site.kit.studio.write(SYSTEM) as work:
            (own,) = work.session.execute(sa.text("SELECT pg_backend_pid()")).one()
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            others = sa.text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name AND pid <> :own"
            )
            connection.execute(others, {"name": name, "own": own})
            wait_until(lambda: "live events wait for the database" in site.server.log, "nobody noticed")
            values = {"name": f"away {uuid.uuid4()}", "project_id": site.made.project}
            (made,) = work.execute([Create(facet("Shot"), values)])
            work.commit()
        with pytest.raises(Refused), site.joined(bearer(admin), wait_timeout=2):
            pass
        connection.exec_driver_sql(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        heard.wait_for("shot:new", made.id)
        assert len([data for data in heard.named("shot:new") if data["shot_id"] == str(made.id)]) == 1
        site.fence(heard, site.made.project)
    root.dispose()


BAD_SESSIONS = [
    "x",
    "deadbeef.x",
    "../../etc/passwd",
    "..%2F..%2Fetc.passwd",
    "..",
    ".",
    "deadbeef",
    "%00.%00",
    "DEADBEEF.x",
    "deadbeef/../x.y",
    "a" * 3000,
    "%F0%9F%8E%AC.%F0%9F%8E%AC",
]


@pytest.mark.parametrize("session", BAD_SESSIONS)
def test_a_session_that_there_is_not_is_refused(site: LiveSite, session: str) -> None:
    for transport in ("polling", "websocket"):
        url = f"{site.server.url}/socket.io/?EIO=4&transport={transport}&sid={session}"
        assert requests.get(url, timeout=30).status_code == 400
        assert requests.post(url, data="40/events,", timeout=30).status_code == 400
        upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
        assert requests.get(url, headers=upgrade, timeout=30).status_code == 400


@pytest.fixture
def session(site: LiveSite) -> str:
    """The address of a session that has not joined."""
    url = f"{site.server.url}/socket.io/?EIO=4&transport=polling"
    sid = requests.get(url, timeout=30).text.partition('"sid":"')[2].partition('"')[0]
    return f"{url}&sid={sid}"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"rubbish", 400),
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"9", 400),
        (b"4" + b"[" * 9000, 400),
        (b"40/events," + b"[" * 9000, 400),
        (b"\x1e".join([b"3"] * 17), 400),
        (b"x" * 524_289, 413),
        (b"x" * 1_000_000, 413),
        (b'42/events,["connect",{"HTTP_AUTHORIZATION":"x"}]', 200),
        (b'42/events,["preview-room:join",{"playlist_id":"x"}]', 200),
        (b'42["preview-room:join",{"playlist_id":"x"}]', 200),
        (b'42/events,{"preview-room:join":1}', 200),
        (b'42/events,[["preview-room:join"]]', 200),
        (b'451-/events,["x",{"_placeholder":true,"num":0}]', 200),
        (b"40/nowhere,", 200),
    ],
)
def test_what_no_listener_sends_is_refused_or_ignored(session: str, sent: bytes, status: int) -> None:
    answer = requests.post(session, data=sent, timeout=30)
    assert answer.status_code == status, answer.text


def ask_over(path: Path, target: str, **headers: str) -> int:
    """Send a listener's word to a web process by its own socket."""
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(path))
        connection = http.client.HTTPConnection("localhost")
        connection.sock = line
        connection.request("POST", target, b"3", headers)
        with connection.getresponse() as answer:
            return answer.status


def test_every_process_passes_on_what_is_meant_for_another_but_once(site: LiveSite, session: str) -> None:
    target = session.removeprefix(site.server.url)
    name = target.partition("&sid=")[2].partition(".")[0]
    (own,) = Path(tempfile.gettempdir()).glob(f"zou-server-*/{name}")
    assert own.parent.stat().st_mode & 0o777 == 0o700
    everybody = list(own.parent.iterdir())
    assert len(everybody) == len(web_processes(site))
    assert [ask_over(path, target) for path in everybody] == [200] * len(everybody)
    marked = {path: ask_over(path, target, **{PASSED_ON: "1"}) for path in everybody}
    assert marked == {path: 200 if path == own else 400 for path in everybody}


def test_what_is_no_web_socket_is_refused(site: LiveSite, session: str) -> None:
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    fresh = f"{site.server.url}/socket.io/?EIO=4&transport=websocket"
    for url in (session.replace("polling", "websocket"), fresh):
        assert requests.get(url, headers=upgrade, timeout=30).status_code == 400


def test_other_addresses_below_are_not_taken(site: LiveSite) -> None:
    for path in ("/socket.io", "/socket.io/2/", "/socket.io/1/polling/x"):
        assert requests.get(f"{site.server.url}{path}", timeout=30).status_code == 404, path


def test_those_of_the_event_hub_ask_for_its_key(site: LiveSite) -> None:
    for path in ("/socket.io/1/", "/socket.io/1/websocket/x"):
        assert requests.get(f"{site.server.url}{path}", timeout=30).status_code == 401, path


def test_the_server_stops_although_people_listen(
    postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with live_site(postgres, tmp_path_factory.mktemp("stop"), 2) as site:
        client = site.client(site.made.admin)
        with (
            site.joined(bearer(client), transports=["polling"]) as polled,
            site.joined(bearer(client), transports=["websocket"]) as streamed,
        ):
            for heard in (polled, streamed):
                site.fence(heard, site.made.project)
            name = streamed.client.eio.sid.partition(".")[0]
            (own,) = Path(tempfile.gettempdir()).glob(f"zou-server-*/{name}")
            began = time.monotonic()
            assert site.server.stop() == 0
            assert time.monotonic() - began < 10
            assert not own.parent.exists()
        client.session.close()
