"""What gevent's thread pools are given, where gevent serves the requests of a process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Caught(Generic[T]):
    """A call that returns what it raises, so that no thread pool prints it."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call

    def __call__(self) -> tuple[Any, BaseException | None]:
        """Return what it returns, and what it raises."""
        try:
            return self._call(), None
        except BaseException as error:  # noqa: BLE001 - raised again by whoever asked
            return None, error

    def __repr__(self) -> str:
        return "<a call>"


def unwrapped(outcome: tuple[T, BaseException | None]) -> T:
    """What a call returned; what it raised is raised here."""
    found, error = outcome
    if error is not None:
        raise error
    return found


def is_cooperative() -> bool:
    """True where gevent serves the requests."""
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and monkey.is_module_patched("socket")
