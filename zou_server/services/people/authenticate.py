"""Authentication: from what a client sent to the `Actor` it speaks for. All dialects come here.

Every method returns an Actor or raises Unauthenticated (InactivePerson when the account is closed),
Locked after too many wrong passwords, or Forbidden where acting as somebody else is refused.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden, Invalid, Unauthenticated, Unavailable
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.credential_queries import (
    BY_DIGEST,
    BY_ID,
    BY_KEY,
    BY_LOGIN,
    BY_PASSWORD,
    BY_REFRESH,
    BY_SESSION,
    OWN_PASSWORD,
)
from zou_server.services.people.load_actor import EXTRA, SCRIPT, Found, to_actor
from zou_server.services.people.login_failures import (
    DO_NOT_WAIT,
    FailureRules,
    Tries,
    refuse_until,
    tries_for,
)
from zou_server.services.people.manage_sessions import (
    Refresh,
    SessionKind,
    end_all_sessions,
    end_session,
    keep_basic,
    open_enrolment,
    open_session,
    open_token,
    renew_session,
    rotate_session,
)
from zou_server.services.people.passwords import (
    generate_key,
    hash_key,
    hash_password,
    is_outdated,
    password_fits,
    place_to_log_in,
    refuse_weak,
    same,
    sent_text,
)
from zou_server.services.people.second_factors import (
    NO_PROOF,
    Proof,
    SecondFactorRequired,
    WrongCode,
    check_proof,
    enabled_kinds,
)
from zou_server.services.people.set_password import CredentialKind, set_password
from zou_server.services.read.integrity import translated

MOST_SEEN = 4096
BASIC_LIFETIME = timedelta(minutes=10)
"""How long HTTP basic is served without looking at the password's argon2 digest again."""

ENROLMENT_LIFETIME = timedelta(hours=1)
"""How long somebody has to set up the second factor that everybody must have."""

AskDirectory = Callable[[str, str], uuid.UUID | None]
"""Who has this name and password in the studio's directory; see `services/people/admit.py`."""

log = logging.getLogger(__name__)

# Refuses a password that was replaced meanwhile.
_ACCEPT = sa.text("""
UPDATE credential SET last_used_at = now(), digest = coalesce(:digest, digest)
WHERE id = :id AND created_at = :created_at
""")
_EMAIL = sa.text("SELECT email FROM person WHERE id = :id")
_STAMP = sa.text(
    "UPDATE credential SET last_used_at = now(), last_address = nullif(:address, '') WHERE id = :id"
)


@dataclass(frozen=True, slots=True)
class LoginRules:
    """How long log-ins last, and how many wrong passwords close an account for how long."""

    access_token_hours: int = 168
    refresh_token_days: int = 15
    login_failures: int = 5
    login_lock_seconds: int = 60
    enforce_second_factor: bool = False
    excepted: frozenset[str] = frozenset()
    """Addresses of people who need no second factor though everybody else does."""


class Authenticator:
    """Finds the actor behind a credential. One object for the whole process.

    `reads` is an engine in autocommit; `secret_key` keys the digests of HTTP basic sessions.
    """

    def __init__(
        self,
        reads: sa.Engine,
        writes: sa.Engine,
        secret_key: str,
        rules: LoginRules,
        directory: AskDirectory | None = None,
    ) -> None:
        self._directory = directory
        self._reads, self._writes = reads, writes
        self._seen: dict[tuple[uuid.UUID, str], tuple[Any, Actor]] = {}
        """The actor that was made of the row that a session had last: of the same row comes the same one."""
        self._basic_key = hmac.digest(secret_key.encode(), b"zou-server basic sessions", "sha256")
        self.key_secret = hmac.digest(secret_key.encode(), b"zou-server security keys", "sha256")
        self._access = timedelta(hours=rules.access_token_hours)
        self._refresh = timedelta(days=rules.refresh_token_days)
        self._rules = rules
        self._failures = FailureRules(rules.login_failures, timedelta(seconds=rules.login_lock_seconds))
        # Whoever asks for an unknown person waits as long as for a known one.
        self._nobody = hash_password(generate_key())

    # -- sessions --------------------------------------------------------------------------------

    def by_session(
        self, session_id: uuid.UUID, *, kind: SessionKind = SessionKind.ACCESS, client: str = ""
    ) -> Actor:
        """The owner of a live session: one small statement, nothing written."""
        row = BY_SESSION.first(self._reads, str(session_id), kind.value)
        if row is None:
            raise Unauthenticated("The session has ended.")
        known, actor = self._seen.get((session_id, client), (None, None))
        if actor is None or known != row:
            actor = to_actor(row, client=client, session_id=session_id)
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen[session_id, client] = row, actor
        return actor

    def by_session_token(self, token: str, *, client: str = "") -> Actor:
        """The owner of a token made by `open_session_token`."""
        found = self._by_digest(hash_key(sent_text(token)), SessionKind.TOKEN, client)
        if found is None:
            raise Unauthenticated("The session token is not valid or has expired.")
        return found

    def open_session(self, actor: Actor, *, proved_elsewhere: bool = False) -> tuple[uuid.UUID, uuid.UUID]:
        """Log the actor in: the ids of an access and of a refresh token.

        Who was `proved_elsewhere`, by an identity provider, needs no second factor here.
        """
        lifetimes = self._access, self._refresh
        return open_session(self._writes, actor.person_id, *lifetimes, proved_elsewhere=proved_elsewhere)

    def open_enrolment(self, actor: Actor) -> uuid.UUID:
        """The id of a token that is good for setting up a second factor only."""
        return open_enrolment(self._writes, actor.person_id, ENROLMENT_LIFETIME)

    def renew_session(self, refresh_id: uuid.UUID) -> tuple[Actor, uuid.UUID]:
        """The owner of a live refresh token and the id of a new access token; the refresh token stays."""
        actor, refresh = self._by_refresh(refresh_id)
        return actor, renew_session(self._writes, actor.person_id, refresh.root, self._access)

    def rotate_session(self, refresh_id: uuid.UUID) -> tuple[Actor, uuid.UUID, uuid.UUID]:
        """The owner of a live refresh token, and the ids of a new access and a new refresh token.

        The one used is good for a moment more, for whoever asked at the same time. After that it can only
        come from somebody who copied it, so the whole log-in ends.
        """
        actor, refresh = self._by_refresh(refresh_id)
        ids = rotate_session(self._writes, actor.person_id, refresh, self._access, self._refresh)
        return actor, *ids

    def _by_refresh(self, refresh_id: uuid.UUID) -> tuple[Actor, Refresh]:
        row = BY_REFRESH.first(self._reads, str(refresh_id), SessionKind.REFRESH.value)
        if row is None:
            raise Unauthenticated("The session has ended.")
        id_, root, was_replaced, proved_elsewhere = row[EXTRA:]
        if was_replaced:
            log.warning("a refresh token of %s came again after it was replaced: the log-in ends", row[0])
            end_session(self._writes, refresh_id)
            raise Unauthenticated("The session has ended.")
        actor = to_actor(row, client="", session_id=refresh_id)
        if not proved_elsewhere and self.must_enrol(actor):
            end_session(self._writes, refresh_id)
            raise Unauthenticated("A second factor is needed here; log in again to set one up.")
        return actor, Refresh(id_, root, proved_elsewhere)

    def open_session_token(self, actor: Actor) -> str:
        """An opaque token for the real caller: whoever acts as somebody else says so again with it."""
        return open_token(self._writes, actor.sudo_id or actor.person_id, self._access)

    def end_session(self, session_id: uuid.UUID) -> None:
        """End the log-in that a session belongs to, in all processes at once."""
        end_session(self._writes, session_id)

    def end_all_sessions(self, person_id: uuid.UUID) -> None:
        """Log a person out everywhere."""
        with translated(), self._writes.begin() as connection:
            end_all_sessions(connection, person_id)

    # -- passwords -------------------------------------------------------------------------------

    def by_password(
        self,
        login: str,
        password: str,
        *,
        client: str = "",
        proof: Proof = NO_PROOF,
        to_enrol: bool = False,
    ) -> Actor:
        """The person with this e-mail or login, upper and lower case alike, and this password.

        Who has a second factor proves it too: MissingCode and WrongCode, which counts as a wrong password.
        Who must have one and has none is refused, unless they come `to_enrol`.
        """
        with place_to_log_in():
            tries = self._tries(sent_text(login))
            tries.refuse_when_locked(self._reads)
            row = self._ask_directory(login, sent_text(password), tries, proof)
            if row is None:
                row = BY_PASSWORD.first(self._reads, login)
                self._prove(row, password, tries, proof)
            actor = to_actor(row, client=client)
            if not to_enrol and self.must_enrol(actor):
                raise SecondFactorRequired
            return actor

    def by_id(self, person_id: uuid.UUID, *, client: str = "") -> Actor:
        """The person of an id, who has proved elsewhere who they are."""
        row = BY_ID.first(self._reads, str(person_id))
        if row is None:
            raise Unauthenticated("There is no such person.")
        refuse_until(row[EXTRA])
        return to_actor(row, client=client)

    def _ask_directory(self, login: str, password: str, tries: Tries, proof: Proof) -> Any:
        """The person whom the directory knows by this password; None where only we can know them.

        Those whose password is kept here come in while the directory does not answer.
        """
        if self._directory is None:
            return None
        try:
            person_id = self._directory(login, password)
        except Unavailable:
            known = BY_PASSWORD.first(self._reads, login)
            if known is None or known[EXTRA + 1] is None:
                raise
            log.warning("the directory does not answer; the password that is kept here was looked at")
            return None
        except Unauthenticated:
            tries.count_failure()
            raise Unauthenticated("Wrong login or password.") from None
        if person_id is None:
            return None
        self._check_proof(person_id, proof, tries)
        with translated(), self._writes.begin() as connection:
            connection.execute(DO_NOT_WAIT)
            tries.forgive(connection)
        row = BY_ID.first(self._reads, str(person_id))
        refuse_until(row[EXTRA])
        return row

    def must_enrol(self, actor: Actor) -> bool:
        """Tell whether a person has to set up a second factor before anything else."""
        if not self._rules.enforce_second_factor:
            return False
        with translated(), self._reads.connect() as connection:
            email = connection.scalar(_EMAIL, {"id": actor.person_id})
            is_excepted = (email or "").lower() in self._rules.excepted
            return not is_excepted and not enabled_kinds(connection, actor.person_id)

    def by_basic(self, login: str, password: str, *, client: str = "") -> Actor:
        """The same for HTTP basic, which sends the password each time: hashed once, then remembered."""
        secret = f"{sent_text(login)}\0{sent_text(password)}".encode()
        digest = hmac.new(self._basic_key, secret, hashlib.sha256).hexdigest()
        found = self._by_digest(digest, SessionKind.BASIC, client)
        if found is None:
            found = self.by_password(login, password, client=client)
            self._keep_basic(found, digest)
        return found

    def _keep_basic(self, actor: Actor, digest: str) -> None:
        keep_basic(self._writes, actor.person_id, digest, BASIC_LIFETIME)

    def change_password(self, actor: Actor, old: str, new: str) -> None:
        """Replace the actor's own password, which ends all their sessions.

        Raises Invalid for a wrong old password or a weak new one, Locked after too many tries.
        """
        refuse_weak("password", new)
        with place_to_log_in():
            tries = self._tries(str(actor.person_id))
            tries.refuse_when_locked(self._reads)
            row = OWN_PASSWORD.first(self._reads, str(actor.person_id))
            try:
                self._prove(row, sent_text(old), tries)
            except Unauthenticated:
                raise Invalid("Old password is wrong.", {"old_password": ["is wrong"]}) from None
        set_password(self._writes, actor.person_id, new)

    def _prove(self, row: Any, password: str, tries: Tries, proof: Proof | None = None) -> None:
        """Raise Unauthenticated unless the password is that of the credential in the row."""
        credential, digest, created_at, locked_until = row[EXTRA:] if row else (None, None, None, None)
        if not self._fits(digest or self._nobody, password) or digest is None:
            tries.count_failure()
            raise Unauthenticated("Wrong login or password.")
        refuse_until(locked_until)
        if proof is not None:
            self._check_proof(uuid.UUID(str(row[0])), proof, tries)
        renewed = hash_password(password) if is_outdated(digest) else None
        self._accept(tries, {"id": credential, "created_at": created_at, "digest": renewed})

    def _tries(self, name: str) -> Tries:
        """The wrong passwords of a name, counted from where this request comes."""
        return tries_for(self._writes, name, self._failures)

    def _fits(self, digest: str, password: str) -> bool:
        return password_fits(digest, password)

    def _accept(self, tries: Tries, values: Mapping[str, Any]) -> None:
        """Note that a password was right."""
        with translated(), self._writes.begin() as connection:
            connection.execute(DO_NOT_WAIT)
            tries.forgive(connection)
            if connection.execute(_ACCEPT, values).rowcount == 0:
                raise Unauthenticated("Wrong login or password.")

    def _check_proof(self, person_id: uuid.UUID, proof: Proof, tries: Tries) -> None:
        try:
            check_proof(self._writes, person_id, proof)
        except WrongCode:
            tries.count_failure()
            raise

    # -- keys ------------------------------------------------------------------------------------

    def by_script_key(self, name: str, key: str, *, client: str = "") -> Actor:
        """The script of this name, by one of its keys."""
        return self._by_key(CredentialKind.SCRIPT_KEY, name, key, client)

    def by_api_key(self, user: str, key: str, *, client: str = "") -> Actor:
        """The person with this login or e-mail, by one of their API keys."""
        return self._by_key(CredentialKind.API_KEY, user, key, client)

    def sudo(self, actor: Actor, login: str) -> Actor:
        """The person a script acts as; Forbidden for anybody but an administrator's script."""
        if actor.kind != SCRIPT or not actor.is_admin:
            raise Forbidden("Only a script with the administrator's role may act as somebody else.")
        row = BY_LOGIN.first(self._reads, sent_text(login))
        if row is None or not Found(*row[:EXTRA]).may_enter:
            raise Forbidden("There is no active person with the login to act as.")
        return to_actor(row, client=actor.client, session_id=actor.session_id, sudo_id=actor.person_id)

    def _by_key(self, kind: CredentialKind, name: str, key: str, client: str) -> Actor:
        digest = hash_key(sent_text(key))
        row = BY_KEY[kind].first(self._reads, digest, sent_text(name))
        if row is None or not same(row[EXTRA + 1], digest):
            raise Unauthenticated("The name or the key is not valid.")
        actor = to_actor(row, client=client)
        if not row[EXTRA + 2]:
            self._stamp(row[EXTRA])
        return actor

    def _stamp(self, credential: uuid.UUID) -> None:
        """Note that a key is in use; called at most about once a minute for each."""
        with translated(), self._writes.begin() as connection:
            connection.execute(DO_NOT_WAIT)
            connection.execute(_STAMP, {"id": credential, "address": ADDRESS.get()})

    def _by_digest(self, digest: str, kind: SessionKind, client: str) -> Actor | None:
        row = BY_DIGEST.first(self._reads, digest, kind.value)
        return to_actor(row, client=client, session_id=row[EXTRA]) if row else None
