"""From a path back to what it is of: every template of the project's tree that it may have been made by.

A name is found by how it is written in paths, not by what it is, so a path may mean several rows; what
is part of what (the shot of that sequence, of that episode) tells them apart.

Source: docs/protocols/zou.md 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.models.values.slugs import STYLES, words
from zou_server.services.file_trees.build_path import MAY_BE_EMPTY, SEPARATORS
from zou_server.services.file_trees.candidates import NOTHING, Candidate, Candidates
from zou_server.services.file_trees.descriptor import Parts, TreeMode, Variable
from zou_server.services.file_trees.facts import tree_of
from zou_server.services.file_trees.frames import stems
from zou_server.services.read.reader import Reader

LONGEST = 4096
MOST_MEANINGS = 1000
_WORDS: Mapping[str, tuple[str, str]] = {
    # variable: the key of the answer, what its text looks like
    "Version": ("Revision", r"\d{3,9}"),
    "Revision": ("Revision", r"\d{3,9}"),
    "Name": ("Name", "[^/]+?"),
    "OutputFile": ("Name", "[^/]+?"),
    "WorkingFile": ("Name", "[^/]+?"),
    "Representation": ("Representation", "[^/]+?"),
    "Task": ("TaskName", "[^/]+?"),
}


@dataclass(frozen=True, slots=True)
class Guess:
    """One meaning of a path: mode, template, ids by variable, and the words that are no rows."""

    mode: str
    template: str
    ids: Mapping[str, str]
    words: Mapping[str, Any]


@dataclass(slots=True)
class _Pattern:
    """A regular expression under construction, and what its groups stand for."""

    candidates: Candidates
    groups: dict[str, tuple[Variable, dict[str, list[Candidate]]]] = field(default_factory=dict)
    seen: dict[tuple[Variable, str], str] = field(default_factory=dict)

    def file(self, parts: Parts, style: str) -> str:
        """The expression of a file name: an empty value leaves no underscore either."""
        found = ""
        for part in parts:
            if isinstance(part, str):
                found += re.escape(STYLES[style](words(part)))
            elif part.name not in MAY_BE_EMPTY:
                found += self._variable(part, style)
            elif (part, style) in self.seen:
                group = self.seen[part, style]
                found = f"{found.removesuffix('_')}(?({group})_(?P={group}))"
            else:
                found = f"{found.removesuffix('_')}(?:_{self._variable(part, style)})?"
        return found

    def folder(self, mode: TreeMode, parts: Parts) -> str:
        """The expression of the folders: one that an empty value leaves out may be missing."""
        fixed = "/".join(part for part in (mode.mountpoint.rstrip("/\\"), mode.root.strip("/\\")) if part)
        found = re.escape(fixed.replace("\\", "/"))
        for segment in _segments(parts):
            may_miss = all(isinstance(part, Variable) and part.name in MAY_BE_EMPTY for part in segment)
            text = "/" + "".join(self._part(part, mode.folder_style) for part in segment)
            found += f"(?:{text})?" if may_miss else f"{text}_?"  # a device of Windows has one more
        return found if fixed or mode.mountpoint else found.removeprefix("/")

    def _part(self, part: str | Variable, style: str) -> str:
        return self._variable(part, style) if isinstance(part, Variable) else re.escape(part)

    def _variable(self, variable: Variable, style: str) -> str:
        key = (variable, style)
        if key in self.seen:
            return f"(?P={self.seen[key]})"
        name = self.seen[key] = f"g{len(self.groups)}"
        if self.candidates.knows(variable):
            known = self.candidates.spelled(variable, style)
            self.groups[name] = (variable, known)
            # Longest first, or sh01 would be found in sh010.
            options = "|".join(re.escape(text) for text in sorted(known, key=len, reverse=True)) or "(?!)"
        else:
            self.groups[name] = (variable, {})
            options = _WORDS.get(variable.name, ("", "[^/]+?"))[1]
        return f"(?P<{name}>{options})"


def guess_from_path(reader: Reader, project_id: str, path: str, sep: str = "/") -> list[Guess]:
    """Every meaning of a path in a project; NotFound when the project is not there."""
    if sep not in SEPARATORS:
        raise Invalid(fields={"sep": ["is neither / nor \\"]})
    if len(path) > LONGEST:
        raise Invalid(fields={"file_path": [f"is longer than {LONGEST} characters"]})
    tree = tree_of(reader, project_id)
    plain = path.replace("\\", "/").rstrip("/")
    candidates = Candidates(reader, project_id, plain)
    return [
        guess
        for mode in tree.modes.values()
        if plain.startswith(mode.mountpoint.replace("\\", "/").rstrip("/"))
        for template, parts in mode.folders.items()
        for guess in _of_template(mode, template, parts, candidates, plain)
    ]


def _of_template(
    mode: TreeMode, template: str, parts: Parts, candidates: Candidates, path: str
) -> list[Guess]:
    """The meanings by one template: with its file name if that fits, else by its folders alone."""
    above, _, last = path.rpartition("/")
    file = mode.files.get(template)
    if file is not None and last:
        for stem, frames in stems(last):
            pattern = _Pattern(candidates)
            expression = f"{pattern.folder(mode, parts)}/{pattern.file(file, mode.file_style)}"
            found = re.fullmatch(expression, f"{above}/{stem}")
            if found is not None:
                return list(_meanings(mode, template, pattern, found, frames))
    for tried in (path, above):
        pattern = _Pattern(candidates)
        found = re.fullmatch(pattern.folder(mode, parts), tried)
        if found is not None:
            return list(_meanings(mode, template, pattern, found, ""))
    return []


def _segments(parts: Parts) -> Iterator[Parts]:
    """The folders of a template, each as its own parts."""
    segment: list[str | Variable] = []
    for part in parts:
        if isinstance(part, Variable):
            segment.append(part)
            continue
        first, *rest = part.replace("\\", "/").split("/")
        segment += [first] if first else []
        for text in rest:
            if segment:
                yield tuple(segment)
            segment = [text] if text else []
    if segment:
        yield tuple(segment)


def _meanings(
    mode: TreeMode, template: str, pattern: _Pattern, found: re.Match[str], frames: str
) -> Iterator[Guess]:
    said: dict[str, Any] = {"Frames": frames} if frames else {}
    rows: dict[str, list[Candidate]] = {}
    for name, (variable, known) in pattern.groups.items():
        text = found[name]
        if text is None:
            continue
        if known:
            rows[variable.name] = known[text]
        elif variable.name in _WORDS:
            key = _WORDS[variable.name][0]
            said[key] = int(text) if key == "Revision" else text
    names = list(rows)
    unique: dict[tuple[tuple[str, str], ...], Guess] = {}
    for chosen in islice(product(*rows.values()), MOST_MEANINGS):
        together = dict(zip(names, chosen, strict=True))
        if _fit(together):
            ids = {name: each.row.id for name, each in together.items() if each.row is not NOTHING}
            unique.setdefault(tuple(ids.items()), Guess(mode.name, template, ids, said))
    yield from unique.values()


def _fit(together: Mapping[str, Candidate]) -> bool:
    """True when what is part of something is part of what was found for it."""
    return all(
        (together[kind].row.id or None) == id_
        for name, each in together.items()
        for kind, id_ in each.above.items()
        if kind in together and kind != name
    )
