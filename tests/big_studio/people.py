"""The people who ask a studio, big or small, and what each of them asks about."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.install.manage_credentials import create_api_key
from zou_server.services.people.set_password import set_password
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Asker:
    """Somebody who asks: their role, and in how many open projects and on how many tasks they are."""

    role: str
    projects: int
    tasks: int = 0
    statuses: tuple[str, ...] = ("ready", "todo", "wip", "wfa", "retake", "done")


ASKERS: Mapping[str, Asker] = {
    "admin": Asker("admin", 0),
    "manager": Asker("manager", 3),
    "artist": Asker("user", 3, 420),
    "client": Asker("client", 1),
    "vendor": Asker("vendor", 2, 250),
    "vendor3k": Asker("vendor", 1, 3000),
}
"""Who asks; nobody gets more than a quarter of the tasks of a project."""


@dataclass(frozen=True)
class Caller:
    """The keys of somebody, and the rows that their questions name."""

    login: str
    password: str
    api_key: str
    places: Mapping[str, Any]


_OPEN = """
SELECT p.id FROM project p JOIN status s ON s.id = p.project_status_id AND s.code = 'open'
WHERE p.deleted_at IS NULL ORDER BY p.name LIMIT :count
"""
_ASSIGN = """
WITH wanted AS (
    SELECT gen_random_uuid() AS id, t.id AS task_id FROM task t JOIN status s ON s.id = t.task_status_id
    JOIN entity e ON e.id = t.entity_id AND e.kind = 'Shot'
    WHERE t.project_id = ANY(:projects) AND s.code = ANY(:statuses) AND t.deleted_at IS NULL
    ORDER BY e.name, t.id
    LIMIT least(:count, (SELECT count(*) / 4 FROM task WHERE project_id = ANY(:projects)))
), known AS (
    INSERT INTO object (id, kind) SELECT id, 'Assignation' FROM wanted
)
INSERT INTO assignation (id, task_id, person_id, is_primary, created_at, updated_at)
SELECT id, task_id, :person, false, now(), now() FROM wanted
ON CONFLICT DO NOTHING
"""
_PLACES = """
WITH shown AS (
    SELECT t.*, e.parent_id AS sequence_id, e.name AS shot_name
    FROM task t JOIN entity e ON e.id = t.entity_id
    WHERE t.project_id = :project AND e.kind = 'Shot' AND t.deleted_at IS NULL
      AND (:person IS NULL OR t.id IN (SELECT task_id FROM assignation WHERE person_id = :person))
    ORDER BY e.name, t.created_at, t.id LIMIT 1
)
SELECT s.project_id AS project, o.number AS project_number, p.name AS project_name,
    s.id AS task, tn.number AS task_number, s.entity_id AS shot, s.shot_name,
    s.sequence_id AS sequence, q.name AS sequence_name, qn.number AS sequence_number,
    (SELECT id FROM status WHERE code = 'wip' AND for_task) AS wip,
    (SELECT id FROM task_type WHERE name = 'Animation') AS animation,
    (SELECT id FROM playlist WHERE project_id = s.project_id ORDER BY name LIMIT 1) AS playlist,
    (SELECT id FROM event_head h WHERE h.project_id = s.project_id ORDER BY base DESC LIMIT 1 OFFSET 20)
        AS event,
    (SELECT max(last) - 500 FROM change_set) AS event_number,
    (SELECT max(last) / 2 FROM change_set) AS middle_number,
    (SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') FROM change_set
     WHERE base >= (SELECT max(last) / 2 FROM change_set) ORDER BY base LIMIT 1) AS middle_day,
    (SELECT p.id FROM project p JOIN status c ON c.id = p.project_status_id
     ORDER BY c.code = 'open', p.name, p.id LIMIT 1) AS quiet_project,
    coalesce(:person, (SELECT id FROM person WHERE role = 'user' LIMIT 1)) AS person,
    coalesce((SELECT email FROM person WHERE id = :person), 'tomas@example.com') AS email,
    to_char(now(), 'YYYY') AS year
FROM shown s JOIN project p ON p.id = s.project_id JOIN object o ON o.id = s.project_id
JOIN object tn ON tn.id = s.id JOIN entity q ON q.id = s.sequence_id JOIN object qn ON qn.id = q.id
"""


_LEAVE = """
DELETE FROM {table} WHERE person_id IN (SELECT id FROM person WHERE email LIKE '%@askers.example.com')
"""


def settle(engine: Engine) -> dict[str, Caller]:
    """Make the people who ask, and give them what they work on; by the name that `ASKERS` calls them.

    Those who asked before work on nothing any more: else a studio that is kept would differ from run to run.
    """
    with engine.begin() as connection:
        for table in ("assignation", "membership"):
            connection.execute(sa.text(_LEAVE.format(table=table)))
        projects = list(connection.scalars(sa.text(_OPEN), {"count": 3}))
    return {name: _settle(engine, name, asker, projects) for name, asker in ASKERS.items()}


def _settle(engine: Engine, name: str, asker: Asker, projects: list[uuid.UUID]) -> Caller:
    login = f"{name}.{uuid.uuid4().hex[:8]}@askers.example.com"
    theirs = projects[: asker.projects]
    person = {"first_name": name, "last_name": "Asks", "email": login, "role": asker.role}
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        made = work.execute([Create(facet("HumanUser"), person)])[0].id
        work.execute(
            [Create(facet("Membership"), {"project_id": each, "person_id": made}) for each in theirs]
        )
        work.commit()
    set_password(engine, made, PASSWORD)
    key = create_api_key(engine, login)
    with engine.begin() as connection:
        if asker.tasks:
            wanted = {"projects": theirs, "person": made, "count": asker.tasks}
            connection.execute(sa.text(_ASSIGN), {**wanted, "statuses": list(asker.statuses)})
        places = _places(connection, projects[0], made if asker.tasks else None)
    return Caller(login, PASSWORD, key, places)


def _places(connection: Connection, project: uuid.UUID, person: uuid.UUID | None) -> dict[str, Any]:
    found = connection.execute(
        sa.text(_PLACES).bindparams(sa.bindparam("person", type_=sa.Uuid())),
        {"project": project, "person": person},
    ).mappings()
    return dict(found.one())
