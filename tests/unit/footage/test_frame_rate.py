"""Frame rates are exact in every spelling of the field, and their timecodes are OpenTimelineIO's."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zou_server.footage.frame_rate import (
    BeyondRateError,
    FrameRate,
    frame_rate,
    rate_or_none,
    spelled_rate,
)

NTSC: dict[int, tuple[Any, ...]] = {
    24: ("23.976", "23.98", "23.97", "23.976023976", "24000/1001", " 23.976 fps", 23.976, 23.98, "23.98p")
}
NTSC |= {30: ("29.97", "29.970", "30000/1001", 29.97, 29.97002997, "29.97 DF", "2997/100")}
NTSC |= {48: ("47.952", "47.95"), 60: ("59.94", "60000/1001", 59.94006), 120: ("119.88",), 15: ("14.985",)}


@pytest.mark.parametrize(("nominal", "given"), [(n, each) for n, all_ in NTSC.items() for each in all_])
def test_every_spelling_of_the_ntsc_family_is_the_exact_fraction(nominal: int, given: Any) -> None:
    found = frame_rate(given)
    assert found.exact == Fraction(nominal * 1000, 1001)
    assert found.nominal == nominal


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        ("24", 24),
        (25, 25),
        ("25.00", 25),
        ("12.5", Fraction(25, 2)),
        ("24.5", Fraction(49, 2)),
        ("48000/1000", 48),
    ],
)
def test_other_rates_are_what_they_say(given: Any, exact: Fraction | int) -> None:
    assert frame_rate(given).exact == exact


@pytest.mark.parametrize(
    "given",
    [
        "",
        "24,0",
        "23,976",
        "abc",
        "nan",
        "inf",
        "-24",
        "0",
        "0.5",
        "1001",
        "24/0",
        "1/2/3",
        "24 000",
        None,
        True,
        [24],
    ],
)
def test_what_is_no_rate_is_refused_and_counts_as_not_said(given: Any) -> None:
    with pytest.raises(ValueError, match="is not a frame rate"):
        frame_rate(given)
    assert rate_or_none(given) is None


def test_a_rate_is_kept_as_a_number_that_every_client_can_read() -> None:
    spelled = {
        "24": "24",
        "25.00": "25.00",
        "23.98": "23.98",
        "24000/1001": "23.976",
        "30p": "30",
        29.97: "29.97",
    }
    assert {given: spelled_rate(given) for given in spelled} == spelled


@given(st.one_of(st.text(max_size=12), st.floats(), st.integers(), st.fractions()))
def test_whatever_is_taken_for_a_rate_is_one_and_is_read_back_the_same(given: Any) -> None:
    found = rate_or_none(given)
    if found is not None:
        assert 1 <= found.exact <= 1000
        assert abs(frame_rate(spelled_rate(given)).exact - found.exact) < Fraction(1, 1000)


RATES = [frame_rate(text) for text in ("23.976", "24", "25", "29.97", "30", "48", "50", "59.94", "60")]


@given(st.sampled_from(RATES), st.integers(0, 24 * 3600 * 24 - 1))
def test_timecodes_count_like_opentimes(rate: FrameRate, frame: int) -> None:
    label = rate.timecode(frame)
    assert rate.frames(label) == frame
    theirs = otio.opentime.RationalTime(frame, float(rate))
    expected = theirs.to_timecode(float(rate), drop_frame=False)
    assert label == expected
    assert otio.opentime.from_timecode(label, float(rate)).to_frames() == frame


@given(st.sampled_from(["29.97", "59.94"]), st.integers(0, 24 * 3600 * 29))
def test_drop_frame_timecodes_count_like_opentimes(text: str, frame: int) -> None:
    rate = frame_rate(text)
    label = rate.timecode(frame, drop=True)
    assert rate.frames(label, drop=True) == frame
    theirs = otio.opentime.RationalTime(frame, float(rate))
    assert label == theirs.to_timecode(float(rate), drop_frame=True)


def test_drop_frame_timecode_leaves_out_labels_at_each_minute_but_every_tenth() -> None:
    rate = frame_rate("29.97")
    assert rate.frames("00:01:00;02", drop=True) - rate.frames("00:00:59;00", drop=True) == 30
    assert rate.frames("00:10:00;28", drop=True) - rate.frames("00:09:59;28", drop=True) == 30
    for missing in ("00:01:00;00", "00:01:00;01", "01:59:00;01"):
        with pytest.raises(ValueError, match="leaves out"):
            rate.frames(missing, drop=True)
    assert frame_rate("24").frames("00:01:00;00", drop=True) == 1440, "only multiples of 30 drop labels"


@pytest.mark.parametrize(
    "text", ["", "1:2:3", "00:00:60:00", "00:60:00:00", "aa:bb:cc:dd", "00:00:00", "-1:00:00:00"]
)
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"timecode|more than 59"):
        frame_rate(24).frames(text)


def test_a_frame_that_a_second_does_not_have_says_that_the_rate_is_another() -> None:
    with pytest.raises(BeyondRateError, match="beyond the 24"):
        frame_rate("23.976").frames("00:00:00:24")


def test_hours_go_beyond_a_day_for_cuts_over_midnight() -> None:
    assert frame_rate(24).frames("24:00:01:00") == frame_rate(24).day + 24
