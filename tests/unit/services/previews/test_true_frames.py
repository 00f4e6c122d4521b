"""The numbers of frames in production, beside their places in the movie that is looked at."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zou_server.models.errors import Invalid
from zou_server.services.previews.true_frames import Counting, counting_of, with_times, with_true_frames

RATES = ("23.976", "24", "25", "29.97", "30", "48", "59.94", "60")


def counting(first: int = 1001, rate: str = "24", source: str = "") -> Counting:
    data = {"first_frame": first, "frame_rate": rate} | ({"source_frame_rate": source} if source else {})
    found = counting_of(data)
    assert found is not None
    return found


@given(st.sampled_from(RATES), st.integers(0, 200_000), st.integers(0, 2_000_000))
def test_at_one_rate_every_frame_has_its_own_number(rate: str, first: int, index: int) -> None:
    known = counting(first, rate)
    assert known.index(first + index) == index
    assert known.true_frame(known.time(first + index)) == first + index


@given(st.sampled_from(RATES), st.sampled_from(RATES), st.integers(0, 200_000))
def test_a_frame_of_a_slower_file_is_found_in_the_movie_and_has_its_number(
    rate: str, source: str, number: int
) -> None:
    known = counting(1001, rate, source)
    index = known.index(1001 + number)
    shown = known.true_frame(known.time(1001 + number))
    if known.source <= known.rate:
        assert shown == 1001 + number
        assert index == 0 or known.true_frame(float((index - 1) / known.rate)) < shown, (
            "the first that shows it"
        )
    else:
        assert shown >= 1001 + number, "a frame that the movie leaves out is that after it"


def test_a_second_of_film_at_25_shows_one_frame_twice() -> None:
    known = counting(1001, "25", "24")
    numbers = [known.true_frame(index / 25) for index in range(26)]
    assert (numbers[0], numbers[24], numbers[25]) == (1001, 1024, 1025)
    assert sorted(set(numbers)) == list(range(1001, 1026))


@pytest.mark.parametrize(
    "data",
    [None, {}, {"first_frame": 1001}, {"frame_rate": "24"}, {"first_frame": "x", "frame_rate": "24"}],
)
def test_without_a_first_frame_and_a_rate_no_frame_has_a_number(data: Any) -> None:
    assert counting_of(data) is None


def test_drawings_are_given_by_true_frame_and_told_with_it() -> None:
    drawing = {"drawing": {"objects": [{"id": "a"}]}}
    (item,) = with_times("additions", [{"true_frame": 1013, **drawing}], counting())
    assert item["time"] == 0.5
    assert with_true_frames([item, {"time": 1, **drawing}, {"id": "x"}], counting()) == [
        item,
        {"time": 1, "true_frame": 1025, **drawing},
        {"id": "x"},
    ]
    both = {"time": 2.0, "true_frame": 1013, **drawing}
    assert with_times("updates", [both, "an id"], counting()) == [both, "an id"], "the moment is what counts"


@pytest.mark.parametrize(
    ("number", "known"), [(1000, counting()), ("1001", counting()), (True, counting()), (1001, None)]
)
def test_a_true_frame_that_there_is_not_is_refused(number: Any, known: Counting | None) -> None:
    with pytest.raises(Invalid) as refused:
        with_times("deletions", [{"true_frame": number, "objects": ["a"]}], known)
    assert list(refused.value.fields) == ["deletions"]
