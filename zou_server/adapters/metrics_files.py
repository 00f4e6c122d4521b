"""The files in which a web process counts: their room on the disk is taken before they are written to.

The library maps them into memory and leaves them sparse. On a full disk the first write to a new page would
then end the process with SIGBUS, in the middle of somebody's request.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("counter", "histogram", "gauge_livesum")
"""The files of `zou_server/blueprints/meta/metrics.py`, as the library names them."""

BYTES = 1 << 20
"""The size that the library gives them."""

log = logging.getLogger(__name__)


def room_for_metrics(directory: Path) -> bool:
    """Make this process's files with all their room; False, and none of them, when there is none."""
    paths = [directory / f"{kind}_{os.getpid()}.db" for kind in KINDS]
    try:
        for path in paths:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _take(descriptor)
            finally:
                os.close(descriptor)
    except OSError as error:
        log.warning("no metrics of this process: %s", error.strerror)
        for path in paths:
            path.unlink(missing_ok=True)
        return False
    return True


def _take(descriptor: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, BYTES)
    else:  # macOS
        os.write(descriptor, bytes(BYTES))
