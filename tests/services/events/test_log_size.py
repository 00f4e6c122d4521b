"""What a row of the log and a comment cost on the disk. Sizes do not depend on the machine's speed."""

from __future__ import annotations

from tests.log_at_work import StudioAtWork, size_of_log, sizes
from tests.studio import StudioKit

ROW = 215
"""Bytes with indexes: a log of 100,000 rows takes less, since pages that are not full yet count here."""
LOG_OF_COMMENT = 1_900


def test_a_row_of_the_log_takes_half_of_what_it_took(kit: StudioKit) -> None:
    studio = StudioAtWork(kit)
    studio.work()
    before = size_of_log(kit)
    for _ in range(3):
        studio.work()
    grown = size_of_log(kit).less(before)
    assert grown.rows > 2_000
    assert grown.of_a_row < ROW, str(grown)


def test_a_comment_with_all_its_consequences_takes_few_bytes_of_the_log(kit: StudioKit) -> None:
    studio = StudioAtWork(kit)
    studio.work()
    before = sizes(kit)
    studio.comment(400)
    grown = {name: (size - before[name]) / 400 for name, size in sizes(kit).items() if size > before[name]}
    assert grown["event"] + grown["change_set"] < LOG_OF_COMMENT, grown
