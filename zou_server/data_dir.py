"""The data directory: where it is when nobody says, how it is made, and the secrets kept in it."""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class SettingsError(Exception):
    """A setting that cannot be used; the message names the variable and says what it may hold."""

    code = "settings"
    cure = "Correct the variable that the message names; docs/settings.md lists all of them."


def default_data_dir(env: Mapping[str, str] | None = None) -> Path:
    """Return where the data lives when nobody said: the usual place of the platform.

    For root this is ``/var/lib/zou-server``, because PostgreSQL refuses to run as root and the
    unprivileged user it runs as cannot look into root's home.
    """
    env = os.environ if env is None else env
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        return Path("/var/lib/zou-server")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "zou-server"
    base = env.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "zou-server"


def make_data_dir(path: Path) -> Path:
    """Make the data directory and return its absolute path.

    Only its owner may look in. Root's may be crossed by others, because the unprivileged user that
    PostgreSQL runs as must reach its own directory below.
    """
    path = path.absolute()
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        path.mkdir(mode=0o711 if is_root else 0o700, parents=True, exist_ok=True)
    except OSError as error:
        message = (
            f"cannot make the data directory {path}: {error.strerror}; "
            f"choose another with --data-dir or ZOU_SERVER_DATA_DIR"
        )
        raise SettingsError(message) from error
    return path


def kept_secret(path: Path) -> str:
    """Return the secret kept in the file, which only its owner can read; made when there is none.

    Two processes that start at once agree: the file appears whole, and whoever is second reads it.
    """
    try:
        if not path.exists():
            draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(secrets.token_urlsafe(48))
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process was first: its secret counts
            finally:
                draft.unlink()
        secret = path.read_text().strip()
    except OSError as error:
        message = f"cannot keep a secret in {path}: {error.strerror}; make its directory writable"
        raise SettingsError(message) from error
    if not secret:
        message = f"{path} is empty; delete it to have a new secret made"
        raise SettingsError(message)
    return secret
