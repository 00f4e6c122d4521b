"""Where an asset is cast: a line for each entity that uses it, with the names Zou has for its kind.

gazu.casting.get_asset_cast_in and Kitsu's page of an asset read `shot_...`, `asset_...` and `episode_...`.
"""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.models.conditions import Output, Projection

_KEYS: Mapping[str, str] = {
    # wire key: path from the link
    "id": "entity_in_id",
    "name": "entity_in.name",
    "type": "entity_in.kind",
    "project_id": "entity_in.project_id",
    "preview_file_id": "entity_in.preview_file_id",
    "shot_id": "entity_in[Shot].id",
    "shot_name": "entity_in[Shot].name",
    "sequence_name": "entity_in.sequence.name",
    "episode_id": "entity_in.episode_id",
    "episode_name": "entity_in.episode.name",
    "asset_id": "entity_in[Asset].id",
    "asset_name": "entity_in[Asset].name",
    "asset_type_name": "entity_in[Asset].entity_type.name",
    "nb_occurences": "nb_occurences",
    "label": "label",
}

CAST_IN_LINES = Projection(tuple(Output(key, path) for key, path in _KEYS.items()))
"""The keys of `/data/assets/<id>/cast-in`."""
