"""How people and scripts prove who they are. None of these tables is on any wire."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.models.base import Base, reference, utc_now


class Credential(Base):
    """A secret of a person, kept as a digest: `password` by argon2, keys by their SHA-256.

    Kinds: `password`, `script_key` (Shotgun), `api_key` (ftrack). A new password replaces the digest
    and `created_at` of the one row a person has for it.
    """

    __tablename__ = "credential"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = reference("person", nullable=False)
    kind: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    last_used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    expires_at: Mapped[dt.datetime | None]
    last_address: Mapped[str | None]

    __table_args__ = (
        sa.Index("ix_credential_person_id_kind", "person_id", "kind"),
        sa.Index(
            "uq_credential_key",
            "digest",
            unique=True,
            postgresql_where=sa.text("kind <> 'password' AND revoked_at IS NULL"),
        ),
    )


class LoginFailure(Base):
    """Wrong passwords in a row for one name from one address, whether anybody has that name or not.

    `login` is the digest of what was typed: people type their password there too.
    """

    __tablename__ = "login_failure"

    login: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[dt.datetime | None]
    at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    __table_args__ = (sa.Index("ix_login_failure_at", "at"),)


class LoginSession(Base):
    """One log-in or token: found by its id (the `jti` of a Zou token) or by the digest of a secret.

    Kinds: `access` and `refresh` (Zou's tokens; an access row's `parent_id` is the refresh row of the
    same log-in), `basic` (a password checked a short while ago), `token` (Shotgun's session token),
    `enrolment` (good for setting up a second factor only).
    A refresh row that was `replaced_at` some time ago is a sign of theft when it comes again.
    Checked at every request, so that a revocation is seen by all processes at once.
    """

    __tablename__ = "login_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = reference("person", nullable=False)
    parent_id: Mapped[uuid.UUID | None]
    kind: Mapped[str]
    digest: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    replaced_at: Mapped[dt.datetime | None]
    proved_elsewhere: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    __table_args__ = (
        sa.Index("ix_login_session_person_id", "person_id"),
        sa.Index("uq_login_session_digest", "digest", unique=True),
    )


class IdempotencyKey(Base):
    """An answer kept for a POST that may be sent again with the same `Idempotency-Key`."""

    __tablename__ = "idempotency_key"

    actor_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    request_digest: Mapped[str]
    status: Mapped[int]
    body: Mapped[str]
    headers: Mapped[dict[str, Any] | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)


class SecondFactor(Base):
    """What a person proves themselves with beside the password.

    Kinds: `totp` (codes of an app), `email` (codes sent by mail), `fido` (a security key; `data` holds its
    public key). One that is not enabled is being set up. `counter` says which codes were used.
    """

    __tablename__ = "second_factor"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = reference("person", nullable=False)
    kind: Mapped[str]
    name: Mapped[str | None]
    secret: Mapped[str]
    data: Mapped[dict[str, Any] | None]
    counter: Mapped[int] = mapped_column(sa.BigInteger, default=0, server_default="0")
    enabled: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)

    __table_args__ = (sa.Index("ix_second_factor_person_id", "person_id"),)


class OneTimeSecret(Base):
    """A secret that opens one door once, kept as a digest.

    Kinds: `reset` (a new password by a mailed link), `email` (a code sent by mail), `recovery` (a code that
    stands for a lost second factor), `challenge` (what a security key is to sign).
    """

    __tablename__ = "one_time_secret"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = reference("person", nullable=False)
    kind: Mapped[str]
    digest: Mapped[str]
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[dt.datetime | None]
    used_at: Mapped[dt.datetime | None]

    __table_args__ = (sa.Index("ix_one_time_secret_person_id_kind", "person_id", "kind"),)


class LoginLog(Base):
    """A log-in that was tried: whose, from where, and whether it succeeded."""

    __tablename__ = "login_log"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = reference("person", nullable=False)
    created_at: Mapped[dt.datetime] = mapped_column(default=utc_now)
    ip_address: Mapped[str | None]
    origin: Mapped[str]
    succeeded: Mapped[bool] = mapped_column(default=True)

    __table_args__ = (
        sa.Index("ix_login_log_created_at", "created_at", "id"),
        sa.Index("ix_login_log_person_id", "person_id", "created_at"),
    )
