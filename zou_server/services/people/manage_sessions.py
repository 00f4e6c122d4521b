"""Sessions: who is logged in. Rows, so that a revocation outlives restarts and all processes see it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple, TypedDict, Unpack

import sqlalchemy as sa
from sqlalchemy.orm import Session

from zou_server.services.people.passwords import generate_key, hash_key
from zou_server.services.read.integrity import translated
from zou_server.services.write.unit_of_work import WAKE_UP_CHANNEL

Executor = sa.Connection | Session


class SessionKind(StrEnum):
    """The kind of a row of `login_session`; one kind never passes for another."""

    ACCESS = "access"
    REFRESH = "refresh"
    BASIC = "basic"
    ENROLMENT = "enrolment"
    TOKEN = "token"  # noqa: S105 - a name, not a secret


class Refresh(NamedTuple):
    """A refresh token: its row, the row that its log-in began with, and whether a provider let them in."""

    id: uuid.UUID
    root: uuid.UUID
    proved_elsewhere: bool


class More(TypedDict, total=False):
    """The fields that some sessions have beside their owner and their end."""

    parent_id: uuid.UUID
    digest: str
    proved_elsewhere: bool


# Rows nobody can use any more go when the same person logs in again: the table does not grow. Two who
# log in at once leave each other's rows alone.
_FORGET_OLD = sa.text("""
DELETE FROM login_session WHERE id IN (
    SELECT id FROM login_session WHERE person_id = :person_id AND expires_at < now() FOR UPDATE SKIP LOCKED
)
""")

_INSERT = sa.text("""
INSERT INTO login_session (id, person_id, parent_id, kind, digest, proved_elsewhere, created_at, expires_at)
VALUES (:id, :person_id, :parent_id, :kind, :digest, :proved_elsewhere, now(), now() + :lifetime)
ON CONFLICT (digest) DO UPDATE
    SET person_id = EXCLUDED.person_id, expires_at = EXCLUDED.expires_at, revoked_at = NULL
RETURNING id
""")

# Ending a session wakes whoever tells people of events, so that it ends their connections too.
_END_LOG_IN = sa.text("""
UPDATE login_session s SET revoked_at = now()
FROM login_session mine
WHERE mine.id = :id AND s.person_id = mine.person_id AND s.revoked_at IS NULL
  AND coalesce(s.parent_id, s.id) = coalesce(mine.parent_id, mine.id)
RETURNING pg_notify(:channel, '')
""").bindparams(channel=WAKE_UP_CHANNEL)

_REPLACE = sa.text("UPDATE login_session SET replaced_at = coalesce(replaced_at, now()) WHERE id = :id")

_FORGET_BASIC = sa.text(
    "UPDATE login_session SET revoked_at = now() "
    "WHERE person_id = :person_id AND kind = 'basic' AND revoked_at IS NULL"
)
_END_ALL = sa.text("""
UPDATE login_session SET revoked_at = now() WHERE person_id = :person_id AND revoked_at IS NULL
RETURNING pg_notify(:channel, '')
""").bindparams(channel=WAKE_UP_CHANNEL)


_REVOKE_KEYS = sa.text("""
UPDATE credential SET revoked_at = now()
WHERE person_id = :person_id AND kind <> 'password' AND revoked_at IS NULL
""")


def open_session(
    engine: sa.Engine,
    person_id: uuid.UUID,
    access: timedelta,
    refresh: timedelta,
    *,
    proved_elsewhere: bool = False,
) -> tuple[uuid.UUID, uuid.UUID]:
    """Log a person in: the ids of an access and a refresh token."""
    with translated(), engine.begin() as connection:
        connection.execute(_FORGET_OLD, {"person_id": person_id})
        refresh_id = insert_session(
            connection, person_id, SessionKind.REFRESH, refresh, proved_elsewhere=proved_elsewhere
        )
        return insert_session(
            connection, person_id, SessionKind.ACCESS, access, parent_id=refresh_id
        ), refresh_id


def open_enrolment(engine: sa.Engine, person_id: uuid.UUID, lifetime: timedelta) -> uuid.UUID:
    """Let a person in to set up a second factor, and to nothing else."""
    with translated(), engine.begin() as connection:
        connection.execute(_FORGET_OLD, {"person_id": person_id})
        return insert_session(connection, person_id, SessionKind.ENROLMENT, lifetime)


def renew_session(
    engine: sa.Engine, person_id: uuid.UUID, refresh_id: uuid.UUID, access: timedelta
) -> uuid.UUID:
    """The id of one more access token of a log-in."""
    with translated(), engine.begin() as connection:
        return insert_session(connection, person_id, SessionKind.ACCESS, access, parent_id=refresh_id)


def rotate_session(
    engine: sa.Engine,
    person_id: uuid.UUID,
    refresh: Refresh,
    access: timedelta,
    lifetime: timedelta,
) -> tuple[uuid.UUID, uuid.UUID]:
    """The ids of one more access token of a log-in, and of the refresh token in place of the one used."""
    with translated(), engine.begin() as connection:
        connection.execute(_REPLACE, {"id": refresh.id})
        access_id = insert_session(connection, person_id, SessionKind.ACCESS, access, parent_id=refresh.root)
        return access_id, insert_session(
            connection,
            person_id,
            SessionKind.REFRESH,
            lifetime,
            parent_id=refresh.root,
            proved_elsewhere=refresh.proved_elsewhere,
        )


def open_token(engine: sa.Engine, person_id: uuid.UUID, lifetime: timedelta) -> str:
    """A session token, told once: only its digest is kept."""
    token = generate_key()
    with translated(), engine.begin() as connection:
        connection.execute(_FORGET_OLD, {"person_id": person_id})
        insert_session(connection, person_id, SessionKind.TOKEN, lifetime, digest=hash_key(token))
    return token


def keep_basic(engine: sa.Engine, person_id: uuid.UUID, digest: str, lifetime: timedelta) -> uuid.UUID:
    """Remember for a while that this login and password were right; the session's id."""
    with translated(), engine.begin() as connection:
        return insert_session(connection, person_id, SessionKind.BASIC, lifetime, digest=digest)


def end_session(engine: sa.Engine, session_id: uuid.UUID) -> None:
    """End the log-in that a session belongs to: the refresh token and all its access tokens."""
    with translated(), engine.begin() as connection:
        connection.execute(_END_LOG_IN, {"id": session_id})


def end_all_sessions(executor: Executor, person_id: uuid.UUID) -> None:
    """Log a person out everywhere, in the caller's transaction."""
    executor.execute(_END_ALL, {"person_id": person_id})


def forget_basic(executor: Executor, person_id: uuid.UUID) -> None:
    """Look at the password anew when HTTP basic comes next, in the caller's transaction."""
    executor.execute(_FORGET_BASIC, {"person_id": person_id})


def end_all_access(executor: Executor, people: Sequence[uuid.UUID]) -> None:
    """End all sessions and keys of people, in the caller's transaction; their passwords stay."""
    for person_id in people:
        executor.execute(_REVOKE_KEYS, {"person_id": person_id})
        end_all_sessions(executor, person_id)


def insert_session(
    connection: Executor,
    person_id: uuid.UUID,
    kind: SessionKind,
    lifetime: timedelta,
    **more: Unpack[More],
) -> uuid.UUID:
    """One row in the caller's transaction, and its id."""
    row = {
        "id": uuid.uuid4(),
        "person_id": person_id,
        "kind": kind.value,
        "lifetime": lifetime,
        "parent_id": None,
        "digest": None,
        "proved_elsewhere": False,
        **more,
    }
    found: uuid.UUID = connection.execute(_INSERT, row).scalar_one()
    return found
