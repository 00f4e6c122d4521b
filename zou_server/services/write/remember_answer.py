"""Answers kept for a POST that may come again with the same `Idempotency-Key`.

    with studio.write(actor) as work:
        kept = remembered(work, key, digest)
        if kept is None:
            ...the change...
            remember(work, key, status, body)
            work.commit()

The record is a row of the change's own transaction: a crash leaves both or neither. A second
request with the key waits until the first has ended, then gets its answer, or does the work itself
when the first one failed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Conflict, Invalid
from zou_server.services.read.integrity import translated

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork

MAX_KEY = 255

_CLAIM = sa.text("""
INSERT INTO idempotency_key (actor_id, key, request_digest, status, body, created_at)
VALUES (:actor_id, :key, :digest, 0, '', now())
ON CONFLICT (actor_id, key) DO NOTHING
RETURNING key
""")
_KEPT = sa.text(
    "SELECT request_digest, status, body FROM idempotency_key WHERE actor_id = :actor_id AND key = :key"
)
_KEEP = sa.text(
    "UPDATE idempotency_key SET status = :status, body = :body WHERE actor_id = :actor_id AND key = :key"
)


class KeyReused(Conflict):
    """This Idempotency-Key was used for another request."""

    code = "idempotency_key_reused"
    cure = "Make a new Idempotency-Key for each request, and repeat one only with the very same request."


@dataclass(frozen=True, slots=True)
class RememberedAnswer:
    """An answer as it was given: the HTTP status and the body's text."""

    status: int
    body: str


def request_digest(method: str, path: str, body: bytes) -> str:
    """The digest by which two requests are the same request."""
    return hashlib.sha256(b"\n".join((method.encode(), path.encode(), body))).hexdigest()


def remembered(work: UnitOfWork, key: str, digest: str) -> RememberedAnswer | None:
    """The answer kept for this actor's key; None when the work is ours to do, the key now claimed.

    Raises KeyReused when the key came with another request, Invalid for a key that is none.
    """
    if not 0 < len(key) <= MAX_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(fields={"Idempotency-Key": [f"must be 1 to {MAX_KEY} printable ASCII characters"]})
    named = {"actor_id": work.actor.person_id, "key": key}
    with translated():
        if work.session.execute(_CLAIM, {**named, "digest": digest}).first() is not None:
            return None
        known, status, body = work.session.execute(_KEPT, named).one()
    if known != digest:
        raise KeyReused
    return RememberedAnswer(status, body)


def remember(work: UnitOfWork, key: str, status: int, body: str) -> None:
    """Keep the answer to the request that claimed the key; it counts once the work is committed."""
    with translated():
        work.session.execute(
            _KEEP,
            {
                "actor_id": work.actor.person_id,
                "key": key,
                "status": status,
                "body": body,
            },
        )
