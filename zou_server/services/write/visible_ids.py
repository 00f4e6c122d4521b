"""Which rows of a facet an actor may see, inside a running transaction."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy.orm import Session

from zou_server.models.actor import Actor
from zou_server.models.conditions import All, Condition, Op, Output, Projection, Query, Retired, Where
from zou_server.models.registry import Facet
from zou_server.models.row_scope import row_scope
from zou_server.query.spelling import Spelling
from zou_server.query.statements import AnswerShape, statement_for

_ID_ONLY = Projection((Output("id", "id"),))
_PLAIN = Spelling()


def visible_ids(session: Session, actor: Actor, facet: Facet, ids: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the ids, retired or not, that are in the actor's row scope; one statement, none for admins."""
    if actor.is_admin or not ids:
        return set(ids)
    where: Condition = All((Where("id", Op.IN, list(ids)), row_scope(actor, facet)))
    query = Query(facet, _ID_ONLY, where, retired=Retired.BOTH)
    statement, parameters = statement_for(query, _PLAIN, AnswerShape.LINES)
    found = session.connection().exec_driver_sql(statement.sql, parameters)
    return {uuid.UUID(line[7:43]) for (line,) in found}
