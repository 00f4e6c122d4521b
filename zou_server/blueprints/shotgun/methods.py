"""The calls there are: a table from a method's name to the function that answers it with JSON text."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import orjson

from zou_server.blueprints.shotgun.call import Call
from zou_server.blueprints.shotgun.change import batch, change
from zou_server.blueprints.shotgun.desk.follow import follow, followers, following, unfollow
from zou_server.blueprints.shotgun.desk.preferences import (
    export_page,
    preferences_read,
    project_accessed,
    user_subscriptions_create,
    user_subscriptions_read,
)
from zou_server.blueprints.shotgun.read import PAGE_SIZE, read
from zou_server.blueprints.shotgun.review.navigate import nav_expand, nav_search
from zou_server.blueprints.shotgun.review.threads import activity_stream, note_thread_contents
from zou_server.blueprints.shotgun.schedule.work_days import work_schedule_read, work_schedule_update
from zou_server.blueprints.shotgun.schema.read_schema import (
    schema_entity_read,
    schema_field_read,
    schema_read,
)
from zou_server.blueprints.shotgun.schema.write_schema import (
    schema_field_create,
    schema_field_delete,
    schema_field_revive,
    schema_field_update,
)
from zou_server.blueprints.shotgun.summarize import summarize
from zou_server.blueprints.shotgun.text_search import text_search
from zou_server.services.people.load_actor import PERSON
from zou_server.services.people.tell_login import tell_login

VERSION = (8, 5, 0)
"""The version of Shotgun that this dialect stands for; the client refuses calls by it."""

INFO = orjson.dumps(
    {
        "version": VERSION,
        "full_version": (*VERSION, 0),
        "api_max_entities_per_page": PAGE_SIZE,
        "s3_uploads_enabled": False,
        "s3_direct_uploads_enabled": False,
        "s3_enabled_upload_types": None,
        "user_authentication_method": "default",
        "unified_login_flow_enabled": False,
        "authentication_app_session_launcher_enabled": False,
    }
).decode()
"""The answer to `info`, which anybody may ask."""


def get_session_token(call: Call) -> str:
    """Open a session for the caller and return its token; a password makes that a log-in."""
    actor = call.actor
    if actor.kind == PERSON and actor.session_id is None and actor.sudo_id is None:
        tell_login(call.studio, actor)
    return orjson.dumps({"session_id": call.authenticator.open_session_token(call.actor)}).decode()


METHODS: Mapping[str, Callable[[Call], str]] = {
    "read": read,
    "create": change,
    "update": change,
    "delete": change,
    "revive": change,
    "batch": batch,
    "schema_read": schema_read,
    "schema_entity_read": schema_entity_read,
    "schema_field_read": schema_field_read,
    "summarize": summarize,
    "query_display_name_cache": text_search,
    "get_session_token": get_session_token,
    "schema_field_create": schema_field_create,
    "schema_field_update": schema_field_update,
    "schema_field_delete": schema_field_delete,
    "schema_field_revive": schema_field_revive,
    "follow": follow,
    "unfollow": unfollow,
    "followers": followers,
    "following": following,
    "note_thread_contents": note_thread_contents,
    "activity_stream": activity_stream,
    "nav_expand": nav_expand,
    "nav_search": nav_search,
    "work_schedule_read": work_schedule_read,
    "work_schedule_update": work_schedule_update,
    "preferences_read": preferences_read,
    "user_subscriptions_read": user_subscriptions_read,
    "user_subscriptions_create": user_subscriptions_create,
    "export_page": export_page,
    "update_project_last_accessed_by_current_user": project_accessed,
}
"""Method name -> its function; `info` needs no caller and is answered before."""
