"""Every path and document that a docstring or a comment names is in the checkout, and the section too."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.servers import ROOT

FOLDERS = ("zou_server", "migrations", "config", "tests", "benchmarks")
SOURCES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
DOCUMENT = re.compile(r"(?<![\w/.-])([\w./-]+\.(?:md|tsv))(?![\w(])(?: ((?:\d+(?:\.\d+)*(?:, | and )?)+))?")
MODULE = re.compile(r"`([\w./-]+/[\w.-]+\.py|[\w-]+\.py)`")
SECTION = re.compile(r"^#+ (\d+(?:\.\d+)*)\b|^\* (\d+\.\d+(?:, \d+\.\d+)*)\b", re.MULTILINE)


@cache
def said() -> list[tuple[str, str]]:
    """Where something is said, and the docstrings and comments that may name a file."""
    return [(str(path.relative_to(ROOT)), text) for path in SOURCES for text in said_in(path.read_text())]


def said_in(source: str) -> Iterator[str]:
    """The docstrings and the comments of a file that may name another, each as one text.

    A file is taken apart only when a look at its text says that it is worth it: that takes seconds for all.
    """
    if any(end in source for end in (".md", ".tsv", ".py`")):
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                yield " ".join(str(node.value.value).split())
    if any("#" in line and (DOCUMENT.search(line) or MODULE.search(line)) for line in source.splitlines()):
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type == tokenize.COMMENT:
                yield token.string


def sections_of(document: Path) -> set[str]:
    """The numbers of a protocol's sections: of its headings, and of the items that have one."""
    found = (number for pair in SECTION.findall(document.read_text()) for number in pair if number)
    return {each for number in found for each in number.split(", ")}


def named_documents() -> list[tuple[str, str, str]]:
    """Where, which document, which sections."""
    return [
        (where, document, sections or "")
        for where, text in said()
        for document, sections in DOCUMENT.findall(text)
    ]


def test_a_document_that_code_names_is_here() -> None:
    named = named_documents()
    assert len(named) > 50
    names = {path.name for path in ROOT.rglob("*.md") if ".venv" not in path.parts}
    missing = [
        (where, document)
        for where, document, _ in named
        if not (ROOT / document).exists() and (document not in names or "/" in document)
    ]
    assert missing == []


def test_a_section_that_code_names_is_in_its_page() -> None:
    lost = [
        (where, document, number)
        for where, document, numbers in named_documents()
        if document.startswith("docs/protocols/")
        for number in re.findall(r"\d+(?:\.\d+)*", numbers)
        if number not in sections_of(ROOT / document)
    ]
    assert lost == []


def test_every_protocol_is_cited_by_page_and_section() -> None:
    bare = [
        (where, document)
        for where, document, numbers in named_documents()
        if document.startswith("docs/protocols/") and not numbers and not where.startswith("tests/docs/")
    ]
    assert bare == []


def test_a_module_that_code_names_is_here() -> None:
    places = {str(path.relative_to(ROOT)) for path in SOURCES}
    lost = [
        (where, name)
        for where, text in said()
        for name in MODULE.findall(text)
        if not any(place == name or place.endswith(f"/{name}") for place in places)
    ]
    assert lost == []
