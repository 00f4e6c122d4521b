"""Sessions that end while a client works, and the metrics that Toolkit sends."""

from __future__ import annotations

import json
import urllib.request
from typing import Any

import pytest
import shotgun_api3
import sqlalchemy as sa
from shotgun_api3 import AuthenticationFault

from tests.clients.shotgun.site import LOGIN, PASSWORD, Client, Row, Site, new

TOKEN_ENDS = "Can't authenticate session token ending with '{}'"


class Renewing(shotgun_api3.Shotgun):  # type: ignore[misc, unused-ignore]
    """As Toolkit's client: a session that ended is replaced by a new one, and the call made again."""

    renewed = 0

    def _call_rpc(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super()._call_rpc(*args, **kwargs)
        except AuthenticationFault:
            if self.renewed:
                raise
            self.renewed += 1
            with_password = shotgun_api3.Shotgun(self.base_url, login=LOGIN, password=PASSWORD)
            self.config.session_token = with_password.get_session_token()
            with_password.close()
            return super()._call_rpc(*args, **kwargs)


def token_of(site: Site) -> str:
    with site.client(login=LOGIN, password=PASSWORD) as mine:
        token: str = mine.get_session_token()
    return token


def end_sessions(site: Site) -> None:
    """All sessions come to their end, as they do by themselves after their time."""
    with site.engine.begin() as connection:
        connection.execute(sa.text("UPDATE login_session SET expires_at = now() - interval '1 second'"))


def test_a_session_that_ended_is_refused_in_the_words_that_scripts_wait_for(site: Site) -> None:
    token = token_of(site)
    with site.client(session_token=token) as mine:
        assert mine.find("Status", [], limit=1)
        end_sessions(site)
        with pytest.raises(AuthenticationFault) as refused:
            mine.find("Status", [], limit=1)
        assert TOKEN_ENDS.format(token[-4:]) in str(refused.value)
        assert token not in str(refused.value)
        with pytest.raises(AuthenticationFault):
            mine.create("Project", {"name": "never"})
    with site.client() as sg:
        assert sg.find("Project", [["name", "is", "never"]]) == []


def test_a_client_goes_on_with_a_new_session(site: Site, sg: Client) -> None:
    mine = Renewing(site.url, session_token=token_of(site))
    end_sessions(site)
    made = mine.create("Project", {"name": "renewed"})
    assert mine.renewed == 1
    assert (
        sg.find_one("Project", [["id", "is", made["id"]]], ["created_by"])["created_by"]["type"]
        == "HumanUser"
    )
    assert len(sg.find("Project", [["name", "is", "renewed"]])) == 1
    mine.close()


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_forms_and_downloads_of_a_session_that_ended_are_refused(
    site: Site, sg: Client, tmp_path: Any
) -> None:
    shot = new(sg, "Shot", project=new(sg, "Project"))
    path = tmp_path / "a.txt"
    path.write_text("a")
    with site.client(session_token=token_of(site)) as mine:
        end_sessions(site)
        with pytest.raises(shotgun_api3.ShotgunError, match="session token"):
            mine.upload("Shot", shot["id"], str(path))
    assert sg.find("Attachment", [["attachment_links", "is", shot]]) == []


def test_a_token_that_is_none_is_refused_alike(site: Site) -> None:
    for token in ("nonsense", "0" * 5000, "\u00e9\u0142"):
        with (
            pytest.raises(AuthenticationFault, match="Can't authenticate session token"),
            site.client(session_token=token) as mine,
        ):
            mine.find("Status", [], limit=1)


def metrics(token: str) -> Row:
    """What Toolkit's dispatcher sends at its start and from time to time."""
    return {
        "auth_args": {"session_token": token},
        "metrics": [
            {
                "event_group": "Toolkit",
                "event_name": "Launched Software",
                "event_properties": {"Host App": "Maya", "Host App Version": "2026", "Engine": "tk-maya"},
            }
        ]
        * 10,
    }


@pytest.mark.parametrize("path", ["/api3/track_metrics/", "/api3/track_metrics"])
def test_metrics_of_toolkit_are_taken_and_leave_nothing(site: Site, sg: Client, path: str) -> None:
    newest: Row = {"order": [{"column": "id", "direction": "desc"}]}
    token = token_of(site)
    before = sg.find_one("EventLogEntry", [], **newest)
    for body in (metrics(token), metrics("expired"), {}):
        request = urllib.request.Request(  # noqa: S310 - our own
            site.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            assert answer.status == 200
            assert json.loads(answer.read()) == {}
    assert sg.find_one("EventLogEntry", [], **newest) == before
