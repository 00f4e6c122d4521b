"""An archive of numbered pictures becomes a movie with a frame for each number."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813 - its documentation calls it so
import pytest
from PIL import Image

from tests import media
from zou_server.adapters.media.ffmpeg import probe
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.footage.look import Look
from zou_server.models.errors import Unreadable
from zou_server.services.ports import MovieShape, Rendered
from zou_server.services.previews.image_sequence import read_sequence

SHAPE = MovieShape(rate="24", width=128, height=72)


def exr(path: Path, value: float, names: tuple[str, ...] = ("R", "G", "B")) -> bytes:
    """A small EXR of one value."""
    pixels = np.full((72, 128, len(names)), value, np.float32)
    return media.film_picture(path / "frame.exr", pixels, names=names).read_bytes()


def archive(path: Path, files: dict[str, bytes]) -> Path:
    """A ZIP file."""
    with zipfile.ZipFile(path / "shot.zip", "w") as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path / "shot.zip"


def made(source: Path, tmp_path: Path, shape: MovieShape = SHAPE) -> Rendered:
    folder = tmp_path / "renditions"
    folder.mkdir()
    return LocalMedia().sequence(source, folder, shape, lambda _percent: None)


def grey(found: Rendered, number: int, tmp_path: Path) -> int:
    """How light a frame of the movie is."""
    folder = tmp_path / f"frame{number}"
    folder.mkdir()
    path = LocalMedia().frame(found.files["movies/originals"], number, folder)
    with Image.open(path) as image:
        return int(np.asarray(image.convert("L")).mean())


def test_frames_become_a_movie_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    values = {1001: 0.0, 1002: 0.18, 1003: 1.0}
    files = {f"shot/SH010.{n}.exr": exr(tmp_path, value) for n, value in sorted(values.items(), reverse=True)}
    found = made(archive(tmp_path, {**files, "shot/.DS_Store": b"x"}), tmp_path)
    assert (found.width, found.height, found.duration) == (128, 72, 0.12)
    assert found.facts == {
        "first_frame": 1001,
        "frame_rate": "24",
        "start_timecode": "00:00:41:17",
        "missing_frames": [],
    }
    shown = [grey(found, number, tmp_path) for number in range(3)]
    assert shown == pytest.approx([0, 118, 255], abs=3)
    assert probe(found.files["movies/originals"]).rate == 24
    assert set(found.files) >= {"movies/low", "movies/tiles", "pictures/originals", "pictures/thumbnails"}


def test_a_gap_shows_the_frame_before_and_is_told(tmp_path: Path) -> None:
    files = {f"a_{n:04}.png": media.picture((64, 48), colour=c) for n, c in ((10, "white"), (13, "black"))}
    found = made(archive(tmp_path, files), tmp_path)
    assert (found.facts["first_frame"], found.facts["missing_frames"]) == (10, [11, 12])
    assert [grey(found, number, tmp_path) > 128 for number in range(4)] == [True, True, True, False]


def test_the_layers_of_the_project_are_shown(tmp_path: Path) -> None:
    names = ("R", "G", "B", "comp.R", "comp.G", "comp.B")
    pixels = np.zeros((72, 128, 6), np.float32)
    pixels[:, :, 3:] = 1.0
    content = media.film_picture(tmp_path / "x.exr", pixels, names=names).read_bytes()
    source = archive(tmp_path, {f"a.{n}.exr": content for n in (1, 2)})
    assert (
        grey(made(source, tmp_path, MovieShape(width=128, height=72, look=Look(("comp",)))), 0, tmp_path)
        > 250
    )


def test_a_frame_that_is_broken_says_which(tmp_path: Path) -> None:
    whole = exr(tmp_path, 0.5)
    source = archive(tmp_path, {"a.1001.exr": whole, "a.1002.exr": whole[:200], "a.1003.exr": whole})
    with pytest.raises(Unreadable, match="Frame 1002 cannot be read"):
        made(source, tmp_path)


def test_frames_of_another_size_are_scaled_to_the_first(tmp_path: Path) -> None:
    files = {f"a.{n}.jpg": media.picture(size, "JPEG") for n, size in ((1, (128, 72)), (2, (64, 36)))}
    found = made(archive(tmp_path, files), tmp_path)
    assert found.original == {"width": 128, "height": 72, "duration": pytest.approx(2 / 24, abs=0.01)}


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.1.exr": b"x"},
        {"notes.txt": b"x", "scene.ma": b"y", "a.1.png": b"z"},
        {"a.png": b"x", "b.png": b"y"},
        {"a.1.exr": b"", "a.2.exr": b""},
        {"a.1.png": b"x", "a.90000000.png": b"y"},
    ],
)
def test_other_archives_are_no_sequences(tmp_path: Path, files: dict[str, Any]) -> None:
    source = archive(tmp_path, files)
    assert read_sequence(source) is None
    with pytest.raises(Unreadable):
        made(source, tmp_path)


def test_what_is_no_archive_is_no_sequence(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(io.BytesIO(b"PK\x03\x04nonsense").getvalue())
    assert read_sequence(path) is None


def test_a_movie_says_its_start_timecode_and_true_first_frame(tmp_path: Path) -> None:
    source = media.movie(tmp_path / "a.mov", "-timecode", "00:00:41:17", rate="24", seconds=0.2)
    folder = tmp_path / "renditions"
    folder.mkdir()
    found = LocalMedia().movie(source, folder, SHAPE, lambda _percent: None)
    assert found.facts == {"frame_rate": "24", "first_frame": 1001, "start_timecode": "00:00:41:17"}
    drop = media.movie(
        tmp_path / "b.mov", "-timecode", "00:01:00;02", "-pix_fmt", "yuv420p", rate="30000/1001", seconds=0.2
    )
    found = LocalMedia().movie(drop, folder, SHAPE, lambda _percent: None)
    assert found.facts == {
        "frame_rate": "24",
        "source_frame_rate": "29.97",
        "first_frame": 1800,
        "start_timecode": "00:01:00;02",
    }
    kept = LocalMedia().movie(drop, folder, replace(SHAPE, keep=True), lambda _percent: None)
    assert (kept.facts["frame_rate"], "source_frame_rate" in kept.facts) == ("29.97", False)


TIMECODE = oiio.TypeDesc("timecode")
ONE_O_CLOCK = 0x01000010  # 01:00:00:10


def framed(path: Path, extension: str, **said: tuple[Any, Any]) -> bytes:
    """A small frame whose header says things: a name, then the type and the value."""
    kind = oiio.HALF if extension == "exr" else oiio.UINT16
    spec = oiio.ImageSpec(64, 36, 3, kind)
    for name, (of_type, value) in said.items():
        spec.attribute(name.replace("__", ":"), of_type, value)
    target: Any = oiio.ImageOutput.create(str(path / f"frame.{extension}"))
    assert target.open(str(path / f"frame.{extension}"), spec), target.geterror()
    assert target.write_image(np.zeros((36, 64, 3), np.float32))
    target.close()
    return (path / f"frame.{extension}").read_bytes()


@pytest.mark.parametrize(
    ("extension", "first", "said", "number", "label"),
    [
        ("exr", 1001, {"smpte__TimeCode": (TIMECODE, (ONE_O_CLOCK, 0))}, 1001, "01:00:00:10"),
        ("exr", 1, {"smpte__TimeCode": (TIMECODE, (ONE_O_CLOCK, 0))}, 86410, "01:00:00:10"),
        ("exr", 0, {"imageCounter": (oiio.TypeDesc("int"), 1001)}, 1001, "00:00:41:17"),
        ("dpx", 1, {"dpx__FramePosition": (oiio.TypeDesc("uint"), 1001)}, 1001, "00:00:41:17"),
        (
            "dpx",
            1,
            {
                "smpte__TimeCode": (TIMECODE, (ONE_O_CLOCK, 0)),
                "dpx__FrameRate": (oiio.TypeDesc("float"), 25.0),
            },
            90010,
            "01:00:00:10",
        ),
        ("dpx", 1, {"smpte__TimeCode": (TIMECODE, (0, 0))}, 1, "00:00:00:01"),
        ("exr", 1, {"smpte__TimeCode": (TIMECODE, (0x01000039, 0))}, 1, "00:00:00:01"),
        ("exr", 1, {"smpte__TimeCode": (TIMECODE, (0x0100000F, 0))}, 1, "00:00:00:01"),
        ("dpx", 1, {"dpx__FramePosition": (oiio.TypeDesc("uint"), 4294902015)}, 1, "00:00:00:01"),
        ("exr", 1, {}, 1, "00:00:00:01"),
    ],
)
def test_the_header_of_the_first_frame_says_what_names_do_not(
    tmp_path: Path, extension: str, first: int, said: dict[str, Any], number: int, label: str
) -> None:
    content, last = framed(tmp_path, extension), first + 2
    frames = {
        f"a.{first}.{extension}": framed(tmp_path, extension, **said),
        f"a.{last}.{extension}": content,
    }
    found = made(archive(tmp_path, frames), tmp_path)
    assert (found.facts["first_frame"], found.facts["start_timecode"]) == (number, label)
    assert found.facts["missing_frames"] == [number + 1]


def test_a_header_with_a_drop_frame_timecode_is_counted_as_one(tmp_path: Path) -> None:
    rate = ("FramesPerSecond", (oiio.TypeDesc("rational"), (30000, 1001)))
    said = {"smpte__TimeCode": (TIMECODE, (0x00010002 | 1 << 6, 0)), rate[0]: rate[1]}
    frame = framed(tmp_path, "exr", **said)
    found = made(archive(tmp_path, {f"a.{n}.exr": frame for n in (1, 2)}), tmp_path)
    assert (found.facts["first_frame"], found.facts["start_timecode"]) == (1800, "00:01:00;02")
