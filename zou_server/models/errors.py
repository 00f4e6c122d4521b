"""What can go wrong in the domain, said without HTTP.

Each exception carries a stable `code` and a sentence; one table per dialect turns the class into
that dialect's wire error. Nothing below the dialects knows a status number.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Something the caller can understand and act on."""

    code = "error"
    """What it is called in the header X-Error-Code, in the log and in docs/errors.md; it never changes."""
    cure = "Read the sentence that came with it."
    """What to do about it, in docs/errors.md."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().split("\n")[0])

    @property
    def message(self) -> str:
        """The sentence for the caller."""
        return str(self.args[0])


class NotFound(DomainError):
    """There is no such row, or it is hidden from the caller."""

    code = "not_found"
    cure = "Check the id and the kind of row; if both are right, ask to be put on the team of the project."


class Forbidden(DomainError):
    """The caller may see this but may not do that to it."""

    code = "forbidden"
    cure = "Ask somebody whose role allows it; the sentence says which one does."


class ReadOnly(Forbidden):
    """This server only reads; changes are made at the studio's main server."""

    code = "read_only"
    cure = "Send it to the studio's main server: this one was started with --read-only, beside a replica."


class Unauthenticated(DomainError):
    """The caller did not prove who they are."""

    code = "unauthenticated"
    cure = "Log in again, or send a valid key: `zou-server create-key` makes one for a script."


class Invalid(DomainError):
    """The request is understood and refused; `fields` says which value and why."""

    code = "invalid"
    cure = "Correct the values that are named and send the request again."

    def __init__(self, message: str = "", fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.fields: dict[str, list[str]] = {k: list(v) for k, v in (fields or {}).items()}
        if not message and self.fields:
            message = "; ".join(f"{name}: {', '.join(why)}" for name, why in self.fields.items())
        super().__init__(message)


class UnknownField(Invalid):
    """A filter, a sort key or a value names a field that does not exist."""

    code = "unknown_field"
    cure = "Use a name that the type has: `/openapi.json` and `/docs` list them; it may be misspelt."

    def __init__(self, facet: str, name: str) -> None:
        self.facet, self.name = facet, name
        super().__init__(f"{facet} has no field '{name}'.", {name: ["unknown field"]})


class Unfilterable(Invalid):
    """A hidden field was used in a filter or a sort."""

    code = "unfilterable"
    cure = "Leave this field out of the filter and the sort: what is hidden cannot be searched by."

    def __init__(self, facet: str, name: str) -> None:
        self.facet, self.name = facet, name
        super().__init__(f"Filtering on {name} is not allowed.", {name: ["not allowed in a filter"]})


class UnknownType(Invalid):
    """A type name that this server does not know."""

    code = "unknown_type"
    cure = "Use one of the types in `/openapi.json`; it may be misspelt."


class Conflict(DomainError):
    """Another row already holds this identity, or other rows still need this one."""

    code = "conflict"
    cure = "Use the row that is there already, or give another name, number or id."

    def __init__(self, message: str = "", fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.fields: dict[str, list[str]] = {k: list(v) for k, v in (fields or {}).items()}
        super().__init__(message)


class Stale(Conflict):
    """Somebody changed the row since the caller read it."""

    code = "stale"
    cure = "Read the row again, apply your change to what it says now, and send that."


class InUse(Conflict):
    """Other rows refer to this one, so it cannot go."""

    code = "in_use"
    cure = "Remove or change the rows that refer to this one first."


class Locked(DomainError):
    """Too many failed log-ins; the account is closed for a short while."""

    seconds = 60
    """How long, at most; a client is told so where its system has a word for it."""

    code = "locked"
    cure = "Wait a minute and log in with the right password, or let an administrator set a new one."


class Unavailable(DomainError):
    """The database or the file store cannot answer just now; trying again is safe."""

    code = "unavailable"
    cure = "Send it again in a moment; if it goes on, look at the database and at `/health/ready`."


class NoRoom(Unavailable):
    """There is no room left to keep what was sent."""

    code = "no_room"
    cure = "Make room where the server keeps its files, or let it keep them elsewhere; then send it again."


FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def of_disk(error: OSError, what: str) -> Unavailable:
    """The trouble of a disk that something cannot be kept on: it is full, gone, read-only."""
    if error.errno in FULL:
        return NoRoom(f"There is no room on disk for {what}.")
    return Unavailable(f"The disk does not take {what}: {error.strerror or type(error).__name__}.")


class Unreadable(Invalid):
    """A file is not what its name says, is broken, or is larger than what is taken."""

    code = "unreadable"
    cure = "Send a file of a format that is taken, whole and not larger than the limit."
