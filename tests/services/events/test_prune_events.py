"""The log has an end: what is old goes, whole changes at a time, and is in the archive before."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.studio import StudioKit
from zou_server.adapters.event_archive import EventArchive
from zou_server.models.event import ChangeSet, EventLog
from zou_server.services.events import prune_events as module
from zou_server.services.events.prune_events import prune_events

LONG_AGO = datetime(2019, 5, 1, tzinfo=UTC)


@pytest.fixture
def old(kit: StudioKit, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of three changes of long ago, which are the first of the log; one goes at a time."""
    monkeypatch.setattr(module, "AT_ONCE", 1)
    engine = kit.studio.writes
    prune_events(engine, datetime.now(UTC) + timedelta(days=1))
    for _ in range(3):
        kit.project()
    with engine.begin() as connection:
        connection.execute(sa.update(ChangeSet).values(created_at=LONG_AGO))
        bases = sa.select(ChangeSet.base).order_by(ChangeSet.base)
        return list(connection.execute(bases).scalars())


def log_of(kit: StudioKit) -> list[dict[str, Any]]:
    log = EventLog.__table__
    asked = sa.select(log).order_by(log.c.base, log.c.ordinal)
    with kit.studio.reads.connect() as connection:
        return [dict(row) for row in connection.execute(asked).mappings()]


def test_old_changes_go_and_new_ones_stay(kit: StudioKit, old: list[int]) -> None:
    kit.project()
    before = log_of(kit)
    young = [each for each in before if each["base"] not in old]
    assert prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1)) == len(before) - len(young)
    assert log_of(kit) == young
    assert young


@pytest.mark.usefixtures("old")
def test_the_next_change_has_the_next_number(kit: StudioKit) -> None:
    last = max(each["last"] for each in log_of(kit))
    prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1))
    assert log_of(kit) == []
    kit.project()
    assert log_of(kit)[0]["base"] == last + 1


def test_the_log_stays_whole_from_its_first_number_on(kit: StudioKit, old: list[int]) -> None:
    with kit.studio.writes.begin() as connection:  # one that was slow to commit: younger than the next
        young = sa.update(ChangeSet).where(ChangeSet.base == old[1]).values(created_at=datetime.now(UTC))
        connection.execute(young)
    prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1))
    assert sorted({each["base"] for each in log_of(kit)}) == old[1:]


def test_a_change_that_comes_while_the_old_go_stays(kit: StudioKit, old: list[int]) -> None:
    def keep(lines: Iterator[str]) -> None:
        assert list(lines)
        kit.project()

    prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1), keep)
    assert len({each["base"] for each in log_of(kit)}) == len(old)


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("name", ["events.jsonl", "events.jsonl.gz"])
def test_what_goes_is_in_the_archive_with_all_that_was_said(
    kit: StudioKit, tmp_path: Path, name: str
) -> None:
    before = log_of(kit)
    with EventArchive(tmp_path / name) as archive:
        assert prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1), archive.keep) == len(before)
    opened = gzip.open if name.endswith(".gz") else open
    with opened(tmp_path / name, "rt") as lines:
        kept = [json.loads(line) for line in lines]
    assert [each["number"] for each in kept] == [each["base"] + each["ordinal"] for each in before]
    assert [each["object_name"] for each in kept] == [each["object_name"] for each in before]
    with pytest.raises(FileExistsError):
        EventArchive(tmp_path / name)


def test_what_could_not_be_kept_stays_in_the_log(kit: StudioKit, old: list[int]) -> None:
    before, calls = log_of(kit), []

    def keep(lines: Any) -> None:
        calls.append(list(lines))
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        prune_events(kit.studio.writes, LONG_AGO + timedelta(days=1), keep)
    assert log_of(kit) == [each for each in before if each["base"] != old[0]]
