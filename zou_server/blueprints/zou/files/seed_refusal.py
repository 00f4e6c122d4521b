"""How the routes of 2017 refuse: whatever the body is wrong about is a 400 that shows what was received."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from zou_server.models.errors import Conflict, DomainError, Invalid, NotFound


class SeedRefusal(DomainError):
    """A body that a route of 2017 can do nothing with; `received` is that body."""

    code = "seed_refusal"
    cure = "Correct the body, which the answer repeats; today's routes are in `/docs`."

    def __init__(self, message: str, received: Any) -> None:
        super().__init__(message)
        self.received = received


@contextmanager
def as_in_2017(received: Any) -> Iterator[None]:
    """Refuse what the block refuses in that shape: a task that is not there too, for the body named it."""
    try:
        yield
    except (Invalid, Conflict, NotFound) as error:
        raise SeedRefusal(error.message, received) from error
