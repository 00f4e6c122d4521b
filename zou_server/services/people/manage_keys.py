"""The keys of scripts and people: given, listed, replaced, revoked. Only a key's digest is kept."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.errors import Forbidden, Invalid, NotFound
from zou_server.models.person import Person
from zou_server.services.people.manage_sessions import Executor
from zou_server.services.people.passwords import generate_key, hash_key, refuse_weak
from zou_server.services.read.integrity import translated

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)


class KeyKind(StrEnum):
    """The kind of a key: which client takes it."""

    SCRIPT_KEY = "script_key"
    API_KEY = "api_key"


@dataclass(frozen=True, slots=True)
class KeyTerms:
    """How a key is given: beside the owner's others or in their place, and until when it is good."""

    keep_others: bool = False
    expires_at: dt.datetime | None = None


FOR_GOOD = KeyTerms()


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """The facts of a key: everything but the key."""

    id: uuid.UUID
    kind: str
    owner: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None
    last_address: str | None
    expires_at: dt.datetime | None


_ADD = sa.text("""
INSERT INTO credential (id, person_id, kind, digest, created_at, expires_at)
VALUES (:id, :person_id, :kind, :digest, clock_timestamp(), :expires_at)
""")
_REVOKE_OTHERS = sa.text("""
UPDATE credential SET revoked_at = now() WHERE person_id = :person_id AND kind = :kind AND revoked_at IS NULL
""")
_REVOKE = sa.text("""
UPDATE credential SET revoked_at = now()
WHERE id = :id AND kind <> 'password' AND revoked_at IS NULL
  AND (CAST(:person_id AS uuid) IS NULL OR person_id = :person_id)
""")
_REVOKE_ALL = sa.text("""
UPDATE credential SET revoked_at = now()
WHERE person_id = :person_id AND kind <> 'password' AND revoked_at IS NULL
""")
_LIST = sa.text("""
SELECT c.id, c.kind,
       coalesce(CASE WHEN NOT p.is_bot THEN p.email END, btrim(concat(p.first_name, ' ', p.last_name))),
       c.created_at, c.last_used_at, c.last_address, c.expires_at
FROM credential c JOIN person p ON p.id = c.person_id
WHERE c.kind <> 'password' AND c.revoked_at IS NULL AND p.deleted_at IS NULL
  AND (CAST(:person_id AS uuid) IS NULL OR c.person_id = :person_id)
ORDER BY 3, c.created_at, c.id
""")


def give_key(
    executor: Executor,
    person_id: uuid.UUID,
    kind: KeyKind,
    key: str | None = None,
    terms: KeyTerms = FOR_GOOD,
) -> str:
    """Give an owner a key and return it; their others of the kind end unless they are kept."""
    key = generate_key() if key is None else key
    refuse_weak("key", key)
    if terms.expires_at is not None and terms.expires_at <= dt.datetime.now(dt.UTC):
        raise Invalid(fields={"expires_at": ["is over already"]})
    row = {"id": uuid.uuid4(), "person_id": person_id, "kind": kind.value, "digest": hash_key(key)}
    with translated():
        if not terms.keep_others:
            executor.execute(_REVOKE_OTHERS, {"person_id": person_id, "kind": kind.value})
        executor.execute(_ADD, {**row, "expires_at": terms.expires_at})
    log.info("%s %s was given to %s", kind.value, row["id"], person_id)
    return key


def list_keys(executor: Executor, person_id: uuid.UUID | None = None) -> list[KeyInfo]:
    """The keys in force, of one owner or of all."""
    with translated():
        return [KeyInfo(*row) for row in executor.execute(_LIST, {"person_id": person_id})]


def revoke_key(executor: Executor, key_id: uuid.UUID, person_id: uuid.UUID | None = None) -> None:
    """End a key; NotFound when there is none (of that owner)."""
    with translated():
        found = executor.execute(_REVOKE, {"id": key_id, "person_id": person_id})
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise NotFound("There is no key of that id in force.")
    log.info("key %s was revoked", key_id)


def revoke_all_keys(executor: Executor, person_id: uuid.UUID) -> int:
    """End all keys of an owner, and tell how many."""
    with translated():
        count: int = executor.execute(_REVOKE_ALL, {"person_id": person_id}).rowcount  # type: ignore[attr-defined]
    log.info("%s keys of %s were revoked", count, person_id)
    return count


def refuse_other_than_owner(actor: Actor, person_id: uuid.UUID) -> None:
    """Raise Forbidden for whoever is neither an administrator nor the owner of the keys."""
    if not actor.is_admin and actor.person_id != person_id:
        raise Forbidden("Only administrators see and change the keys of others.")


def give_key_by(work: UnitOfWork, person_id: uuid.UUID, terms: KeyTerms) -> str:
    """Give somebody a key on behalf of an administrator: an API key to a person, a script key to a bot."""
    if not work.actor.is_admin:
        raise Forbidden("Administrators give keys.")
    is_bot = work.session.scalar(
        sa.select(Person.is_bot).where(Person.id == person_id, Person.deleted_at.is_(None))
    )
    if is_bot is None:
        raise NotFound("There is no such person.")
    kind = KeyKind.SCRIPT_KEY if is_bot else KeyKind.API_KEY
    return give_key(work.session, person_id, kind, terms=terms)
