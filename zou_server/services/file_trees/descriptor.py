"""The descriptor of a file tree, read once and checked whole: modes, folders, file names, styles.

    {"working": {"mountpoint": "/studio", "root": "productions",
                 "folder_path": {"shot": "<Project>/<Sequence>/<Shot>/<TaskType>", "style": "lowercase"},
                 "file_name":   {"shot": "<Shot>_<TaskType>_<Name>_v<Version>", "style": "lowercase"}}}

The names of modes are the studio's own. A variable is `<Name>` or `<Name.field>`; a field that the row
does not have gives its name. What is wrong is told by source (a file of `config/file_trees`, or the
project), mode, template and variable, all of it at once. Source: docs/protocols/zou.md 8.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.models.values.slugs import STYLES


class BadPath(Invalid):
    """No path can be made of this."""

    code = "bad_path"
    cure = "Give what the path needs (a step, an output type), or the project another file tree."


class BadFileTree(BadPath):
    """A descriptor that no path can be made by."""

    code = "bad_file_tree"
    cure = "Correct the descriptor where the sentence says."


@dataclass(frozen=True, slots=True)
class Variable:
    """`<Name>` or `<Name.field>` in a template."""

    name: str
    field: str = "name"

    def __str__(self) -> str:
        return f"<{self.name}>" if self.field == "name" else f"<{self.name}.{self.field}>"


Parts = tuple[str | Variable, ...]


@dataclass(frozen=True, slots=True)
class TreeMode:
    """Where files of one purpose go. Templates by the kind of thing: shot, asset, ..., instance."""

    name: str
    mountpoint: str
    root: str
    folders: Mapping[str, Parts]
    files: Mapping[str, Parts]
    folder_style: str = ""
    file_style: str = ""


@dataclass(frozen=True, slots=True)
class FileTree:
    """A whole descriptor; `source` says in errors whose it is."""

    source: str
    modes: Mapping[str, TreeMode]

    def mode(self, name: str) -> TreeMode:
        """The mode of that name; BadPath when there is none."""
        found = self.modes.get(name)
        if found is None:
            known = ", ".join(self.modes) or "none"
            raise BadPath(f"There is no mode '{name}' in {self.source} (it has {known}).")
        return found


_ALWAYS = frozenset(
    {
        "Project",
        "Task",
        "TaskType",
        "Department",
        "Software",
        "OutputType",
        "Representation",
        "TemporalEntity",
        "TemporalEntityType",
        "Name",
        "OutputFile",
        "WorkingFile",
        "Version",
        "Revision",
    }
)
_PLACES = frozenset({"Sequence", "Episode"})
AVAILABLE: Mapping[str, frozenset[str]] = {
    "shot": _ALWAYS | _PLACES | {"Shot"},
    "scene": _ALWAYS | _PLACES | {"Scene"},
    "sequence": _ALWAYS | _PLACES,
    "episode": _ALWAYS | {"Episode"},
    "asset": _ALWAYS | {"Asset", "AssetType", "Episode"},
    "edit": _ALWAYS | {"Edit", "Episode"},
    "concept": _ALWAYS | {"Concept"},
    "instance": _ALWAYS | _PLACES | {"Asset", "AssetType", "Instance", "Shot", "Scene"},
    "instance_asset": _ALWAYS | {"Asset", "AssetType", "Instance", "Scene", "Episode"},
}
"""Template -> the variables that have a value there."""

KNOWN = frozenset().union(*AVAILABLE.values())
_KEYS = frozenset({"mountpoint", "root", "folder_path", "file_name"})
_TOKEN = re.compile(r"<([^<>]*)>")
_VARIABLE = re.compile(r"(\w+)(?:\.(\w+))?\Z", re.ASCII)
_MOST = 200
"""Templates that one mode, and modes that one descriptor may have."""


def parse_tree(descriptor: Any, source: str) -> FileTree:
    """Read a descriptor; BadFileTree names everything that is wrong with it."""
    wrong: list[str] = []
    modes: dict[str, TreeMode] = {}
    if not isinstance(descriptor, Mapping) or len(descriptor) > _MOST:
        raise BadFileTree(
            f"{source} is not an object of modes.", {"file_tree": ["is not an object of modes"]}
        )
    for name, given in descriptor.items():
        reader = _TreeReader(str(name), wrong)
        if not isinstance(given, Mapping):
            wrong.append(f"mode {name}: is not an object")
            continue
        modes[str(name)] = reader.mode(given)
    if wrong:
        raise BadFileTree(f"{source}: {'; '.join(wrong[:20])}.", {"file_tree": wrong[:20]})
    return FileTree(source, modes)


class _TreeReader:
    """Reads one mode and notes what is wrong in it."""

    def __init__(self, name: str, wrong: list[str]) -> None:
        self._name, self._wrong = name, wrong

    def mode(self, given: Mapping[str, Any]) -> TreeMode:
        for key in sorted(given.keys() - _KEYS, key=str):
            self._refuse(f"unknown key '{key}'")
        folders, folder_style = self._templates(given.get("folder_path", {}), "folder_path")
        files, file_style = self._templates(given.get("file_name", {}), "file_name")
        return TreeMode(
            self._name,
            self._place(given, "mountpoint"),
            self._place(given, "root"),
            folders,
            files,
            folder_style,
            file_style,
        )

    def _refuse(self, what: str) -> None:
        self._wrong.append(f"mode {self._name}: {what}")

    def _place(self, given: Mapping[str, Any], key: str) -> str:
        text = given.get(key, "")
        if not isinstance(text, str) or _leads_astray(text):
            self._refuse(f"{key} is not a path")
            return ""
        return text

    def _templates(self, given: Any, what: str) -> tuple[dict[str, Parts], str]:
        if not isinstance(given, Mapping) or len(given) > _MOST:
            self._refuse(f"{what} is not an object")
            return {}, ""
        style = given.get("style", "")
        if not isinstance(style, str) or style not in STYLES:
            self._refuse(f"{what}: unknown style {style!r:.40}")
        templates = {str(key): text for key, text in given.items() if key != "style"}
        parts = {key: tuple(self._parts(what, key, text)) for key, text in templates.items()}
        return parts, style if isinstance(style, str) else ""

    def _parts(self, what: str, key: str, text: Any) -> Iterator[str | Variable]:
        where = f"{what}.{key}"
        if key not in AVAILABLE:
            self._refuse(f"{where}: unknown template (known: {', '.join(AVAILABLE)})")
            return
        if not isinstance(text, str) or not text.strip():
            self._refuse(f"{where} is not a template")
            return
        if _leads_astray(text) or (what == "file_name" and "/" in text):
            self._refuse(f"{where} leads out of its folder")
        for position, piece in enumerate(_TOKEN.split(text)):
            if position % 2:
                yield from self._variable(where, key, piece)
            elif "<" in piece or ">" in piece:
                self._refuse(f"{where}: a bracket without its pair in '{piece:.40}'")
            elif piece:
                yield piece

    def _variable(self, where: str, key: str, text: str) -> Iterator[Variable]:
        match = _VARIABLE.match(text)
        if match is None or match[1] not in KNOWN:
            self._refuse(f"{where}: unknown variable <{text:.40}>")
        elif match[1] not in AVAILABLE[key]:
            self._refuse(f"{where}: variable <{text:.40}> means nothing for {key}")
        else:
            yield Variable(match[1], match[2] or "name")


def _leads_astray(text: str) -> bool:
    """True for a path with a part `..`, a control character or another thing that paths cannot hold."""
    parts = text.replace("\\", "/").split("/")
    return (
        ".." in parts
        or "." in parts
        or any(unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") for each in text)
    )
