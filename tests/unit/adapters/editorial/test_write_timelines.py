"""A timeline written as an edit list, OpenTimelineIO or Final Cut XML reads back the same."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zou_server.adapters.editorial import read_timeline
from zou_server.adapters.editorial.edl_lines import NO_TAPES, read_remarks
from zou_server.adapters.editorial.timelines import ADAPTERS, OtioTimelines, clip_of
from zou_server.footage.frame_rate import FrameRate, frame_rate
from zou_server.models.errors import Invalid
from zou_server.services.ports import Clip, Timeline

FORMATS = ("edl", "otio", "xml")
FACTS = ["name", "first", "frames", "source", "reel", "file", "speed", "cdl", "markers", "head", "early"]
FACTS += ["tail", "transition", "counted", "track"]
RATES = tuple(map(frame_rate, ("23.976", "24", "25", "29.97", "60")))


def read_back(timeline: Timeline, extension: str) -> list[Clip]:
    """The clips of a timeline that was written; the library runs here and not in a process of its own."""
    content = OtioTimelines().file(timeline, extension)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cut"
        path.write_bytes(content)
        if extension == "edl":
            return OtioTimelines().clips(path, "edl", timeline.rate)
        said = read_timeline.main(str(path), ADAPTERS[extension])
    return [clip_of(clip) for clip in said["clips"]]


def facts(clips: list[Clip]) -> list[dict[str, Any]]:
    """What is kept of clips, in the order of their places."""
    said = [{key: getattr(clip, key) for key in FACTS} for clip in clips]
    return sorted(said, key=lambda each: (each["first"], each["track"], each["name"]))


def same(timeline: Timeline, extension: str) -> bool:
    """Whether a timeline reads back as it was; what differs is in the assertion."""
    assert facts(read_back(timeline, extension)) == facts(list(timeline.clips))
    return True


def cut(*clips: Clip, rate: str = "24", **more: Any) -> Timeline:
    return Timeline("Reel 1", frame_rate(rate), clips, **more)


A = Clip("Fox_A-010", 0, 48, source=(100, 48), reel="A001C002")
B = Clip("Fox_A-020", 48, 24, source=(2000, 24), reel="A001C004")
CASES = {
    "plain": (A, B),
    "with a file": (replace(A, file="A001C002_v003.mov"), replace(B, reel="", file="b.exr")),
    "a gap at the head and between": (replace(A, first=12), replace(B, first=100)),
    "a long tape name": (replace(A, reel="Day 01/Tape 3 (safety)"), B),
    "a tape that is called like black": (replace(A, reel="BL"), replace(B, reel="…")),
    "a dissolve": (replace(A, tail=12), replace(B, head=12, transition="D")),
    "a dissolve on its cut point": (replace(A, tail=6), replace(B, head=12, early=6, transition="D")),
    "a dissolve before its cut point": (A, replace(B, head=12, early=12, transition="D")),
    "a wipe": (replace(A, tail=8), replace(B, head=8, transition="W012")),
    "fades": (replace(A, head=10, transition="D"), replace(B, tail=10)),
    "a fade and then black": (replace(A, tail=10), replace(B, first=96)),
    "fast, slow, backwards": (
        replace(A, speed=2.0, source=(100, 96)),
        replace(B, speed=0.333333, source=(2000, 8)),
        replace(A, first=72, speed=-1.0),
    ),
    "a freeze": (replace(A, speed=0.0, source=(100, 1)), B),
    "a span that its speed does not make": (replace(A, speed=2.0, source=(100, 48)), B),
    "colour": (
        replace(A, cdl={"slope": [1.1, 1.0, 0.95], "offset": [0.0, -0.01, 1e-05], "power": [1.0, 1.0, 1.0]}),
        replace(B, cdl={"saturation": 0.9}),
    ),
    "numbered frames": (replace(A, counted=(1001, 1048)), B),
    "markers": (
        replace(
            A,
            markers=(
                {"frame": 5, "color": "GREEN", "text": "paint out the rig"},
                {"frame": 40, "color": "RED", "text": "naïve & <odd>"},
            ),
        ),
        B,
    ),
    "two tracks": (replace(A, track="V1"), replace(B, track="V1"), replace(A, first=10, track="V2")),
    "two that overlap": (A, replace(B, first=20)),
}


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("clips", CASES.values(), ids=CASES)
def test_what_is_written_reads_back_the_same(clips: tuple[Clip, ...], extension: str) -> None:
    assert same(cut(*clips, start=86_400), extension)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize(
    ("rate", "drop"), [("23.976", False), ("25", False), ("29.97", False), ("29.97", True), ("59.94", True)]
)
def test_it_does_so_at_every_rate(rate: str, extension: str, *, drop: bool) -> None:
    clips = [Clip(f"Fox_A-{n:03}", n * 700, 700, source=(n * 1000, 700)) for n in range(9)]
    assert same(cut(*clips, rate=rate, start=107_892, drop=drop), extension)


def test_a_list_has_the_columns_and_the_words_that_programs_know() -> None:
    text = OtioTimelines().file(
        cut(replace(A, tail=12), replace(B, head=12, transition="D", speed=2.0), start=86_400), "edl"
    )
    assert text.decode().splitlines() == [
        "TITLE: Reel 1",
        "FCM: NON-DROP FRAME",
        "",
        "001  A001C002 V     C        00:00:04:04 00:00:06:04 01:00:00:00 01:00:02:00",
        "* FROM CLIP NAME: Fox_A-010",
        "",
        "002  A001C002 V     C        00:00:06:04 00:00:06:04 01:00:02:00 01:00:02:00",
        "002  A001C004 V     D    012 00:01:23:08 00:01:24:08 01:00:02:00 01:00:03:00",
        "M2   A001C004 048.0                00:01:23:08",
        "* FROM CLIP NAME: Fox_A-010",
        "* TO CLIP NAME: Fox_A-020",
        "",
    ]


READ_BY_ALL = ["plain", "with a file", "a long tape name", "a dissolve", "a wipe", "fast, slow, backwards"]
READ_BY_ALL += ["a freeze", "colour", "numbered frames", "markers"]


@pytest.mark.parametrize("name", READ_BY_ALL)
def test_the_reader_of_opentimelineio_reads_our_lists_alike(name: str) -> None:
    text = OtioTimelines().file(cut(*CASES[name], start=86_400), "edl").decode()
    found = otio.adapters.read_from_string(text, "cmx_3600", rate=24)
    assert [
        (clip.name, found.range_of_child(clip).start_time.to_frames(), clip.duration().to_frames())
        for clip in found.find_clips()
    ] == [(clip.name, clip.first, clip.frames) for clip in CASES[name]]


def test_a_rate_that_a_format_has_no_words_for_is_refused() -> None:
    with pytest.raises(Invalid, match=r"no frame rate of 12\.5"):
        OtioTimelines().file(cut(A, rate="12.5"), "xml")
    assert same(cut(A, rate="12.5"), "otio")


def test_remarks_in_comments_are_read_like_those_of_a_list() -> None:
    said = read_remarks(["ASC_SAT 0.5", "* FRMC START: 1001 FRMC END: 1010", "nonsense", "x" * 5000])
    assert (said.cdl, said.counted) == ({"saturation": 0.5}, (1001, 1010))


texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=30)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    """Clips one after the other, with gaps, retimes and dissolves."""
    rate: FrameRate = draw(st.sampled_from(RATES))
    place, found = 0, list[Clip]()
    for number in range(draw(st.integers(1, 8))):
        place += draw(st.sampled_from([0, 0, 0, 7, 300]))
        frames = draw(st.integers(40, 400))
        speed = draw(st.sampled_from([1.0, 1.0, 1.0, 2.0, 0.5, -1.0]))
        begin = draw(st.integers(1000, 500_000))
        follows = bool(found) and (found[-1].first or 0) + (found[-1].frames or 0) == place
        head = draw(st.sampled_from([0, 0, 12, 25])) if follows else 0
        clip = Clip(f"Fox_A-{number:03}", place, frames, source=(begin, round(frames * abs(speed))))
        clip = replace(clip, speed=speed, head=head, transition="D" if head else "")
        if head:
            found[-1] = replace(found[-1], tail=head)
        reel = " ".join(draw(texts).split())
        found.append(replace(clip, reel="" if reel.upper() in NO_TAPES else reel))
        place += frames
    return Timeline("x", rate, found, start=rate.nominal * 3600)


@settings(max_examples=30)
@pytest.mark.parametrize("extension", FORMATS)
@given(timeline=timelines())
def test_any_cut_reads_back_the_same(timeline: Timeline, extension: str) -> None:
    assert same(timeline, extension)
