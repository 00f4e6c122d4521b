"""A streaming replica that answers reads: who sees what, whatever happens to the replica."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gazu
import pytest
import requests

from tests.operations.replicas import Clients, Pair, catches_up, metric, replica_of
from tests.operations.stories import STORIES, Story, with_gazu
from tests.servers import RunningServer
from tests.waiting import wait_until
from zou_server.adapters.database import make_engine
from zou_server.adapters.replica.watch import ReplicaState, ReplicaWatch
from zou_server.commands.check import check_everything
from zou_server.settings import Settings

# The clients leave sockets to the garbage collector.
pytestmark = [pytest.mark.timeout(600), pytest.mark.filterwarnings("ignore::ResourceWarning")]
ON_REPLICA = 'zou_reads_total{database="replica"}'
DIALECTS = pytest.mark.parametrize("story", STORIES)


@pytest.mark.usefixtures("caught_up")
def test_what_people_read_is_answered_by_the_replica(
    clients: tuple[Clients, Clients], machines: tuple[RunningServer, RunningServer], pair: Pair, project: Any
) -> None:
    here = clients[0]
    catches_up(pair)
    before = metric(machines[0].url, ON_REPLICA)
    for _ in range(5):
        gazu.project.get_project(project["id"], client=here.zou)
        here.sg.find("Project", [], ["name"])
        here.sr.Project.find()
        with here.session() as session:
            session.query("Project").all()
    assert metric(machines[0].url, ON_REPLICA) >= before + 15
    assert metric(machines[0].url, "zou_replica_used") == 1


@pytest.mark.usefixtures("caught_up")
@DIALECTS
def test_whoever_wrote_sees_it_at_once_on_each_machine_while_the_replica_shows_an_older_state(
    story: Story, clients: tuple[Clients, Clients], pair: Pair, project: Any
) -> None:
    pair.replica.pause()
    story(*clients, project)


@pytest.mark.usefixtures("caught_up")
@DIALECTS
def test_whoever_wrote_sees_it_at_once_while_the_replica_follows(
    story: Story, clients: tuple[Clients, Clients], project: Any
) -> None:
    for _ in range(3):
        story(*clients, project)


@pytest.mark.usefixtures("caught_up")
def test_a_replica_that_is_too_far_behind_is_left_out_told_and_taken_again(
    clients: tuple[Clients, Clients], machines: tuple[RunningServer, RunningServer], pair: Pair, project: Any
) -> None:
    url = machines[0].url
    pair.replica.pause()
    with_gazu(*clients, project)
    wait_until(lambda: " behind" in replica_of(url), "the replica is left out")
    assert replica_of(url).startswith("left out: it is ")
    assert requests.get(f"{url}/health/ready", timeout=30).status_code == 200
    assert metric(url, "zou_replica_lag_seconds") >= 2
    assert metric(url, "zou_replica_used") == 0
    before = metric(url, ON_REPLICA)
    with_gazu(*clients, project)
    assert metric(url, ON_REPLICA) == before

    pair.replica.resume()
    wait_until(lambda: replica_of(url) == "used", "the replica is used again")
    catches_up(pair)
    gazu.project.get_project(project["id"], client=clients[0].zou)
    assert metric(url, ON_REPLICA) > before


@pytest.mark.usefixtures("caught_up")
def test_a_replica_that_falls_silent_costs_nobody_an_answer(
    clients: tuple[Clients, Clients], machines: tuple[RunningServer, RunningServer], pair: Pair, project: Any
) -> None:
    url = machines[0].url
    with_gazu(*clients, project)
    pair.replica.freeze()
    try:
        # Some of them wait for an answer, others for a connection.
        assert all(ask_at_once(f"{url}/data/projects/{project['id']}", clients[0]))
        wait_until(lambda: replica_of(url) == "left out: it does not answer", "the replica is left out")
        with_gazu(*clients, project)
    finally:
        pair.replica.thaw()
    wait_until(lambda: replica_of(url) == "used", "the replica is used again")


@pytest.mark.usefixtures("caught_up")
def test_a_replica_that_dies_costs_nobody_an_answer_and_is_taken_again(
    clients: tuple[Clients, Clients], machines: tuple[RunningServer, RunningServer], pair: Pair, project: Any
) -> None:
    url = machines[0].url
    pair.replica.server.stop()
    try:
        for _ in range(10):
            assert gazu.project.get_project(project["id"], client=clients[0].zou)["id"] == project["id"]
        wait_until(lambda: replica_of(url) == "left out: it does not answer", "the replica is left out")
        with_gazu(*clients, project)
    finally:
        pair.replica.server.start()
    wait_until(lambda: replica_of(url) == "used", "the replica is used again")
    catches_up(pair)
    before = metric(url, ON_REPLICA)
    gazu.project.get_project(project["id"], client=clients[0].zou)
    assert metric(url, ON_REPLICA) > before


def ask_at_once(address: str, client: Clients) -> list[bool]:
    """Whether each of many who ask at the same time is answered."""
    bearer = {"Authorization": f"Bearer {client.zou.tokens['access_token']}"}
    with ThreadPoolExecutor(8) as threads:
        return list(threads.map(lambda _: requests.get(address, headers=bearer, timeout=60).ok, range(24)))


# -- another database in the place of the replica --------------------------


def test_another_database_is_not_taken_for_a_replica(pair: Pair, tmp_path: Path) -> None:
    pair.ask("CREATE DATABASE another TEMPLATE template0")
    other = pair.url.replace("/zou_server?", "/another?")
    assert str(looked_at(pair, other, tmp_path)) == "left out: it is no replica of this database"


def test_the_primary_is_not_taken_for_its_replica(pair: Pair, tmp_path: Path) -> None:
    assert str(looked_at(pair, pair.url, tmp_path)) == "left out: it is no replica"


def test_check_says_whether_the_replica_is_used(
    pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", pair.url)
    for url, verdict in ((pair.replica.url, "ok"), (pair.url, "warn")):
        monkeypatch.setenv("ZOU_SERVER_READ_DATABASE_URL", url)
        found = [each for each in check_everything(tmp_path) if each.subject == "replica"]
        assert [each.verdict for each in found] == [verdict]


def looked_at(pair: Pair, url: str, data_dir: Path) -> ReplicaState:
    """What a first look says of a database."""
    primary = make_engine(Settings.from_env({}, database_url=pair.url, data_dir=data_dir))
    watch = ReplicaWatch(primary, url, most_behind=10)
    try:
        return watch.state()
    finally:
        watch.stop()
        primary.dispose()
