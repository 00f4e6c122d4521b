"""Log-ins that were tried: whose, from where, whether they succeeded; and the sessions that came of them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from zou_server.models.errors import NotFound
from zou_server.services.people.caller import ADDRESS
from zou_server.services.people.manage_sessions import end_session
from zou_server.services.read.integrity import translated

# What a power cut may lose here is not worth waiting for the disk. A name that nobody has is not kept.
_DO_NOT_WAIT = sa.text("SET LOCAL synchronous_commit = off")
_RECORD = sa.text("""
INSERT INTO login_log (id, person_id, created_at, ip_address, origin, succeeded)
SELECT gen_random_uuid(), p.id, now(), nullif(:address, ''), :origin, :succeeded FROM person p
WHERE NOT p.is_bot AND p.deleted_at IS NULL
      AND (lower(p.email) = lower(:login) AND NOT p.shares_email OR lower(p.login) = lower(:login))
ORDER BY lower(p.email) = lower(:login) AND NOT p.shares_email DESC NULLS LAST LIMIT 1
""")
_LAST = """
SELECT id, created_at, ip_address, person_id, origin, succeeded FROM login_log
WHERE {terms} ORDER BY created_at DESC, id DESC LIMIT :limit
"""
TERMS: Mapping[str, str] = {
    # what is asked for: the condition
    "after": "created_at > CAST(:after AS timestamptz)",
    "before": "created_at < CAST(:before AS timestamptz)",
    "cursor": "(created_at, id) < (SELECT created_at, id FROM login_log WHERE id = CAST(:cursor AS uuid))",
    "person_ids": "person_id = ANY(CAST(:person_ids AS uuid[]))",
}
_SESSIONS = sa.text("""
SELECT id, created_at, expires_at,
       id = :mine OR id = (SELECT parent_id FROM login_session WHERE id = :mine) AS is_mine
FROM login_session
WHERE person_id = :person AND kind = 'refresh' AND revoked_at IS NULL AND expires_at > now()
ORDER BY created_at DESC
""")
_OWN = sa.text("SELECT 1 FROM login_session WHERE id = :id AND person_id = :person")


def record_login(engine: sa.Engine, login: str, origin: str, *, succeeded: bool) -> None:
    """Note that somebody tried to log in under this name."""
    values = {"login": login, "origin": origin, "succeeded": succeeded, "address": ADDRESS.get()}
    with translated(), engine.begin() as connection:
        connection.execute(_DO_NOT_WAIT)
        connection.execute(_RECORD, values)


def last_logins(engine: sa.Engine, limit: int, asked: Mapping[str, Any], *, failures: bool) -> list[Any]:
    """The newest log-ins; with `failures` those that were refused too."""
    terms = [TERMS[name] for name in asked] + ([] if failures else ["succeeded"])
    statement = sa.text(_LAST.format(terms=" AND ".join(terms) or "true"))
    with translated(), engine.connect() as connection:
        return list(connection.execute(statement, {**asked, "limit": limit}))


def own_sessions(engine: sa.Engine, person_id: uuid.UUID, session_id: uuid.UUID | None) -> list[Any]:
    """Where a person is logged in, the newest first; `is_mine` marks the one that asks."""
    with translated(), engine.connect() as connection:
        return list(connection.execute(_SESSIONS, {"person": person_id, "mine": session_id}))


def end_own_session(reads: sa.Engine, writes: sa.Engine, person_id: uuid.UUID, session_id: str) -> None:
    """End one of a person's own log-ins; NotFound for anybody else's."""
    with translated(), reads.connect() as connection:
        is_own = connection.scalar(_OWN, {"id": session_id, "person": person_id})
    if not is_own:
        raise NotFound("You have no such session.")
    end_session(writes, uuid.UUID(session_id))
