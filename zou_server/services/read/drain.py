"""Takes a long result from the database in a thread of its own, where gevent serves requests.

A result of megabytes comes in hundreds of small parts. Waiting for each in the loop that serves all requests
costs a turn of everybody else each time: 57 MB took 35 seconds beside 63 users, and 0.9 alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

THREADS = 4
"""Long results that one process takes at once; the next waits for a thread."""

OWNERS: dict[int, Any] = {}
"""Whose request a thread takes a result for, by the thread's own identity."""

_POOL: list[Any] = []


def drain(call: Callable[[], None]) -> None:
    """Run it in a thread, and let other requests go on meanwhile; right here where there is no gevent."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("socket"):
        call()
        return
    import gevent  # noqa: PLC0415 - only where it is in use already
    from gevent.threadpool import ThreadPool  # noqa: PLC0415

    identity: Callable[[], int] = monkey.get_original("_thread", "get_ident")
    owner = gevent.getcurrent()

    def run() -> BaseException | None:
        OWNERS[identity()] = owner
        try:
            call()
        except BaseException as error:  # noqa: BLE001 - raised again by whoever waits; gevent would print it
            return error
        finally:
            del OWNERS[identity()]
        return None

    if not _POOL:
        _POOL.append(ThreadPool(THREADS))
    failed = _POOL[0].apply(run)
    if failed is not None:
        raise failed


def owner_of(thread: int) -> Any:
    """The greenlet whose request a thread works for; None for the thread that serves all requests."""
    return OWNERS.get(thread)
