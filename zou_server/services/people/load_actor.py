"""Who is asking, in one statement: the person, the roles on their projects, their departments.

This runs once in every request, so it is a plain cursor on an autocommit connection.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from zou_server.models.actor import Actor
from zou_server.models.errors import Unauthenticated
from zou_server.models.person import ROLES
from zou_server.models.registry import FACETS
from zou_server.models.security_roles import ClosedField
from zou_server.models.studio_settings import PRIMARY
from zou_server.services.read.integrity import REFUSALS, refuse
from zou_server.services.read.lend import lender_of
from zou_server.services.read.run_statement import SHARED

PERSON = "Person"
SCRIPT = "Script"


_STUDIO_WIDE = sorted(each.name for each in FACETS.values() if not each.project)
"""The types whose rows are of no project: a field of them is closed whichever project it is of."""


_FIELDS = f"""LEFT JOIN LATERAL (
    SELECT json_agg(json_build_array(
        d.id, d.entity_type, d.field_name, d.project_id, d.read_roles, d.write_roles)) AS fields
    FROM field_descriptor d
    WHERE (d.read_roles IS NOT NULL OR d.write_roles IS NOT NULL) AND p.role <> 'admin'
      AND (d.project_id IS NULL OR d.project_id = ANY(team.ids) OR d.entity_type = ANY(ARRAY{_STUDIO_WIDE}))
      AND (d.deleted_at IS NULL OR NOT EXISTS (
          SELECT FROM field_descriptor x
          WHERE x.entity_type = d.entity_type AND x.field_name = d.field_name AND x.deleted_at IS NULL
                AND (x.project_id IS NULL OR x.project_id = d.project_id)))
) closed ON true
LEFT JOIN LATERAL (
    SELECT array_agg(DISTINCT d.entity_type) AS types
    FROM field_descriptor d
    WHERE d.default_value IS NOT NULL AND d.deleted_at IS NULL
) started ON true"""  # noqa: S608 - put together from constants


class InactivePerson(Unauthenticated):
    """This account is not active."""

    code = "inactive"
    cure = "Let an administrator make the person active again."


class Found(NamedTuple):
    """The first columns of every `ActorQuery`; its own come after them, from `EXTRA` on."""

    person_id: uuid.UUID
    name: str
    role: str
    is_bot: bool
    may_enter: bool
    project_ids: list[uuid.UUID] | None
    project_roles: list[str] | None
    department_ids: list[uuid.UUID] | None
    company_ids: list[uuid.UUID] | None
    closed_fields: list[list[Any]] | None
    types_with_defaults: list[str] | None


class ActorQuery:
    """A statement that finds an actor, prepared once in each database connection.

    `source` brings the person as `p`, `condition` names parameters $1, $2; `extra` columns come last.
    Rows and the log keep the values of a custom field that is deleted, so it stays closed as it was until
    there is one of its key again. Fields of projects that are not the person's are not read: nor are rows
    there. A person's departments are read along and, unless they are an administrator, their projects: those
    that are neither closed nor archived, because the others are for administrators alone.
    Planning the joins costs PostgreSQL more than running them, so the plan is kept: 70 us instead
    of 190 for each request.
    """

    def __init__(self, name: str, source: str, condition: str, extra: str = "NULL") -> None:
        self._name = f"zou_actor_{name}"
        statement = _statement(source, condition, extra)
        self._prepare = f"PREPARE {self._name} AS {statement}"
        count = max(int(number) for number in re.findall(r"\$(\d)", condition))
        self._execute = f"EXECUTE {self._name} ({', '.join(['%s'] * count)})"
        self._plain = re.sub(r"\$(\d)", r"%(p\1)s", statement.replace("%", "%%"))

    def first(self, engine: sa.Engine, *parameters: str) -> Any:
        """The first row, None when there is none; Unavailable when the database is."""
        found = self.all(engine, *parameters)
        return found[0] if found else None

    def all(self, engine: sa.Engine, *parameters: str) -> list[Any]:
        """Every row; Unavailable when the database is."""
        try:
            lender = lender_of(engine)
            raw = lender.take()
            try:
                with raw.dbapi_connection.cursor() as cursor:
                    known = raw.info
                    if SHARED in known:
                        named = {f"p{number}": value for number, value in enumerate(parameters, 1)}
                        cursor.execute(self._plain, named)
                    else:
                        if self._name not in known:
                            cursor.execute(self._prepare)
                            known[self._name] = True
                        cursor.execute(self._execute, parameters)
                    found: list[Any] = cursor.fetchall()
                    return found
            finally:
                lender.give(raw)
        except REFUSALS as error:
            refuse(error)


def _statement(source: str, condition: str, extra: str) -> str:
    return f"""
SELECT p.id, btrim(concat(p.first_name, ' ', p.last_name)), p.role, p.is_bot,
       p.active AND (p.expiration_date IS NULL OR p.expiration_date >= current_date),
       team.ids, team.roles, craft.ids, company.ids, closed.fields, started.types, {extra}
FROM {source}
LEFT JOIN LATERAL (
    SELECT array_agg(best.project_id) AS ids, array_agg(best.role) AS roles
    FROM (
        SELECT DISTINCT ON (had.project_id) had.project_id, had.role
        FROM (
            SELECT m.project_id, coalesce(m.role, p.role) AS role
            FROM membership m WHERE m.person_id = p.id AND m.deleted_at IS NULL
            UNION ALL
            SELECT a.id, u.role
            FROM user_security_role u JOIN project a
                 ON u.is_all_projects OR u.is_all_open_projects OR EXISTS (
                        SELECT FROM user_security_role_project x
                        WHERE x.user_security_role_id = u.id AND x.project_id = a.id AND x.deleted_at IS NULL)
            WHERE u.person_id = p.id AND u.deleted_at IS NULL
        ) had
        JOIN project o ON o.id = had.project_id AND o.deleted_at IS NULL AND NOT o.archived
        LEFT JOIN status s ON s.id = o.project_status_id
        WHERE p.role <> 'admin' AND s.is_done IS NOT TRUE
        ORDER BY had.project_id, array_position(ARRAY{list(ROLES)}, had.role)
    ) best
) team ON true
{_FIELDS}
LEFT JOIN LATERAL (
    SELECT array_agg(d.department_id) AS ids
    FROM person_department d WHERE d.person_id = p.id AND d.deleted_at IS NULL
) craft ON true
LEFT JOIN LATERAL (
    SELECT ARRAY[p.studio_id, h.id] AS ids
    FROM studio h
    WHERE p.studio_id IS NOT NULL AND p.role <> 'admin' AND h.id <> p.studio_id
      AND h.deleted_at IS NULL AND h.data ->> '{PRIMARY}' = 'true'
    LIMIT 1
) company ON true
WHERE p.deleted_at IS NULL AND {condition}
"""  # noqa: S608 - put together from constants when modules are imported


EXTRA = len(Found._fields)


def to_actor(
    row: Sequence[Any], *, client: str, session_id: uuid.UUID | None = None, sudo_id: uuid.UUID | None = None
) -> Actor:
    """The actor that a row of an `ActorQuery` speaks of; InactivePerson when they may not enter."""
    found = Found(*row[:EXTRA])
    if not found.may_enter:
        raise InactivePerson
    return Actor(
        person_id=found.person_id,
        name=found.name,
        role=found.role,
        kind=SCRIPT if found.is_bot else PERSON,
        project_roles=dict(zip(found.project_ids or (), found.project_roles or (), strict=True)),
        department_ids=tuple(found.department_ids or ()),
        company_ids=tuple(found.company_ids or ()),
        closed_fields=tuple(ClosedField.of(each) for each in found.closed_fields or ()),
        types_with_defaults=frozenset(found.types_with_defaults or ()),
        session_id=session_id,
        sudo_id=sudo_id,
        client=client,
    )
