"""`ShotRunner`, which carries the login, and the fourteen classes of objects.

They stand in one module, so that an object inside another (`user.company`) is of its own class.
"""

from __future__ import annotations

import base64
import logging
from pathlib import Path
from typing import Any

from pyactiveresource import formats
from pyactiveresource.activeresource import ActiveResource

from shotrunner.config import DEFAULT_FILE, Login, read_config, site_of

_FORMATS = {"xml": formats.XMLFormat, "json": formats.JSONFormat}
_OF_CLASS = frozenset(
    {
        "connection",
        "format",
        "headers",
        "login",
        "password",
        "plural",
        "prefix",
        "primary_key",
        "singular",
        "site",
        "timeout",
        "user",
    }
)
"""Names that the client keeps for its classes, and that are attributes when an object has them."""


class NotSaved(Exception):
    """The server refused an object; the message says which attribute and why."""


class _NoSecrets(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        """Leave out lines that hold the login."""
        return "authorization" not in record.getMessage().lower()


class _Class(type(ActiveResource)):  # type: ignore[misc]
    """What the classes can do and their objects not: a user's `login` is an attribute."""

    def login(cls, user_: str | None = None, pass_: str | None = None, domain_: str | None = None) -> None:
        """The document's other name for `set_login`."""
        ShotRunner.set_login(user_, pass_, domain_)


class ShotRunner(ActiveResource, metaclass=_Class):
    """The base of all classes. A login set here, or on any of them, is that of all."""

    _format = formats.XMLFormat
    _timeout = 60
    _site = None

    @classmethod
    def set_login(
        cls, user_: str | None = None, pass_: str | None = None, domain_: str | None = None
    ) -> None:
        """Log in as somebody; `domain_` is a prefix (`tutorial`) or a whole URL."""
        if domain_ is not None:
            ShotRunner.site = site_of(domain_)
        if user_ is not None:
            ShotRunner.user = user_
        if pass_ is not None:
            ShotRunner.password = pass_

    @classmethod
    def init(cls, filename: str = DEFAULT_FILE) -> None:
        """Log in as the file says; ConfigError when it does not."""
        ShotRunner.apply(read_config(filename))

    @classmethod
    def apply(cls, found: Login) -> None:
        """Log in, and speak the format that goes with it."""
        ShotRunner.format = _FORMATS[found.format]
        ShotRunner.set_login(found.user, found.password, found.domain)

    @classmethod
    def debug(cls, level: int = logging.INFO) -> None:
        """Print each request; the line with the password is left out at any level."""
        logger = logging.getLogger("pyactiveresource")
        if not any(isinstance(each, logging.StreamHandler) for each in logger.handlers):
            handler = logging.StreamHandler()
            handler.addFilter(_NoSecrets())
            logger.addHandler(handler)
        logger.setLevel(level)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _OF_CLASS and "_initialized" in self.__dict__:
            self.attributes[name] = value
        else:
            super().__setattr__(name, value)

    def save_or_raise(self) -> None:
        """Save; NotSaved with the server's reasons when it refuses."""
        if not self.save():
            raise NotSaved("; ".join(self.errors.full_messages()) or "The server refused the object.")


class _WithFiles(ShotRunner):
    """What files can be attached to."""

    def attach(self, path: str, **attributes: Any) -> Attachment:
        """Attach a file; NotSaved with the server's reasons when it refuses."""
        file = Path(path)
        values = {"attachment_container_type": type(self).__name__, "attachment_container_id": self.id}
        content = base64.b64encode(file.read_bytes()).decode()
        found = Attachment({"title": file.name, "data": content, **values, **attributes})
        found.save_or_raise()
        return found


class Project(_WithFiles):
    """A film, show, commercial or episode."""


class Sequence(_WithFiles):
    """Shots that belong together."""


class Shot(_WithFiles):
    """The basic unit of work."""


class Element(_WithFiles):
    """One layer of a shot."""


class Asset(_WithFiles):
    """What is made outside of shots, or used by several."""


class Task(_WithFiles):
    """Work on an asset, a sequence, a shot or an element."""


class Note(_WithFiles):
    """What somebody says about something."""

    def reply(self, message: str, **attributes: Any) -> Note:
        """Answer in the same thread."""
        found: Note = Note.create({"parent_id": self.id, "message": message, **attributes})
        return found


class Attachment(ShotRunner):
    """A file that belongs to something."""

    def content(self) -> bytes:
        """The file."""
        found = self.get("data")
        return base64.b64decode(found.get("attachment", found)["data"])

    def use_as_thumbnail(self) -> None:
        """Let it be the picture of what it belongs to."""
        self.put("use_as_thumbnail")


class User(ShotRunner):
    """Somebody who logs in."""


class Company(ShotRunner):
    """Whom people work for."""


class Member(ShotRunner):
    """A user in a project, with a team and a role."""


class Team(ShotRunner):
    """People who work together in a project."""


class Role(ShotRunner):
    """Rights in a project."""


class Code(ShotRunner):
    """A word of the studio in its scope: a status, a type, a skill."""
