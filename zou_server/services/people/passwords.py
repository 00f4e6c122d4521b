"""Passwords and keys: how they are made, hashed and compared. Nothing here knows a table."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import string
import unicodedata
from contextlib import AbstractContextManager

import argon2
from argon2.exceptions import InvalidHashError, VerificationError

from zou_server.models.errors import Invalid, Unauthenticated
from zou_server.services.files.threadpool import BoundedPool
from zou_server.services.people.caller import ADDRESS

MIN_LENGTH = 8
MAX_LENGTH = 1024
PASSWORD_LENGTH, KEY_LENGTH = 20, 43
_LETTERS = string.ascii_letters + string.digits
"""Nothing else: a secret that begins with a dash is an option for most command lines."""

# OWASP's advice for argon2id.
_HASHER = argon2.PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_POOL = BoundedPool(
    threads=2,
    at_once=2,
    most=32,
    most_of_one=8,
    refusal="Too many people log in at this moment; try again in a few seconds.",
)
"""Few, so that a flood of log-ins leaves the processors to others; a check takes about 30 ms."""


def refuse_weak(name: str, secret: object) -> None:
    """Raise Invalid, naming the field, for a new password or key that is too short, too long or no text."""
    if not isinstance(secret, str) or not _is_text(secret):
        raise Invalid(fields={name: ["must be text"]})
    if len(secret) < MIN_LENGTH:
        raise Invalid(fields={name: [f"must be at least {MIN_LENGTH} characters long"]})
    if len(secret) > MAX_LENGTH:
        raise Invalid(fields={name: [f"must be at most {MAX_LENGTH} characters long"]})


def generate_password() -> str:
    """A password for a person to type once: 20 characters, about 119 bits."""
    return _letters(PASSWORD_LENGTH)


def generate_key() -> str:
    """A key or token for a program: 43 characters, 256 bits."""
    return _letters(KEY_LENGTH)


def _letters(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def refuse_when_too_many_log_in(address: str) -> None:
    """Raise Unavailable, a moment later, when too many log in from there, or in all."""
    _POOL.refuse_when_full(address)


def place_to_log_in() -> AbstractContextManager[None]:
    """A place among those who may have passwords checked; Unavailable when there is none.

    Taken before anything is asked of the database: a flood of log-ins must not use up its connections.
    """
    return _POOL.place(ADDRESS.get())


def hash_password(password: str) -> str:
    """The argon2 digest of a password, with its parameters and salt."""
    return _POOL.run(lambda: _HASHER.hash(_normal(password)), ADDRESS.get())


def password_fits(digest: str, password: str) -> bool:
    """True when the digest was made from the password."""
    return _POOL.run(lambda: _fits(digest, password), ADDRESS.get())


def is_outdated(digest: str) -> bool:
    """True when the digest was made with other parameters than those in use now."""
    return _HASHER.check_needs_rehash(digest)


def hash_key(key: str) -> str:
    """The digest a generated key is found by. Such keys cannot be guessed, so SHA-256 is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two texts in a time that does not tell where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def sent_text(value: object) -> str:
    """A credential as a client sent it; Unauthenticated when it can be nobody's."""
    if not isinstance(value, str) or not _is_text(value) or len(value) > MAX_LENGTH:
        raise Unauthenticated("These credentials are not valid.")
    return value


def _is_text(value: str) -> bool:
    """False for text with NUL or lone surrogates, which the database cannot hold."""
    try:
        return b"\0" not in value.encode()
    except UnicodeEncodeError:
        return False


def _normal(password: str) -> str:
    """Text in one form, whichever keyboard typed it."""
    return unicodedata.normalize("NFC", password)


def _fits(digest: str, password: str) -> bool:
    try:
        return _HASHER.verify(digest, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
