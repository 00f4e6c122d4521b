"""The private parts of libraries that we use: each is there, and its library has an upper bound.

When one of these fails, a library changed below us. Read what uses the part, mend it, then raise the bound.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

import engineio
import pytest
import simple_websocket
import socketio
import sqlalchemy as sa
from gunicorn.glogging import Logger
from gunicorn.workers.ggevent import GeventWorker
from packaging.requirements import Requirement
from procrastinate.schema import SchemaManager
from sqlalchemy.orm import Session
from sqlalchemy.orm.state import InstanceState
from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from tests.servers import ROOT
from zou_server.models.project import Project


@dataclass(frozen=True)
class Part:
    """A part that has no promise: the library, who uses it for what, and whether it is as we need it."""

    library: str
    user: str
    is_there: Callable[[], bool]


def takes(function: Callable[..., object], *names: str) -> bool:
    """Tell whether a function has parameters of these names."""
    return set(names) <= inspect.signature(function).parameters.keys()


def _state_of_a_new_row() -> bool:
    state = vars(Project(name="x"))["_sa_instance_state"]
    return isinstance(state, InstanceState) and state.key is None


def _is_driven_by(server: engineio.Server, *keys: str) -> bool:
    return set(keys) <= server._async.keys()  # noqa: SLF001 - that is the question


PARTS = (
    Part(
        "sqlalchemy",
        "services/write/change.py tells rows that are not written yet by `_sa_instance_state.key`",
        _state_of_a_new_row,
    ),
    Part(
        "sqlalchemy",
        "services/write/write_rows.py says with `_commit_all(dict, identity_map)` that a row was written",
        lambda: takes(InstanceState._commit_all, "dict_", "instance_dict"),  # noqa: SLF001
    ),
    Part(
        "sqlalchemy",
        "services/write/write_rows.py overrides Session.flush and asks `_is_clean`",
        lambda: takes(Session.flush, "objects") and takes(Session._is_clean, "self"),  # noqa: SLF001
    ),
    Part(
        "python-socketio",
        "live/live_server.py makes its own Engine.IO server by overriding `_engineio_server_class`",
        lambda: takes(socketio.Server._engineio_server_class, "self"),  # noqa: SLF001
    ),
    Part(
        "python-socketio",
        "live/live_server.py goes from one kind of session id to the other by the manager",
        lambda: all(hasattr(socketio.Manager, name) for name in ("eio_sid_from_sid", "sid_from_eio_sid")),
    ),
    Part(
        "python-engineio",
        "live/live_server.py stands before the handlers of `connect` and `message`",
        lambda: {"connect", "message"} <= socketio.Server(async_mode="threading").eio.handlers.keys(),
    ),
    Part(
        "python-engineio",
        "live/live_server.py puts its own queue and web socket into the driver `_async`",
        lambda: _is_driven_by(engineio.Server(async_mode="threading"), "queue", "queue_empty", "websocket"),
    ),
    Part(
        "python-engineio",
        "live/live_server.py names the process in `generate_id`, and ends sessions of `sockets`",
        lambda: (
            isinstance(engineio.Server(async_mode="threading").sockets, dict)
            and takes(engineio.Server.generate_id, "self")
        ),
    ),
    Part(
        "simple-websocket",
        "live/live_server.py limits a message by `max_message_size`",
        lambda: takes(simple_websocket.Server.__init__, "max_message_size"),
    ),
    Part(
        "gunicorn",
        "adapters/web_worker.py gives connections that wait their own `timeout_ctx`",
        lambda: takes(GeventWorker.timeout_ctx, "self"),
    ),
    Part(
        "gunicorn",
        "adapters/web_log.py silences `access`",
        lambda: takes(Logger.access, "resp", "req", "environ", "request_time"),
    ),
    Part(
        "werkzeug",
        "web.py puts off `_compile_builder` of a route until an address is made",
        lambda: takes(Rule._compile_builder, "append_unknown"),  # noqa: SLF001
    ),
    Part(
        "werkzeug",
        "web.py leaves an answer with calls in `_on_close` to werkzeug",
        lambda: Response().__dict__.get("_on_close") == [],
    ),
    Part(
        "procrastinate",
        "a migration makes its tables from its own schema",
        lambda: "procrastinate_jobs" in SchemaManager.get_schema(),
    ),
)


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.user)
def test_a_private_part_is_as_we_use_it(part: Part) -> None:
    assert part.is_there(), f"{part.library} {version(part.library)} changed: {part.user}"


@pytest.mark.parametrize("library", sorted({part.library for part in PARTS}))
def test_its_library_is_bounded_from_above_and_the_installed_one_is_inside(library: str) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {each.name: each for each in map(Requirement, project["dependencies"])}[library]
    assert any(bound.operator == "<" for bound in wanted.specifier)
    assert wanted.specifier.contains(version(library))


def test_libraries_of_which_we_use_what_is_promised_stay_open() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    bounded = {
        each.name
        for each in map(Requirement, project["dependencies"])
        if any(bound.operator in ("<", "<=", "==", "~=") for bound in each.specifier)
    }
    assert bounded == {part.library for part in PARTS}


def test_the_identity_map_is_what_a_commit_of_a_row_takes() -> None:
    assert hasattr(sa.orm.Session(), "identity_map")
