"""What the web processes count, in a form Prometheus reads.

Each process writes its counts into files below ``PROMETHEUS_MULTIPROC_DIR`` (set by gunicorn's
configuration before this module is imported), and whichever process is asked adds them all up. Labels hold
few values on purpose: a dialect, a method and a status, never a path or a name.
"""

from __future__ import annotations

import os
import time
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

if TYPE_CHECKING:
    from flask import Request, Response

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("zou_requests", "Requests answered.", ("dialect", "method", "status"))
DURATIONS = Histogram("zou_request_seconds", "Seconds until the answer began.", ("dialect",), buckets=SECONDS)
LISTENERS = Gauge(
    "zou_listeners", "Clients that hear of changes as they happen.", multiprocess_mode="livesum"
)
READS = Counter("zou_reads", "Reads for people, by the database that answered.", ("database",))


class SeenReplica(Protocol):
    """What is known of a replica."""

    @property
    def is_used(self) -> bool:
        """Whether reads may go to it."""

    @property
    def behind(self) -> float:
        """How many seconds it is behind."""


def count_read(database: str) -> None:
    """Count a read that the primary or the replica answered."""
    READS.labels(database).inc()


def tell_replica(state: SeenReplica) -> None:
    """Say what was last seen of the replica."""
    used, lag = _replica_gauges()
    used.set(state.is_used)
    lag.set(round(state.behind, 1))


@cache
def _replica_gauges() -> tuple[Gauge, Gauge]:
    """The gauges of the replica; there are none where there is no replica."""
    return (
        Gauge("zou_replica_used", "Whether reads may go to the replica.", multiprocess_mode="livemin"),
        Gauge("zou_replica_lag_seconds", "Seconds that the replica is behind.", multiprocess_mode="livemax"),
    )


def count_listeners(count: int) -> None:
    """Say how many clients listen to this process now."""
    LISTENERS.set(count)


def count_request(request: Request, state: Any, response: Response) -> None:
    """Count a request that was answered; one that was refused before it began is none."""
    began = state.get("request_began")
    if began is not None:
        dialect, joint, _ = (request.endpoint or "").partition(".")
        method = request.method if request.method in METHODS else "other"
        _counter(dialect if joint else "none", method, response.status_code).inc()
        _duration(dialect if joint else "none").observe(time.perf_counter() - began)


@lru_cache(maxsize=1024)
def _counter(dialect: str, method: str, status: int) -> Counter:
    """Return the counter of these labels; looking it up in the library costs more than counting."""
    return REQUESTS.labels(dialect, method, str(status))


@lru_cache(maxsize=64)
def _duration(dialect: str) -> Histogram:
    """Return the histogram of a dialect, without the library's look-up."""
    return DURATIONS.labels(dialect)


def render_metrics() -> bytes:
    """Return the counts of all web processes together, or of this one when it runs alone."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    return generate_latest(registry)
