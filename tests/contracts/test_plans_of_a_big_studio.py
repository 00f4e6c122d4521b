"""Questions of bounded size never read a table that grows, whoever asks: PostgreSQL's own plans say so."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg2.extensions
import pytest
import sqlalchemy as sa
from sqlalchemy import Engine, event

from tests.contracts.world import Caller, World

TASKS, SHOTS, NOTES = 50_000, 6_000, 50_000
GROWING = {"task", "note", "event_from_1", "change_set_from_1", "object"}

_CLONE = """
WITH fresh AS MATERIALIZED (SELECT gen_random_uuid() AS id, i FROM generate_series(1, :count) AS i),
named AS (
    INSERT INTO object SELECT made.* FROM object o, fresh f, LATERAL jsonb_populate_record(
        o, jsonb_build_object('id', f.id, 'number', nextval('object_number'), 'name', 'N' || f.i)) AS made
    WHERE o.id = :one
)
INSERT INTO {table} SELECT made.* FROM {table} t, fresh f, LATERAL jsonb_populate_record(
    t, jsonb_build_object('id', f.id, 'updated_at', t.updated_at - f.i * interval '1 minute',
                          'created_at', t.created_at - f.i * interval '1 minute') || ({more})) AS made
WHERE t.id = :one
"""


_CHANGES = """
INSERT INTO change_set (base, last, client, created_at)
SELECT next + i, next + i, 'filled', now() + i * interval '1 second'
FROM event_counter, generate_series(0, 49999) AS i
"""
_EVENTS = """
INSERT INTO event (base, ordinal, head, action, kind, object_id, project_id)
SELECT base, 0, true, 'update', 'Task', :task, :project FROM change_set WHERE client = 'filled'
"""


@dataclass(frozen=True)
class BigStudio:
    """A studio of many tasks, and people who ask."""

    world: World
    project: uuid.UUID
    callers: Mapping[str, Caller]

    def clone(self, table: str, one: uuid.UUID, count: int, more: str = "'{}'::jsonb") -> None:
        """So many rows like one of a table, each with what the SQL `more` says of its number `f.i`."""
        with self.world.kit.studio.writes.begin() as connection:
            connection.execute(sa.text(_CLONE.format(table=table, more=more)), {"one": one, "count": count})


@pytest.fixture(scope="module")
def big(world: World) -> BigStudio:
    """The studio, filled by SQL."""
    kit, make = world.kit, world.factory
    project = kit.project()
    actors = {role: kit.person(role, {project: role}) for role in ("user", "vendor")}
    callers = {"admin": world.admin, **{role: world.caller(actor) for role, actor in actors.items()}}
    step = make.make("TaskType")
    shot = kit.shot(project)
    big = BigStudio(world, project, callers)
    task = kit.create("Task", name="main", project_id=project, entity_id=shot, task_type_id=step)
    note = kit.create("Note", object_id=task, text="So far so good")
    big.clone("entity", shot, SHOTS, "jsonb_build_object('name', 'SH' || f.i)")
    numbered = "CREATE TABLE a_shot AS SELECT row_number() OVER () AS n, id FROM entity WHERE name LIKE 'SH%'"
    with kit.studio.writes.begin() as connection:
        connection.execute(sa.text(numbered))
        connection.execute(sa.text("CREATE UNIQUE INDEX ON a_shot (n)"))
    of_shot = f"(SELECT id FROM a_shot WHERE n = 1 + f.i % {SHOTS})"
    big.clone("task", task, TASKS, f"jsonb_build_object('name', 'T' || f.i, 'entity_id', {of_shot})")
    big.clone("note", note, NOTES)
    fill_log(kit.studio.writes, task, project)
    for actor in actors.values():
        for found in kit.rows("Task", limit=50):
            kit.create("Assignation", task_id=found["id"], person_id=actor.person_id)
    with kit.studio.writes.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(sa.text("ANALYZE"))
    return big


def fill_log(engine: Engine, task: uuid.UUID, project: uuid.UUID) -> None:
    """Fifty thousand changes of a task."""
    with engine.begin() as connection:
        connection.execute(sa.text(_CHANGES))
        connection.execute(sa.text(_EVENTS), {"task": task, "project": project})
        connection.execute(sa.text("UPDATE event_counter SET next = next + 50000"))


class Asked(list[str]):
    """The statements that were sent, with their values in them."""


@contextmanager
def asked(*engines: Engine) -> Iterator[Asked]:
    """Note what these engines are asked from now on."""
    found = Asked()

    def note(connection: Any, _record: Any) -> None:
        base: Any = connection.cursor_factory or psycopg2.extensions.cursor

        class Noting(base):
            def execute(self, query: Any, vars: Any = None) -> None:  # noqa: A002 - the driver's own name
                super().execute(query, vars)
                found.append(self.query.decode())

        connection.cursor_factory = Noting

    for engine in engines:
        engine.dispose()
        event.listen(engine, "connect", note)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "connect", note)
            engine.dispose()


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every step of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def read_whole(big: BigStudio, ask: Callable[[Any], Any]) -> set[str]:
    """The tables that grow and are read from one end to the other to answer a question."""
    studio = big.world.studio
    with asked(studio.reads) as statements:
        answer = ask(big.world.app.test_client())
        assert answer.status_code == 200, answer.get_data(as_text=True)
    chosen = [text for text in statements if re.match(r"\s*(SELECT|WITH)\b", text)]
    assert chosen
    found: set[str] = set()
    with studio.reads.connect() as connection:
        for text in chosen:
            cursor = connection.connection.cursor()
            cursor.execute(f"EXPLAIN (FORMAT JSON) {text}")
            (plan,) = cursor.fetchall()[0]
            whole = json.loads(plan) if isinstance(plan, str) else plan
            steps = nodes(whole[0]["Plan"])
            found |= {each["Relation Name"] for each in steps if each["Node Type"].endswith("Seq Scan")}
    return found & GROWING


def zou(big: BigStudio, role: str, path: str) -> Callable[[Any], Any]:
    """A GET of Zou's."""

    def ask(client: Any) -> Any:
        who = big.callers[role]
        log_in = client.post("/auth/login", json={"email": who.login, "password": who.password})
        return client.get(path, headers={"Authorization": f"Bearer {log_in.get_json()['access_token']}"})

    return ask


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("vendor", "/data/user/context"),
        ("vendor", "/data/user/tasks"),
        ("vendor", "/data/events/last"),
        ("user", "/data/user/tasks"),
        ("user", "/data/user/done-tasks"),
        ("user", "/data/events/last"),
        ("admin", "/data/events/last?name=task:update"),
        ("admin", "/data/tasks/{task}/comments"),
        ("vendor", "/data/tasks/{task}/comments"),
    ],
)
def test_no_table_that_grows_is_read_whole(big: BigStudio, role: str, path: str) -> None:
    mine = big.world.kit.rows("Assignation", "task_id", limit=1)[0]["task_id"]
    assert read_whole(big, zou(big, role, path.format(task=mine))) == set()


@pytest.mark.parametrize(
    ("kind", "order"), [("EventLogEntry", "created_at"), ("Note", "created_at"), ("Task", "updated_at")]
)
def test_the_newest_rows_in_shotgun_are_found_by_an_index(big: BigStudio, kind: str, order: str) -> None:
    auth = {"script_name": big.world.admin.script, "script_key": big.world.admin.script_key}
    number = big.world.kit.row("Project", big.project, "number")
    project = {"path": "project", "relation": "is", "values": [{"type": "Project", "id": number}]}
    request = {
        "type": kind,
        "return_fields": ["id"],
        "filters": {"logical_operator": "and", "conditions": [project] if kind == "Note" else []},
        "sorts": [{"field_name": order, "direction": "desc"}],
        "paging": {"current_page": 1, "entities_per_page": 1},
    }
    body = {"method_name": "read", "params": [auth, request]}
    assert read_whole(big, lambda client: client.post("/api3/json", json=body)) == set()
