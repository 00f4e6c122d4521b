"""ftrack_api, unmodified: widgets that open, invitations that arrive, review sessions that guests look at."""

from __future__ import annotations

import email.policy
import json
import re
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import USER, ServerError, Session, Site, unique
from tests.clients.ftrack.test_encoding import version_of, work
from tests.clients.zou.log_in.test_ldap import BASE, PEOPLE, READER, READER_PASSWORD, directory
from tests.media import picture
from tests.served import served
from tests.servers import free_port
from zou_server.app import create_app
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.settings import Settings

SERVER = "3a372bde-05bc-11e4-8908-20c9d081909b"


def mails(site: Site) -> list[EmailMessage]:
    """The mails that were sent, the newest last."""
    work(site)
    files = sorted((site.directory / "mail").glob("*.eml"), key=lambda each: each.stat().st_mtime_ns)
    found = [email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in files]
    return [each for each in found if isinstance(each, EmailMessage)]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def page(url: str) -> str:
    """The page at an address, which opens for whoever has it."""
    answer = requests.get(url, timeout=30)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    return answer.text


# -- widgets -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["tasks", "tasks_browser"])
def test_a_widget_of_tasks_opens(session: Session, show: Show, name: str) -> None:
    task = session.get("Task", show.task)
    me = session.query(f'User where username is "{session.api_user}"').one()
    if name == "tasks" and not session.query(f"Appointment where context_id is {show.task}").all():
        session.create("Appointment", {"context": task, "resource": me, "type": "assignment"})
        session.commit()
    project = session.get("Project", show.project)
    shown = page(session.get_widget_url(name, entity=project, theme="light"))
    assert 'data-theme="light"' in shown
    assert "animation" in shown
    assert "Work In Progress" in shown
    assert "SQ010 / SH000" in shown
    assert page(session.get_widget_url(name))


def test_the_widget_of_something_says_what_it_is(session: Session, show: Show) -> None:
    task = session.get("Task", show.task)
    me = session.query(f'User where username is "{session.api_user}"').one()
    task.create_note("Hold the pose <b>longer</b>", author=me)
    session.commit()
    shown = page(session.get_widget_url("info", entity=task))
    assert "animation" in shown
    assert "Animation" in shown
    assert "Work In Progress" in shown
    assert "Hold the pose &lt;b&gt;longer&lt;/b&gt;" in shown
    for other in (session.get("Project", show.project), session.get("Shot", show.shots[1])):
        assert other["name"] in page(session.get_widget_url("info", entity=other))
    version = version_of(session, show)
    assert "v001" in page(session.get_widget_url("info", entity=version))


def test_a_widget_that_is_none_or_nobodys_is_refused(site: Site, session: Session, show: Show) -> None:
    with pytest.raises(ServerError, match="no widget"):
        session.get_widget_url("calendar")
    with pytest.raises(ServerError, match="about something"):
        session.get_widget_url("info")
    assert requests.get(f"{site.url}/widget/abc", timeout=30).status_code == 401
    login = unique("outsider")
    site.create("Person", login=login, email=f"{login}@example.com", role="user")
    with site.session(login, create_api_key(site.engine, f"{login}@example.com")) as theirs:
        asked = {"action": "get_widget_url", "name": "info", "theme": "dark"}
        with pytest.raises(ServerError, match="NotFound"):
            theirs.call([{**asked, "entity_type": "Task", "entity_key": [show.task]}])
        assert "animation" not in page(theirs.get_widget_url("tasks_browser"))


# -- invitations ---------------------------------------------------------------------------------------------


def test_somebody_is_invited_by_mail(site: Site, session: Session) -> None:
    login = unique("new")
    id_ = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    user = session.get("User", id_)
    session.send_user_invite(user)
    last = mails(site)[-1]
    assert last["To"] == f"{login}@example.com"
    assert "invited" in last["Subject"]
    key = create_api_key(site.engine, f"{login}@example.com")
    with (
        site.session(login, key) as theirs,
        pytest.raises(ServerError, match="does not let you invite people"),
    ):
        theirs.send_user_invites([user])


def test_a_list_of_invitations_is_sent_whole_or_not_at_all(site: Site, session: Session) -> None:
    login = unique("one")
    id_ = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    before = len(mails(site))
    with pytest.raises(ServerError, match="NotFound"):
        session.call(
            [
                {"action": "send_user_invite", "user_id": id_},
                {"action": "send_user_invite", "user_id": SERVER},
            ]
        )
    assert len(mails(site)) == before


def test_a_guest_is_invited_to_a_review_looks_and_answers(
    site: Site, session: Session, show: Show, tmp_path: Path
) -> None:
    still = tmp_path / "still.png"
    still.write_bytes(picture((320, 200)))
    version = version_of(session, show)
    session.encode_media(str(still), version_id=version["id"])
    review = session.create(
        "ReviewSession",
        {"name": "Dailies", "description": "Please look", "project": session.get("Project", show.project)},
    )
    item = session.create(
        "ReviewSessionObject",
        {"name": "SH000 anim", "version": "Version 1", "review_session": review, "asset_version": version},
    )
    invitee = session.create(
        "ReviewSessionInvitee",
        {"name": "Rita", "email": "rita@example.com", "review_session": review},
    )
    session.commit()
    session.send_review_session_invite(invitee)
    last = mails(site)[-1]
    assert last["To"] == "rita@example.com"
    assert "Dailies" in last["Subject"]
    found = re.search(r"http\S+", text_of(last))
    assert found is not None
    link = found[0]

    shown = page(link)
    assert "Dailies" in shown
    assert "SH000 anim" in shown
    media = requests.get(f"{link}/{item['id']}/media", headers={"Range": "bytes=0-3"}, timeout=30)
    assert (media.status_code, media.content) == (206, b"\x89PNG")
    for word in ("require_changes", "approved"):
        answered = requests.post(f"{link}/{item['id']}", data={"status": word}, timeout=30)
        assert answered.status_code == 200
    assert "You said: Approve" in page(link)
    refused = requests.post(f"{link}/{item['id']}", data={"status": "perhaps"}, timeout=30)
    assert refused.status_code == 422
    with site.session() as later:
        asked = "select status, invitee.name from ReviewSessionObjectStatus where review_session_object_id is"
        said = later.query(f"{asked} {item['id']}").one()
        assert (said["status"], said["invitee"]["name"]) == ("approved", "Rita")
        guest = later.get("ReviewSessionInvitee", invitee["id"])
        assert guest["last_sent_at"] is not None
        later.delete(guest)
        later.commit()
    assert requests.get(link, timeout=30).status_code == 404
    assert requests.get(f"{link}/{item['id']}/media", timeout=30).status_code == 404
    assert requests.get(f"{link}x", timeout=30).status_code == 404


def test_the_link_of_a_guest_leads_to_where_people_reach_the_site(
    site: Site, session: Session, show: Show
) -> None:
    review = session.create(
        "ReviewSession", {"name": "Dailies", "project": session.get("Project", show.project)}
    )
    invitee = session.create(
        "ReviewSessionInvitee", {"name": "Otto", "email": "otto@example.com", "review_session": review}
    )
    session.commit()
    settings = Settings.from_env(
        {},
        database_url=site.engine.url.render_as_string(hide_password=False),
        data_dir=site.directory,
        public_url="https://tracker.example.com/",
    )
    with served(create_app(settings)) as address:
        action = {"action": "send_review_session_invite", "review_session_invitee_id": invitee["id"]}
        headers = {"ftrack-user": USER, "ftrack-api-key": site.key}
        sent = requests.post(f"{address}/api", json=[action], headers=headers, timeout=30).json()
    assert sent[0]["sent"] is True
    assert "https://tracker.example.com/review/" in text_of(mails(site)[-1])


def test_a_guest_without_an_address_cannot_be_invited(session: Session, show: Show) -> None:
    project = session.get("Project", show.project)
    review = session.create("ReviewSession", {"name": "Dailies", "project": project})
    invitee = session.create(
        "ReviewSessionInvitee", {"name": "Nobody", "email": "", "review_session": review}
    )
    session.commit()
    with pytest.raises(ServerError, match="no e-mail address"):
        session.send_review_session_invite(invitee)


# -- jobs and rights -----------------------------------------------------------------------------------------


def test_a_job_takes_over_the_users_of_a_directory(site: Site, session: Session, tmp_path: Path) -> None:
    asked = [{"action": "delayed_job", "job_type": "SYNC_USERS_LDAP"}]
    job = session.call(asked)[0]["data"]
    assert (job.entity_type, job.get("status")) == ("Job", "queued")
    stopped = session.call(asked)[0]["data"]
    stopped["status"] = "killed"
    session.commit()
    port = free_port()
    of_directory = {
        "ldap_url": f"ldap://127.0.0.1:{port}",
        "ldap_base": BASE,
        "ldap_bind_dn": READER,
        "ldap_bind_password": READER_PASSWORD,
    }
    with directory(port, tmp_path / "people.ldif", PEOPLE):
        work(site, **of_directory)
    with site.session() as later:
        done = later.get("Job", job["id"])
        assert (done["status"], json.loads(done["data"])["new"]) == ("done", 2)
        assert done["finished_at"] is not None
        assert later.query('User where username is "grace"').one()["first_name"] == "Grace"
        assert later.get("Job", stopped["id"])["status"] == "killed"


@pytest.mark.parametrize(
    ("of_directory", "why"),
    [
        ({}, "There is no directory"),
        ({"ldap_url": "ldap://127.0.0.1:9", "ldap_base": "ou=people"}, "directory"),
    ],
)
def test_a_directory_that_is_none_or_away_is_told_of(
    site: Site, session: Session, of_directory: dict[str, Any], why: str
) -> None:
    job = session.call([{"action": "delayed_job", "job_type": "SYNC_USERS_LDAP"}])[0]["data"]
    work(site, **of_directory)
    with site.session() as later:
        failed = later.get("Job", job["id"])
        assert failed["status"] == "failed"
        assert why in json.loads(failed["data"])["description"]
    with pytest.raises(ServerError, match="no job of the type"):
        session.call([{"action": "delayed_job", "job_type": "MAKE_COFFEE"}])


def test_what_one_may_do_is_told_by_type(site: Site, session: Session, show: Show) -> None:
    (mine,) = session.call([{"action": "permissions"}])
    assert mine["data"]["Task"] == {"create": True, "update": True, "delete": True}
    login = unique("artist")
    site.create("Person", login=login, email=f"{login}@example.com", role="user")
    with site.session(login, create_api_key(site.engine, f"{login}@example.com")) as theirs:
        (there,) = theirs.call([{"action": "permissions", "project_id": show.project}])
        assert there["data"]["Shot"] == {"create": False, "update": False, "delete": False}


def test_planned_and_logged_time_is_summed_below_a_context(session: Session, show: Show) -> None:
    asked = {"action": "compute_rollups", "context_ids": [show.project, show.sequence, show.shots[1]]}
    (answer,) = session.call([asked])
    assert [(each["tasks"], each["bid"]) for each in answer["data"]] == [(1, 28800), (1, 28800), (0, 0)]


def test_every_action_of_the_protocol_is_served(site: Site) -> None:
    named = [
        "query",
        "create",
        "update",
        "delete",
        "query_schemas",
        "query_server_information",
        "get_upload_metadata",
        "encode_media",
        "reset_remote",
        "get_widget_url",
        "send_user_invite",
        "send_review_session_invite",
        "delayed_job",
        "search",
        "complete_multipart_upload",
        "generate_signed_url",
        "compute_rollups",
        "permissions",
    ]
    for name in named:
        answer = site.post([{"action": name}]).json()
        said = answer.get("content", "") if isinstance(answer, dict) else ""
        assert "Invalid action" not in said, name
