"""Secrets that open one door once: links, codes, challenges. Only their digests are kept."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from zou_server.models.access import OneTimeSecret
from zou_server.models.base import utc_now
from zou_server.services.people.passwords import hash_key

RECOVERY_CODES, RECOVERY_LENGTH = 16, 10
MAIL_CODE_MINUTES = 5
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_recovery_codes(connection: sa.Connection, person_id: uuid.UUID) -> list[str]:
    """Codes that are told once; only their digests are kept."""
    forget_secrets(connection, person_id, "recovery")
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    for code in codes:
        keep_secret(connection, person_id, "recovery", code, None)
    return codes


def new_mail_code(executor: Any, person_id: uuid.UUID) -> str:
    """Six digits for some minutes, in place of those sent before."""
    forget_secrets(executor, person_id, "email")
    code = f"{secrets.randbelow(10**6):06}"
    keep_secret(executor, person_id, "email", code, timedelta(minutes=MAIL_CODE_MINUTES))
    return code


def keep_secret(
    executor: Any, person_id: uuid.UUID, kind: str, secret: str, lifetime: timedelta | None
) -> None:
    """Keep the digest of a secret of a person, for a while."""
    values: Mapping[str, Any] = {
        "id": uuid.uuid4(),
        "person_id": person_id,
        "kind": kind,
        "digest": _digest(person_id, secret),
        "created_at": utc_now(),
        "expires_at": None if lifetime is None else utc_now() + lifetime,
    }
    executor.execute(sa.insert(OneTimeSecret).values(**values))


def use_secret(executor: Any, person_id: uuid.UUID, kind: str, secret: str) -> bool:
    """True, once, for a secret of a person that was kept and is not over."""
    used = executor.execute(
        sa.update(OneTimeSecret)
        .where(
            OneTimeSecret.person_id == person_id,
            OneTimeSecret.kind == kind,
            OneTimeSecret.digest == _digest(person_id, secret),
            OneTimeSecret.used_at.is_(None),
            sa.or_(OneTimeSecret.expires_at.is_(None), OneTimeSecret.expires_at > sa.func.now()),
        )
        .values(used_at=sa.func.now())
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)


def forget_secrets(executor: Any, person_id: uuid.UUID, kind: str) -> None:
    """Forget all secrets of a kind that a person has."""
    executor.execute(
        sa.delete(OneTimeSecret)
        .where(OneTimeSecret.person_id == person_id, OneTimeSecret.kind == kind)
        .execution_options(synchronize_session=False)
    )


def _digest(person_id: uuid.UUID, secret: str) -> str:
    return hash_key(f"{person_id} {secret.strip()}")
