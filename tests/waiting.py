"""Waiting in tests for what is sure to come: as long as it takes on a slow machine, and no longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 40.0
"""Seconds after which what should have happened has not."""


def wait_until(is_so: Callable[[], Any], what: str, seconds: float = PATIENCE) -> Any:
    """Wait until something holds, and return it."""
    deadline = time.monotonic() + seconds
    while True:
        found = is_so()
        if found:
            return found
        assert time.monotonic() < deadline, f"{seconds:.0f} s passed, and: {what}"
        time.sleep(0.02)
