"""Every link in the documents leads somewhere: to a file, and to a heading in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tests.docs.conftest import DOCUMENTS
from tests.servers import ROOT

if TYPE_CHECKING:
    from flask import Flask

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
ROUTE = re.compile(r"`(?:GET |POST |PUT |DELETE )?(/(?:data|auth|health|api3|openapi|docs|metrics)[^`\s?]*)`")
MOST_LINES = 400


def anchors(path: Path) -> set[str]:
    """The names of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", FENCE.sub("", path.read_text()), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_link_leads_somewhere(document: Path) -> None:
    lost = []
    for link in LINK.findall(FENCE.sub("", document.read_text())):
        if link.startswith(("http://", "https://")):
            continue
        place, _, anchor = link.partition("#")
        target = (document.parent / place).resolve() if place else document
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def test_no_document_stands_alone() -> None:
    """Somebody who begins at the README finds every document."""
    reached, ahead = set(), [ROOT / "README.md"]
    while ahead:
        document = ahead.pop()
        if document in reached or document.suffix != ".md":
            continue
        reached.add(document)
        links = LINK.findall(document.read_text())
        ahead += [
            (document.parent / link.partition("#")[0]).resolve()
            for link in links
            if "://" not in link and not link.startswith("#")
        ]
    assert sorted(str(path.relative_to(ROOT)) for path in set(DOCUMENTS) - reached) == []


def test_every_route_that_is_named_exists(document: Path, described_app: Flask) -> None:
    """A route in a document, with `<...>` for what varies, is one of the server's."""
    there = {re.sub(r"<[^>]*>", "<>", rule.rule) for rule in described_app.url_map.iter_rules()}
    named = {re.sub(r"<[^>]*>", "<>", route) for route in ROUTE.findall(document.read_text())}
    assert sorted(route for route in named if route not in there and not route_group(route, there)) == []


def route_group(route: str, there: set[str]) -> bool:
    """True for `/data`, `/api/data`: the beginning of routes, named for all of them."""
    return any(rule.startswith(f"{route}/") for rule in there)


def test_no_document_is_too_long_to_read(document: Path) -> None:
    # A changelog grows with every change and is looked things up in, not read through.
    assert document.name == "CHANGELOG.md" or len(document.read_text().splitlines()) <= MOST_LINES
