"""How many clients listen, as Prometheus reads it from a served instance."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from tests.clients.zou.live.site import LiveSite, live_site, web_processes
from tests.waiting import wait_until

if TYPE_CHECKING:
    from tests.conftest import SuitePostgres

# The clients leave sockets to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
TOKEN = "metrics-token"


def listeners(site: LiveSite) -> int:
    """What the metrics say."""
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    text = requests.get(f"{site.server.url}/metrics", headers=bearer, timeout=10).text
    counts = [line.split()[-1] for line in text.splitlines() if line.startswith("zou_listeners ")]
    return int(float(counts[0])) if counts else 0


def test_the_metrics_tell_how_many_listen_to_all_processes_together(
    postgres: SuitePostgres, tmp_path: Path
) -> None:
    with live_site(postgres, tmp_path, 2, ZOU_SERVER_METRICS_TOKEN=TOKEN) as site:
        client = site.client(site.made.admin)
        with site.listening(client), site.listening(client), site.listening(client):
            wait_until(lambda: listeners(site) == 3, "three listen")
        wait_until(lambda: listeners(site) == 0, "all have gone")


def test_a_client_of_a_killed_process_is_counted_once_when_it_is_back(
    postgres: SuitePostgres, tmp_path: Path
) -> None:
    with (
        live_site(postgres, tmp_path, 1, ZOU_SERVER_METRICS_TOKEN=TOKEN) as site,
        site.listening(site.client(site.made.admin)) as heard,
    ):
        wait_until(lambda: listeners(site) == 1, "one listens")
        session = heard.client.eio.sid
        (web,) = web_processes(site)
        os.kill(web, signal.SIGKILL)
        wait_until(lambda: heard.client.connected and heard.client.eio.sid != session, "it is back")
        wait_until(lambda: listeners(site) == 1, "and counted once")
