"""Mails to people, written from templates in a job; what they say is sealed while they wait."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import orjson
from cryptography.fernet import Fernet
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from zou_server.packaged import packaged_dir
from zou_server.services.ports import Mail

if TYPE_CHECKING:
    from zou_server.services.ports import Mailer
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "send_mail"
_SUBJECT = "Subject: "


@dataclass(frozen=True, slots=True)
class Post:
    """The way to the mailer: what seals the mails that wait for it."""

    secret_key: str

    def order(
        self, work: UnitOfWork, template: str, to: str, values: Mapping[str, Any], thread: Sequence[str] = ()
    ) -> None:
        """Have a mail sent once the transaction stands; `thread` names what it answers, and itself."""
        letter = orjson.dumps({"template": template, "to": to, "values": dict(values), "thread": [*thread]})
        work.defer(TASK, {"sealed": self._seal.encrypt(letter).decode()})

    def send(self, mailer: Mailer, sealed: str) -> None:
        """Write the mail and send it."""
        letter = orjson.loads(self._seal.decrypt(sealed.encode()))
        mail = written(letter["template"], letter["to"], letter["values"])
        *above, about = letter.get("thread") or [""]
        mailer.send(replace(mail, about=about, above=above))

    @property
    def _seal(self) -> Fernet:
        key = hashlib.sha256(b"zou-server mail " + self.secret_key.encode()).digest()
        return Fernet(base64.urlsafe_b64encode(key))


def written(template: str, to: str, values: Mapping[str, Any]) -> Mail:
    """The mail that a template makes; its first line is the subject."""
    loader = FileSystemLoader(str(packaged_dir("config") / "mail"))
    letters = Environment(loader=loader, undefined=StrictUndefined, autoescape=select_autoescape(["html"]))
    head, _, text = letters.get_template(f"{template}.txt").render(values).partition("\n")
    html = letters.get_template(f"{template}.html").render(values)
    return Mail(to, head.removeprefix(_SUBJECT).strip(), text.strip() + "\n", html)
