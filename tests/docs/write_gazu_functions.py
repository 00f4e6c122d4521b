"""Which of gazu's functions are exercised against a served instance: the page, from the sweep's tables."""

from __future__ import annotations

import gazu

from tests.clients.zou.gazu_sweep.functions import MODULES, SWEPT, public_functions
from tests.clients.zou.gazu_sweep.tables import TABLES

PAGE = """\
# gazu's functions

<!-- Written by `make docs` from tests/clients/zou/gazu_sweep: change it there. -->

Every public function of gazu {version}, and whether our tests call it, unmodified, against a served instance
and check what it answers. What is not called may work all the same; nobody has looked.

| module | functions | exercised | not yet |
| --- | --- | --- | --- |
{rows}

{total} of {all} functions are exercised. A test fails when a function of these modules is not:
{swept}.
"""


def gazu_functions() -> str:
    """The whole page."""
    found = {module: _split(module) for module in MODULES}
    return PAGE.format(
        version=gazu.__version__,
        rows="\n".join(_row(module, *found[module]) for module in MODULES),
        total=sum(len(exercised) for exercised, _ in found.values()),
        all=sum(len(exercised) + len(rest) for exercised, rest in found.values()),
        swept=", ".join(f"`{module}`" for module in SWEPT),
    )


def _split(module: str) -> tuple[list[str], list[str]]:
    """The functions of a module that are exercised, and the others."""
    calls = TABLES.get(module, {})
    names = public_functions(module)
    return [name for name in names if name in calls], [name for name in names if name not in calls]


def _row(module: str, exercised: list[str], rest: list[str]) -> str:
    missing = ", ".join(f"`{name}`" for name in rest)
    return f"| `{module}` | {len(exercised) + len(rest)} | {len(exercised)} | {missing} |"
