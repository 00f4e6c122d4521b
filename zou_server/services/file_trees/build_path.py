"""From a tree and the facts to a path: folder and file name, safe on every system.

What the production server does and we do too: values are slugs, `Version` has three digits, a shot
without an episode is in "e001", a sequence called Seq01 is S001, a sequence of several files ends in
`_[1-n]`. What it does and we do not, because it loses files: a sequence is renamed only when it is
"Seq" and digits (SeqA and SeqB stay two), a name of which no letter can be kept is written as its id,
no vocabulary is made on the way (a missing output type is the studio's Geometry), and no value leads
out of its folder. Source: docs/protocols/zou.md 8.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import fileseq

from zou_server.models.values.slugs import LONGEST_PART, STYLES, harmless, joined, slug, words
from zou_server.services.file_trees.descriptor import BadPath, Parts, Variable
from zou_server.services.file_trees.facts import NamedRow, TreeFacts

SEPARATORS = ("/", "\\")
LONGEST_PATH = 400
NO_EPISODE = "e001"
MAY_BE_EMPTY = frozenset({"Representation", "Scene"})
"""Variables without a value that leave nothing in a path; any other is an error."""

_SEQUENCE = re.compile(r"Seq(\d+)\Z", re.ASCII)
_EXTENSION = re.compile(r"\.?[A-Za-z0-9][A-Za-z0-9._-]{0,8}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class PathAsked:
    """The file that a client wants a path for, as far as it is described."""

    mode: str
    name: str = "main"
    revision: int = 1
    representation: str = ""
    nb_elements: int = 1
    sep: str = "/"
    extension: str = ""


@dataclass(frozen=True, slots=True)
class BuiltPath:
    """A path in two parts, the second without extension. `elements` is how many files it stands for."""

    folder: str
    name: str
    sep: str
    extension: str = ""
    elements: int = 1

    def __str__(self) -> str:
        ending = f"_[1-{self.elements}]" if self.elements > 1 else ""
        return f"{self.folder}{self.sep}{self.name}{ending}{self.extension}"

    @property
    def file_name(self) -> str:
        """The name as the production server writes it."""
        return f"{self.name}_[1-{self.elements}]" if self.elements > 1 else self.name

    @property
    def sequence_path(self) -> str | None:
        """The frames as `name.1-25#.exr`, which every reader of frame sequences understands."""
        if self.elements <= 1:
            return None
        found = fileseq.FileSequence(f"{self.name}.1-{self.elements}#{self.extension}")
        return f"{self.folder}{self.sep}{found}"


def build_path(facts: TreeFacts, asked: PathAsked) -> BuiltPath:
    """The path of a file; BadPath says what is missing for it."""
    if asked.sep not in SEPARATORS:
        raise BadPath(f"'{asked.sep:.10}' is no separator of folders.", {"sep": ["is neither / nor \\"]})
    mode = facts.tree.mode(asked.mode)
    folder, name = mode.folders.get(facts.template), mode.files.get(facts.template)
    if folder is None or name is None:
        raise BadPath(f"The mode '{mode.name}' of {facts.tree.source} has no template for {facts.template}.")
    below = _folder(folder, mode.folder_style, facts, asked)
    path = "/".join(part for part in (mode.mountpoint.rstrip("/"), mode.root.strip("/"), below) if part)
    if mode.mountpoint.startswith("/") and not path.startswith("/"):
        path = f"/{path}"
    file_name = _file_name(name, mode.file_style, facts, asked)
    built = BuiltPath(
        path.replace("/", "\\") if asked.sep == "\\" else path,
        file_name,
        asked.sep,
        extension_of(asked.extension),
        asked.nb_elements,
    )
    if len(str(built)) > LONGEST_PATH:
        raise BadPath(f"The path is longer than {LONGEST_PATH} characters.")
    return built


def extension_of(text: str) -> str:
    """A file's extension with its dot, "" for none."""
    if text and not _EXTENSION.match(text):
        raise BadPath(f"'{text:.20}' is no extension.", {"extension": ["is no extension"]})
    return text if not text or text.startswith(".") else f".{text}"


def _folder(parts: Parts, style: str, facts: TreeFacts, asked: PathAsked) -> str:
    text = "".join(part if isinstance(part, str) else value_of(part, style, facts, asked) for part in parts)
    found = [harmless(part) for part in text.replace("\\", "/").split("/") if part]
    _refuse_long(found)
    return "/".join(found)


def _file_name(parts: Parts, style: str, facts: TreeFacts, asked: PathAsked) -> str:
    text = "".join(
        STYLES[style](words(part)) if isinstance(part, str) else value_of(part, style, facts, asked)
        for part in parts
    )
    found = harmless(joined(text))
    _refuse_long([f"{found}{asked.extension}"])
    if not found:
        raise BadPath("The file name would be empty.")
    return found


def _refuse_long(parts: list[str]) -> None:
    long = [part for part in parts if len(part.encode()) > LONGEST_PART]
    if long:
        raise BadPath(f"'{long[0][:40]}...' is too long a name for a file or folder.")


def value_of(variable: Variable, style: str, facts: TreeFacts, asked: PathAsked) -> str:
    """The value of a variable in a path."""
    said = _said(variable.name, asked)
    if said is not None:
        return STYLES[style](said)
    row = facts.rows.get(variable.name)
    if row is None:
        if variable.name in MAY_BE_EMPTY:
            return ""
        if variable.name == "Episode":
            return STYLES[style](NO_EPISODE)
        raise BadPath(
            f"{facts.tree.source} asks for {variable} in the mode '{asked.mode}', and there is none here."
        )
    return spelled(variable, row, style)


def spelled(variable: Variable, row: NamedRow, style: str) -> str:
    """How a row is written in paths."""
    if variable.field == "id":
        return row.id
    if variable.field == "number" and row.number is not None:
        return f"{row.number:04}"
    given = {"short_name": row.short_name, "code": row.code}.get(variable.field) or row.name
    if variable.name == "Sequence":
        given = _SEQUENCE.sub(lambda match: f"S{match[1].zfill(3)}", given)
    return STYLES[style](slug(given)) or row.id


def _said(name: str, asked: PathAsked) -> str | None:
    """The value of a variable that the client says, None for one that is a row."""
    if name in ("Version", "Revision"):
        return f"{asked.revision:03}"
    if name == "Representation":
        return slug(asked.representation)
    if name not in ("Name", "OutputFile", "WorkingFile"):
        return None
    found = slug(asked.name)
    if not found:
        raise BadPath(
            f"'{asked.name:.40}' holds nothing that a file could be named by.", {"name": ["is empty"]}
        )
    return found
