"""Runs a blocking call in a thread pool beside the loop that serves the requests of a process."""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from zou_server.models.errors import Unavailable
from zou_server.services.read.beside_loop import Caught, is_cooperative, unwrapped

T = TypeVar("T")

HOLD_SECONDS = 1.0
"""How long somebody who is refused waits for the refusal."""

MOST_HELD = 500
"""So many at once wait for a refusal; the others have it at once."""


def aside(call: Callable[[], T]) -> T:
    """Run it in gevent's thread pool where gevent serves requests, else right here.

    What it raises is raised here; gevent itself would print the call's arguments first, which may be a
    piece of somebody's file.
    """
    if not is_cooperative():
        return call()
    import gevent  # noqa: PLC0415 - only where it is in use already

    outcome: tuple[T, BaseException | None] = gevent.get_hub().threadpool.apply(Caught(call))
    return unwrapped(outcome)


class BoundedPool:
    """Threads of their own for one kind of work, and so many callers that may be at it or wait for it.

    Callers take turns: a flood from one place fills its own queue, and whoever comes from elsewhere waits
    for one piece of work of each other place, not for the whole queue.
    """

    def __init__(self, threads: int, at_once: int, most: int, most_of_one: int, refusal: str) -> None:
        """Say how many; the threads are started when they are needed."""
        self._threads, self._most, self._most_of_one = threads, most, most_of_one
        self._refusal = refusal
        self._callers: Counter[str] = Counter()
        self._held = 0
        self._has_place: ContextVar[bool] = ContextVar("has a place", default=False)
        self._turns = Turns(at_once)
        self._pool: Any = None

    @contextmanager
    def place(self, caller: str = "") -> Iterator[None]:
        """Wait for the caller's turn and have it; Unavailable, a moment later, when too many wait.

        What goes with the work is done in the same turn, so that those who wait cost nothing.
        """
        if self._has_place.get() or not is_cooperative():
            yield
            return
        self.refuse_when_full(caller)
        self._callers[caller] += 1
        mine = self._has_place.set(True)
        try:
            with self._turns.turn(caller):
                yield
        finally:
            self._has_place.reset(mine)
            self._callers[caller] -= 1
            if not self._callers[caller]:
                del self._callers[caller]

    def refuse_when_full(self, caller: str) -> None:
        """Raise Unavailable, a moment later, when too many wait already."""
        waiting, of_one = self._callers.total(), self._callers[caller]
        # Whoever has none waiting is still let in when the others are too many.
        if of_one >= self._most_of_one or waiting >= (self._most if of_one else 2 * self._most):
            self._hold()
            raise Unavailable(self._refusal)

    def run(self, call: Callable[[], T], caller: str = "") -> T:
        """Run it in one of the threads; Unavailable without a place."""
        if not is_cooperative():
            return call()
        with self.place(caller):
            outcome: tuple[T, BaseException | None] = self._threadpool().apply(Caught(call))
        return unwrapped(outcome)

    def _hold(self) -> None:
        """Let who is refused wait: many that ask again at once would take the processor from the others."""
        if self._held >= MOST_HELD:
            return
        import gevent  # noqa: PLC0415 - only where it is in use already

        self._held += 1
        try:
            gevent.sleep(HOLD_SECONDS)
        finally:
            self._held -= 1

    def _threadpool(self) -> Any:
        if self._pool is None:
            from gevent.threadpool import ThreadPool  # noqa: PLC0415 - only where it is in use already

            self._pool = ThreadPool(self._threads)
        return self._pool


class Turns:
    """So many at once; the others wait by turns of their callers, and who asks once goes first."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._once: OrderedDict[str, deque[Any]] = OrderedDict()
        self._often: OrderedDict[str, deque[Any]] = OrderedDict()

    @contextmanager
    def turn(self, caller: str) -> Iterator[None]:
        """Wait for it, have it, and give it on."""
        self._take(caller)
        try:
            yield
        finally:
            self._give()

    def _take(self, caller: str) -> None:
        if self._free:
            self._free -= 1
            return
        from gevent.event import Event  # noqa: PLC0415 - only where it is in use already

        called = Event()
        if caller in self._once:
            self._often[caller] = self._once.pop(caller)
        fellows = self._often.get(caller)
        if fellows is None:
            self._once[caller] = deque((called,))
        else:
            fellows.append(called)
        try:
            called.wait()
        except BaseException:
            self._forget(caller, called)
            raise

    def _give(self) -> None:
        waiting = self._once or self._often
        if not waiting:
            self._free += 1
            return
        caller, fellows = waiting.popitem(last=False)
        fellows.popleft().set()
        if fellows:
            self._often[caller] = fellows

    def _forget(self, caller: str, called: Any) -> None:
        """Whoever waits no more leaves the queue, or gives on the turn that came at the same moment."""
        if called.is_set():
            self._give()
            return
        for waiting in (self._once, self._often):
            fellows = waiting.get(caller, ())
            if called in fellows:
                fellows.remove(called)  # type: ignore[union-attr]
                if not fellows:
                    del waiting[caller]
