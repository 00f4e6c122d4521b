"""How much memory there is for this machine's programs, and what PostgreSQL is given of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

MEBIBYTE = 1024 * 1024
GIBIBYTE = 1024 * MEBIBYTE
CONTAINER_LIMIT = Path("/sys/fs/cgroup/memory.max")
"""What a container may take at most, where one is told so; "max" for no limit."""


def memory_of_machine(limit_file: Path = CONTAINER_LIMIT) -> int:
    """The bytes of memory of the machine, or of the container that this runs in."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = limit_file.read_text().strip()
    except OSError:
        return whole
    return min(whole, int(limit)) if limit.isdecimal() else whole


def memory_of_postgres(whole: int) -> Mapping[str, str]:
    """PostgreSQL's settings for a machine of so many bytes, which web processes and ffmpeg share with it."""
    return {
        "shared_buffers": _within(whole // 8, 128 * MEBIBYTE, 8 * GIBIBYTE),
        "effective_cache_size": _within(whole // 2, 512 * MEBIBYTE, 256 * GIBIBYTE),
        "work_mem": _within(whole // 1024, 4 * MEBIBYTE, 32 * MEBIBYTE),
        "maintenance_work_mem": _within(whole // 32, 64 * MEBIBYTE, GIBIBYTE),
        "max_wal_size": _within(whole // 4, GIBIBYTE, 4 * GIBIBYTE),
    }


def _within(size: int, least: int, most: int) -> str:
    return f"{min(max(size, least), most) // MEBIBYTE}MB"
