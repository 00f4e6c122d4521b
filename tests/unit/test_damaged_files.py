"""What a run of damaged files (`python -m tests.fuzz`) shows: too few show nothing, and none are left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import cycle
from pathlib import Path

import pytest

from tests import fuzz
from tests.processes import ended, processes_below
from tests.servers import ROOT, clean_environment
from tests.waiting import wait_until


def said_of(
    checks: dict[str, Callable[[int], bool]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> tuple[bool, str]:
    """Whether a short run of these checks passes, and what it says."""
    monkeypatch.setattr(fuzz, "FUZZERS", checks)
    monkeypatch.setattr(fuzz, "TURN", 0.1)
    passes = fuzz.run(list(checks), 0.2, fuzz.FEWEST)
    return passes, capsys.readouterr().err


def test_files_of_which_some_can_be_read_show_something(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = cycle([True, False, False])
    passes, said = said_of({"edl": lambda _: next(outcomes)}, monkeypatch, capsys)
    assert passes, said
    assert "0 read wrong" in said


def test_files_that_are_all_refused_show_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    passes, said = said_of({"edl": lambda _: True, "otio": lambda _: False}, monkeypatch, capsys)
    assert not passes
    assert "otio: this shows nothing: at least 5% must be such that they can be read" in said
    assert "edl: this shows nothing" not in said


def test_too_few_files_show_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def slow(_seed: int) -> bool:
        time.sleep(0.02)
        return True

    passes, said = said_of({"xlsx": slow}, monkeypatch, capsys)
    assert not passes
    assert f"xlsx: this shows nothing: at least {fuzz.FEWEST} are needed" in said


def test_a_file_that_is_read_wrong_is_told_with_its_seed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = cycle([7, 7, 0])
    passes, said = said_of({"csv": lambda _: 7 // next(outcomes) > 0}, monkeypatch, capsys)
    assert not passes
    assert "again: python -m tests.fuzz --seed " in said


def test_a_run_that_is_ended_leaves_no_file_and_no_process(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz", "--seconds", "300", "otio"]
    run = subprocess.Popen(command, cwd=ROOT, env=clean_environment(TMPDIR=str(tmp_path)))
    try:
        readers = wait_until(lambda: processes_below(run.pid), "it reads no file")
        assert list(tmp_path.iterdir())
        run.terminate()
        assert run.wait(60) == 128 + signal.SIGTERM
    finally:
        run.kill()
        run.wait()
    assert list(tmp_path.iterdir()) == []
    assert ended(readers)
