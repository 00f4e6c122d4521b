"""What each surface has and has not, for the README: from the tables that server and tests work by."""

from __future__ import annotations

import inspect
import re
from functools import cache

import gazu
import shotgun_api3

from tests.clients.zou.gazu_sweep.functions import MODULES, public_functions
from tests.clients.zou.gazu_sweep.tables import TABLES
from zou_server.blueprints.ftrack.endpoint import READS
from zou_server.blueprints.ftrack.operations import WRITES
from zou_server.blueprints.ftrack.vocabulary import types
from zou_server.blueprints.shotgun.files.forms import FORMS
from zou_server.blueprints.shotgun.methods import METHODS
from zou_server.blueprints.shotrunner.documented import DOCUMENTED

BEGIN, END = "<!-- surfaces: written by `make docs` -->\n", "<!-- /surfaces -->"
TABLE = """\
| surface | has | has not |
| --- | --- | --- |
| gazu {gazu} | {swept} of {all} functions, each called by the tests against a served instance | {unswept} |
| shotgun_api3 {shotgun} | {called} | {uncalled} |
| ftrack_api | {operations}, over {types} types | other operations of its server, refused by name |
| ActiveResource | {resources} in JSON and XML | other types of ShotRunner |
"""

CALLED = re.compile(
    r"""_call_rpc\(\s*"(?P<rpc>\w+)"|"/upload/(?P<form>\w+)"|self\.(?!_call_rpc)(?P<function>\w+)\("""
)
"""What a function of shotgun_api3 calls, in its source: the server by a name, a form of files, or another."""

OWN = frozenset(
    {
        *("add_user_agent", "reset_user_agent", "connect", "close", "authenticate_human_user"),
        *("entity_types", "schema", "get_auth_cookie_handler", "set_session_uuid"),
    }
)
"""Functions that need nothing of a server but a log-in."""

ANSWERED = frozenset({*METHODS, *FORMS})
"""What the server answers of Shotgun's."""

SHOWN = 12
"""So many names are written out."""


def surfaces() -> str:
    """The whole table."""
    functions = {module: public_functions(module) for module in MODULES}
    swept = sum(name in TABLES.get(module, {}) for module, names in functions.items() for name in names)
    left = [n for module, names in functions.items() for n in names if n not in TABLES.get(module, {})]
    names = [n for n, _ in inspect.getmembers(shotgun_api3.Shotgun, inspect.isfunction) if n[0] != "_"]
    lacking = [name for name in names if name not in OWN and asked_by(name) - {"info"} - ANSWERED]
    return TABLE.format(
        gazu=gazu.__version__,
        swept=swept,
        all=swept + len(left),
        unswept=_listed(left),
        shotgun=shotgun_api3.__version__,
        called=_listed([n for n in names if n not in OWN and n not in lacking], all_of_them=True),
        uncalled=_listed(lacking, all_of_them=True),
        types=len(types()),
        operations=_listed(sorted({*READS, *WRITES}), all_of_them=True),
        resources=", ".join(sorted(DOCUMENTED)),
    )


@cache
def asked_by(function: str, *above: str) -> frozenset[str]:
    """The methods and forms of the server that a function of shotgun_api3 asks for, itself or by another."""
    found: set[str] = set()
    member = getattr(shotgun_api3.Shotgun, function, None)
    if not inspect.isfunction(member) or function in above:
        return frozenset()
    for match in CALLED.finditer(inspect.getsource(member)):
        if name := match["function"]:
            found |= asked_by(name, *above, function)
        else:
            found.add(match["rpc"] or match["form"])
    return frozenset(found)


def readme(text: str) -> str:
    """The README with the table as it is now."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{surfaces()}{END}{after}"


def _listed(names: list[str], *, all_of_them: bool = False) -> str:
    if not names:
        return "nothing"
    if len(names) > SHOWN and not all_of_them:
        return f"{len(names)} that nobody has looked at: [which](docs/clients/gazu-functions.md)"
    return ", ".join(f"`{name}`" for name in names)
