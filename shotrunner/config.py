"""The file that keeps a login: an INI file that nobody but its owner reads."""

from __future__ import annotations

import base64
import configparser
import logging
import os
import stat
from dataclasses import dataclass
from pathlib import Path

SECTION = "shotrunner"
DEFAULT_FILE = "sr.config"
DEFAULT_URL = "http://%s.shotrunner.com"
"""Where a domain prefix is; `SHOTRUNNER_URL` says it for another site."""

_HIDDEN = "b64:"

log = logging.getLogger(__name__)


class ConfigError(Exception):
    """The file is not there, or says too little."""


@dataclass(frozen=True)
class Login:
    """Who logs in where, and whether XML or JSON is spoken."""

    user: str
    password: str
    domain: str
    format: str = "xml"


def site_of(domain: str) -> str:
    """The address that a domain prefix (`tutorial`) or a whole URL means."""
    if "://" in domain:
        return domain
    template = os.environ.get("SHOTRUNNER_URL", DEFAULT_URL)
    return template % domain if "%s" in template else template


def write_config(login: Login, filename: str = DEFAULT_FILE) -> Path:
    """Write the file with a password that cannot be read at a glance; only its owner can open it.

    The password is no more than scrambled: guard the file like a private key.
    """
    parser = configparser.ConfigParser(interpolation=None)
    hidden = _HIDDEN + base64.b64encode(login.password.encode()).decode()
    parser[SECTION] = {
        "user": login.user,
        "password": hidden,
        "domain": login.domain,
        "format": login.format,
    }
    path = Path(filename)
    path.unlink(missing_ok=True)  # an older file may be open to others
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        parser.write(file)
    return path


def read_config(filename: str = DEFAULT_FILE) -> Login:
    """The login of a file; `SHOTRUNNER_USER` and `SHOTRUNNER_PASSWORD` win over it.

    Raises ConfigError when there is none, or it is of another form (that of 2010 is not known).
    """
    path = Path(filename)
    if not path.exists():
        raise ConfigError(f"There is no {filename}: run shotrunner-setup first.")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        log.warning("%s can be opened by others: chmod 600 %s", filename, filename)
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read(path, encoding="utf-8")
        found = dict(parser[SECTION])
        login = Login(
            os.environ.get("SHOTRUNNER_USER", found["user"]),
            os.environ.get("SHOTRUNNER_PASSWORD", _shown(found["password"])),
            found["domain"],
            found.get("format", "xml"),
        )
    except (configparser.Error, KeyError, ValueError) as error:
        raise ConfigError(f"{filename} is not a file of shotrunner-setup: {error}.") from error
    return login


def _shown(password: str) -> str:
    if not password.startswith(_HIDDEN):
        return password
    return base64.b64decode(password.removeprefix(_HIDDEN), validate=True).decode()
