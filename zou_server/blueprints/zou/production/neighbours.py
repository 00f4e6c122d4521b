"""`GET /data/shots/<id>/neighbours`, and that of a playlist: shots between those beside them in the cut."""

from __future__ import annotations

import orjson
from flask import Response

from zou_server.blueprints.zou.describe_api.describe_rows import row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.description import listed, or_null, thing
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.production.shot_neighbours import BESIDE, SHOT, TAKE, shot_neighbours
from zou_server.web import current_actor, json_text

_ENTRIES = Projection((Output("shots", "shots"),))


class Neighbours(NamedResource):
    """The shots beside a shot in the cut."""

    def get(self, shot_id: str) -> Response:
        """Before, the shot, and after, each with its latest preview; null at the ends of the cut."""
        id_ = checked_id(shot_id)
        require_owners(self.studio, (("shot_id", "Shot"),), {"shot_id": id_})
        found = shot_neighbours(self.studio.read(current_actor()), ZOU, [id_])
        return json_text(orjson.dumps(found[id_]))


class PlaylistNeighbours(NamedResource):
    """The shots beside those of a playlist in the cut, wherever the playlist shows them."""

    def get(self, playlist_id: str) -> Response:
        """For each shot in the order of the playlist: before, the shot, and after."""
        id_ = checked_id(playlist_id)
        require_owners(self.studio, (("playlist_id", "Playlist"),), {"playlist_id": id_})
        reader = self.studio.read(current_actor())
        (playlist,) = reader.rows(Query(facet("Playlist"), _ENTRIES, Where("id", Op.EQ, id_)), ZOU)
        entries = (entry.get("entity_id") for entry in playlist["shots"] or [])
        ids = list(dict.fromkeys(entry for entry in entries if entry))
        found = shot_neighbours(reader, ZOU, ids)
        return json_text(orjson.dumps([found[id_] for id_ in ids if id_ in found]))


_ONE = thing(
    {**row_schema("Shot", SHOT)["properties"], "latest_preview": or_null(row_schema("PreviewFile", TAKE))}
)
_THREE = thing({"before": or_null(_ONE), "shot": _ONE, "after": or_null(_ONE)}, BESIDE)
_ORDER = (
    "The cut is that of the episode, or of the sequences that are in none, by `frame_in`; sequences that "
    "were cut by themselves come one after the other. Shots that a cut has omitted are left out."
)

ROUTES = (
    Named(
        "/data/shots/<shot_id>/neighbours",
        Neighbours,
        {
            "get": Says(
                "Shot",
                "Read a shot with those before and after it in the cut",
                _THREE,
                text="The three shots, each with its place in the cut and its latest preview.",
                description=f"{_ORDER} null is the end of the cut.",
                refused=(404,),
            )
        },
    ),
    Named(
        "/data/playlists/<playlist_id>/neighbours",
        PlaylistNeighbours,
        {
            "get": Says(
                "Playlist",
                "Read the shots of a playlist with those before and after each in the cut",
                listed(_THREE),
                text="The shots in the order of the playlist, each between those beside it in the cut.",
                description=_ORDER,
                refused=(404,),
            )
        },
    ),
)
