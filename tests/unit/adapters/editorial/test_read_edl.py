"""Edit decision lists of every program become clips with the frames that their record columns say."""

from __future__ import annotations

import pytest

from zou_server.adapters.editorial.read_edl import NoEdlError, read_edl
from zou_server.footage.frame_rate import frame_rate
from zou_server.services.importers.tables.decode_text import decoded_leniently
from zou_server.services.ports import Clip


def read(text: str, rate: object = 24) -> list[Clip]:
    return read_edl(text, frame_rate(rate))


def shown(text: str, rate: object = 24) -> list[tuple[str, int | None, int | None]]:
    """The clips of a list: name, place, length."""
    return [(clip.name, clip.first, clip.frames) for clip in read(text, rate) if clip.frames]


def skipped(text: str, rate: object = 24) -> list[tuple[int, str]]:
    """The lines that are no clips, and why."""
    return [(clip.line, clip.why) for clip in read(text, rate) if not clip.frames]


def event(
    number: str = "001",
    reel: str = "AX",
    how: str = "V     C",
    source: str = "00:00:00:00 00:00:02:00",
    record: str = "01:00:00:00 01:00:02:00",
    name: str = "SH010",
) -> str:
    """An event as most programs write it."""
    said = f"* FROM CLIP NAME: {name}\n" if name else ""
    return f"{number}  {reel}  {how}        {source} {record}\n{said}"


HEAD = "TITLE: Cut\nFCM: NON-DROP FRAME\n\n"


@pytest.mark.parametrize(
    "name",
    [
        "* FROM CLIP NAME: SH010",
        "*FROM CLIP NAME:SH010",
        "* from clip name :  SH010  ",
        "FROM CLIP NAME: SH010",
        "* FROM CLIP NAME IS: SH010",
        "*   CLIP NAME: SH010",
        "* SOURCE FILE: SH010",
        "*SOURCE FILE NAME: SH010",
        "* source file: C:\\media\\day 1\\SH010",
        "* FROM CLIP: /media/SH010",
        "* FROM FILE: /media/SH010",
    ],
)
def test_a_clip_is_named_in_every_spelling(name: str) -> None:
    assert shown(f"{HEAD}{event(name='')}{name}\n") == [("SH010", 0, 48)]


def test_a_name_may_stand_in_the_column_of_tapes_alone() -> None:
    assert shown(HEAD + event(reel="SHOW_SQ01-SH010", name="")) == [("SHOW_SQ01-SH010", 0, 48)]
    assert shown(HEAD + event(reel="AX", name="")) == [("", 0, 48)]


@pytest.mark.parametrize("reel", ["MY REEL 01", "A_001_C007 V 2", "A" * 128, "V", "001", "bl ack"])
def test_a_tape_may_be_called_anything(reel: str) -> None:
    (clip,) = read(HEAD + event(reel=reel))
    assert (clip.reel, clip.name, clip.frames) == (reel, "SH010", 48)


@pytest.mark.parametrize(
    ("channels", "is_shown"),
    [("V", True), ("B", True), ("AA/V", True), ("A2/V", True), ("V2", True), ("VA1", True), ("NONE", True)]
    + [(each, False) for each in ("A", "A2", "AA", "A1A2", "A12", "A24")],
)
def test_pictures_are_clips_and_sound_is_not(channels: str, *, is_shown: bool) -> None:
    assert bool(shown(HEAD + event(how=f"{channels}   C"))) is is_shown


def test_columns_may_be_separated_by_anything_and_followed_by_more() -> None:
    line = "000001 B113RPTW V C 00:32:02:06 00:32:04:06 01:34:53:09 01:34:55:09"
    for text in (
        line,
        line.replace(" ", "\t"),
        f"  {line}   ",
        f"{line} 100 EXTRA columns",
        line.replace("000001", "1"),
    ):
        assert shown(f"TITLE: x\n{text}\n* FROM CLIP NAME: SH010") == [("SH010", 0, 48)]


def test_the_place_is_that_of_the_record_timecode_whatever_the_order() -> None:
    later = event("002", record="10:00:02:00 10:00:04:00", name="SH020")
    assert shown(HEAD + later + event(record="10:00:00:00 10:00:02:00")) == [
        ("SH020", 48, 48),
        ("SH010", 0, 48),
    ]


def test_black_at_the_head_counts_and_is_no_clip() -> None:
    black = event("001", "BL", record="01:00:00:00 01:00:01:00", name="")
    assert shown(HEAD + black + event("002", record="01:00:01:00 01:00:03:00")) == [("SH010", 24, 48)]


def test_a_cut_over_midnight_goes_on() -> None:
    ahead = event(record="23:59:58:00 00:00:01:00", source="23:59:58:00 00:00:01:00")
    after = event("002", record="00:00:01:00 00:00:02:00", name="SH020")
    assert shown(HEAD + ahead + after) == [("SH010", 0, 72), ("SH020", 72, 24)]
    assert shown(HEAD + event(record="23:59:59:00 24:00:01:00")) == [("SH010", 0, 48)]


def test_a_dissolve_is_between_two_clips_of_their_own_lengths() -> None:
    text = HEAD + event(record="01:00:00:00 01:00:04:00")
    text += event("002", record="01:00:04:00 01:00:04:00", name="")
    text += event("002", "BX", "V     D    012", record="01:00:04:00 01:00:09:00", name="SH010")
    clips = [clip for clip in read(text + "* TO CLIP NAME: SH020\n") if clip.frames]
    assert [(clip.name, clip.frames, clip.head, clip.tail) for clip in clips] == [
        ("SH010", 96, 0, 12),
        ("SH020", 120, 12, 0),
    ]


def test_what_comes_out_of_a_transition_without_a_name_is_not_called_by_what_goes() -> None:
    text = HEAD + event(record="01:00:00:00 01:00:04:00")
    text += event("002", record="01:00:04:00 01:00:04:00", name="")
    text += event("002", "TAPE7", "V     W001 012", record="01:00:04:00 01:00:09:00", name="SH010")
    assert shown(text) == [("SH010", 0, 96), ("TAPE7", 96, 120)]


def test_fades_are_of_the_clip_that_is_seen() -> None:
    black = event("001", "BL", source="00:00:00:00 00:00:00:00", record="01:00:00:00 01:00:00:00", name="")
    comes = event("001", how="V     D    024", name="") + "* TO CLIP NAME: SH010\n"
    assert shown(HEAD + black + comes) == [("SH010", 0, 48)]
    goes = event("002", record="01:00:02:00 01:00:04:00", name="")
    goes += event("002", "BL", "V     D    012", record="01:00:04:00 01:00:05:00", name="SH020")
    (_, out) = read(HEAD + event() + goes)
    assert (out.name, out.frames, out.tail) == ("SH020", 48, 12)


def test_a_key_lies_over_its_background() -> None:
    text = HEAD + event("001", how="V     KB", name="") + event("001", "BX", "V     K    024", name="BACK")
    assert shown(text + "* KEY CLIP NAME: FRONT\n") == [("BACK", 0, 48), ("FRONT", 0, 48)]
    assert shown(text.replace("     KB", "     K B") + "* KEY CLIP NAME: FRONT\n")[1] == ("FRONT", 0, 48)


@pytest.mark.parametrize(
    ("motion", "speed"),
    [
        ("M2   AX             048.0                00:00:00:00", 2.0),
        ("M2 B113RPTW 026.4 00:32:02:06", 1.1),
        ("M2   AX             000.0                00:00:10:00", 0.0),
        ("M2   AX             -024.0               00:00:24:00", -1.0),
        ("M2   MY REEL 01     023.9                00:00:24:00", 1.0),
        ("M2   AX             012.0", 0.5),
    ],
)
def test_a_retime_keeps_the_length_in_the_cut(motion: str, speed: float) -> None:
    (clip,) = read(
        HEAD + event(source="00:00:00:00 00:00:04:00", name="") + motion + "\n* FROM CLIP NAME: SH010\n"
    )
    assert (clip.frames, clip.speed) == (48, pytest.approx(speed))


def test_colour_decisions_and_markers_are_kept() -> None:
    said = (
        "* ASC_SOP (1.0 .9 1.1)(-0.01 0 +0.02)(1 1 1e0)\n*ASC_SAT 0.9\n* LOC: 01:00:00:12 RED     replace\n"
    )
    (clip,) = read(HEAD + event() + said)
    assert clip.cdl == {
        "slope": [1.0, 0.9, 1.1],
        "offset": [-0.01, 0.0, 0.02],
        "power": [1.0, 1.0, 1.0],
        "saturation": 0.9,
    }
    assert clip.markers == ({"frame": 12, "color": "RED", "text": "replace"},)
    assert read(HEAD + event() + "* ASC_SOP (1 2)(3)\n* ASC_SAT much\n")[0].cdl is None


@pytest.mark.parametrize(
    ("rate", "frames"),
    [("23.976", 48), ("23.98", 48), (24, 48), (25, 50), ("29.97", 60), ("59.94", 120), (60, 120)],
)
def test_frames_are_those_of_the_rate(rate: object, frames: int) -> None:
    assert shown(HEAD + event(), rate) == [("SH010", 0, frames)]


def test_drop_frame_lists_leave_out_their_labels() -> None:
    over = "00:00:59;00 00:01:00;02"
    assert shown(f"FCM: DROP FRAME\n{event(source=over, record=over)}", "29.97") == [("SH010", 0, 30)]
    colons = over.replace(";", ":")
    assert shown(f"FCM: DROP FRAME\n{event(source=colons, record=colons)}", "29.97") == [("SH010", 0, 30)]
    assert shown(HEAD + event(source=colons, record=colons), "29.97") == [("SH010", 0, 32)]
    wrong = "00:00:59:00 00:01:00:00"
    assert shown(f"FCM: DROP FRAME\n{event(record=wrong)}", "29.97") == [("SH010", 0, 30)], "a head that lies"
    assert skipped(f"{event(record='00:00:59;00 00:01:00;00')}{event('002')}", "29.97")[0][0] == 1


def test_a_list_of_another_rate_is_refused_whole() -> None:
    for wrong in (
        event("002", record="01:00:02:00 01:00:03:24"),
        event("002", source="00:00:00:24 00:00:02:24"),
    ):
        with pytest.raises(NoEdlError, match=r"line 6.*beyond the 24 of a second"):
            read(HEAD + event() + wrong)


def test_odd_lines_are_told_of_and_refuse_nothing() -> None:
    text = f"{HEAD}>>> SOURCE 001 AX\nsomething by hand\n{event()}|C:ResolveColorBlue |M:VFX |D:1\n"
    text += "002  AX  V  C  00:00:00:00 00:00:01:00\n"
    text += "003  AX  V  Q  01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\nSPLIT: x\n"
    assert shown(text) == [("SH010", 0, 48)]
    assert skipped(text) == [
        (5, "line 5 is not understood"),
        (9, "line 9 has 2 timecodes, not 4"),
        (10, "line 10 is no event: its columns are not known"),
    ]
    assert skipped(HEAD + event(record="01:00:02:00 01:00:00:00") + event("002")) == [
        (4, "line 4 ends before it begins")
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_lists_are_read_in_every_encoding(encoding: str, ends: str) -> None:
    content = (HEAD + event(name="Été_SH010")).replace("\n", ends).encode(encoding)
    assert shown(decoded_leniently(content)) == [("Été_SH010", 0, 48)]


@pytest.mark.parametrize("text", ["\x00\xff" * 50, "<xmeml/>", "{}", "5"])
def test_what_holds_no_events_is_no_list(text: str) -> None:
    with pytest.raises(NoEdlError, match="it holds no events"):
        read(text)
    assert read("TITLE: x\n") == []


@pytest.mark.parametrize(
    "record", ["1:00:00:00 1:00:02:00", "9:59:59:00 10:00:01:00", "1:00:00;00 1:00:02;00"]
)
def test_hours_may_have_one_digit(record: str) -> None:
    marked = "* LOC: 1:00:01:00 RED     grain\nM2   AX   048.0   0:00:00:00\n"
    (found,) = read(f"{HEAD}{event(source='0:00:00:00 0:00:04:00', record=record)}{marked}")
    assert (found.name, found.first, found.frames, found.source, found.speed) == (
        "SH010",
        0,
        48,
        (0, 96),
        2.0,
    )
    labels = [f"0{time}" if time[1] == ":" else time for time in record.split()]
    assert found.timecodes[2:] == tuple(labels)
    assert [marker["text"] for marker in found.markers] == ["grain"]


def test_a_rate_of_motion_goes_up_to_the_two_digits_of_the_hours() -> None:
    (found,) = read(f"{HEAD}{event(source='12:00:00:00 12:00:04:00')}M2   AX   048.012:00:00:00\n")
    assert (found.speed, found.source) == (2.0, (12 * 86_400, 96))
