"""How each function of gazu.casting is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, there


def _cast(s: Stage, function: str, entity: Row) -> bool:
    lines = getattr(s.g.casting, function)(
        s.project, entity, [{"asset_id": s.asset["id"], "nb_occurences": 3, "label": "fixed"}]
    )
    return has(lines, asset_id=s.asset["id"], nb_occurences=3, label="fixed", asset_name="Keeper")


def cast_asset(s: Stage) -> bool:
    shots = [s.new_shot(), s.new_shot()]
    made = s.g.casting.cast_asset(s.project, shots, s.asset, nb_occurences=2, label="animate")
    return all(has(made[shot["id"]], asset_id=s.asset["id"], nb_occurences=2) for shot in shots)


def uncast_asset(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.casting.cast_asset(s.project, [shot], s.asset)
    s.g.casting.uncast_asset(s.project, [shot], s.asset)
    return s.g.casting.get_shot_casting(shot) == []


def get_asset_casting(s: Stage) -> bool:
    holder = s.new_asset()
    s.g.casting.update_asset_casting(s.project, holder, [{"asset_id": s.asset["id"]}])
    return has(s.g.casting.get_asset_casting(holder), asset_id=s.asset["id"], nb_occurences=1)


def get_asset_type_casting(s: Stage) -> bool:
    holder = s.new_asset()
    s.g.casting.update_asset_casting(s.project, holder, [{"asset_id": s.asset["id"]}])
    found = s.g.casting.get_asset_type_casting(s.project, s.asset_type)
    return has(found[holder["id"]], asset_id=s.asset["id"])


def get_episode_casting(s: Stage) -> bool:
    s.g.casting.update_episode_casting(s.project, s.episode, [{"asset_id": s.asset["id"]}])
    return has(s.g.casting.get_episode_casting(s.episode), asset_id=s.asset["id"])


def get_episodes_casting(s: Stage) -> bool:
    s.g.casting.update_episode_casting(s.project, s.episode, [{"asset_id": s.asset["id"]}])
    return has(s.g.casting.get_episodes_casting(s.project)[s.episode["id"]], asset_id=s.asset["id"])


def delete_entity_link(s: Stage) -> bool:
    shot = s.new_shot()
    line = s.g.casting.update_shot_casting(s.project, shot, [{"asset_id": s.asset["id"]}])[0]
    s.g.casting.delete_entity_link(line)
    return s.g.casting.get_shot_casting(shot) == []


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "update_shot_casting": lambda s: _cast(s, "update_shot_casting", s.new_shot()),
    "update_asset_casting": lambda s: _cast(s, "update_asset_casting", s.new_asset()),
    "update_episode_casting": lambda s: _cast(s, "update_episode_casting", s.episode),
    "cast_asset": cast_asset,
    "uncast_asset": uncast_asset,
    "get_asset_type_casting": get_asset_type_casting,
    "get_sequence_casting": lambda s: has(
        s.g.casting.get_sequence_casting({**s.sequence, "id": s.shot["parent_id"]})[s.shot["id"]],
        asset_id=s.asset["id"],
    ),
    "get_shot_casting": lambda s: has(
        s.g.casting.get_shot_casting(s.shot), asset_name="Keeper", nb_occurences=2
    ),
    "get_asset_casting": get_asset_casting,
    "get_episode_casting": get_episode_casting,
    "get_asset_cast_in": lambda s: (
        there(s.shot) and has(s.g.casting.get_asset_cast_in(s.asset), id=s.shot["id"])
    ),
    "all_entity_links_for_project": lambda s: (
        there(s.shot) and has(s.g.casting.all_entity_links_for_project(s.project), entity_in_id=s.shot["id"])
    ),
    "get_episodes_casting": get_episodes_casting,
    "get_sequence_shots_casting": lambda s: (
        there(s.shot)
        and has(
            s.g.casting.get_sequence_shots_casting(s.project, s.sequence)[s.shot["id"]], asset_name="Keeper"
        )
    ),
    "get_episode_shots_casting": lambda s: (
        there(s.shot)
        and has(
            s.g.casting.get_episode_shots_casting(s.project, s.episode)[s.shot["id"]], asset_name="Keeper"
        )
    ),
    "get_project_shots_casting": lambda s: (
        there(s.shot)
        and has(s.g.casting.get_project_shots_casting(s.project)[s.shot["id"]], asset_name="Keeper")
    ),
    "delete_entity_link": delete_entity_link,
}
