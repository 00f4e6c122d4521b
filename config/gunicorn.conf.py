"""How gunicorn runs the web processes of zou-server.

Started by ``zou-server serve``, or by hand with ``gunicorn -c <this file>``. It reads the same settings as
the server. Requests are logged by the application, so gunicorn's own access log is off.
"""

from __future__ import annotations

import os
import resource
import shutil
from contextlib import suppress
from typing import Any

from zou_server.adapters.metrics_files import room_for_metrics
from zou_server.adapters.worker_sockets import remove_sockets
from zou_server.garbage import begin_to_load, end_to_load
from zou_server.log_format import logging_config
from zou_server.settings import Settings

settings = Settings.from_env()

wsgi_app = "zou_server.wsgi:make_application()"
# `serve` overrides this: it binds the port itself, to tell of a port in use before anything starts.
bind = [f"{settings.host}:{settings.port}"]
workers = settings.workers
worker_class = "zou_server.adapters.web_worker.WebWorker"  # gevent
worker_connections = 2000
timeout = 120
graceful_timeout = 20
keepalive = 75
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS") or settings.trusted_proxies
control_socket_disable = True
accesslog = None
logger_class = "zou_server.adapters.web_log.WebLog"
loglevel = settings.log_level
logconfig_dict = logging_config(settings)

# A connection is an open file, and the usual limit is 1,024 of them.
with suppress(ValueError, OSError):
    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    wanted_files = 65_536 if most_files == resource.RLIM_INFINITY else min(most_files, 65_536)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted_files, most_files))

# Each web process keeps its counts in files here, when somebody is to see them; see
# zou_server/blueprints/meta/metrics.py. The library looks at the variable when it is first imported, so
# nothing above may import it.
metrics_dir = settings.data_dir / "metrics"
shutil.rmtree(metrics_dir, ignore_errors=True)
os.environ.pop("PROMETHEUS_MULTIPROC_DIR", None)
if settings.metrics_token:
    metrics_dir.mkdir(mode=0o700)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(metrics_dir)


def post_fork(_server: Any, _worker: Any) -> None:
    """Make a new web process cooperative before it imports the application."""
    from gevent import monkey  # noqa: PLC0415 - the parent must stay unpatched

    monkey.patch_all()
    if settings.metrics_token and not room_for_metrics(metrics_dir):
        del os.environ["PROMETHEUS_MULTIPROC_DIR"]
    from zou_server.adapters.postgres.database_wait import wait_together  # noqa: PLC0415 - it uses gevent

    # A third of the time in which the application is made went into looking for garbage in what stays.
    begin_to_load()
    wait_together()


def post_worker_init(_worker: Any) -> None:
    """Look for garbage again, now that the application is made, but not in it: that took 5 % of all time."""
    end_to_load()


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a web process that ended; its counters stay. Its own socket goes."""
    if settings.metrics_token:
        from prometheus_client import multiprocess  # noqa: PLC0415 - after the variable above is set

        multiprocess.mark_process_dead(worker.pid)
    worker.forget_socket()


def worker_exit(_server: Any, worker: Any) -> None:
    """Leave no socket behind, whoever outlives whom."""
    worker.forget_socket()


def on_exit(_server: Any) -> None:
    """Remove what the web processes had in common."""
    remove_sockets()
