"""`POST /api`: a list of actions in, the list of their answers out. The list is one unit of work.

Queries see what was written before them in the same request; one error fails all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from flask import g
from werkzeug.exceptions import RequestEntityTooLarge

from zou_server.blueprints.ftrack.attributes import TYPE_KEY
from zou_server.blueprints.ftrack.commands import COMMANDS
from zou_server.blueprints.ftrack.errors import InvalidAction, Malformed, TooLarge
from zou_server.blueprints.ftrack.operations import WRITES, Writer
from zou_server.blueprints.ftrack.projection import tree
from zou_server.blueprints.ftrack.queries.parser import parse
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.blueprints.ftrack.schemas import described
from zou_server.blueprints.ftrack.tools import TOOLS, Tools
from zou_server.models.errors import Forbidden, Invalid, Unauthenticated
from zou_server.web import json_rows, json_text

if TYPE_CHECKING:
    from flask import Request, Response

    from zou_server.blueprints.ftrack.queries.expression import Select
    from zou_server.models.actor import Actor
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.studio import Studio
    from zou_server.services.write.unit_of_work import UnitOfWork

CLIENT = "ftrack"
VERSION = "4.13.8"
"""The version of ftrack whose protocol this is: clients refuse servers older than 3.3.11."""

Action = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Answers requests with JSON text; raises domain errors."""

    studio: Studio
    authenticator: Authenticator
    tools: Tools

    def answer(self, request: Request) -> Response:
        """Return the whole answer to one request."""
        actor = self._caller(request)
        actions = _actions(request)
        if any(action["action"] in WRITES or action["action"] in COMMANDS for action in actions):
            return _joined(self._write(actor, actions))
        address = partial(self.tools.transfers.address, actor)
        reading = Reading(self.studio.read(actor), self.studio.now(), address)
        return _streamed(reading, actions) or _joined(
            [self._read(reading, actor, action) for action in actions]
        )

    def _write(self, actor: Actor, actions: list[Action]) -> list[str]:
        with self.studio.write(actor) as work:
            answers = self._run(work, actor, actions)
            work.commit()
        return answers

    def _read(self, reading: Reading, actor: Actor, action: Action) -> str:
        """Answer an action that changes no rows."""
        name = action["action"]
        tool = TOOLS.get(name)
        return (
            READS[name](reading, actor, action) if tool is None else tool(self.tools, reading, actor, action)
        )

    def _run(self, work: UnitOfWork, actor: Actor, actions: list[Action]) -> list[str]:
        """Answer a list with writes in it; anything else first runs the writes before it."""
        address = partial(self.tools.transfers.address, actor)
        writer, reading = Writer(work), Reading(work.read, work.now, address)
        writer.foresee(action for action in actions if action["action"] in WRITES)
        answers: dict[int, str] = {}
        for index, action in enumerate(actions):
            name = action["action"]
            if name in WRITES:
                writer.add(index, name, action)
                continue
            answers.update(writer.run())
            command = COMMANDS.get(name)
            answers[index] = (
                self._read(reading, actor, action) if command is None else command(self.tools, work, action)
            )
        answers.update(writer.run())
        return [answers[index] for index in range(len(actions))]

    def _caller(self, request: Request) -> Actor:
        user, key = request.headers.get("ftrack-user", ""), request.headers.get("ftrack-api-key", "")
        try:
            actor = self.authenticator.by_api_key(user, key, client=CLIENT)
        except (Unauthenticated, Forbidden):
            raise Unauthenticated(
                "The supplied API key is not valid. Check ftrack-user and ftrack-api-key."
            ) from None
        g.log_actor = actor.name
        return replace(actor, client=CLIENT)


def _joined(answers: list[str]) -> Response:
    return json_text(f"[{','.join(answers)}]")


def _streamed(reading: Reading, actions: list[Action]) -> Response | None:
    """The answer to a single query for everything; None for all other requests."""
    if len(actions) != 1 or actions[0]["action"] != "query":
        return None
    select = _select(actions[0])
    listed = reading.streamed(select) if select.limit is None else None
    if listed is None:
        return None
    return json_rows(listed, '[{"action":"query","data":[', f'],"metadata":{_metadata(None)}}}]')


def _actions(request: Request) -> list[Action]:
    """The actions of a request; all of them are known ones."""
    try:
        found = orjson.loads(request.get_data(cache=False))
    except orjson.JSONDecodeError:
        raise Malformed("The body is not JSON.") from None
    except RequestEntityTooLarge:
        raise TooLarge("The body is too large.") from None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise Malformed("The body must be a list of actions.")
    for each in found:
        name = each.get("action")
        if not isinstance(name, str) or not any(name in known for known in ACTIONS):
            raise InvalidAction(str(name))
    return found


# -- the actions that only read -----------------------------------------------------------------------------


def _select(action: Action) -> Select:
    expression = action.get("expression")
    if not isinstance(expression, str):
        raise Invalid("expression is missing.", {"expression": ["is missing"]})
    return parse(expression)


def _metadata(following: int | None) -> str:
    return orjson.dumps({"next": {"offset": following}}).decode()


def _query(reading: Reading, _actor: Actor, action: Action) -> str:
    select = _select(action)
    found = reading.answer(select)
    following = (select.offset or 0) + (select.limit or 0) if found.more and select.limit else None
    return f'{{"action":"query","data":[{found.text}],"metadata":{_metadata(following)}}}'


def _query_schemas(_reading: Reading, _actor: Actor, _action: Action) -> str:
    return described().text


def _storage_scenario(reading: Reading) -> Any:
    """What the setting of that name holds; clients take it for how their locations are set up."""
    found = reading.rows(parse(_SCENARIO), tree("value"))
    try:
        return orjson.loads(found[0]["value"] or "{}") if found else {}
    except orjson.JSONDecodeError:
        return {}


def _caller_of(reading: Reading, actor: Actor) -> dict[str, Any]:
    found = reading.by(
        "User", "id", [str(actor.person_id)], tree("id", "username", "first_name", "last_name", "email")
    )
    return {name: value for row in found for name, value in row.items() if name != TYPE_KEY}


def _query_server_information(reading: Reading, actor: Actor, action: Action) -> str:
    found = {
        "version": VERSION,
        "schema_hash": described().hash,
        "is_timezone_support_enabled": True,
        "is_nested_subqueries_enabled": True,
        "storage_scenario": _storage_scenario(reading),
        "week_startday": 1,
        "workday_length": 8 * 3600,
        "product": {"name": "zou-server"},
        "user_information": {
            **_caller_of(reading, actor),
            "name": actor.name,
            "is_global_access_key": False,
        },
    }
    wanted = action.get("values")
    if isinstance(wanted, list):
        found = {name: value for name, value in found.items() if name in wanted}
    return orjson.dumps(found).decode()


_SCENARIO = 'Setting where name is "storage_scenario" and group is "STORAGE"'

READS: Mapping[str, Callable[[Reading, Actor, Action], str]] = {
    "query": _query,
    "query_schemas": _query_schemas,
    "query_server_information": _query_server_information,
}
"""The actions that change nothing."""

ACTIONS = (READS, WRITES, TOOLS, COMMANDS)
"""Every table of actions."""
