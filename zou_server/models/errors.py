"""What can go wrong in the domain, said without HTTP.

Each exception carries a stable `code` and a sentence; one table per dialect turns the class into
that dialect's wire error. Nothing below the dialects knows a status number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """Something the caller can understand and act on."""

    code = "error"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").strip().split("\n")[0])

    @property
    def message(self) -> str:
        """The sentence for the caller."""
        return str(self.args[0])


class NotFound(DomainError):
    """There is no such row, or it is hidden from the caller."""

    code = "not_found"


class Forbidden(DomainError):
    """The caller may see this but may not do that to it."""

    code = "forbidden"


class Unauthenticated(DomainError):
    """The caller did not prove who they are."""

    code = "unauthenticated"


class Invalid(DomainError):
    """The request is understood and refused; `fields` says which value and why."""

    code = "invalid"

    def __init__(self, message: str = "", fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.fields: dict[str, list[str]] = {k: list(v) for k, v in (fields or {}).items()}
        if not message and self.fields:
            message = "; ".join(f"{name}: {', '.join(why)}" for name, why in self.fields.items())
        super().__init__(message)


class UnknownField(Invalid):
    """A filter, a sort key or a value names a field that does not exist."""

    code = "unknown_field"

    def __init__(self, facet: str, name: str) -> None:
        self.facet, self.name = facet, name
        super().__init__(f"{facet} has no field '{name}'.", {name: ["unknown field"]})


class Unfilterable(Invalid):
    """A hidden field was used in a filter or a sort."""

    code = "unfilterable"

    def __init__(self, facet: str, name: str) -> None:
        self.facet, self.name = facet, name
        super().__init__(f"Filtering on {name} is not allowed.", {name: ["not allowed in a filter"]})


class UnknownType(Invalid):
    """A type name that this server does not know."""

    code = "unknown_type"


class Conflict(DomainError):
    """Another row already holds this identity, or other rows still need this one."""

    code = "conflict"

    def __init__(self, message: str = "", fields: Mapping[str, Sequence[str]] | None = None) -> None:
        self.fields: dict[str, list[str]] = {k: list(v) for k, v in (fields or {}).items()}
        super().__init__(message)


class Stale(Conflict):
    """Somebody changed the row since the caller read it."""

    code = "stale"


class InUse(Conflict):
    """Other rows refer to this one, so it cannot go."""

    code = "in_use"


class Locked(DomainError):
    """Too many failed log-ins; the account is closed for a short while."""

    code = "locked"


class Unavailable(DomainError):
    """The database or the file store cannot answer just now; trying again is safe."""

    code = "unavailable"


class NoRoom(Unavailable):
    """There is no room left to keep what was sent."""

    code = "no_room"


class Unreadable(Invalid):
    """A file is not what its name says, is broken, or is larger than what is taken."""

    code = "unreadable"
