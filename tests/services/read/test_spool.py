"""Big answers: drained into a file, so a slow client holds no connection and errors keep their status."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest

from tests.studio import PLAIN, StudioKit
from zou_server.models.conditions import Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import NoRoom
from zou_server.models.registry import facet
from zou_server.services.read import reader as reader_module
from zou_server.services.read import spool as spool_module
from zou_server.services.read.lend import lender_of
from zou_server.services.read.reader import Page, Reader
from zou_server.services.read.spool import Spool


@pytest.fixture
def big(kit: StudioKit, monkeypatch: pytest.MonkeyPatch) -> tuple[Reader, Query]:
    """A reader and a query whose answer counts as big."""
    monkeypatch.setattr(reader_module, "STREAM_FROM", 1)
    monkeypatch.setattr(reader_module, "SHORT", 20)
    monkeypatch.setattr(spool_module, "FIRST_ROWS", 2)
    project = kit.project()
    for _ in range(5):
        kit.shot(project)
    shown = Projection((Output("name", "name"),))
    return kit.studio.read(kit.person("admin")), Query(
        facet("Shot"), shown, Where("project_id", Op.EQ, str(project))
    )


def test_no_connection_is_held_while_an_answer_is_sent(kit: StudioKit, big: tuple[Reader, Query]) -> None:
    reader, query = big
    listed = reader.listed(query, PLAIN)
    assert isinstance(listed, Spool)
    assert lender_of(kit.studio.reads).in_use() == 0
    assert "".join(listed).count("name") == 5


def test_the_connection_is_fit_for_the_next_request_afterwards(big: tuple[Reader, Query]) -> None:
    reader, query = big
    for _ in range(3):
        listed = reader.listed(query, PLAIN)
        assert isinstance(listed, Spool)
        listed.close()
    assert reader.count(query, PLAIN) == 5


def test_a_full_disk_is_an_error_that_says_so(
    kit: StudioKit, big: tuple[Reader, Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, query = big
    real = tempfile.TemporaryFile

    class Full:
        """A file on /dev/full: every write fails as on a full disk."""

        def __init__(self) -> None:
            self._real, self._full = real(), open("/dev/full", "wb", buffering=0)  # noqa: PTH123, SIM115

        def write(self, data: bytes) -> int:
            return self._full.write(data)

        def close(self) -> None:
            self._full.close()
            self._real.close()

    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(NoRoom, match="no room"):
        reader.listed(query, PLAIN)
    monkeypatch.undo()
    answered: Any = kit.studio.read(kit.person("admin")).count(query, PLAIN)
    assert answered == 5


def test_an_answer_that_turns_out_short_is_a_page_again(
    big: tuple[Reader, Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, query = big
    listed = reader.listed(query, PLAIN)
    assert isinstance(listed, Spool)
    listed.close()
    monkeypatch.setattr(reader_module, "SHORT", 1_000_000)
    page = reader.listed(query, PLAIN)
    assert isinstance(page, Page)
    assert (page.count, page.text.count("name")) == (5, 5)


def test_few_rows_that_are_long_stream_too_and_are_the_same(kit: StudioKit) -> None:
    project, reader = kit.project(), kit.studio.read(kit.person("admin"))
    for index in range(4):
        kit.shot(project, description=f"{index} é\U0001f3ac " * 100_000)
    shown = Projection((Output("description", "description"),))
    query = Query(facet("Shot"), shown, Where("project_id", Op.EQ, str(project)), (Order("name"),))
    whole = reader.page(query, PLAIN).text
    for _ in range(2):  # found out, and known
        listed = reader.listed(query, PLAIN)
        assert isinstance(listed, Spool)
        assert "".join(listed) == whole
    listed = reader.listed(query, PLAIN)
    assert isinstance(listed, Spool)
    assert b"".join(listed.blocks()).decode() == whole


def test_a_piece_is_so_many_bytes_whatever_the_rows_are(
    big: tuple[Reader, Query], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, query = big
    monkeypatch.setattr(spool_module, "PIECE", 40)
    monkeypatch.setattr(spool_module, "TEXT", 60)
    listed = reader.listed(query, PLAIN)
    assert isinstance(listed, Spool)
    pieces = list(listed)
    assert len(pieces) > 2
    assert max(len(each) for each in pieces) < 120
