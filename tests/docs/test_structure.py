"""The structure of the program: no import circles, crowded folders, long files, rights said in a dialect."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import grimp

from tests.servers import ROOT

MOST_FILES = 28
"""About what a reader takes in at one look."""
MOST_LINES = 400
LONGER = {"zou_server/query/compiler.py": 423, "zou_server/models/registry.py": 401}
"""Files that are longer, and grow no more."""
MOST_LINES_OF_A_FUNCTION = 50
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


def test_no_dialect_says_who_may_do_what() -> None:
    """Rights are in `models/policies.py` and asked for by services; a dialect only answers their refusals."""
    raised = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / "zou_server" / "blueprints").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Raise) and "Forbidden" in ast.dump(node)
    ]
    assert raised == []


def test_files_and_functions_are_short_enough_to_be_read() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in sources()}
    long = {name: length for name, length in lengths.items() if length > LONGER.get(name, MOST_LINES)}
    assert long == {}
    assert [name for name in LONGER if lengths[name] <= MOST_LINES] == [], "no longer longer"
    functions = [
        f"{path.relative_to(ROOT)}:{node.name}"
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, FUNCTIONS) and lines_of(node) > MOST_LINES_OF_A_FUNCTION
    ]
    assert functions == []


def test_rules_and_verbs_know_the_rows_they_are_about() -> None:
    """A row of any type hides from the type checker what the code does with it."""
    untyped = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("rules", "actions")
        for path in (ROOT / "zou_server" / "services" / folder).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\brow: Any\b", line)
    ]
    assert untyped == []


def sources() -> list[Path]:
    return sorted(path for top in ("zou_server", "shotrunner") for path in (ROOT / top).rglob("*.py"))


FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def lines_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines from its first word to its last: what is said about it does not count."""
    assert function.end_lineno is not None
    said = function.body[0] if ast.get_docstring(function) else None
    about = said.end_lineno - said.lineno + 1 if said is not None and said.end_lineno is not None else 0
    return function.end_lineno - function.lineno + 1 - about


def test_lines_of_functions_are_counted_whether_they_are_async_or_not() -> None:
    for word in ("def", "async def"):
        (made,) = ast.parse(f'{word} f(\n    a: int,\n) -> None:\n    """Said."""\n\n    a += 1\n').body
        assert isinstance(made, FUNCTIONS)
        assert lines_of(made) == 5


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
