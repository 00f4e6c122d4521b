"""Something slow that waits for no socket, done beside the loop that serves the requests of a process."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def aside(call: Callable[[], T]) -> T:
    """Run it in gevent's thread pool where gevent serves requests, else right here."""
    monkey = sys.modules.get("gevent.monkey")
    if monkey is None or not monkey.is_module_patched("socket"):
        return call()
    import gevent  # noqa: PLC0415 - only where it is in use already

    result: T = gevent.get_hub().threadpool.apply(call)
    return result
