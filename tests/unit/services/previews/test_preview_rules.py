"""Rules of previews that need no database: which files are taken, how movies look, how drawings merge."""

from __future__ import annotations

from typing import Any

import pytest

from zou_server.models.errors import Invalid
from zou_server.services.ports import MovieShape
from zou_server.services.previews.annotations import merged
from zou_server.services.previews.formats import (
    EXTENSIONS,
    MediaForm,
    form_of,
    media_type,
    shown_extension,
    split_name,
)
from zou_server.services.previews.shape import LOOK, shape_of

NOTHING = dict.fromkeys(
    (*["project_fps", "project_resolution", "full_bits", "low_bits", "fps", "resolution", "own_fps"], *LOOK)
)


def shape(*, keep: bool = False, **values: Any) -> MovieShape:
    return shape_of({**NOTHING, **values}, keep=keep)


# -- files ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stem", "extension"),
    [
        ("beauty_v001.EXR", "beauty_v001", "exr"),
        ("../../etc/pass.wd.png", "pass.wd", "png"),
        ("C:\\shots\\a.mov", "a", "mov"),
        ("é 漢字\u202e.mp4", "é 漢字", "mp4"),
        (".png", "", "png"),
        (f"{'a' * 900}.zip", "a" * 250, "zip"),
    ],
)
def test_a_file_is_known_by_the_last_part_of_its_name(name: str, stem: str, extension: str) -> None:
    assert split_name(name) == (stem, extension)


@pytest.mark.parametrize(
    "name", ["", "png", "a.exe", "a.png ", "a.png\0", "a.tar.xz", "a.\u0440ng", "a/b.d/c"]
)
def test_a_name_of_no_kind_that_is_taken_is_refused_with_the_kinds_that_are(name: str) -> None:
    with pytest.raises(Invalid, match="abc, ae, ai"):
        split_name(name)


def test_every_kind_of_zou_is_taken_and_means_the_same() -> None:
    pictures = "jpe jpeg jpg png"
    movies = "avi m4v mkv mov mp4 webm wmv"
    others = (
        "ae ai blend clip comp diff fbx fla flv glb gltf hip kra ma mb md mp3 obj pdf rar rev riv sai sai2 "
        "sbbkp svg swf tvpp wav zip"
    )
    for form, names in ((MediaForm.PICTURE, pictures), (MediaForm.MOVIE, movies), (MediaForm.OTHER, others)):
        assert {form_of(each) for each in names.split()} == {form}
    assert not EXTENSIONS[MediaForm.PICTURE] & EXTENSIONS[MediaForm.MOVIE]


def test_pictures_are_shown_as_png_and_movies_as_mp4_but_a_gif_moves() -> None:
    shown = {each: shown_extension(each) for each in ("exr", "jpg", "gif", "mov", "pdf")}
    assert shown == {"exr": "png", "jpg": "png", "gif": "gif", "mov": "mp4", "pdf": "pdf"}
    assert media_type("blend") == "application/octet-stream"
    assert media_type("svg") == "application/octet-stream"  # a browser would run what is in it


# -- movies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, MovieShape()),
        ({"project_fps": "24", "project_resolution": "1998x1080"}, MovieShape("24", 1998, 1080)),
        ({"project_fps": "24", "own_fps": 30.0, "fps": "12.5"}, MovieShape("25/2")),
        ({"project_fps": "23.976"}, MovieShape("24000/1001")),
        ({"project_resolution": "1921 X 1081"}, MovieShape(width=1920, height=1080)),
        ({"resolution": "640x360", "project_resolution": "1920x1080"}, MovieShape(width=640, height=360)),
        ({"full_bits": 40, "low_bits": 3}, MovieShape(full_bits=40, low_bits=3)),
        ({"full_bits": 10**6, "low_bits": 0}, MovieShape(full_bits=500)),
    ],
)
def test_a_movie_takes_the_shape_of_the_shot_then_of_the_project(
    values: dict[str, Any], expected: MovieShape
) -> None:
    assert shape(**values) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"project_fps": "fast"},
        {"project_fps": "0"},
        {"project_fps": "nan"},
        {"project_fps": "inf"},
        {"fps": "25[evil]"},
        {"project_resolution": "1920"},
        {"project_resolution": "8x8"},
        {"project_resolution": "99999x99999"},
        {"resolution": "1920x1080,drawtext=x"},
    ],
)
def test_a_shape_that_makes_no_sense_counts_as_not_said(values: dict[str, Any]) -> None:
    assert shape(**values) == MovieShape()


# -- drawings ------------------------------------------------------------------------------------------------


def drawing(*objects: dict[str, Any], time: float = 0, **more: Any) -> dict[str, Any]:
    return {"time": time, "drawing": {"objects": list(objects)}, **more}


def test_objects_of_one_moment_are_drawn_together_and_moments_are_in_order() -> None:
    first = merged([], [drawing({"id": "a"}, time=2, width=10)], [], [])
    found = merged(first, [drawing({"id": "b"}, time=2.0001), drawing({"id": "c"}, time=1)], [], [])
    assert found == [drawing({"id": "c"}, time=1), drawing({"id": "a"}, {"id": "b"}, time=2, width=10)]


def test_the_same_object_sent_twice_is_drawn_once() -> None:
    once = merged([], [drawing({"id": "a", "x": 1})], [], [])
    assert merged(once, [drawing({"id": "a", "x": 2})], [], []) == [drawing({"id": "a", "x": 2})]


def test_an_object_without_an_id_gets_one() -> None:
    (found,) = merged([], [drawing({"type": "path"})], [], [])
    assert found["drawing"]["objects"][0]["id"]


def test_an_update_changes_what_is_there_and_brings_back_nothing_that_somebody_removed() -> None:
    kept = [drawing({"id": "a", "x": 1, "y": 1})]
    assert merged(kept, [], [drawing({"id": "a", "x": 5}, {"id": "gone"})], []) == [
        drawing({"id": "a", "x": 5, "y": 1})
    ]
    assert merged([], [], [drawing({"id": "a"})], []) == []


@pytest.mark.parametrize(
    "deletion",
    [{"time": 1, "objects": ["a"]}, {"time": 1, "objects": [{"id": "a"}]}, drawing({"id": "a"}, time=1), "a"],
)
def test_objects_are_removed_by_their_moment_or_by_their_id(deletion: Any) -> None:
    kept = [drawing({"id": "a"}, {"id": "b"}, time=1), drawing({"id": "c"})]
    assert merged(kept, [], [], [deletion]) == [drawing({"id": "c"}), drawing({"id": "b"}, time=1)]


def test_a_moment_without_objects_is_gone() -> None:
    assert merged([drawing({"id": "a"}, time=1)], [], [], ["a"]) == []


def test_nothing_that_was_given_is_changed_in_place() -> None:
    kept, new = [drawing({"id": "a"})], [drawing({"id": "b"})]
    merged(kept, new, [drawing({"id": "a", "x": 1})], ["b"])
    assert (kept, new) == ([drawing({"id": "a"})], [drawing({"id": "b"})])
