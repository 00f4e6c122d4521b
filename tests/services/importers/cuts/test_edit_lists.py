"""Edit lists as programs and people write them: the shots that come of each."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import SuitePostgres
from tests.studio import StudioKit, open_studio
from zou_server.adapters.editorial.timelines import OtioTimelines
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Order, Where
from zou_server.services.importers.cuts.import_timeline import import_timeline
from zou_server.services.importers.cuts.take_cut import TimelineImport, rate_of

CONVENTION = "${project_name}_${sequence_name}-${shot_name}"
HEAD = "TITLE: REEL 3\nFCM: NON-DROP FRAME\n\n"

OVER_MIDNIGHT = """
001  CAM_A    V     C        23:58:00:00 23:58:03:00 23:59:59:00 00:00:02:00
* FROM CLIP NAME: Fox_B-010
002  CAM_A    V     C        00:10:00:00 00:10:01:00 00:00:02:00 00:00:03:00
* FROM CLIP NAME: Fox_B-020
"""
BACKWARDS = """
003  CAM_A    V     C        00:00:09:00 00:00:10:00 10:00:03:00 10:00:04:00
* FROM CLIP NAME: Fox_B-030
001  CAM_A    V     C        00:00:04:00 00:00:06:00 10:00:00:00 10:00:02:00
* FROM CLIP NAME: Fox_B-010
002  CAM_B    V     C        01:00:00:00 01:00:01:00 10:00:02:00 10:00:03:00
* FROM CLIP NAME: Fox_B-020
"""
TWO_TAKES = """
001  CAM_A    V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: Fox_B-010
002  CAM_B    V     C        00:00:00:00 00:00:02:00 01:00:01:00 01:00:03:00
* FROM CLIP NAME: Fox_B-020
003  CAM_A    V     C        00:20:00:00 00:20:01:12 01:00:03:00 01:00:04:12
* FROM CLIP NAME: Fox_B-010
"""
FADE_IN_AND_OUT = """
001  BL       V     C        00:00:00:00 00:00:00:00 01:00:00:00 01:00:00:00
001  CAM_A    V     D    012 00:00:00:00 00:00:03:00 01:00:00:00 01:00:03:00
* TO CLIP NAME: Fox_B-010
002  CAM_A    V     C        00:00:03:00 00:00:03:00 01:00:03:00 01:00:03:00
002  BL       V     D    024 00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00
* FROM CLIP NAME: Fox_B-010
"""
PIPELINE_NAMES = """
001  AX       V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: Fox_B-010.1001.exr
002  AX       V     C        00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00
* FROM CLIP NAME: Fox_B-020-anim-v012.mov
003  AX       V     C        00:00:00:00 00:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME: Fox_B-030.[1001-1024].exr
004  AX       V     C        00:00:00:00 00:00:01:00 01:00:03:00 01:00:04:00
* FROM CLIP NAME: Fox_B-040 (copy 2).mov
"""
BY_HAND = """please conform from tape
>>> SOURCE 12 CAM_A 0001
001  CAM A ROLL 2  V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
*source  file : Fox_B-010.mov
|C:ResolveColorRed |M:check |D:1
| see mail
GPI 001 something
002  Fox_B-020 V     C        00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00
003  CAM_A    V     C        00:00:00:00 00:00:01:00 01:00:02:00
* FROM CLIP NAME: Fox_B-030
"""
SOUND_AND_PICTURES = """
001  CAM_A    AA/V  C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: Fox_B-010
002  MUSIC    A2    C        00:00:00:00 00:10:00:00 01:00:00:00 01:10:00:00
* FROM CLIP NAME: Fox_B-099.wav
003  CAM_A    NONE  C        00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00
* FROM CLIP NAME: Fox_B-020
AUD  3  4
"""
RETIMED = """
001  CAM_A    V     C        00:00:10:00 00:00:10:01 01:00:00:00 01:00:02:00
M2   CAM_A          000.0                00:00:10:00
* FROM CLIP NAME: Fox_B-010 FF
002  CAM_B    V     C        00:00:00:00 00:00:04:00 01:00:02:00 01:00:04:00
M2   CAM_B          048.0                00:00:00:00
* FROM CLIP NAME: Fox_B-020
003  CAM_B    V     C        00:00:20:00 00:00:22:00 01:00:04:00 01:00:06:00
M2   CAM_B         -024.0                00:00:22:00
* FROM CLIP NAME: Fox_B-030
"""
WIPED = """
001  CAM_A    V     C        00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: Fox_B-010
002  CAM_A    V     C        00:00:01:00 00:00:01:00 01:00:01:00 01:00:01:00
002  CAM_B    V     W012 012 00:00:00:00 00:00:02:00 01:00:01:00 01:00:03:00
* FROM CLIP NAME: Fox_B-010
* TO CLIP NAME: Fox_B-020
"""
AVID_COLUMNS = """
000001  A001C002_230101_R1XY              V     C        10:00:00:00 10:00:01:00 01:00:00:00 01:00:01:00
* FROM CLIP NAME: A001C002
* LOC: 01:00:00:05 MAGENTA Fox_B-010 clean the glass
000002  A001C004_230101_R1XY              V     C        10:10:00:00 10:10:01:00 01:00:01:00 01:00:02:00
* FROM CLIP NAME: A001C004
* VFX: Fox_B-020
"""
DROPPED = """
001  AX       V     C        00:00:59;00 00:01:00;02 01:00:59;00 01:01:00;02
* FROM CLIP NAME: Fox_B-010
002  AX       V     C        00:00:00;00 00:00:02;00 01:01:00;02 01:01:02;02
* FROM CLIP NAME: Fox_B-020
"""
PLAIN = """
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: Fox_B-010
"""

Shots = dict[str, tuple[int, int, int]]
LISTS: dict[str, tuple[str, str, Shots]] = {
    # what it is: the rate of the project, the list, and for each shot its frames, first and last
    "over midnight": ("24", OVER_MIDNIGHT, {"010": (72, 0, 71), "020": (24, 72, 95)}),
    "not in order": ("24", BACKWARDS, {"030": (24, 72, 95), "010": (48, 0, 47), "020": (24, 48, 71)}),
    "two takes of a shot": ("24", TWO_TAKES, {"010": (60, 0, 107), "020": (48, 24, 71)}),
    "fades at both ends": ("24", FADE_IN_AND_OUT, {"010": (72, 0, 71)}),
    "names of a pipeline": (
        "24",
        PIPELINE_NAMES,
        {"010": (24, 0, 23), "020": (24, 24, 47), "030": (24, 48, 71), "040": (24, 72, 95)},
    ),
    "changed by hand": ("24", BY_HAND, {"010": (24, 0, 23), "020": (24, 24, 47)}),
    "sound and pictures": ("24", SOUND_AND_PICTURES, {"010": (24, 0, 23), "020": (24, 24, 47)}),
    "retimed": ("24", RETIMED, {"010": (48, 0, 47), "020": (48, 48, 95), "030": (48, 96, 143)}),
    "wiped": ("24", WIPED, {"010": (24, 0, 23), "020": (48, 24, 71)}),
    "named by markers": ("24", AVID_COLUMNS, {"010": (24, 0, 23), "020": (24, 24, 47)}),
    "drop-frame": ("29.97", DROPPED, {"010": (30, 0, 29), "020": (60, 30, 89)}),
    "film transferred": ("23.976", PLAIN, {"010": (48, 0, 47)}),
    "film transferred, short": ("23.98", PLAIN, {"010": (48, 0, 47)}),
    "fifty frames": ("50", PLAIN, {"010": (100, 0, 99)}),
    "sixty, nearly": ("59.94", PLAIN, {"010": (120, 0, 119)}),
}


@pytest.fixture(scope="module")
def kit(postgres: SuitePostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioKit]:
    with open_studio(postgres, tmp_path_factory.mktemp("lists")) as kit:
        yield kit


def take(kit: StudioKit, fps: str, content: bytes, folder: Path) -> tuple[TimelineImport, Shots]:
    """A list sent into a new project, and the shots that it makes there."""
    for row in kit.rows("Project", "id", "name"):
        if row["name"] == "Fox":
            kit.update("Project", uuid.UUID(row["id"]), name=f"Fox {row['id']}")
    project = kit.create("Project", name="Fox", fps=fps)
    path = folder / "cut.edl"
    path.write_bytes(content)
    with kit.studio.write(SYSTEM) as work:
        clips = OtioTimelines().clips(path, "edl", rate_of(work, project))
        found = import_timeline(work, project, clips, CONVENTION)
        work.commit()
    shots = {}
    for id_ in found.created:
        row = kit.row("Shot", id_, "name", "nb_frames", "data")
        shots[row["name"]] = (row["nb_frames"], row["data"]["frame_in"], row["data"]["frame_out"])
    return found, shots


@pytest.mark.parametrize(("fps", "text", "shots"), LISTS.values(), ids=LISTS)
def test_a_list_makes_its_shots_with_the_frames_that_are_seen(
    kit: StudioKit, tmp_path: Path, fps: str, text: str, shots: Shots
) -> None:
    assert take(kit, fps, (HEAD + text).encode(), tmp_path)[1] == shots


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "latin-1"])
def test_a_list_is_read_in_the_encoding_of_its_program(kit: StudioKit, tmp_path: Path, encoding: str) -> None:
    text = HEAD + PLAIN.replace("* FROM", "* COMMENT: Überblendung\n* FROM")
    assert take(kit, "24", text.replace("\n", "\r\n").encode(encoding), tmp_path)[1] == {"010": (48, 0, 47)}


def test_lines_that_are_not_understood_are_told_of_by_number(kit: StudioKit, tmp_path: Path) -> None:
    found, _ = take(kit, "24", (HEAD + BY_HAND).encode(), tmp_path)
    assert [(each.line, each.reason) for each in found.skipped] == [
        (4, "line 4 is not understood"),
        (12, "line 12 has 3 timecodes, not 4"),
    ]


def test_a_list_keeps_source_retime_tape_and_markers_with_the_cut(kit: StudioKit, tmp_path: Path) -> None:
    def items(text: str) -> list[dict[str, object]]:
        found, _ = take(kit, "24", (HEAD + text).encode(), tmp_path)
        mine = Where("data.cut_id", Op.EQ, str(found.cuts[0]))
        return [row["data"] for row in kit.rows("CutItem", "data", where=mine, order=(Order("created_at"),))]

    assert [
        (item["reel"], item["cut_item_in"], item["cut_item_out"], item["speed"]) for item in items(RETIMED)
    ] == [("CAM_A", 240, 240, 0.0), ("CAM_B", 0, 95, 2.0), ("CAM_B", 480, 527, -1.0)]
    marked = items(AVID_COLUMNS)[0]
    assert marked["reel"] == "A001C002_230101_R1XY"
    assert marked["markers"] == [{"frame": 5, "color": "MAGENTA", "text": "Fox_B-010 clean the glass"}]
    assert [(item["head"], item["transition"]) for item in items(WIPED)[1:]] == [(12, "W012")]
