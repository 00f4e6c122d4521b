"""A whole server for a test: ``zou-server serve`` as its own process, on a free port."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

from click.testing import CliRunner

from zou_server.cli import main

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 240.0
STOP_SECONDS = 120.0
READY = re.compile(r"zou-server is ready at (\S+)")
CREDENTIALS = {
    "email": r"gazu, Kitsu +email (\S+)",
    "password": r"gazu, Kitsu .*password (\S+)",
    "script_name": r"script_name (\S+)",
    "script_key": r"shotgun_api3 .*api_key (\S+)",
    "api_user": r"api_user (\S+)",
    "api_key": r"ftrack_api .*api_key (\S+)",
}


def loaded_by(module: str) -> set[str]:
    """The modules that a new process has when it has loaded one."""
    answer = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys, {module}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        env=clean_environment(),
        timeout=60,
        check=True,
    )
    return set(answer.stdout.split())


def clean_environment(**more: str) -> dict[str, str]:
    """Return an environment for our programs that holds none of this machine's own settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ZOU_SERVER_") and name not in {"DATABASE_URL", "PYTHONPATH"}
    }
    return kept | {"PYTHONPATH": str(ROOT)} | more


def run_command(*arguments: str, timeout: float = 120.0, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``zou-server`` with these arguments and return what it printed."""
    return subprocess.run(
        [sys.executable, "-P", "-m", "zou_server", *arguments],
        capture_output=True,
        text=True,
        env=clean_environment(**env),
        timeout=timeout,
        check=False,
    )


def run_command_here(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run ``zou-server`` in this process, by the same entry; what a process would die of is raised.

    For a command that the test has seen run as a process of its own: starting one takes seconds.
    """
    kept = clean_environment(**env)
    changed = {name: kept.get(name) for name in {*os.environ, *env}}
    runner = CliRunner(env=changed)
    said = runner.invoke(main, arguments, prog_name="zou-server", catch_exceptions=False)
    return subprocess.CompletedProcess(arguments, said.exit_code, said.stdout, said.stderr)


def free_port() -> int:
    """A TCP port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


class RunningServer:
    """One ``zou-server serve``; use it as a context manager."""

    def __init__(self, data_dir: Path, *arguments: str, workers: int = 1, **env: str) -> None:
        """Say how to run it; ``env`` adds environment variables such as DATABASE_URL."""
        self.data_dir = data_dir
        self.url = ""
        self.database_url = env.get("DATABASE_URL", "")
        self._arguments = ["--data-dir", str(data_dir), "--workers", str(workers), *arguments]
        self._env = env
        self._process: subprocess.Popen[bytes] | None = None
        self._output_path = data_dir.with_name(data_dir.name + ".stdout")
        self._log_path = data_dir.with_name(data_dir.name + ".stderr")

    def logs_in(self, place: Path) -> None:
        """Keep what it says elsewhere than beside its data."""
        self._output_path, self._log_path = place / "stdout", place / "stderr"

    def start(self) -> Self:
        """Start the server and wait until it says that it is ready."""
        self.data_dir.parent.mkdir(parents=True, exist_ok=True)
        arguments = self._arguments if "--port" in self._arguments else [*self._arguments, "--port", "0"]
        with self._output_path.open("wb") as output, self._log_path.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "zou_server", "serve", *arguments],
                stdout=output,
                stderr=log,
                env=clean_environment(**self._env),
            )
        deadline = time.monotonic() + START_SECONDS
        while self._process.poll() is None and time.monotonic() < deadline:
            said = READY.search(self.output)
            if said:
                self.url = said.group(1)
                return self
            time.sleep(0.02)
        self.stop(signal.SIGKILL)
        message = f"the server did not start:\n{self.output}\n{self.log}"
        raise AssertionError(message)

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal, wait for the end, and return the exit status."""
        assert self._process is not None
        if self._process.poll() is None:
            self._process.send_signal(how)
        return self.wait()

    def has_ended(self) -> bool:
        """Whether the server has ended by itself."""
        return self._process is None or self._process.poll() is not None

    def wait(self) -> int:
        """Wait for the server to end by itself and return the exit status."""
        assert self._process is not None
        return self._process.wait(STOP_SECONDS)

    @property
    def pid(self) -> int:
        """The process id of the parent process."""
        assert self._process is not None
        return self._process.pid

    @property
    def output(self) -> str:
        """What it printed for people so far."""
        return self._output_path.read_text()

    @property
    def log(self) -> str:
        """What it logged so far."""
        return self._log_path.read_text()

    def complaints(self, *more: str) -> list[str]:
        """The lines of its log so far that say that something went wrong, or that hold one of these words."""
        words = ("Traceback", '"level":"error"', '"level":"critical"', *more)
        return [line for line in self.log.splitlines() if any(word in line for word in words)]

    @property
    def credentials(self) -> dict[str, str]:
        """The credentials a first start printed, by the name each client gives them."""
        found = {name: re.search(pattern, self.output) for name, pattern in CREDENTIALS.items()}
        return {name: match.group(1) for name, match in found.items() if match}

    def __enter__(self) -> Self:
        """Start the server."""
        return self.start()

    def __exit__(self, *_exception: object) -> None:
        """Stop the server."""
        self.stop()
