"""What an event's payload says of its row beside the ids: the keys that Zou's clients look for.

One table, read with the log: a row that is retired is still there, so that `comment:delete` names its task.
Source: the payloads of Zou 1.0.97 (docs/protocols/zou.md 15), which Kitsu and gazu's listeners depend on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.sql import ColumnElement, FromClause

Keys = Mapping[str, str]
"""Key of a payload -> SQL over the row `r`."""

_NOTE_OF_PREVIEW = """(
SELECT p.note_id FROM note_preview p WHERE p.preview_file_id = r.id ORDER BY p.created_at, p.id LIMIT 1)"""
_MADE = ("create",)
_CHANGED = ("create", "update", "delete")

TOLD: Mapping[str, tuple[str, tuple[str, ...], Keys]] = {
    # kind: (its table, the actions whose events say so, what they say)
    "Note": (
        "note",
        _CHANGED,
        {
            "task_id": "r.object_id",
            "task_status_id": "r.sets_status_id",
            "person_id": "r.person_id",
            "for_client": "coalesce(r.for_client, false)",
        },
    ),
    "Notification": ("notification", _CHANGED, {"person_id": "r.person_id"}),
    "PreviewFile": (
        "preview_file",
        (*_CHANGED, "add-file"),
        {
            "comment_id": _NOTE_OF_PREVIEW,
            "task_id": "r.task_id",
            "revision": "r.revision",
            "extension": "r.extension",
            "status": "r.status",
        },
    ),
    "Task": ("task", ("delete",), {"entity_id": "r.entity_id", "task_type_id": "r.task_type_id"}),
    "Asset": ("entity", _MADE, {"asset_type": "r.entity_type_id"}),
    "Shot": ("entity", _MADE, {"episode_id": "r.episode_id"}),
    "Edit": ("entity", _MADE, {"parent_id": "r.parent_id"}),
    "EntityLink": (
        "entity_link",
        _CHANGED,
        {
            "entity_in_id": "r.entity_in_id",
            "entity_out_id": "r.entity_out_id",
            "nb_occurences": "r.nb_occurences",
        },
    ),
    "BudgetEntry": ("budget_entry", _CHANGED, {"budget_id": "r.budget_id"}),
}

_NEWS: tuple[str, Keys] = (
    "note",
    {
        "news_id": "r.id",
        "task_status_id": "r.sets_status_id",
        "task_type_id": "(SELECT t.task_type_id FROM task t WHERE t.id = r.object_id)",
    },
)
"""A piece of news is the comment that it tells of."""

SAYS_ITS_OWN: Mapping[tuple[str, str], tuple[str, Keys] | None] = {
    # (kind, action): the table and the payload but for the project; None where the event itself says it
    ("Note", "news"): _NEWS,
    ("Note", "news-gone"): _NEWS,
    ("Notification", "all-read"): None,
}

NAMES: Mapping[tuple[str, str], str] = {
    # (kind, action): the name, where it is not made of kind and action
    ("Note", "news"): "news:new",
    ("Note", "news-gone"): "news:delete",
    ("Budget", "create"): "budget:create",
    ("BudgetEntry", "create"): "budget-entry:create",
    ("ProductionScheduleVersion", "update"): "production_schedule_version:update",
}


_NOTHING: ColumnElement[Any] = sa.literal_column("'{}'::jsonb", JSONB())


def told_of(row: FromClause) -> ColumnElement[Any]:
    """The ids of an event's row and what else is said of it, where that is not only what all rows say."""
    own = ((_is(row, *key), _of_row(row, *said) if said else _NOTHING) for key, said in SAYS_ITS_OWN.items())
    more = (
        (_is_one(row, kind, acts), _of_row(row, table, keys)) for kind, (table, acts, keys) in TOLD.items()
    )
    return sa.func.coalesce(sa.case(*own, *more, else_=_NOTHING), _NOTHING)


def has_own_ids(row: FromClause) -> ColumnElement[bool]:
    """True for an event that does not name its row by the type's name."""
    return sa.or_(*(_is(row, *key) for key in SAYS_ITS_OWN))


def own_name(row: FromClause, usual: ColumnElement[Any]) -> ColumnElement[Any]:
    """The name of an event, given the usual one."""
    return sa.case(*((_is(row, *key), name) for key, name in NAMES.items()), else_=usual)


def _is(row: FromClause, kind: str, action: str) -> ColumnElement[bool]:
    return sa.and_(
        row.c.action == sa.literal_column(f"'{action}'"), row.c.kind == sa.literal_column(f"'{kind}'")
    )


def _is_one(row: FromClause, kind: str, actions: tuple[str, ...]) -> ColumnElement[bool]:
    return sa.and_(
        row.c.kind == sa.literal_column(f"'{kind}'"),
        sa.or_(*(row.c.action == sa.literal_column(f"'{each}'") for each in actions)),
    )


def _of_row(row: FromClause, table: str, keys: Keys) -> ColumnElement[Any]:
    """What a row of a table says. Named as text, so that answers of the log alone are kept all the same."""
    said = sa.table(table, sa.column("id", sa.Uuid())).alias("r")
    pairs = ", ".join(f"'{key}', {value}" for key, value in keys.items())
    shown = sa.literal_column(f"jsonb_build_object({pairs})", JSONB())
    return (
        sa.select(shown)
        .select_from(said)
        .where(said.c.id == row.c.object_id)
        .correlate(row)
        .scalar_subquery()
    )
