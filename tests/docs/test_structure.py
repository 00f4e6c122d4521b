"""The structure of the program: no import circles, no crowded folders."""

from __future__ import annotations

from pathlib import Path

import grimp

from tests.servers import ROOT

MOST_FILES = 28
"""About what a reader takes in at one look."""
ONE_PER_TYPE = {"zou_server/models", "zou_server/services/rules"}
"""Folders with a file per type of rows: who looks for one knows its name."""


def test_no_import_circle_has_more_than_two_files() -> None:
    graph = grimp.build_graph("zou_server", exclude_type_checking_imports=True, cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    assert len(imports) > 400
    assert [circle for circle in circles(imports) if len(circle) > 2] == []


def test_no_folder_has_more_files_than_a_reader_takes_in() -> None:
    folders = [path for path in (ROOT / "zou_server").rglob("*") if path.is_dir()]
    crowded = {str(path.relative_to(ROOT)): files_in(path) for path in folders}
    assert {name: count for name, count in crowded.items() if count > MOST_FILES}.keys() <= ONE_PER_TYPE


def test_circles_are_found() -> None:
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a"}}
    assert sorted(circles(imports)) == [["a", "b", "c"], ["d", "e"]]


def files_in(folder: Path) -> int:
    return sum(1 for each in folder.iterdir() if each.suffix == ".py" and each.name != "__init__.py")


def circles(imports: dict[str, set[str]]) -> list[list[str]]:
    """The sets of modules that reach each other, of two and more."""
    reached = {module: reachable(imports, module) for module in imports}
    found = {
        tuple(sorted(other for other in reached[module] if module in reached.get(other, ())))
        for module in imports
        if module in reached[module]
    }
    return [list(circle) for circle in found]


def reachable(imports: dict[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for module in imports.get(waiting.pop(), ()):
            if module not in found:
                found.add(module)
                waiting.append(module)
    return found
