"""Action Menu Items: what a page sends to the web server of a studio when somebody picks one.

`POST /api3/action_menu_items/<id>/payload` builds it for pages that have no server of Shotgun's behind them
(docs/clients/shotgun.md). Source: docs/protocols/shotgun.md 13.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.call import Call
from zou_server.blueprints.shotgun.callers import caller
from zou_server.blueprints.shotgun.events.record_event import tell
from zou_server.blueprints.shotgun.events.words import TOLD
from zou_server.blueprints.shotgun.rows import is_, rows_of
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import DomainError
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.read.integrity import translated
from zou_server.services.write.write_events import Recorded

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.studio import Studio

_PLAIN = Spelling()
_SECRET = Projection((Output("secret", "data.secret_token::text"), Output("id", "id")))
_CALLER = Projection((Output("number", "number"), Output("login", "login")))
_FIELDS = ("title", "url", "entity_type", "light_payload", "selection_required", "projects")
PASSED_ON = ("page_id", "view", "sort_column", "sort_direction", "referrer_path")
"""What the page says of itself and the payload repeats."""
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ActionMenu:
    """The parts that the route needs."""

    studio: Studio
    authenticator: Authenticator

    def answer(self, number: int) -> Response:
        """The address of an item, how to ask it, and with what."""
        try:
            with translated():
                said = self._built(number)
        except errors.Fault as fault:
            said = {"exception": True, "error_code": fault.code, "message": fault.render("action_menu_item")}
        except DomainError as error:
            said = {"exception": True, "error_code": errors.CRUD, "message": error.message}
        return Response(orjson.dumps(said), mimetype="application/json")

    def _built(self, number: int) -> dict[str, Any]:
        sent: Any = request.get_json(silent=True)
        if not isinstance(sent, dict) or not isinstance(sent.get("auth"), dict):
            raise errors.malformed("the body must be a dictionary with 'auth'")
        actor = caller(self.authenticator, sent["auth"])
        call = Call("action_menu_item", sent, actor, self.studio, self.authenticator, self.studio.now())
        return built(call, number)


def built(call: Call, number: int) -> dict[str, Any]:
    """The address and the pairs for what is selected on a page."""
    found = rows_of(call, "ActionMenuItem", [is_("id", number)], _FIELDS)
    if not found or not found[0]["url"]:
        raise errors.not_found("ActionMenuItem", number)
    item = found[0]
    selected = _numbers(call, "selected_ids")
    if item["selection_required"] and not selected:
        raise errors.wrong_value("selected_ids", "must not be empty", selected)
    pairs = list(_pairs(call, item))
    if item["light_payload"]:
        pairs = [("event_log_entry_id", str(_logged(call, item, pairs)))]
    pairs.append(("timestamp", call.now.strftime("%Y-%m-%dT%H:%M:%SZ")))
    secret = _secret(call, number)
    if secret:
        pairs.append(("signature", signature(secret, pairs)))
    is_web = item["url"].startswith(("http://", "https://"))
    joint = "&" if "?" in item["url"] else "?"
    url = item["url"] if is_web else f"{item['url']}{joint}{urlencode(pairs)}"
    return {"method": "POST" if is_web else "GET", "url": url, "payload": pairs}


def signature(secret: str, pairs: Sequence[tuple[str, str]]) -> str:
    """The signature by which a web server knows who sent the pairs."""
    text = "".join(f"{key}={value}\r\n" for key, value in sorted(pairs))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest()


def _pairs(call: Call, item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    sent = call.request
    entity_type = sent.get("entity_type") or item["entity_type"]
    if entity_type is not None:
        call.type_in({"type": entity_type})
        yield "entity_type", str(entity_type)
    yield from _of_caller(call, call.actor)
    yield "title", str(item["title"] or "")
    if sent.get("project_id") is not None:
        (number,) = _numbers(call, "project_id")
        projects = rows_of(call, "Project", [is_("id", number)], ["name"])
        if not projects:
            raise errors.not_found("Project", number)
        yield from (("project_id", str(number)), ("project_name", str(projects[0]["name"])))
    for name in ("ids", "selected_ids"):
        yield name, ",".join(map(str, _numbers(call, name)))
    for name in ("cols", "column_display_names"):
        yield from ((name, text) for text in _texts(call, name))
    yield from ((name, str(sent[name])) for name in PASSED_ON if isinstance(sent.get(name), str | int))
    yield "session_uuid", call.actor.session_uuid or str(uuid.uuid4())
    yield "server_hostname", request.host


def _of_caller(call: Call, actor: Actor) -> Iterator[tuple[str, str]]:
    (row,) = call.studio.read(actor).rows(
        Query(facet("Person"), _CALLER, Where("id", Op.EQ, str(actor.person_id))), _PLAIN
    )
    yield from (("user_id", str(row["number"])), ("user_login", row["login"] or actor.name))


def _numbers(call: Call, name: str) -> list[int]:
    value = call.request.get(name)
    given = [] if value is None else value if isinstance(value, list) else [value]
    if not all(isinstance(each, int) and not isinstance(each, bool) for each in given):
        raise errors.missing(name, "array of integers", call.request)
    return given


def _texts(call: Call, name: str) -> list[str]:
    value = call.request.get(name) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise errors.missing(name, "array of strings", call.request)
    return value


def _secret(call: Call, number: int) -> str | None:
    id_ = call.words.known(("ActionMenuItem", number))
    query = Query(facet("ActionMenuItem"), _SECRET, Where("id", Op.EQ, id_))
    found: str | None = call.studio.read(call.actor).rows(query, _PLAIN)[0]["secret"]
    return found


def _logged(call: Call, item: dict[str, Any], pairs: Pairs) -> int:
    """Keep the pairs in the log, and return the number of their entry."""
    payload: dict[str, Any] = {}
    for key, value in pairs:
        known = payload.get(key)
        payload[key] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    about = uuid.UUID(call.words.known(("ActionMenuItem", item["id"])))
    action = f"{TOLD}Shotgun_ActionMenuItem_Launch"
    said = {"meta": {"ami_payload": payload}, "description": f"launched {item['title']}"}
    return int(tell(call, Recorded(action, "ActionMenuItem", about, item["title"], None, new=said))["id"])
