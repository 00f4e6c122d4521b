"""Descriptors of file trees: what is refused and how it is named, and what the shipped ones promise."""

from __future__ import annotations

from typing import Any

import pytest

from zou_server.services.file_trees.descriptor import AVAILABLE, BadFileTree, BadPath, Variable, parse_tree
from zou_server.services.file_trees.shipped import shipped_tree, shipped_trees


def tree(**mode: Any) -> dict[str, Any]:
    return {"working": mode}


def test_a_descriptor_is_read_into_its_parts() -> None:
    given = tree(
        mountpoint="/mnt",
        root="shows",
        folder_path={"shot": "<Project.code>/work/<Shot>", "style": "lowercase"},
        file_name={"shot": "<Shot.id>_v<Version>"},
    )
    mode = parse_tree(given, "a tree").mode("working")
    assert (mode.mountpoint, mode.root, mode.folder_style, mode.file_style) == (
        "/mnt",
        "shows",
        "lowercase",
        "",
    )
    assert mode.folders["shot"] == (Variable("Project", "code"), "/work/", Variable("Shot"))
    assert mode.files["shot"] == (Variable("Shot", "id"), "_v", Variable("Version"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (["working"], ["not an object of modes"]),
        ("working", ["not an object of modes"]),
        ({"working": 1}, ["mode working", "not an object"]),
        (tree(folder_path={"shot": "<Shoot>"}), ["mode working", "folder_path.shot", "<Shoot>"]),
        (tree(file_name={"shot": "<OuputType>"}), ["mode working", "file_name.shot", "<OuputType>"]),
        (tree(folder_path={"asset": "<Shot>"}), ["folder_path.asset", "<Shot>", "asset"]),
        (tree(folder_path={"shot": "<Shot"}), ["folder_path.shot", "bracket"]),
        (tree(folder_path={"shot": "<Shot.a.b>"}), ["<Shot.a.b>"]),
        (tree(folder_path={"shot": "a/../<Shot>"}), ["folder_path.shot", "leads out"]),
        (tree(folder_path={"shot": "..\\<Shot>"}), ["leads out"]),
        (tree(folder_path={"shot": "a\0b"}), ["leads out"]),
        (tree(folder_path={"shot": "a\u202eb"}), ["leads out"]),
        (tree(file_name={"shot": "a/<Shot>"}), ["file_name.shot", "leads out"]),
        (tree(file_name={"shot": "a\\..\\<Shot>"}), ["leads out"]),
        (tree(folder_path={"shot": 3}), ["folder_path.shot", "not a template"]),
        (tree(folder_path={"short": "<Shot>"}), ["folder_path.short", "unknown template"]),
        (tree(folder_path={"style": "camel"}), ["unknown style 'camel'"]),
        (tree(folder_path={"style": ["lowercase"]}), ["unknown style"]),
        (tree(folder_path=[]), ["folder_path is not an object"]),
        (tree(mountpoint="/mnt/../etc"), ["mountpoint is not a path"]),
        (tree(root=4), ["root is not a path"]),
        (tree(folders={}), ["unknown key 'folders'"]),
        ({f"mode {n}": {} for n in range(300)}, ["not an object of modes"]),
    ],
)
def test_what_is_wrong_is_named_with_mode_and_template(given: Any, words: list[str]) -> None:
    with pytest.raises(BadFileTree) as refused:
        parse_tree(given, "my tree")
    assert "my tree" in refused.value.message
    assert all(word in refused.value.message for word in words), refused.value.message
    assert list(refused.value.fields) == ["file_tree"]


def test_everything_wrong_is_told_at_once() -> None:
    given = tree(folder_path={"shot": "<A>", "asset": "<B>"}, file_name={"shot": "<C>"}, other=1)
    with pytest.raises(BadFileTree) as refused:
        parse_tree(given, "my tree")
    assert len(refused.value.fields["file_tree"]) == 4


def test_a_mode_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(BadPath, match=r"'sculpting' in my tree .it has working"):
        parse_tree(tree(), "my tree").mode("sculpting")


def test_shipped_trees_are_found_by_name_only() -> None:
    assert set(shipped_trees()) == {"default", "simple", "studio"}
    for name in ("../default", "default.json", "", None, ["default"]):
        with pytest.raises(BadPath, match="There is no file tree"):
            shipped_tree(name)


@pytest.mark.parametrize("name", list(shipped_trees()))
def test_every_shipped_template_tells_revisions_apart(name: str) -> None:
    """Every revision of every thing gets a path of its own: nothing is written over."""
    for mode in parse_tree(shipped_tree(name), name).modes.values():
        assert set(mode.folders) == set(mode.files)
        for template, parts in mode.folders.items():
            in_name = {part.name for part in mode.files[template] if isinstance(part, Variable)}
            anywhere = in_name | {part.name for part in parts if isinstance(part, Variable)}
            assert "Version" in in_name
            assert {"Project", "TaskType", "Name"} <= anywhere
            assert _identity(template) <= anywhere
            if mode.name in ("output", "render", "cache"):
                assert "Representation" in anywhere
            if mode.name in ("output", "cache"):
                assert "OutputType" in anywhere


def _identity(template: str) -> set[str]:
    """What tells one such thing from another in a project: the same name may be in two sequences."""
    return {
        "shot": {"Shot", "Sequence", "Episode"},
        "scene": {"Scene", "Sequence", "Episode"},
        "sequence": {"Sequence", "Episode"},
        "episode": {"Episode"},
        "asset": {"Asset", "AssetType"},
        "edit": {"Edit", "Episode"},
        "concept": {"Concept"},
        "instance": {"TemporalEntity", "Sequence", "Episode", "Scene", "Asset", "AssetType", "Instance"},
        "instance_asset": {"TemporalEntity", "TemporalEntityType", "Scene", "Asset", "AssetType", "Instance"},
    }[template]


@pytest.mark.parametrize("name", list(shipped_trees()))
def test_every_shipped_tree_has_a_place_for_everything(name: str) -> None:
    tree = parse_tree(shipped_tree(name), name)
    assert set(tree.mode("working").folders) == set(AVAILABLE) - {"instance", "instance_asset"}
    assert set(tree.mode("output").folders) == set(AVAILABLE)
    assert set(tree.mode("preview").folders) == set(AVAILABLE) - {"instance", "instance_asset"}
