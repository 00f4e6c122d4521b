"""The system's own poll, also where gevent has put its own in its place."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable
from functools import cache
from typing import Any


def plain_poll() -> Any:
    """A new poll object of the system.

    That of gevent goes round the loop, in which others are served, and sees only what can be read or written.
    """
    return _kind()()


@cache
def _kind() -> Callable[[], Any]:
    monkey = sys.modules.get("gevent.monkey")
    found: Callable[[], Any] = monkey.get_original("select", "poll") if monkey else select.poll
    return found
