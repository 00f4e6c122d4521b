"""Mail sent by a server of the studio's, or put into a folder where there is none."""

from __future__ import annotations

import smtplib
import ssl
import uuid
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid
from pathlib import Path
from typing import TYPE_CHECKING

from zou_server.models.errors import Unavailable

if TYPE_CHECKING:
    from zou_server.services.ports import Mail, Mailer
    from zou_server.settings import Settings

SECONDS = 30
DOMAIN = "zou-server"
"""What the ids of mails end in."""


def make_mailer(settings: Settings) -> Mailer:
    """The mailer that the settings ask for."""
    return SmtpMailer(settings) if settings.mail_server else FolderMailer(settings)


def message_of(mail: Mail, sender: str) -> EmailMessage:
    """The mail as it travels: a text, and the same as HTML."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = " ".join(mail.subject.split())
    message["From"], message["To"] = sender, mail.to
    message["Date"] = formatdate()
    message["Message-ID"] = _named(mail.about) if mail.about else make_msgid(domain=DOMAIN)
    if mail.above:
        message["In-Reply-To"] = _named(mail.above[-1])
        message["References"] = " ".join(_named(each) for each in mail.above)
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    return message


def _named(name: str) -> str:
    return f"<{name}@{DOMAIN}>"


class SmtpMailer:
    """Speaks SMTP, by TLS unless the settings say that the server knows none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: Mail) -> None:
        """Hand the mail over; Unavailable when the server does not take it."""
        settings = self._settings
        address = (settings.mail_server, settings.mail_port)
        try:
            server: smtplib.SMTP
            if settings.mail_security == "tls":
                server = smtplib.SMTP_SSL(*address, timeout=SECONDS, context=ssl.create_default_context())
            else:
                server = smtplib.SMTP(*address, timeout=SECONDS)
            with server:
                if settings.mail_security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if settings.mail_username:
                    server.login(settings.mail_username, settings.mail_password)
                server.send_message(message_of(mail, settings.mail_from))
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(f"The mail server does not take a mail: {type(error).__name__}.") from error


class FolderMailer:
    """Puts each mail into a folder of the data directory: for development, and so that nothing is lost."""

    def __init__(self, settings: Settings) -> None:
        self._folder, self._sender = Path(settings.data_dir) / "mail", settings.mail_from

    def send(self, mail: Mail) -> None:
        """Write the mail as a file that mail programs open; only the server's user can read it."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        target = self._folder / f"{uuid.uuid4()}.eml"
        target.touch(mode=0o600)
        target.write_bytes(message_of(mail, self._sender).as_bytes())
