"""What lines between events say, and of which event they say it."""

from __future__ import annotations

import pytest

from tests.unit.adapters.editorial.test_read_edl import HEAD, event, read, shown, skipped

BROKEN = "002  AX       V     C        00:00:00:00 00:00:01:00 01:00:02:00 01:00:0x:00\n"


def test_what_is_said_of_an_event_that_is_not_understood_is_said_of_no_other() -> None:
    text = HEAD + event(name="") + BROKEN
    text += (
        "M2   AX   048.0   00:00:00:00\n* FROM CLIP NAME: SH020\n* ASC_SAT 0.5\n* LOC: 01:00:02:00 RED x\n"
    )
    text += event("003", record="01:00:03:00 01:00:04:00", name="SH030")
    first, lost, third = read(text)
    assert (first.name, first.speed, first.cdl, first.markers) == ("", 1.0, None, ())
    assert (lost.line, lost.why) == (5, "line 5 has 3 timecodes, not 4")
    assert (third.name, third.first, third.frames) == ("SH030", 72, 24)


def test_a_remark_by_hand_takes_no_name_from_its_event() -> None:
    text = HEAD + event(name="") + "replaced on 01:00:00:00 by request\n* FROM CLIP NAME: SH010\n"
    assert shown(text) == [("SH010", 0, 48)]
    assert skipped(text) == [(5, "line 5 is not understood")]


@pytest.mark.parametrize(
    "remark",
    ["REEL AX IS CLIP SH010.mov", "* REEL MY TAPE IS CLIP SH010.mov", "reel ax is clip SH010.mov"],
)
def test_a_clip_may_be_named_where_tapes_are_explained(remark: str) -> None:
    (clip,) = read(f"{HEAD}{event(name='')}{remark}\n")
    assert (clip.name, clip.file) == ("SH010.mov", "SH010.mov")


def test_a_tape_is_called_what_the_list_says_that_its_column_stands_for() -> None:
    said = "FINAL CUT PRO REEL: DAY 01 TAPE 1 REPLACED BY: DAY01\n"
    (clip,) = read(HEAD + event(reel="DAY01") + said)
    assert (clip.reel, clip.others) == ("DAY 01 TAPE 1", ("DAY 01 TAPE 1", "DAY01"))
    (other,) = read(HEAD + event(reel="DAY02") + said)
    assert other.reel == "DAY02"
    assert read(HEAD + event(reel="AX"))[0].reel == "", "that is no tape"


@pytest.mark.parametrize("order", [("A", "B"), ("B", "A")])
def test_a_motion_effect_is_that_of_its_own_tape(order: tuple[str, str]) -> None:
    text = HEAD + event("001", "A")
    text += event("002", "A", source="00:00:02:00 00:00:02:00", record="01:00:02:00 01:00:02:00", name="")
    text += event("002", "B", "V     D    012", record="01:00:02:00 01:00:04:00", name="")
    rates = {"A": "012.0", "B": "048.0"}
    text += "".join(f"M2   {reel}   {rates[reel]}   00:00:00:00\n" for reel in order)
    text += "* FROM CLIP NAME: SH010\n* TO CLIP NAME: SH020\n"
    assert [(clip.name, clip.speed) for clip in read(text)] == [("SH010", 1.0), ("SH020", 2.0)]


@pytest.mark.parametrize(
    ("remark", "counted"),
    [
        ("* FRMC START: 1001 FRMC END: 1048 FRMC DURATION: 48", (1001, 1048)),
        ("FRMC START 00001001  FRMC END 00001048", (1001, 1048)),
        ("* FRMC START: 1001 FRMC END: 1048 FRMC DURATION: 12", None),
        ("* FRMC START: 1048 FRMC END: 1001", None),
    ],
)
def test_numbered_frames_are_kept_where_they_agree(remark: str, counted: tuple[int, int] | None) -> None:
    (clip,) = read(f"{HEAD}{event()}{remark}\n")
    assert clip.counted == counted


def test_markers_are_counted_from_the_first_picture_and_may_name_the_shot() -> None:
    text = HEAD + event(record="10:00:00:00 10:00:02:00", name="A001_C003.mov")
    text += "* LOC: 10:00:01:00 GREEN   Show_SQ01-SH010 paint out the rig\n* VFX: SH010\n"
    (clip,) = read(text)
    assert clip.markers == ({"frame": 24, "color": "GREEN", "text": "Show_SQ01-SH010 paint out the rig"},)
    assert clip.others == ("SH010", "Show_SQ01-SH010 paint out the rig")
    wrong = HEAD + event() + "* LOC: 01:00:00:30 RED x\n"
    assert skipped(wrong) == [(4, "line 4 has a marker at 01:00:00:30, which is no timecode")]
    assert shown(wrong) == [("SH010", 0, 48)]


@pytest.mark.parametrize("key", ["K O", "K    O    000", "KO   012", "K    000"])
def test_keys_are_clips_in_every_spelling(key: str) -> None:
    text = HEAD + event(how=f"V     {key}") + "* KEY CLIP NAME: FRONT\n"
    assert shown(text) == [("FRONT", 0, 48)]
