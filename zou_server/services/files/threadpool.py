"""Runs a blocking call in a thread pool beside the loop that serves the requests of a process."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from zou_server.models.errors import Unavailable

T = TypeVar("T")


def aside(call: Callable[[], T]) -> T:
    """Run it in gevent's thread pool where gevent serves requests, else right here.

    What it raises is raised here; gevent itself would print the call's arguments first, which may be a
    piece of somebody's file.
    """
    if not _is_cooperative():
        return call()
    import gevent  # noqa: PLC0415 - only where it is in use already

    outcome: tuple[T, BaseException | None] = gevent.get_hub().threadpool.apply(_Caught(call))
    return _unwrapped(outcome)


class BoundedPool:
    """Threads of their own for one kind of work, and so many calls that may wait for them.

    Of one caller only some may wait, so that a flood from one place leaves room for everybody else.
    """

    def __init__(self, threads: int, most: int, most_of_one: int, refusal: str) -> None:
        """Say how many; the threads are started when they are needed."""
        self._threads, self._most, self._most_of_one = threads, most, most_of_one
        self._refusal = refusal
        self._callers: Counter[str] = Counter()
        self._pool: Any = None

    def run(self, call: Callable[[], T], caller: str = "") -> T:
        """Run it in one of the threads; Unavailable when too many wait already."""
        if not _is_cooperative():
            return call()
        waiting, of_one = self._callers.total(), self._callers[caller]
        # Whoever has none waiting is still let in when the others are too many.
        if of_one >= self._most_of_one or waiting >= (self._most if of_one else 2 * self._most):
            raise Unavailable(self._refusal)
        self._callers[caller] += 1
        try:
            outcome: tuple[T, BaseException | None] = self._threadpool().apply(_Caught(call))
            return _unwrapped(outcome)
        finally:
            self._callers[caller] -= 1
            if not self._callers[caller]:
                del self._callers[caller]

    def _threadpool(self) -> Any:
        if self._pool is None:
            from gevent.threadpool import ThreadPool  # noqa: PLC0415 - only where it is in use already

            self._pool = ThreadPool(self._threads)
        return self._pool


class _Caught(Generic[T]):
    """A call that returns what it raises, so that no thread pool prints it."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._call = call

    def __call__(self) -> tuple[Any, BaseException | None]:
        try:
            return self._call(), None
        except Exception as error:  # noqa: BLE001 - raised again by whoever asked
            return None, error

    def __repr__(self) -> str:
        return "<a call>"


def _unwrapped(outcome: tuple[T, BaseException | None]) -> T:
    found, error = outcome
    if error is not None:
        raise error
    return found


def _is_cooperative() -> bool:
    monkey = sys.modules.get("gevent.monkey")
    return monkey is not None and monkey.is_module_patched("socket")
