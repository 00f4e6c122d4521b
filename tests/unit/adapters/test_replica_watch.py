"""The watch over a replica goes on, whatever a look meets."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy.exc import SQLAlchemyError

from tests.waiting import PATIENCE
from zou_server.adapters.replica import watch
from zou_server.adapters.replica.watch import ReplicaState, ReplicaWatch


def test_a_look_that_fails_leaves_the_replica_out_and_the_next_one_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(watch, "LOOK_SECONDS", 0.01)
    looks, heard = iter([KeyError("a surprise"), ValueError("another")]), threading.Event()

    class Primary:
        def connect(self) -> Any:
            raise next(looks, SQLAlchemyError())

    def tell(state: ReplicaState) -> None:
        if state.reason == "the primary does not answer":
            heard.set()

    primary: Any = Primary()
    watched = ReplicaWatch(primary, "postgresql://nowhere/none", most_behind=1, tell=tell)
    assert not watched.state().is_used
    assert heard.wait(PATIENCE)
    watched.stop()
