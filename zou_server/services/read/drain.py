"""Takes a long result from the database in a thread of its own, where gevent serves requests.

A result of megabytes comes in hundreds of small parts. Waiting for each in the loop that serves all requests
costs a turn of everybody else each time: 57 MB took 35 seconds beside 63 users, and 0.9 alone.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zou_server.services.read.beside_loop import Caught, is_cooperative, unwrapped

THREADS = 4
"""Long results that one process takes at once; the next waits for a thread."""

OWNERS: dict[int, Any] = {}
"""Whose request a thread takes a result for, by the thread's own identity."""

_POOL: list[Any] = []


def drain(call: Callable[[], None]) -> None:
    """Run it in a thread, and let other requests go on meanwhile; right here where there is no gevent."""
    if not is_cooperative():
        call()
        return
    import gevent  # noqa: PLC0415 - only where it is in use already
    from gevent.monkey import get_original  # noqa: PLC0415
    from gevent.threadpool import ThreadPool  # noqa: PLC0415

    identity: Callable[[], int] = get_original("_thread", "get_ident")
    owner = gevent.getcurrent()

    def run() -> None:
        OWNERS[identity()] = owner
        try:
            call()
        finally:
            del OWNERS[identity()]

    if not _POOL:
        _POOL.append(ThreadPool(THREADS))
    unwrapped(_POOL[0].apply(Caught(run)))


def owner_of(thread: int) -> Any:
    """The greenlet whose request a thread works for; None for the thread that serves all requests."""
    return OWNERS.get(thread)
