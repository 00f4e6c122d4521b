"""Editorial files become sequences and shots with their cuts; a clip that is no shot is told of."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import opentimelineio as otio
import pytest
import sqlalchemy as sa

from tests.contracts.statements import noted
from tests.services.importers.csv_files import tree
from tests.studio import StudioKit, unique
from zou_server.adapters.editorial.timelines import OtioTimelines
from zou_server.footage.frame_rate import frame_rate
from zou_server.models.actor import SYSTEM, Actor
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Forbidden, Invalid
from zou_server.services.importers.cuts.apply_cut import CutRules
from zou_server.services.importers.cuts.import_timeline import import_timeline
from zou_server.services.importers.cuts.take_cut import TimelineImport, rate_of
from zou_server.services.ports import Clip

CONVENTION = "${project_name}_${sequence_name}-${shot_name}"


@pytest.fixture
def project(kit: StudioKit) -> uuid.UUID:
    """A project with a name that clips can begin with."""
    return kit.create("Project", name=unique("Harbour").replace(" ", ""))


def name_of(kit: StudioKit, project: uuid.UUID) -> str:
    return str(kit.row("Project", project, "name"))


def clips(kit: StudioKit, project: uuid.UUID, *names: str, first: int = 0, frames: int = 10) -> list[Clip]:
    """Clips of a project by the end of their names."""
    return [Clip(f"{name_of(kit, project)}_{name}", first, frames) for name in names]


def run(
    kit: StudioKit,
    project: uuid.UUID,
    cut: list[Clip],
    convention: str = CONVENTION,
    *,
    actor: Actor = SYSTEM,
    **more: Any,
) -> TimelineImport:
    with kit.studio.write(actor) as work:
        found = import_timeline(work, project, cut, convention, **more)
        work.commit()
    return found


def test_clips_become_sequences_and_shots_with_their_cuts(kit: StudioKit, project: uuid.UUID) -> None:
    cut = [*clips(kit, project, "A-010.mov", first=1001), *clips(kit, project, "A-020", "B-010", frames=5)]
    found = run(kit, project, cut)
    assert tree(kit, project) == ["None/A/010", "None/A/020", "None/B/010"]
    assert (len(found.created), found.updated, found.skipped, len(found.cuts)) == (3, [], [], 2)
    assert kit.row("Shot", found.created[0], "nb_frames", "data") == {
        "nb_frames": 10,
        "data": {"frame_in": 1001, "frame_out": 1010},
    }


def test_the_same_file_again_changes_nothing_and_a_new_cut_only_its_shots(
    kit: StudioKit, project: uuid.UUID
) -> None:
    cut = clips(kit, project, "A-010", "A-020")
    made = run(kit, project, cut)
    events = len(kit.events())
    again = run(kit, project, cut)
    assert (again.created, again.updated, again.changes, again.cuts) == ([], [], [], [])
    assert len(kit.events()) == events
    recut = run(kit, project, [cut[0], *clips(kit, project, "A-020", frames=12)])
    assert (recut.created, recut.updated) == ([], made.created[1:])
    assert kit.row("Shot", made.created[1], "nb_frames") == 12


@pytest.mark.parametrize(
    ("places", "frames", "last"),
    [((40, 20), 20, 49), ((20, 30), 20, 39), ((20, 25), 15, 34), ((20, 20), 10, 29), ((0, 0, 5, 40), 25, 49)],
)
def test_a_shot_in_several_pieces_is_as_long_as_the_frames_that_show_it(
    kit: StudioKit, project: uuid.UUID, places: tuple[int, ...], frames: int, last: int
) -> None:
    """Never the span from one piece to the other, and what two tracks show at once counts once."""
    pieces = [clip for first in places for clip in clips(kit, project, "A-010", first=first)]
    found = run(kit, project, pieces)
    assert kit.row("Shot", found.created[0], "nb_frames", "data") == {
        "nb_frames": frames,
        "data": {"frame_in": min(places), "frame_out": last},
    }


def test_what_hangs_on_a_clips_name_is_not_the_shots(kit: StudioKit, project: uuid.UUID) -> None:
    odd = ("10.1001.exr", "20-comp-v003.mov", "30 (copy).mov", "40.Copy.01", "50.new.01", "60.mov.Sub.01")
    more = ("70 FF", "80.[1001-1092].exr", "90_comp_v003.mov", "10.%04d.dpx", "10 (Reversed)", "20[2].mov")
    run(kit, project, clips(kit, project, *(f"A-{each}" for each in (*odd, *more))))
    words = ["10", "20", "30", "40", "50", "60", "70", "80", "90_comp_v003"]
    assert tree(kit, project) == [f"None/A/{word}" for word in words]


def test_a_clip_may_be_known_by_its_file_or_its_tape(kit: StudioKit, project: uuid.UUID) -> None:
    (good,) = clips(kit, project, "A-010")
    run(kit, project, [Clip("Scene 5 take 3", 0, 10, others=("A004C002", good.name))])
    assert tree(kit, project) == ["None/A/010"]


def test_impossible_lengths_are_never_written(kit: StudioKit, project: uuid.UUID) -> None:
    (good,) = clips(kit, project, "A-010")
    made = run(kit, project, [good])
    impossible = [Clip(good.name, *span) for span in ((0, -5), (-3, 10), (0, 2**31), (2**40, 5))]
    with pytest.raises(Invalid, match=r"can be a shot.*length or a place that no cut can have") as refused:
        run(kit, project, impossible)
    assert list(refused.value.fields) == ["file"]
    mixed = run(kit, project, [*impossible, *clips(kit, project, "A-020")])
    assert {each.reason for each in mixed.skipped} == {"has a length or a place that no cut can have"}
    assert kit.row("Shot", made.created[0], "nb_frames") == 10


def test_a_rate_that_is_none_counts_no_frames(kit: StudioKit, project: uuid.UUID) -> None:
    for given in ("24,0", "0", "fast"):
        with pytest.raises(Invalid, match=r"fps|frame rate|Validation") as refused:
            kit.update("Project", project, fps=given)
        assert list(refused.value.fields) == ["fps"]
    kit.update("Project", project, fps="24000/1001")
    assert kit.row("Project", project, "fps") == "23.976", "as a number that clients can read"
    with kit.studio.write(SYSTEM) as work:
        assert rate_of(work, project).ratio == "24000/1001"
        work.session.execute(sa.text("update project set fps = '24,0' where id = :id"), {"id": project})
        with pytest.raises(Invalid, match="is not a frame rate"):
            rate_of(work, project)


def test_a_shots_own_rate_is_one_too(kit: StudioKit, project: uuid.UUID) -> None:
    (shot,) = run(kit, project, clips(kit, project, "A-010")).created
    with pytest.raises(Invalid) as refused:
        kit.update("Shot", shot, data={"fps": "24,0"})
    assert list(refused.value.fields) == ["data.fps"]
    for fine in ("23.98", 24, "", None):
        kit.update("Shot", shot, data={"fps": fine})


def test_a_rate_that_is_none_is_refused_wherever_one_is_given(kit: StudioKit, project: uuid.UUID) -> None:
    for kind in ("Sequence", "Episode", "Cut"):
        with pytest.raises(Invalid) as refused:
            kit.create(kind, name="x", project_id=project, data={"fps": "fast"})
        assert list(refused.value.fields) == ["data.fps"]
        kit.create(kind, name="x", project_id=project, data={"fps": 29.97})
    with pytest.raises(Invalid, match=r"Validation|rate"):
        kit.update("Project", project, data={"fps": "24,0"})
    with pytest.raises(Invalid, match=r"Validation|rate"):
        kit.create("ProjectTemplate", name="x", fps="24,0")
    made = kit.create("ProjectTemplate", name="film", fps="24000/1001")
    assert kit.row("ProjectTemplate", made, "fps") == "23.976"


def test_a_clip_without_a_name_is_skipped_and_told_of(kit: StudioKit, project: uuid.UUID) -> None:
    """Zou breaks down over these."""
    odd = [Clip("", 0, 5), Clip("music.wav", 0, 5), Clip(f"{name_of(kit, project)}_A-030", why="no media")]
    found = run(kit, project, [*clips(kit, project, "A-010"), *odd, *clips(kit, project, "A-040", frames=0)])
    assert tree(kit, project) == ["None/A/010"]
    assert [each.reason for each in found.skipped] == [
        "has no name",
        "does not fit the naming convention",
        "no media",
        "has no frames",
    ]


def test_case_counts_unless_the_caller_says_that_it_does_not(kit: StudioKit, project: uuid.UUID) -> None:
    run(kit, project, clips(kit, project, "Dock-010"))
    shouted = [Clip(clip.name.upper(), 3, 10) for clip in clips(kit, project, "Dock-010")]
    with pytest.raises(Invalid, match="No clip of the file is named"):
        run(kit, project, shouted)
    found = run(kit, project, shouted, rules=CutRules(match_case=False))
    assert (found.created, len(found.updated)) == ([], 1)
    assert tree(kit, project) == ["None/Dock/010"]


def test_an_episode_is_that_of_the_request_or_the_one_that_clips_name(
    kit: StudioKit, project: uuid.UUID
) -> None:
    convention = "${project_name}_${episode_name}-${sequence_name}-${shot_name}"
    run(kit, project, clips(kit, project, "E1-A-010", "E2-A-010"), convention)
    assert tree(kit, project) == ["E1/A/010", "E2/A/010"]
    episode = kit.create("Episode", name="E3", project_id=project)
    run(kit, project, clips(kit, project, "A-010"), episode_id=episode)
    assert tree(kit, project)[2:] == ["E3/A/010"]
    assert run(kit, project, clips(kit, project, "E3-A-010"), convention, episode_id=episode).created == []


def test_a_sequence_that_is_in_one_episode_is_found_there(kit: StudioKit, project: uuid.UUID) -> None:
    episode = kit.create("Episode", name="E1", project_id=project)
    kit.create("Sequence", name="A", project_id=project, parent_id=episode)
    run(kit, project, clips(kit, project, "A-010"))
    assert tree(kit, project) == ["E1/A/010"]


def test_a_project_may_be_spelled_with_other_separators(kit: StudioKit) -> None:
    name = unique("Night Harbour")
    project = kit.create("Project", name=name, code="NHB")
    run(kit, project, [Clip(f"{name.replace(' ', '_')}_A-010", 0, 5), Clip("NHB_A-020", 0, 5)])
    assert tree(kit, project) == ["None/A/010", "None/A/020"]


def test_new_shots_get_the_tasks_of_the_projects_steps_for_shots(kit: StudioKit, project: uuid.UUID) -> None:
    steps = {name: kit.create("TaskType", name=unique(name), for_entity=name) for name in ("Shot", "Asset")}
    kit.update("Project", project, task_types=list(steps.values()))
    found = run(kit, project, clips(kit, project, "A-010"))
    tasks = kit.rows("Task", "task_type_id", where=Where("entity_id", Op.EQ, str(found.created[0])))
    assert tasks == [{"task_type_id": str(steps["Shot"])}]


@pytest.mark.parametrize(
    "convention",
    [
        "",
        "${project_name}",
        "${shot_name}${shot_name}",
        "${boat_name}-${shot_name}",
        "${}",
        "${shot_name}" + "x" * 600,
    ],
)
def test_a_convention_that_is_none_is_refused(kit: StudioKit, project: uuid.UUID, convention: str) -> None:
    with pytest.raises(Invalid) as refused:
        run(kit, project, clips(kit, project, "A-010"), convention)
    assert list(refused.value.fields) == ["naming_convention"]
    assert tree(kit, project) == []


def test_a_file_without_a_single_shot_is_refused(kit: StudioKit, project: uuid.UUID) -> None:
    for cut in ([], [Clip("stock", 0, 5)]):
        with pytest.raises(Invalid, match="No clip of the file"):
            run(kit, project, cut)


@pytest.mark.parametrize("role", ["user", "client", "vendor"])
def test_importing_a_cut_needs_who_may_change_shots(kit: StudioKit, project: uuid.UUID, role: str) -> None:
    actor = kit.person(role, {project: None})
    with pytest.raises(Forbidden):
        run(kit, project, clips(kit, project, "A-010"), actor=actor)
    with pytest.raises(Forbidden), kit.studio.write(actor) as work:
        rate_of(work, project)


def test_a_manager_of_the_project_imports(kit: StudioKit, project: uuid.UUID) -> None:
    run(kit, project, clips(kit, project, "A-010"), actor=kit.person("manager", {project: None}))
    assert tree(kit, project) == ["None/A/010"]


def test_statements_do_not_grow_with_the_clips(kit: StudioKit, project: uuid.UUID) -> None:
    kit.update("Project", project, task_types=[kit.create("TaskType", name=unique("s"), for_entity="Shot")])
    counted = []
    for count in (3, 30):
        cut = [c for n in range(count) for c in clips(kit, project, f"S{count}{n}-010", f"S{count}{n}-020")]
        for sent in (cut, cut, [Clip(clip.name, 5, 9) for clip in cut]):
            with noted(kit.studio.reads, kit.studio.writes) as statements:
                run(kit, project, sent)
            counted.append(len(statements))
    assert counted[3:] <= counted[:3]


# -- files -----------------------------------------------------------------------------------------


def read(path: Path, content: bytes, extension: str = "edl", rate: float = 25) -> list[Clip]:
    path.write_bytes(content)
    return OtioTimelines().clips(path, extension, frame_rate(rate))


def placed(clips: list[Clip]) -> list[tuple[str, int | None, int | None, tuple[int, int] | None]]:
    """What counts of clips: name, place, length, source."""
    return [(clip.name, clip.first, clip.frames, clip.source) for clip in clips]


EDL = b"""TITLE: Cut
FCM: NON-DROP FRAME

001  AX       V     C        00:00:01:00 00:00:05:05 00:00:00:00 00:00:04:05
* FROM CLIP NAME: Show_A-010.mov

002  AX       V     C        00:00:00:00 00:00:02:00 00:00:04:05 00:00:06:05
"""


def timeline(*names: str) -> otio.schema.Timeline:
    found = otio.schema.Timeline("cut")
    track = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    found.tracks.append(track)
    for name in names:
        span = otio.opentime.TimeRange(otio.opentime.RationalTime(12, 24), otio.opentime.RationalTime(48, 24))
        media = otio.schema.ExternalReference(target_url=f"/media/{name}.mov", available_range=span)
        track.append(otio.schema.Clip(name=name, media_reference=media, source_range=span))
    return found


def test_an_edl_is_read_at_the_rate_of_the_project(tmp_path: Path) -> None:
    assert placed(read(tmp_path / "cut", EDL))[0] == ("Show_A-010.mov", 0, 105, (25, 105))
    assert placed(read(tmp_path / "cut", EDL, rate=50))[0] == ("Show_A-010.mov", 0, 205, (50, 205))
    latin = EDL.replace(b"Show", "Été".encode("latin-1"))
    assert read(tmp_path / "cut", latin)[0].name == "Été_A-010.mov"


@pytest.mark.parametrize(("extension", "adapter"), [("otio", "otio_json"), ("xml", "fcp_xml")])
def test_other_files_say_their_own_rate(tmp_path: Path, extension: str, adapter: str) -> None:
    content = otio.adapters.write_to_string(timeline("Show_A-010", "Show_A-020"), adapter)
    found = read(tmp_path / "cut", content.encode(), extension, rate=24)
    assert placed(found) == [("Show_A-010", 0, 48, (12, 48)), ("Show_A-020", 48, 48, (12, 48))]
    marked = content.replace("utf-8", "UTF-16").replace("UTF-8", "UTF-16").encode("utf-16")
    if extension == "xml":
        assert placed(read(tmp_path / "cut", marked, extension, rate=24)) == placed(found)


@pytest.mark.parametrize(("extension", "adapter"), [("otio", "otio_json"), ("xml", "fcp_xml")])
@pytest.mark.parametrize("rate", [25, 23.976])
def test_a_file_of_another_rate_than_the_project_is_refused(
    tmp_path: Path, extension: str, adapter: str, rate: float
) -> None:
    content = otio.adapters.write_to_string(timeline("Show_A-010"), adapter).encode()
    with pytest.raises(Invalid, match=f"of 24 frames a second, and the project of {frame_rate(rate)}"):
        read(tmp_path / "cut", content, extension, rate=rate)


def test_a_cut_says_the_rate_of_its_file(kit: StudioKit, project: uuid.UUID, tmp_path: Path) -> None:
    kit.update("Project", project, fps="23.98")
    cut = timeline(f"{kit.row('Project', project, 'name')}_A-010")
    cut.global_start_time = otio.opentime.RationalTime(0, 24000 / 1001)
    for clip in cut.find_clips():
        clip.source_range = otio.opentime.range_from_start_end_time(
            otio.opentime.RationalTime(12, 24000 / 1001), otio.opentime.RationalTime(60, 24000 / 1001)
        )
    content = otio.adapters.write_to_string(cut, "otio_json").encode()
    made = run(kit, project, read(tmp_path / "cut", content, "otio", rate=23.98))
    (kept,) = (row["data"] for row in kit.rows("Cut", "id", "data") if row["id"] == str(made.cuts[0]))
    assert (kept["fps"], kept["duration"]) == (23.976, 48)


def test_an_aaf_file_is_read(tmp_path: Path) -> None:
    cut = timeline("Show_A-010")
    for clip in cut.find_clips():
        clip.media_reference.metadata["AAF"] = {"MobID": _mob_id()}
    path = tmp_path / "cut.aaf"
    otio.adapters.write_to_file(cut, str(path), "AAF", use_empty_mob_ids=True)
    found = OtioTimelines().clips(path, "aaf", frame_rate(24))
    assert [(clip.name, clip.frames) for clip in found] == [("Show_A-010", 48)]


def _mob_id() -> str:
    return "urn:smpte:umid:060a2b34.01010105.01010f20.13000000.a0a0a0a0.a0a0a0a0.a0a0a0a0.a0a0a0a0"


def test_a_clip_without_a_name_is_called_by_its_file(tmp_path: Path) -> None:
    cut = timeline("x")
    next(iter(cut.find_clips())).name = ""
    content = otio.adapters.write_to_string(cut, "otio_json").encode()
    assert placed(read(tmp_path / "cut", content, "otio", rate=24)) == [("x.mov", 0, 48, (12, 48))]


def test_lengths_that_are_none_say_so(tmp_path: Path) -> None:
    cut = timeline("Show_A-010", "Show_A-020", "Show_A-030")
    clips = list(cut.find_clips())
    for clip, frames, rate in ((clips[0], -5, 24), (clips[1], float("nan"), 24), (clips[2], 48, 0)):
        span = otio.opentime.TimeRange(
            otio.opentime.RationalTime(0, rate or 24), otio.opentime.RationalTime(frames, rate)
        )
        clip.source_range = clip.media_reference.available_range = span
    found = read(tmp_path / "cut", otio.adapters.write_to_string(cut, "otio_json").encode(), "otio")
    assert [clip.frames for clip in found] == [None, None, None]
    assert {clip.why for clip in found} <= {
        "has a length or a place that no cut can have",
        "does not say how long it is",
    }


def test_no_complaint_of_a_library_reaches_a_person(tmp_path: Path) -> None:
    for extension, content in (
        ("otio", b"{]"),
        ("xml", b"<xmeml><sequence/>"),
        ("aaf", b"x"),
        ("otio", b"{}"),
    ):
        with pytest.raises(Invalid) as refused:
            read(tmp_path / "cut", content, extension)
        assert "Error" not in refused.value.message
        assert "or it is damaged" in refused.value.message


BAD = {
    "empty": b"",
    "noise": bytes(range(256)) * 8,
    "nested": b"[" * 200_000,
    "nested objects": b'{"a":' * 100_000,
    "another schema": b'{"OTIO_SCHEMA": "Boat.1"}',
    "no object": b"5",
    "xml bomb": b'<!DOCTYPE a [<!ENTITY b "'
    + b"b" * 1000
    + b'">'
    + b"".join(
        b'<!ENTITY c%d "%s">' % (n, b"&b;" * 50 if n == 0 else b"&c%d;" % (n - 1) * 50) for n in range(9)
    )
    + b"]><xmeml>&c8;</xmeml>",
    "half a line": EDL[:95],
    "frames beyond the rate": EDL.replace(b"00:00:05:05", b"00:00:05:99"),
    "compound file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x01" * 2000,
}


@pytest.mark.parametrize("content", BAD.values(), ids=BAD)
@pytest.mark.parametrize("extension", ["edl", "otio", "xml", "aaf"])
def test_a_file_that_is_none_gives_no_clips_or_a_reason(
    tmp_path: Path, extension: str, content: bytes
) -> None:
    """One of these ends the process that reads it: not ours."""
    try:
        found = read(tmp_path / "cut", content, extension)
    except Invalid as error:
        refused = error
    else:
        assert [clip for clip in found if clip.frames] == []
        return
    assert f"This .{extension} file cannot be read: " in refused.message


def test_a_file_of_another_type_is_refused_by_its_extension(tmp_path: Path) -> None:
    for extension in ("", "exe", "otioz", "x" * 99):
        with pytest.raises(Invalid, match="edl, otio, xml, aaf"):
            read(tmp_path / "cut", EDL, extension)
