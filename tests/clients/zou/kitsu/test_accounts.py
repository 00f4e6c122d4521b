"""Accounts at Kitsu: second factors, forgotten passwords, invitations by mail, log-ins that are kept."""

from __future__ import annotations

import asyncio
import email.policy
import re
import uuid
from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import gazu
import pyotp
import pytest
import shotgun_api3
from aiosmtpd.controller import Controller

from tests.clients.zou.kitsu.page import Page, page_of
from tests.clients.zou.log_in.steps import PASSWORD
from tests.servers import free_port
from zou_server.adapters.job_worker import run_worker
from zou_server.adapters.mail import SmtpMailer
from zou_server.services.ports import Mail

if TYPE_CHECKING:
    from tests.clients.zou.people.own.site import OwnSite

NEW_PASSWORD = "another long password"


@pytest.fixture
def person(site: OwnSite) -> Page:
    """Somebody new with a password."""
    return page_of(site, site.kit.person("user", {site.made.project: None}))


def login(site: OwnSite, page: Page, password: str = PASSWORD, **more: Any) -> tuple[int, dict[str, Any]]:
    """What a log-in answers."""
    sent = {"email": site.kit.row("Person", page.actor.person_id, "email"), "password": password, **more}
    answer = site.app.test_client().post("/api/auth/login", json=sent)
    return answer.status_code, answer.get_json()


def mails(site: OwnSite) -> list[EmailMessage]:
    """The mails that were sent, the newest last."""
    asyncio.run(run_worker(site.kit.settings, wait=False))
    files = sorted(
        (Path(site.kit.settings.data_dir) / "mail").glob("*.eml"), key=lambda p: p.stat().st_mtime_ns
    )
    found = [email.message_from_bytes(each.read_bytes(), policy=email.policy.default) for each in files]
    return [each for each in found if isinstance(each, EmailMessage)]


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


# -- codes of an app -----------------------------------------------------------------------------------------


def test_codes_of_an_app_are_asked_for_after_the_password(site: OwnSite, person: Page) -> None:
    begun = person.ask("PUT", "/auth/totp", {})
    assert begun["totp_provisionning_uri"].startswith("otpauth://totp/")
    assert login(site, person)[0] == 200  # it does not count yet
    assert person.ask("POST", "/auth/totp", {"totp": "000000"}, 400)["wrong_OTP"] is True
    clock = pyotp.TOTP(begun["otp_secret"])
    first = clock.now()
    codes = person.ask("POST", "/auth/totp", {"totp": first})["otp_recovery_codes"]
    assert len(set(codes)) == 16
    assert person.get("/auth/authenticated")["user"]["totp_enabled"] is True
    status, said = login(site, person)
    assert (status, said["missing_OTP"]) == (400, True)
    assert said["two_factor_authentication_enabled"] == ["totp"]
    assert said["preferred_two_factor_authentication"] == "totp"
    assert login(site, person, totp=first)[1]["wrong_OTP"] is True  # used once already
    assert login(site, person, totp=clock.at(0))[1]["wrong_OTP"] is True
    assert login(site, person, recovery_code=codes[0])[0] == 200
    assert login(site, person, recovery_code=codes[0])[0] == 400
    assert person.ask("DELETE", "/auth/totp", {"recovery_code": "wrong"}, 400)["wrong_OTP"] is True
    renewed = person.ask("PUT", "/auth/recovery-codes", {"recovery_code": codes[1]})["otp_recovery_codes"]
    assert login(site, person, recovery_code=codes[2])[0] == 400
    assert person.ask("DELETE", "/auth/totp", {"recovery_code": renewed[0]}) == {"success": True}
    assert login(site, person)[0] == 200


def test_wrong_codes_close_the_way_as_wrong_passwords_do(site: OwnSite, person: Page) -> None:
    begun = person.ask("PUT", "/auth/totp", {})
    person.ask("POST", "/auth/totp", {"totp": pyotp.TOTP(begun["otp_secret"]).now()})
    for _ in range(5):
        assert login(site, person, totp="123")[1]["wrong_OTP"] is True
    assert login(site, person)[1]["too_many_failed_login_attemps"] is True


def test_no_dialect_lets_in_by_the_password_alone(site: OwnSite, person: Page, admin: Page) -> None:
    begun = person.ask("PUT", "/auth/totp", {})
    person.ask("POST", "/auth/totp", {"totp": pyotp.TOTP(begun["otp_secret"]).now()})
    name = site.kit.row("Person", person.actor.person_id, "email")
    sg = shotgun_api3.Shotgun(site.url.removesuffix("/api"), login=name, password=PASSWORD, connect=False)
    with pytest.raises(shotgun_api3.MissingTwoFactorAuthenticationFault):
        sg.find_one("Project", [])
    sg.close()
    admin.ask("DELETE", f"/actions/persons/{person.actor.person_id}/disable-two-factor-authentication")
    assert login(site, person)[0] == 200


def test_codes_come_by_mail(site: OwnSite, person: Page) -> None:
    address = site.kit.row("Person", person.actor.person_id, "email")
    person.ask("PUT", "/auth/email-otp", {})
    code = re.search(r"\b(\d{6})\b", mails(site)[-1]["Subject"])
    assert code is not None
    person.ask("POST", "/auth/email-otp", {"email_otp": code[1]})
    assert login(site, person)[1]["two_factor_authentication_enabled"] == ["email_otp"]
    client = gazu.client.create_client(site.url)
    gazu.send_email_otp(address, client=client)
    client.session.close()
    code = re.search(r"\b(\d{6})\b", mails(site)[-1]["Subject"])
    assert code is not None
    assert login(site, person, email_otp=code[1])[0] == 200
    assert login(site, person, email_otp=code[1])[0] == 400
    asked = site.app.test_client().get("/api/auth/email-otp?email=nobody@example.com")
    assert asked.get_json() == {"success": True}
    assert person.ask("DELETE", "/auth/email-otp", {"email_otp": code[1]}, 400)["wrong_OTP"] is True
    person.get(f"/auth/email-otp?email={address}")
    code = re.search(r"\b(\d{6})\b", mails(site)[-1]["Subject"])
    assert code is not None
    assert person.ask("DELETE", "/auth/email-otp", {"email_otp": code[1]}) == {"success": True}
    assert login(site, person)[0] == 200


# -- passwords -----------------------------------------------------------------------------------------------


def test_a_forgotten_password_is_replaced_by_a_mailed_link(site: OwnSite, person: Page) -> None:
    browser = site.app.test_client()
    address = site.kit.row("Person", person.actor.person_id, "email")
    assert browser.post("/api/auth/reset-password", json={"email": address.upper()}).get_json() == {
        "success": "Reset token sent"
    }
    mail = mails(site)[-1]
    assert mail["To"] == address
    link = re.search(r"http\S+", text_of(mail))
    assert link is not None
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link[0]).query).items()}
    assert asked["email"] == address
    new = {**asked, "password": NEW_PASSWORD, "password2": NEW_PASSWORD}
    assert browser.put("/api/auth/reset-password", json={**new, "token": "x" * 64}).status_code == 400
    assert browser.put("/api/auth/reset-password", json={**new, "password2": "other"}).status_code == 400
    assert browser.put("/api/auth/reset-password", json=new).status_code == 200
    assert browser.put("/api/auth/reset-password", json=new).status_code == 400
    assert login(site, person, NEW_PASSWORD)[0] == 200
    assert person.answer("GET", "/auth/authenticated").status_code == 401  # the old sessions ended
    nobody = browser.post("/api/auth/reset-password", json={"email": "nobody@example.com"})
    assert nobody.get_json() == {"success": "Reset token sent"}


def test_an_administrator_invites_and_makes_links(
    site: OwnSite, admin: Page, lead: Page, person: Page
) -> None:
    id_ = person.actor.person_id
    assert admin.get(f"/actions/persons/{id_}/invite")["success"] is True
    mail = mails(site)[-1]
    html = mail.get_body(("html",))
    assert html is not None
    assert "Choose a password" in str(html.get_content())
    made = admin.ask("POST", f"/actions/persons/{id_}/reset-password-link")
    assert "/reset-change-password?email=" in made["reset_password_link"]
    assert lead.answer("POST", f"/actions/persons/{id_}/reset-password-link").status_code == 403
    assert lead.answer("GET", f"/actions/persons/{id_}/invite").status_code == 403
    assert admin.answer("GET", f"/actions/persons/{uuid.uuid4()}/invite").status_code == 404


def test_what_a_mail_says_is_sealed_in_the_queue(site: OwnSite, admin: Page, person: Page) -> None:
    admin.get(f"/actions/persons/{person.actor.person_id}/invite")
    (waiting,) = site.kit.jobs("send_mail")
    assert "token" not in str(waiting)
    mails(site)


class Inbox:
    """A mail server that keeps what it gets."""

    def __init__(self) -> None:
        self.got: list[Any] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail."""
        self.got.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    inbox = Inbox()
    port = free_port()
    server = Controller(inbox, hostname="127.0.0.1", port=port)
    server.start()
    yield inbox, port
    server.stop()


def test_a_mail_server_gets_the_mail(site: OwnSite, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    settings = replace(
        site.kit.settings,
        mail_server="127.0.0.1",
        mail_port=port,
        mail_security="none",
        mail_from="zou@example.com",
    )
    SmtpMailer(settings).send(Mail("ada@example.com", "Hello\r\nBcc: x@example.com", "text", "<p>text</p>"))
    (envelope,) = box.got
    assert envelope.rcpt_tos == ["ada@example.com"]
    assert b"Subject: Hello Bcc: x@example.com" in envelope.content


# -- log-ins -------------------------------------------------------------------------------------------------


def test_log_ins_are_kept_with_failures(site: OwnSite, admin: Page, lead: Page, person: Page) -> None:
    me = str(person.actor.person_id)
    assert login(site, person, "wrong password")[0] == 400
    assert login(site, person)[0] == 200
    client = site.client(site.kit.person("admin", {}))
    logs = gazu.events.get_last_login_logs(person_ids=[me], client=client)
    client.session.close()
    assert [each["origin"] for each in logs] == ["script", "script"]
    assert logs[0]["person_id"] == me
    found = admin.get(f"/data/events/login-logs/last?limit=50&person_ids={me}&failures=true")
    assert [each["succeeded"] for each in found] == [True, False, True]
    before = admin.get(f"/data/events/login-logs/last?person_ids={me}&cursor_login_log_id={logs[0]['id']}")
    assert [each["id"] for each in before] == [logs[1]["id"]]
    assert lead.answer("GET", "/data/events/login-logs/last").status_code == 403


def test_people_see_and_end_their_sessions(site: OwnSite, person: Page, lead: Page) -> None:
    token = login(site, person)[1]["access_token"]
    sessions = person.get("/auth/sessions")
    assert [each["is_mine"] for each in sessions] == [False, True]
    assert lead.answer("DELETE", f"/auth/sessions/{sessions[0]['id']}").status_code == 404
    person.ask("DELETE", f"/auth/sessions/{sessions[0]['id']}", status=204)
    ended = site.app.test_client().get(
        "/api/auth/authenticated", headers={"Authorization": f"Bearer {token}"}
    )
    assert ended.status_code == 401
    assert person.answer("GET", "/auth/authenticated").status_code == 200
