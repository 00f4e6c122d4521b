"""Wrong passwords counted by name and address: too many close the way from there to that name for a while.

The same for a name that nobody has, so that the lock tells nothing; and whoever guesses from one place locks
nobody out who comes from another.
"""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.models.base import utc_now
from zou_server.models.errors import Locked
from zou_server.services.people.caller import ADDRESS
from zou_server.services.read.integrity import translated

FORGET_ONE_IN = 50
"""Every so many failures the old ones are forgotten: names without end must not fill the table."""

# What a power cut may lose here is not worth waiting for the disk.
DO_NOT_WAIT = sa.text("SET LOCAL synchronous_commit = off")
_IS_LOCKED = sa.text(
    "SELECT locked_until > now() FROM login_failure WHERE login = :login AND address = :address"
)
_COUNT = sa.text("""
INSERT INTO login_failure AS f (login, address, failures, locked_until, at)
VALUES (:login, :address, CASE WHEN 1 < :limit THEN 1 ELSE 0 END,
        CASE WHEN 1 < :limit THEN NULL ELSE now() + :lock END, now())
ON CONFLICT (login, address) DO UPDATE SET
    failures = CASE WHEN f.failures + 1 < :limit THEN f.failures + 1 ELSE 0 END,
    locked_until = CASE WHEN f.failures + 1 < :limit THEN f.locked_until ELSE now() + :lock END,
    at = now()
""")
_FORGIVE = sa.text("""
DELETE FROM login_failure
WHERE login = :login AND address = :address AND (locked_until IS NULL OR locked_until <= now())
""")
_FORGIVE_ALL = sa.text("DELETE FROM login_failure WHERE login = ANY(:logins)")
_FORGET = sa.text("DELETE FROM login_failure WHERE at < now() - interval '1 hour' AND at < now() - :lock")


def refuse_until(moment: str | None) -> None:
    """Raise Locked when an administrator closed an account until a moment that is not over."""
    if moment is None:
        return
    try:
        found = datetime.fromisoformat(moment)
    except ValueError:
        return
    if (found if found.tzinfo else found.replace(tzinfo=UTC)) > utc_now():
        raise Locked


@dataclass(frozen=True, slots=True)
class FailureRules:
    """How many wrong passwords close the way, and for how long."""

    most: int
    lock: timedelta


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries for one name from the address of this request."""

    engine: sa.Engine
    login: str
    address: str
    rules: FailureRules

    def refuse_when_locked(self, where: sa.Engine | sa.Connection) -> None:
        """Raise Locked after too many wrong passwords."""
        names = {"login": self.login, "address": self.address}
        with translated():
            if isinstance(where, sa.Connection):
                locked = where.scalar(_IS_LOCKED, names)
            else:
                with where.connect() as own:
                    locked = own.scalar(_IS_LOCKED, names)
        if locked:
            error = Locked()
            error.seconds = int(self.rules.lock.total_seconds())
            raise error

    def count_failure(self) -> None:
        """Count one more wrong password."""
        values = {"login": self.login, "address": self.address}
        with translated(), self.engine.begin() as connection:
            connection.execute(DO_NOT_WAIT)
            connection.execute(_COUNT, {**values, "limit": self.rules.most, "lock": self.rules.lock})
            if random.randrange(FORGET_ONE_IN) == 0:  # noqa: S311 - no secret
                connection.execute(_FORGET, {"lock": self.rules.lock})

    def forgive(self, connection: sa.Connection) -> None:
        """Forget the wrong ones after a right one; Locked when its fellows closed the way meanwhile."""
        connection.execute(_FORGIVE, {"login": self.login, "address": self.address})
        self.refuse_when_locked(connection)


def tries_for(engine: sa.Engine, name: str, rules: FailureRules) -> Tries:
    """The tries for a name, from where this request comes."""
    return Tries(engine, digest_of(name), ADDRESS.get(), rules)


def digest_of(name: str) -> str:
    """The digest that a name is counted under; upper and lower case are one."""
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()


def forgive_everywhere(connection: sa.Connection | Session, names: list[str]) -> None:
    """Open the way to a person's names from every address."""
    connection.execute(_FORGIVE_ALL, {"logins": [digest_of(name) for name in names]})
