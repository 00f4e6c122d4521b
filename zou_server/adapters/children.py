"""The programs ``serve`` runs beside itself: how one is started, watched and stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zou_server.adapters.postgres.processes import end_with_parent
from zou_server.packaged import PACKAGE

if TYPE_CHECKING:
    from zou_server.settings import Settings


@dataclass(frozen=True)
class Child:
    """One program we started. ``name`` is what messages call it."""

    name: str
    process: subprocess.Popen[bytes]
    stop_seconds: float

    def ended(self) -> int | None:
        """Return the exit status when it has ended, None while it runs."""
        return self.process.poll()

    def stop(self) -> None:
        """Ask it to end what it does and stop; after ``stop_seconds`` it is killed."""
        if self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(self.stop_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_python(
    name: str,
    arguments: list[str],
    settings: Settings,
    *,
    stop_seconds: float,
    keep_open: tuple[int, ...] = (),
) -> Child:
    """Start a fresh Python with the settings in its environment; it ends by itself if we are killed.

    It gets a session of its own, so that a Ctrl-C reaches us alone and the order of stopping is ours.
    """
    environment = settings.child_environment()
    # The code that runs there is the code that runs here, in a checkout too.
    paths = [str(PACKAGE.parent), environment.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    process = subprocess.Popen(  # noqa: S603 - our own arguments, no shell
        [sys.executable, "-P", *arguments],
        env=environment,
        cwd=settings.data_dir,
        stdin=subprocess.DEVNULL,
        pass_fds=keep_open,
        start_new_session=True,
        preexec_fn=end_with_parent(signal.SIGTERM),  # noqa: PLW1509 - we have one thread here
    )
    return Child(name, process, stop_seconds)
