"""Authentication at a server that only reads: the same credentials, and nothing is written down.

Sessions, session tokens and keys were made at the main server and are looked up as there; a key's last use
is not noted. A password is taken where the client sends it each time (Shotgun's login, HTTP basic): wrong
ones are counted in this process, and a right one is remembered as long as its digest stays the same. What
needs a row of its own, a new session or a second factor, is refused as every other change.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import sqlalchemy as sa
from cachetools import LRUCache, TTLCache

from zou_server.models.actor import Actor
from zou_server.models.errors import Locked, ReadOnly
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.login_failures import FailureRules, Tries, digest_of
from zou_server.services.people.passwords import password_fits
from zou_server.services.people.second_factors import Proof, enabled_kinds
from zou_server.services.read.integrity import translated

MOST_NAMES = 20_000
"""Names and addresses whose wrong passwords one process counts."""
MOST_PASSWORDS = 2_000
"""Right passwords that one process knows again."""


class Failures:
    """Wrong passwords by name and address, in the memory of this process."""

    def __init__(self, rules: FailureRules) -> None:
        self.rules = rules
        self._counts: TTLCache[tuple[str, str], int] = TTLCache(MOST_NAMES, rules.lock.total_seconds() or 1)
        self._lock = Lock()

    def count(self, key: tuple[str, str]) -> None:
        """Count one more; the time of the lock begins anew."""
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + 1

    def are_too_many(self, key: tuple[str, str]) -> bool:
        """Whether the way is closed for now."""
        with self._lock:
            return self._counts.get(key, 0) >= self.rules.most

    def forget(self, key: tuple[str, str]) -> None:
        """Begin again after a right one."""
        with self._lock:
            self._counts.pop(key, None)


@dataclass(frozen=True, slots=True)
class CountedTries(Tries):
    """The tries for one name from one address: those of the main server are read, one's own counted here."""

    failures: Failures

    def refuse_when_locked(self, where: sa.Engine | sa.Connection) -> None:
        """Raise Locked after too many wrong passwords, here or there."""
        Tries.refuse_when_locked(self, where)
        if self.failures.are_too_many((self.login, self.address)):
            error = Locked()
            error.seconds = int(self.rules.lock.total_seconds())
            raise error

    def count_failure(self) -> None:
        """Count one more wrong password."""
        self.failures.count((self.login, self.address))


class ReadOnlyAuthenticator(Authenticator):
    """Finds the actor behind a credential and writes nothing. Passwords of a directory are not taken."""

    def __init__(self, reads: sa.Engine, writes: sa.Engine, secret_key: str, rules: LoginRules) -> None:
        super().__init__(reads, writes, secret_key, rules)
        self._memory_key = hmac.digest(secret_key.encode(), b"zou-server passwords in memory", "sha256")
        self._right: LRUCache[bytes, bool] = LRUCache(MOST_PASSWORDS)
        self._wrong = Failures(self._failures)
        self._lock = Lock()

    def _tries(self, name: str) -> Tries:
        return CountedTries(self._writes, digest_of(name), ADDRESS.get(), self._failures, self._wrong)

    def _fits(self, digest: str, password: str) -> bool:
        """Whether this is the password of the digest: hashed once, then remembered with that digest."""
        key = hmac.new(self._memory_key, f"{digest}\0{password}".encode(), hashlib.sha256).digest()
        with self._lock:
            if key in self._right:
                return self._right[key]
        found = password_fits(digest, password)
        if found:
            with self._lock:
                self._right[key] = True
        return found

    def _accept(self, tries: Tries, values: Mapping[str, Any]) -> None:  # noqa: ARG002 - nothing is written
        self._wrong.forget((tries.login, tries.address))

    def _check_proof(self, person_id: uuid.UUID, proof: Proof, tries: Tries) -> None:  # noqa: ARG002 - its parent's
        """ReadOnly for who has a second factor: a code is good once, and nobody could note that here."""
        with translated(), self._reads.connect() as connection:
            if enabled_kinds(connection, person_id):
                raise ReadOnly("A second factor is looked at by the studio's main server; use a key here.")

    def _keep_basic(self, actor: Actor, digest: str) -> None:
        """Nothing: the password is known again by its digest."""

    def _stamp(self, credential: uuid.UUID) -> None:
        """Nothing: where a key was last used is noted at the main server only."""
