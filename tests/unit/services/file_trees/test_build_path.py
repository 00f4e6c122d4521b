"""Paths out of trees and names: what the values become, and that none of them leads anywhere else."""

from __future__ import annotations

import unicodedata
import uuid
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from zou_server.models.values.slugs import slug
from zou_server.services.file_trees.build_path import PathAsked, build_path, extension_of
from zou_server.services.file_trees.descriptor import BadPath, parse_tree
from zou_server.services.file_trees.facts import NamedRow, TreeFacts
from zou_server.services.file_trees.frames import stems

ROOT = "/mnt/shows/"


def facts(folder: str, name: str = "<Name>_v<Version>", style: str = "", **rows: Any) -> TreeFacts:
    """The facts of a shot in a tree with one template."""
    mode = {
        "mountpoint": "/mnt",
        "root": "shows",
        "folder_path": {"shot": folder, "style": style},
        "file_name": {"shot": name, "style": style},
    }
    found = {
        variable: each if isinstance(each, NamedRow) else NamedRow(str(uuid.uuid4()), each)
        for variable, each in rows.items()
    }
    return TreeFacts("", parse_tree({"working": mode}, "the tree"), "shot", found)


def folder(template: str, style: str = "", **rows: Any) -> str:
    return build_path(facts(template, style=style, **rows), PathAsked("working")).folder.removeprefix(ROOT)


def test_values_are_slugs_in_the_style_of_the_tree() -> None:
    assert folder("<Shot>/fix", Shot="Big Bâd-Shot #2") == "Big_Bad_Shot_2/fix"
    assert folder("<Shot>/Fix", "lowercase", Shot="Big Shot") == "big_shot/Fix"
    assert folder("<Shot>", "uppercase", Shot="Big Shot") == "BIG_SHOT"
    assert folder("<Shot>", "none", Shot="Big Shot") == "Big_Shot"


def test_fields_fall_back_to_the_name() -> None:
    step = NamedRow("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "Animation", short_name="ani", code="AN")
    assert folder("<TaskType.short_name>", TaskType=step) == "ani"
    assert folder("<TaskType.code>", TaskType=step) == "AN"
    assert folder("<TaskType.id>", "uppercase", TaskType=step) == step.id
    assert folder("<TaskType.colour>", TaskType=step) == "Animation"
    assert folder("<Shot.short_name>", Shot="SH01") == "SH01"


def test_sequences_and_episodes_are_written_as_ever() -> None:
    assert folder("<Sequence>", Sequence="Seq7") == "S007"
    assert folder("<Sequence>", Sequence="Seq0010") == "S0010"
    assert folder("<Sequence>", Sequence="SeqA") == "SeqA"  # else it would be one with SeqB
    assert folder("<Episode>") == "e001"
    assert folder("<Episode>", "uppercase") == "E001"
    assert folder("<Episode>", Episode="E05") == "E05"


def test_names_of_other_scripts_stay_apart() -> None:
    names = ["日本", "東京", "कि", "का", "Ж", "Щ", "…", "!!!"]
    assert len({folder("<Shot>", Shot=name) for name in names}) == len(names)


def test_a_name_that_holds_no_letter_is_written_as_its_id() -> None:
    row = NamedRow("1b4e28ba-2fa1-11d2-883f-0016d3cca427", "../..")
    assert folder("<Shot>", Shot=row) == row.id


def test_what_is_missing_is_named_and_what_may_be_empty_leaves_no_folder() -> None:
    with pytest.raises(BadPath, match=r"<Sequence>.*working"):
        folder("<Sequence>/<Shot>", Shot="a")
    assert folder("<Shot>/<Representation>/x", Shot="a") == "a/x"
    built = build_path(facts("a", "<Name>_<Representation>_v<Version>"), PathAsked("working", revision=7))
    assert built.name == "main_v007"


def test_a_mode_a_template_and_a_separator_that_are_not_there_are_refused() -> None:
    with pytest.raises(BadPath, match="sculpting"):
        build_path(facts("a"), PathAsked("sculpting"))
    with pytest.raises(BadPath, match="no template for shot"):
        build_path(TreeFacts("", parse_tree({"working": {}}, "t"), "shot", {}), PathAsked("working"))
    for sep in ("", "|", "//", "\0"):
        with pytest.raises(BadPath, match="separator"):
            build_path(facts("a"), PathAsked("working", sep=sep))


def test_windows_gets_its_own_separator_everywhere() -> None:
    built = build_path(facts("<Shot>/x", Shot="a/b"), PathAsked("working", sep="\\"))
    assert str(built) == "\\mnt\\shows\\a_b\\x\\main_v001"


def test_names_that_windows_cannot_make_get_an_underscore() -> None:
    assert folder("<Shot>/NUL/com1", Shot="con") == "con_/NUL_/com1_"


def test_many_files_are_one_path_with_their_number() -> None:
    built = build_path(facts("a"), PathAsked("working", revision=2, nb_elements=25, extension="exr"))
    assert str(built) == "/mnt/shows/a/main_v002_[1-25].exr"
    assert built.sequence_path == "/mnt/shows/a/main_v002.1-25#.exr"
    assert build_path(facts("a"), PathAsked("working")).sequence_path is None


def test_extensions_have_one_dot_and_no_folder() -> None:
    assert [extension_of(each) for each in ("", "exr", ".abc", "tar.gz")] == ["", ".exr", ".abc", ".tar.gz"]
    for wrong in ("..", "a/b", "a\\b", "exr\0", ".", "x" * 20, "日本"):
        with pytest.raises(BadPath, match="extension"):
            extension_of(wrong)


def test_what_no_disk_can_hold_is_refused() -> None:
    with pytest.raises(BadPath, match="too long a name"):
        folder("<Shot>", Shot="x" * 300)
    with pytest.raises(BadPath, match="longer than 400"):
        folder("<Shot>/<Sequence>", Shot="x" * 250, Sequence="y" * 250)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=20), st.sampled_from(["/", "\\"]))
@example("..", "..", "..", "/")
@example("../../etc/passwd", "\\\\server\\c$", "a\0b", "\\")
@example("‥", "／", "․․/", "/")  # noqa: RUF001 - signs that normalise to dots and slashes
@example("\u202egnp.exe", "a\u2028b", "\ud7ff", "/")
def test_no_name_leads_out_of_its_folder(shot: str, name: str, representation: str, sep: str) -> None:
    given_facts = facts("<Project>/<Shot>/<Representation>", "<Name>_v<Version>", Project="P", Shot=shot)
    asked = PathAsked("working", name, 1, representation, sep=sep)
    if not slug(name):
        with pytest.raises(BadPath, match="named by"):
            build_path(given_facts, asked)
        return
    built = build_path(given_facts, asked)
    parts = str(built).split(sep)
    assert parts[:4] == ["", "mnt", "shows", "P"]
    assert len(parts) == 6 + bool(slug(representation))
    for part in parts[4:]:
        assert part not in ("", ".", "..")
        assert not set(part) & set('/\\\0:*?"<>|')
        assert all(unicodedata.category(each)[0] not in "CZ" for each in part)


@given(st.text(max_size=30))
def test_a_slug_of_a_slug_is_itself(text: str) -> None:
    assert slug(slug(text)) == slug(text)


@pytest.mark.parametrize(
    ("name", "stem", "frames"),
    [
        ("tree_v001.1001.exr", "tree_v001", "1001"),
        ("tree_v001.####.exr", "tree_v001", ""),
        ("tree_v001.%04d.exr", "tree_v001", ""),
        ("tree_v001.1-25#.exr", "tree_v001", "0001-0025"),
        ("tree_v001_[1-25].exr", "tree_v001", "1-25"),
        ("tree_v001_[1-25]", "tree_v001", "1-25"),
    ],
)
def test_the_frames_of_a_file_name_are_found(name: str, stem: str, frames: str) -> None:
    assert list(stems(name))[-1] == (stem, frames)


def test_a_revision_is_not_taken_for_a_frame() -> None:
    assert next(stems("tree_v001")) == ("tree_v001", "")
    assert ("tree_v001", "") in list(stems("tree_v001.abc"))
