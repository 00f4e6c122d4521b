"""What is asked of a studio: one table, for the benchmark of a big one and for the plans in the suite."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.big_studio.people import Caller

Send = Callable[[str, str, Mapping[str, str], bytes | None], bytes]
"""A request: method, path, headers and body; the body of its answer, or an error that nobody expects."""

EVERYBODY = ("admin", "manager", "artist", "client", "vendor", "vendor3k")
STAFF = ("admin", "manager", "artist")
LEADS = ("admin", "manager")
TEAM = ("admin", "manager", "artist", "vendor", "vendor3k")
WORKERS = ("artist", "vendor", "vendor3k")


@dataclass(frozen=True)
class Keys:
    """What somebody shows at each door, after logging in once."""

    caller: Caller
    bearer: str
    session: str

    @property
    def basic(self) -> str:
        """The header for HTTP Basic."""
        return "Basic " + base64.b64encode(f"{self.caller.login}:{self.caller.password}".encode()).decode()


def log_in(caller: Caller, send: Send) -> Keys:
    """Log in with Zou's and Shotgun's clients, which keep what they get."""
    said = json.dumps({"email": caller.login, "password": caller.password}).encode()
    token = json.loads(send("POST", "/auth/login", {"Content-Type": "application/json"}, said))
    who = {"user_login": caller.login, "user_password": caller.password}
    call = {"method_name": "get_session_token", "params": [who]}
    answer = json.loads(
        send("POST", "/api3/json", {"Content-Type": "application/json"}, json.dumps(call).encode())
    )
    return Keys(caller, token["access_token"], answer["results"]["session_id"])


def _filled(value: Any, places: Mapping[str, Any]) -> Any:
    """The value with the names of places in it replaced; `{name}` alone keeps the type of the place."""
    if isinstance(value, str):
        alone = value[1:-1] if value.startswith("{") and value.endswith("}") else ""
        return places[alone] if alone in places else value.format_map(places)
    if isinstance(value, dict):
        return {key: _filled(each, places) for key, each in value.items()}
    return [_filled(each, places) for each in value] if isinstance(value, list | tuple) else value


@dataclass(frozen=True)
class Zou:
    """A request of gazu's or Kitsu's."""

    path: str
    body: Mapping[str, Any] | None = None
    method: str = "POST"
    """How a body is sent; without one it is a GET."""

    def ask(self, keys: Keys, send: Send) -> bytes:
        """Ask as somebody."""
        headers = {"Authorization": f"Bearer {keys.bearer}", "Content-Type": "application/json"}
        path = _filled(self.path, keys.caller.places)
        body = (
            None
            if self.body is None
            else json.dumps(_filled(self.body, keys.caller.places), default=str).encode()
        )
        return send("GET" if body is None else self.method, path, headers, body)


@dataclass(frozen=True)
class Shotgun:
    """A call of shotgun_api3's."""

    payload: Mapping[str, Any]
    method: str = "read"

    def ask(self, keys: Keys, send: Send) -> bytes:
        """Ask as somebody."""
        payload = _filled(self.payload, keys.caller.places)
        body = {"method_name": self.method, "params": [{"session_token": keys.session}, payload]}
        answer = send(
            "POST", "/api3/json", {"Content-Type": "application/json"}, json.dumps(body, default=str).encode()
        )
        assert b'"exception":true' not in answer.replace(b" ", b""), answer[:500]
        return answer


@dataclass(frozen=True)
class Ftrack:
    """A query of ftrack_api's."""

    expression: str

    def ask(self, keys: Keys, send: Send) -> bytes:
        """Ask as somebody."""
        places = keys.caller.places
        headers = {
            "ftrack-user": keys.caller.login,
            "ftrack-api-key": keys.caller.api_key,
            "Content-Type": "application/json",
        }
        body = [{"action": "query", "expression": _filled(self.expression, places)}]
        answer = send("POST", "/api", headers, json.dumps(body).encode())
        assert not answer.startswith(b'{"exception"'), answer[:500]
        return answer


@dataclass(frozen=True)
class ShotRunner:
    """A list of ActiveResource's."""

    path: str

    def ask(self, keys: Keys, send: Send) -> bytes:
        """Ask as somebody."""
        return send("GET", _filled(self.path, keys.caller.places), {"Authorization": keys.basic}, None)


def find(
    kind: str,
    fields: str,
    *filters: tuple[str, str, Any],
    order: str = "",
    most: int = 500,
    info: bool = False,
) -> Shotgun:
    """Rows of a type, as shotgun_api3 asks for them."""
    conditions = [
        {"path": path, "relation": relation, "values": [value]} for path, relation, value in filters
    ]
    asked: dict[str, Any] = {
        "type": kind,
        "return_fields": fields.split(),
        "filters": {"logical_operator": "and", "conditions": conditions},
        "paging": {"current_page": 1, "entities_per_page": most},
        "return_paging_info": info,
    }
    if order:
        asked["sorts"] = [
            {"field_name": order.lstrip("-"), "direction": "desc" if order.startswith("-") else "asc"}
        ]
    return Shotgun(asked)


PROJECT = {"type": "Project", "id": "{project_number}"}
TASK = "content sg_status_list step entity task_assignees"


@dataclass(frozen=True)
class Question:
    """What is asked, who asks it, and how its cost may grow."""

    name: str
    how: Zou | Shotgun | Ftrack | ShotRunner
    askers: tuple[str, ...] = EVERYBODY
    bound: float = 3.0
    """How many times its cost in a small studio it may have in a big one; by size where the answer grows."""
    grows: bool = False
    """Whether the answer itself, or what it counts, grows with the studio: a byte of it costs no more."""
    after_change: bool = False
    """Whether something changes before each time that it is asked."""
    without_plan: str = ""
    """Why its plan in the suite's studio says nothing."""


A_TENTH = "500 rows are a tenth of the project there, and sorted by right; `test_big_lists.py` sees to more"

QUESTIONS: tuple[Question, ...] = (
    # Zou: what Kitsu asks when it opens
    Question("user context", Zou("/data/user/context")),
    Question("open projects", Zou("/data/projects/open")),
    Question("all projects", Zou("/data/projects/all"), LEADS),
    Question("my tasks", Zou("/data/user/tasks"), WORKERS, grows=True),
    Question("my done tasks", Zou("/data/user/done-tasks"), WORKERS, grows=True),
    Question("tasks to check", Zou("/data/user/tasks-to-check"), ("manager",), grows=True),
    Question("my notifications", Zou("/data/user/notifications"), WORKERS),
    # one thing
    Question("one task", Zou("/data/tasks/{task}")),
    Question("one task in full", Zou("/data/tasks/{task}/full")),
    Question("comments of a task", Zou("/data/tasks/{task}/comments")),
    Question("previews of a task", Zou("/data/tasks/{task}/previews")),
    Question("one shot", Zou("/data/shots/{shot}")),
    Question("tasks of a shot", Zou("/data/shots/{shot}/tasks")),
    Question("previews of a shot", Zou("/data/shots/{shot}/preview-files")),
    # pages and lists
    Question(
        "page of 100 tasks by project and status",
        Zou("/data/tasks?project_id={project}&task_status_id={wip}&page=1&limit=100"),
        bound=5.0,
    ),
    Question(
        "page of 100 tasks by cursor",
        Zou("/data/tasks?project_id={project}&task_status_id={wip}&cursor=&limit=100"),
    ),
    Question("page of 100 tasks without a filter", Zou("/data/tasks?page=1&limit=100"), bound=5.0),
    Question("page of 100 tasks by cursor, no filter", Zou("/data/tasks?cursor=&limit=100")),
    Question("page of 100 comments", Zou("/data/comments?cursor=&limit=100"), TEAM),
    Question("page of 100 preview files", Zou("/data/preview-files?cursor=&limit=100"), LEADS),
    Question("page of 100 shots", Zou("/data/shots?cursor=&limit=100")),
    Question("shots of a sequence", Zou("/data/sequences/{sequence}/shots"), grows=True),
    Question("all tasks of the project", Zou("/data/projects/{project}/tasks"), grows=True),
    Question("shots of the project", Zou("/data/projects/{project}/shots"), grows=True),
    Question("shots with their tasks", Zou("/data/shots/with-tasks?project_id={project}"), grows=True),
    Question("assets with their tasks", Zou("/data/assets/with-tasks?project_id={project}"), grows=True),
    Question(
        "casting of a sequence", Zou("/data/projects/{project}/sequences/{sequence}/casting"), grows=True
    ),
    Question(
        "casting of all sequences", Zou("/data/projects/{project}/sequences/all/casting"), LEADS, grows=True
    ),
    Question("team of the project", Zou("/data/projects/{project}/team"), grows=True),
    Question(
        "playlists of the project", Zou("/data/projects/{project}/playlists"), (*STAFF, "client"), grows=True
    ),
    # search and news
    Question("search for a common word", Zou("/data/search", {"query": "lantern", "limit": 20}), bound=20.0),
    Question("search for a shot", Zou("/data/search", {"query": "{shot_name}", "limit": 20}), bound=5.0),
    Question(
        "search in the project",
        Zou("/data/search", {"query": "lantern", "limit": 20, "project_id": "{project}"}),
        bound=20.0,
    ),
    # every piece of news is counted, by the status it gave
    Question("news of the project", Zou("/data/projects/{project}/news"), TEAM, bound=100.0, grows=True),
    Question("news of all projects", Zou("/data/projects/news"), TEAM, bound=200.0, grows=True),
    # the log
    Question("last 100 events", Zou("/data/events/last?limit=100"), TEAM, after_change=True),
    Question(
        "last 100 events of the project",
        Zou("/data/events/last?limit=100&project_id={project}"),
        TEAM,
        after_change=True,
    ),
    Question(
        "last 100 events of a name",
        Zou("/data/events/last?limit=100&name=comment:new"),
        TEAM,
        after_change=True,
    ),
    Question(
        "last events with files",
        Zou("/data/events/last?limit=100&only_files=true"),
        TEAM,
        after_change=True,
    ),
    Question(
        "last 100 events of a quiet project",
        Zou("/data/events/last?limit=100&project_id={quiet_project}"),
        ("admin",),
        after_change=True,
    ),
    Question(
        "last 100 events of a seldom name",
        Zou("/data/events/last?limit=100&name=department:update"),
        TEAM,
        after_change=True,
    ),
    Question(
        "last 100 events before a day",
        Zou("/data/events/last?limit=100&before={middle_day}"),
        ("admin",),
        after_change=True,
    ),
    Question(
        "events before one",
        Zou("/data/events/last?limit=100&cursor_event_id={event}"),
        LEADS,
        after_change=True,
    ),
    # tables of managers
    Question(
        "quotas of a task type",
        Zou("/data/projects/{project}/quotas/{animation}?count_mode=weighted"),
        LEADS,
        grows=True,
    ),
    Question("open tasks by numbers", Zou("/data/tasks/open-tasks/stats"), LEADS, grows=True),
    Question("page of open tasks", Zou("/data/tasks/open-tasks?limit=100"), LEADS, bound=100.0, grows=True),
    Question(
        "time sheets of the year",
        Zou("/data/persons/time-spents/month-table/{year}"),
        LEADS,
        grows=True,
    ),
    Question("shots as CSV", Zou("/export/csv/projects/{project}/shots.csv"), LEADS, grows=True),
    # Shotgun
    Question(
        "Shotgun: tasks by three links",
        find(
            "Task",
            TASK,
            ("project", "is", PROJECT),
            ("entity.Shot.sg_sequence.Sequence.code", "is", "{sequence_name}"),
        ),
    ),
    Question(
        "Shotgun: tasks of a project",
        find("Task", TASK, ("project", "is", PROJECT)),
        bound=5.0,
        without_plan=A_TENTH,
    ),
    Question(
        "Shotgun: tasks of a project, with page info",
        find("Task", TASK, ("project", "is", PROJECT), info=True),
        bound=20.0,
        without_plan=A_TENTH,
    ),
    Question(
        "Shotgun: tasks of an unknown step",
        find("Task", TASK, ("step.Step.code", "is", "Animaton")),
    ),
    Question(
        "Shotgun: tasks of nobody",
        find("Task", TASK, ("task_assignees.HumanUser.login", "is", "nobody@example.com")),
    ),
    Question(
        "Shotgun: a shot by its code",
        find("Shot", "code sg_status_list tasks", ("project", "is", PROJECT), ("code", "is", "{shot_name}")),
    ),
    Question(
        "Shotgun: newest notes of a project",
        find("Note", "content user created_at", ("project", "is", PROJECT), order="-created_at", most=100),
        TEAM,
    ),
    Question(
        "Shotgun: newest versions of a project",
        find(
            "Version",
            "code user created_at sg_task",
            ("project", "is", PROJECT),
            order="-created_at",
            most=100,
        ),
    ),
    Question("Shotgun: newest tasks anywhere", find("Task", TASK, order="-updated_at", most=100)),
    Question(
        "Shotgun: tasks by status",
        Shotgun(
            {
                "type": "Task",
                "filters": {
                    "logical_operator": "and",
                    "conditions": [{"path": "project", "relation": "is", "values": [PROJECT]}],
                },
                "summaries": [{"field": "id", "type": "count"}],
                "grouping": [{"field": "sg_status_list", "type": "exact", "direction": "asc"}],
            },
            "summarize",
        ),
        bound=100.0,
    ),
    Question(
        "Shotgun: events after a number",
        find(
            "EventLogEntry",
            "event_type attribute_name meta entity user created_at",
            ("id", "greater_than", "{event_number}"),
            order="id",
        ),
        TEAM,
    ),
    Question(
        "Shotgun: events from the middle",
        find(
            "EventLogEntry",
            "event_type attribute_name meta entity user created_at",
            ("id", "greater_than", "{middle_number}"),
            order="id",
        ),
        TEAM,
    ),
    Question(
        "Shotgun: events since a day",
        find(
            "EventLogEntry",
            "event_type created_at",
            ("created_at", "greater_than", "{middle_day}"),
            order="id",
        ),
        TEAM,
    ),
    Question("Shotgun: newest event", find("EventLogEntry", "id", order="-created_at", most=1), TEAM),
    Question(
        "Shotgun: events of a task",
        find(
            "EventLogEntry",
            "event_type attribute_name",
            ("entity", "is", {"type": "Task", "id": "{task_number}"}),
            order="-id",
            most=100,
        ),
        TEAM,
    ),
    # ftrack
    Question(
        "ftrack: tasks of a project",
        Ftrack(
            "select name, status.name, type.name, parent.name, link from Task"
            " where project_id is '{project}' limit 500"
        ),
        bound=5.0,
    ),
    Question(
        "ftrack: tasks of a person",
        Ftrack("select name from Task where assignments any (resource.username is '{email}') limit 100"),
    ),
    Question(
        "ftrack: tasks of who is nobody",
        Ftrack("select name from Task where assignments any (resource.id is '{project}') limit 100"),
    ),
    Question(
        "ftrack: tasks of an unknown status",
        Ftrack("select name from Task where status.name is 'Work in progres' limit 100"),
    ),
    Question(
        "ftrack: tasks of a parent that is not there",
        Ftrack("select name from Task where parent.name is 'no such shot' limit 100"),
        without_plan="what is planned below the look for the name is not run: test_there_is.py shows it",
    ),
    Question(
        "ftrack: tasks of nobody",
        Ftrack("select name from Task where assignments any (resource.username is 'nobody') limit 100"),
    ),
    Question(
        "ftrack: tasks by status and grandparent",
        Ftrack(
            "select name from Task where status.name is 'Work In Progress'"
            " and parent.parent.name is '{sequence_name}' and project_id is '{project}' limit 100"
        ),
    ),
    Question(
        "ftrack: one shot",
        Ftrack("select name, parent.name, custom_attributes from Shot where id is '{shot}'"),
    ),
    Question(
        "ftrack: newest versions",
        Ftrack("select version, asset.name, task.name from AssetVersion order by date descending limit 100"),
    ),
    # ShotRunner
    Question("ShotRunner: tasks", ShotRunner("/tasks.json?limit=100"), bound=20.0),
    Question(
        "ShotRunner: tasks of a project",
        ShotRunner("/tasks.json?project_id={project_number}&limit=100"),
        bound=20.0,
        without_plan="it counts the project, which has a quarter of all tasks there: either way is right",
    ),
    Question("ShotRunner: shots by code", ShotRunner("/shots.json?shot_code={shot_name}")),
)
"""Every question; those of bounded size have no growing table read or sorted whole."""
