"""How ShotRunner writes values: links as numbers, moments in whole seconds of UTC, times in hours.

PostgreSQL writes the finished JSON, so these are SQL expressions. The styles at the end are the
attributes that are no column of their row: each is one expression over the row.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql import ColumnElement, FromClause

from zou_server.blueprints.shotrunner.inflection import pluralize, underscore
from zou_server.models.base import Identity
from zou_server.models.object_links import ObjectLink
from zou_server.models.person import Person
from zou_server.models.production import EntityLink
from zou_server.models.registry import FACETS, Kind
from zou_server.models.rows_of import row_of
from zou_server.models.studio_settings import Studio
from zou_server.models.task import Assignation
from zou_server.models.teamwork import NoteLabel, NoteLabelLink
from zou_server.query.spelling import Spelling, kind_names
from zou_server.services.files.kept_files import LINKS

if TYPE_CHECKING:
    from collections.abc import Callable

DIALECT = "shotrunner"
MARK = "https://site.invalid"
"""Stands for the address of this server in what the database writes."""
THUMBNAIL = "/thumb/medium"
"""What the address of a picture ends in."""
ENTITIES = ("Sequence", "Shot", "Element", "Asset")
"""Kinds whose rows have the address of a picture."""
_MOMENT: ColumnElement[str] = sa.literal_column('\'YYYY-MM-DD"T"HH24:MI:SS"Z"\'')

Expression = ColumnElement[Any]


@cache
def wire_types() -> dict[str, str]:
    """Return the name of each type on the wire, by the kind that the identity table knows it as."""
    found: dict[str, str] = {}
    for each in FACETS.values():
        name = each.named(DIALECT)
        if each.kind and name and (each.kind not in found or each.name == each.kind):
            found[each.kind] = name
    return found


def moment(expression: Expression) -> Expression:
    """`2010-03-08T12:00:00Z`."""
    return sa.func.to_char(sa.func.timezone("UTC", expression), _MOMENT)


def deleted_at(row_id: Expression) -> Expression:
    """The moment a row was deleted; null for one that was not."""
    identity = row_of(Identity.__table__)
    return sa.select(moment(identity.c.deleted_at)).where(identity.c.id == row_id).scalar_subquery()


def hours(minutes: Expression) -> Expression:
    """Minutes as hours."""
    return minutes / sa.literal_column("60.0")


def type_name(kind: Expression) -> Expression:
    """The wire's name of a type."""
    return kind_names(kind, {kind: name for kind, name in wire_types().items() if kind != name})


def user_status(person_id: Expression) -> Expression:
    """`A` for people who may log in, `P` for those who may not yet, `I` for those who may not."""
    person = row_of(Person.__table__)
    is_waited = person.c.data.op("->>")("shotrunner_pending") == "true"
    word = sa.case((person.c.active, "A"), (is_waited, "P"), else_="I")
    return sa.select(word).where(person.c.id == person_id).scalar_subquery()


def company(studio_id: Expression) -> Expression:
    """A company as an object; null for none."""
    row, identity = row_of(Studio.__table__), row_of(Identity.__table__)
    shown = sa.func.json_build_object(
        "id",
        identity.c.number,
        "name",
        row.c.name,
        "created_at",
        moment(row.c.created_at),
        "updated_at",
        moment(row.c.updated_at),
    )
    return (
        sa.select(shown)
        .select_from(row.join(identity, identity.c.id == row.c.id))
        .where(row.c.id == studio_id, row.c.deleted_at.is_(None))
        .scalar_subquery()
    )


def _number_along(link: type[Any], near: str, far: str, row_id: Expression, *, first: str = "") -> Expression:
    """The number at the far end of a row's first live link row; `first` is a column that goes before age."""
    row, target = row_of(link.__table__), row_of(Identity.__table__)
    order = [row.c[first].desc()] if first else []
    return (
        sa.select(target.c.number)
        .select_from(row.join(target, target.c.id == row.c[far]))
        .where(row.c[near] == row_id, row.c.deleted_at.is_(None), target.c.deleted_at.is_(None))
        .order_by(*order, row.c.created_at, row.c.id)
        .limit(1)
        .scalar_subquery()
    )


def assignee(task_id: Expression) -> Expression:
    """The number of a task's primary assignee; without one, of whoever was assigned first."""
    return _number_along(Assignation, "task_id", "person_id", task_id, first="is_primary")


def used_asset(entity_id: Expression) -> Expression:
    """The number of the first asset that an entity uses."""
    return _number_along(EntityLink, "entity_in_id", "entity_out_id", entity_id)


def note_type(note_id: Expression) -> Expression:
    """The name of the first label of a note."""
    link, label = row_of(NoteLabelLink.__table__), row_of(NoteLabel.__table__)
    return (
        sa.select(label.c.name)
        .select_from(link.join(label, label.c.id == link.c.label_id))
        .where(link.c.note_id == note_id, link.c.deleted_at.is_(None), label.c.deleted_at.is_(None))
        .order_by(link.c.created_at, link.c.id)
        .limit(1)
        .scalar_subquery()
    )


def _container(attachment_id: Expression, shown: Callable[[Any], Expression]) -> Expression:
    """Something of the first live row that an attachment belongs to."""
    link, target = row_of(ObjectLink.__table__), row_of(Identity.__table__)
    return (
        sa.select(shown(target))
        .select_from(link.join(target, target.c.id == link.c.to_id))
        .where(
            link.c.from_id == attachment_id,
            link.c.field == sa.literal_column(f"'{LINKS.partition(':')[2]}'"),
            link.c.deleted_at.is_(None),
            target.c.deleted_at.is_(None),
        )
        .order_by(link.c.position, link.c.created_at, link.c.id)
        .limit(1)
        .scalar_subquery()
    )


def container_number(attachment_id: Expression) -> Expression:
    """The number of what an attachment belongs to."""
    return _container(attachment_id, lambda target: target.c.number)


def container_type(attachment_id: Expression) -> Expression:
    """The type of what an attachment belongs to."""
    return _container(attachment_id, lambda target: type_name(target.c.kind))


def thumbnail(column: Expression) -> Expression:
    """The address that a client wrote; else ours, for a row that any tool has given a picture."""
    row: Any = getattr(column, "table", None)
    if row is None:
        return column
    identity = row_of(Identity.__table__)
    kinds: Any = {kind: sa.literal_column(f"'{pluralize(underscore(kind))}'") for kind in ENTITIES}
    ours = sa.select(
        sa.func.concat(
            sa.literal_column(f"'{MARK}/'"),
            sa.case(kinds, value=identity.c.kind, else_=None),
            sa.literal_column("'/'"),
            identity.c.number,
            sa.literal_column(f"'{THUMBNAIL}'"),
        )
    ).where(identity.c.id == row.c.id)
    image = row.c.data.op("->")(sa.literal_column("'image'"))
    is_shown = sa.or_(
        row.c.preview_file_id.is_not(None),
        row.c.thumbnail_id.is_not(None),
        sa.func.jsonb_typeof(image) == sa.literal_column("'object'"),
    )
    return sa.func.coalesce(column, sa.case((is_shown, ours.scalar_subquery())))


def custom_text(value: Expression) -> Expression:
    """A custom field as text, whatever another tool has put there."""
    return value.op("#>>")(sa.literal_column("'{}'"))


def custom_integer(value: Expression) -> Expression:
    """A custom field as a whole number; null when another tool has put something else there."""
    text = custom_text(value)
    return sa.case((text.op("~")(sa.literal_column("'^-?[0-9]{1,18}$'")), sa.cast(text, sa.BigInteger())))


STYLES: dict[str, Callable[[Expression], Expression]] = {
    "deleted at": deleted_at,
    "hours": hours,
    "type": type_name,
    "user status": user_status,
    "company": company,
    "note type": note_type,
    "assignee": assignee,
    "used asset": used_asset,
    "container number": container_number,
    "container type": container_type,
    "thumbnail": thumbnail,
    "custom text": custom_text,
    "custom integer": custom_integer,
}
"""The hints that outputs carry, by name."""

_KINDS: dict[Kind, Callable[[Expression], Expression]] = {Kind.DATETIME: moment}


class ShotRunnerSpelling(Spelling):
    """Links are the number of their target; the rest by style, then by kind, then as it is."""

    links_need_identity = True

    def value(self, expression: ColumnElement[Any], kind: Kind, style: str) -> ColumnElement[Any]:
        """The scalar as written."""
        write = STYLES.get(style) or _KINDS.get(kind)
        return write(expression) if write else expression

    def link(
        self, expression: ColumnElement[Any], identity: FromClause | None, kinds: frozenset[str]
    ) -> ColumnElement[Any]:
        """The number of what the link leads to."""
        return expression if identity is None else identity.c.number


SPELLING = ShotRunnerSpelling()
