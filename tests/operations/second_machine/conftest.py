"""Two servers of one studio and a replica beside them."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gazu
import pytest

from tests.operations.conftest import open_directory
from tests.operations.replicas import SECRET, TOKEN, Clients, Pair, catches_up, replica_of, replicated
from tests.servers import RunningServer
from tests.waiting import wait_until


@pytest.fixture(scope="package")
def place_of_all() -> Iterator[Path]:
    """A directory of all of these tests."""
    with open_directory() as directory:
        yield directory


@pytest.fixture(scope="package")
def pair(place_of_all: Path) -> Iterator[Pair]:
    with replicated(place_of_all) as pair:
        yield pair


@pytest.fixture(scope="package")
def machines(pair: Pair, place_of_all: Path) -> Iterator[tuple[RunningServer, RunningServer]]:
    """Two servers of one studio, each with a data directory of its own and the replica beside it."""
    variables: dict[str, Any] = {
        "DATABASE_URL": pair.url,
        "ZOU_SERVER_READ_DATABASE_URL": pair.replica.url,
        "ZOU_SERVER_REPLICA_LAG_SECONDS": "2",
        "ZOU_SERVER_METRICS_TOKEN": TOKEN,
        "ZOU_SERVER_SECRET_KEY": SECRET,
    }
    with (
        RunningServer(place_of_all / "one", "--no-worker", **variables) as one,
        RunningServer(place_of_all / "two", "--no-worker", **variables) as two,
    ):
        yield one, two
        for each in (one, two):
            assert each.complaints() == []
    with warnings.catch_warnings(action="ignore"):
        gc.collect()


@pytest.fixture(scope="package")
def clients(machines: tuple[RunningServer, RunningServer]) -> Iterator[tuple[Clients, Clients]]:
    one, two = machines
    both = Clients(one.url, one.credentials), Clients(two.url, one.credentials)
    yield both
    for each in both:
        each.close()


@pytest.fixture(scope="package")
def project(clients: tuple[Clients, Clients]) -> Any:
    return gazu.project.new_project("Far away", client=clients[0].zou)


@pytest.fixture(scope="package")
def reader(
    pair: Pair, machines: tuple[RunningServer, RunningServer], project: Any, place_of_all: Path
) -> Iterator[RunningServer]:
    """A server for the farm: it is given the replica and nothing else."""
    assert project
    assert machines
    catches_up(pair)
    variables: dict[str, Any] = {
        "ZOU_SERVER_READ_DATABASE_URL": pair.replica.url,
        "ZOU_SERVER_SECRET_KEY": SECRET,
    }
    with RunningServer(place_of_all / "reader", "--read-only", **variables) as server:
        yield server
        assert server.complaints('"level":"warning"') == []


@pytest.fixture
def caught_up(pair: Pair, machines: tuple[RunningServer, RunningServer]) -> Iterator[None]:
    """The replica is used by both machines, and is again when the test is over."""
    wait_until(lambda: {replica_of(each.url) for each in machines} == {"used"}, "the replica is used")
    yield
    pair.replica.resume()
