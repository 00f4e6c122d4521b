"""`/data/events/login-logs/last`: who logged in and from where, for administrators (gazu.events)."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from zou_server.blueprints.zou.describe_api.describe_rows import MOMENT
from zou_server.blueprints.zou.live.last_events import LAST, moment_of
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import boolean, checked_id, positive
from zou_server.blueprints.zou.rows import json_of
from zou_server.description import ID, Schema, listed, one_of, or_null, parameter, ref, thing
from zou_server.models.errors import Invalid
from zou_server.models.policies import require
from zou_server.services.people.login_logs import last_logins
from zou_server.web import current_actor

MOST = 1000
KNOWN = frozenset({"after", "before", "limit", "cursor_login_log_id", "person_ids", "failures", "no_cache"})


class LoginLogs(NamedResource):
    """The newest log-ins."""

    def get(self) -> Response:
        """The newest first; with `failures` those that were refused too."""
        require(current_actor(), "person", "read_log_ins", "read log-ins")
        given = request.args
        if unknown := sorted(given.keys() - KNOWN):
            raise Invalid(fields={name: ["unknown parameter"] for name in unknown})
        asked: dict[str, Any] = {
            name: moment_of(given[name], name) for name in ("after", "before") if given.get(name)
        }
        if given.get("cursor_login_log_id"):
            asked["cursor"] = checked_id(given["cursor_login_log_id"])
        people = [each for text in given.getlist("person_ids") for each in text.split(",") if each]
        if people:
            asked["person_ids"] = [checked_id(each) for each in people]
        limit = min(positive(given.get("limit", str(LAST)), "limit"), MOST)
        failures = boolean(given.get("failures", "false"), "failures")
        rows = last_logins(self.studio.reads, limit, asked, failures=failures)
        return json_of(
            [
                {
                    "id": str(row.id),
                    "created_at": f"{row.created_at:%Y-%m-%dT%H:%M:%S}",
                    "ip_address": row.ip_address,
                    "person_id": str(row.person_id),
                    "origin": row.origin,
                    "succeeded": row.succeeded,
                }
                for row in rows
            ]
        )


_DATE: Schema = {"type": "string", "format": "date-time"}
_LOG = thing(
    {
        "id": ID,
        "created_at": MOMENT,
        "ip_address": or_null({"type": "string"}),
        "person_id": ID,
        "origin": one_of(("web", "script")),
        "succeeded": {"type": "boolean"},
    },
    ("id",),
)

ROUTES = (
    Named(
        "/data/events/login-logs/last",
        LoginLogs,
        {
            "get": Says(
                "ApiEvent",
                "List the newest log-ins",
                listed(_LOG),
                text="The newest first.",
                refused=(403,),
                parameters=(
                    parameter("after", "query", _DATE, "Only log-ins after this moment."),
                    parameter("before", "query", _DATE, "Only log-ins before this moment."),
                    parameter(
                        "limit", "query", {"type": "integer", "minimum": 1}, "How many; 100 without it."
                    ),
                    parameter("cursor_login_log_id", "query", ref("Id"), "Only log-ins before this one."),
                    parameter("person_ids", "query", {"type": "string"}, "Only of these people."),
                    parameter("failures", "query", {"type": "boolean"}, "Those that were refused too."),
                ),
            )
        },
    ),
)
