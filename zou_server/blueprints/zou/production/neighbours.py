"""`GET /data/shots/<id>/neighbours`: a shot between those before and after it in the cut."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.description import or_null, thing
from zou_server.models.conditions import All, Not, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.read.reader import Reader
from zou_server.web import current_actor, json_text

_SHOT = Projection(
    (
        *(Output(key, key) for key in ("id", "name", "nb_frames", "parent_id", "preview_file_id")),
        Output("sequence_name", "sequence.name"),
        *(Output(key, f"data.{key}") for key in ("frame_in", "frame_out")),
    )
)
_TAKE_KEYS = ("id", "revision", "extension", "status", "width", "height", "duration", "task_id", "data")
_TAKE = Projection((*(Output(key, key) for key in _TAKE_KEYS), Output("task_type_id", "task.task_type_id")))
_OMITTED = Where("production_state", Op.EQ, "canceled")


class Neighbours(NamedResource):
    """The shots beside a shot in the cut of its sequence."""

    def get(self, shot_id: str) -> Response:
        """Before, the shot, and after, each with its latest preview; null at the ends of the cut."""
        id_ = checked_id(shot_id)
        require_owners(self.studio, (("shot_id", "Shot"),), {"shot_id": id_})
        reader = self.studio.read(current_actor())
        shots = _in_cut_order(reader, id_)
        place = next((n for n, shot in enumerate(shots) if shot["id"] == id_), 0)
        beside = {
            "before": shots[place - 1] if place else None,
            "shot": shots[place],
            "after": shots[place + 1] if place + 1 < len(shots) else None,
        }
        found = {
            key: shot and {**shot, "latest_preview": _latest(reader, shot)} for key, shot in beside.items()
        }
        return json_text(orjson.dumps(found))


def _in_cut_order(reader: Reader, id_: str) -> list[dict[str, Any]]:
    """The shots of the sequence of a shot by their place in the cut, then those without by name."""
    (shot,) = reader.rows(Query(facet("Shot"), _SHOT, Where("id", Op.EQ, id_)), ZOU)
    if shot["parent_id"] is None:
        return [shot]
    beside = All((Where("parent_id", Op.EQ, shot["parent_id"]), Not(_OMITTED), Where("id", Op.NE, id_)))
    shots = [shot, *reader.rows(Query(facet("Shot"), _SHOT, beside), ZOU)]
    return sorted(shots, key=_place)


def _place(shot: dict[str, Any]) -> tuple[bool, float, str]:
    first = shot["frame_in"]
    is_placed = isinstance(first, int | float) or (isinstance(first, str) and first.isdigit())
    return not is_placed, float(first) if is_placed else 0.0, shot["name"] or ""


def _latest(reader: Reader, shot: dict[str, Any]) -> dict[str, Any] | None:
    """The newest preview of a shot that can be looked at."""
    of_shot = All((Where("task.entity_id", Op.EQ, shot["id"]), Where("status", Op.EQ, "ready")))
    order = (Order("created_at", descending=True), Order("position"))
    rows = reader.rows(Query(facet("PreviewFile"), _TAKE, of_shot, order, limit=1), ZOU)
    return rows[0] if rows else None


_ONE = thing(
    {
        **row_schema("Shot", _SHOT)["properties"],
        "latest_preview": or_null(row_schema("PreviewFile", _TAKE)),
    }
)

ROUTES = (
    Named(
        "/data/shots/<shot_id>/neighbours",
        Neighbours,
        {
            "get": Says(
                "Shot",
                "Read a shot with those before and after it in the cut",
                thing(
                    {"before": or_null(_ONE), "shot": _ONE, "after": or_null(_ONE)},
                    ("before", "shot", "after"),
                ),
                text="The three shots, each with its place in the cut and its latest preview.",
                description="Shots that a cut has omitted are left out; null is the end of the sequence.",
                refused=(404,),
            )
        },
    ),
)
