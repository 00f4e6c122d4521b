"""How each function of gazu.shot is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.clients.zou.gazu_sweep.stage import Row, Stage, has, ids, there

CUT = """TITLE: The Series
FCM: NON-DROP FRAME
001  AX       V     C        00:00:00:00 00:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: the series_sq90-sh010
"""


def remove_shot(s: Stage) -> bool:
    made = s.new_shot()
    s.g.shot.remove_shot(made)
    return s.g.shot.get_shot_by_name(s.sequence, made["name"]) is None


def restore_shot(s: Stage) -> bool:
    task = s.new_task()
    shot = {"id": task["entity_id"]}
    s.g.shot.remove_shot(shot)
    return s.g.shot.restore_shot(shot)["canceled"] is False


def remove_episode(s: Stage) -> bool:
    made = s.g.shot.new_episode(s.project, s.name("E"))
    s.g.shot.new_sequence(s.project, s.name("SQ"), made)
    s.g.shot.remove_episode(made, force=True)
    return s.g.shot.get_episode_by_name(s.project, made["name"]) is None


def remove_sequence(s: Stage) -> bool:
    made = s.g.shot.new_sequence(s.project, s.name("SQ"))
    s.g.shot.remove_sequence(made)
    return s.g.shot.get_sequence_by_name(s.project, made["name"]) is None


def add_asset_instance_to_shot(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.shot.add_asset_instance_to_shot(shot, s.instance)
    return ids(s.g.shot.get_asset_instances_for_shot(shot)[s.asset["id"]]) == [s.instance["id"]]


def remove_asset_instance_from_shot(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.shot.add_asset_instance_to_shot(shot, s.instance)
    s.g.shot.remove_asset_instance_from_shot(shot, s.instance)
    return s.g.shot.get_asset_instances_for_shot(shot) == {}


def all_asset_instances_for_shot(s: Stage) -> bool:
    shot = s.new_shot()
    s.g.shot.add_asset_instance_to_shot(shot, s.instance)
    return ids(s.g.shot.all_asset_instances_for_shot(shot)[s.asset["id"]]) == [s.instance["id"]]


def import_shots_with_csv(s: Stage) -> bool:
    path = s.text_file("Episode,Sequence,Name\nE01,SQ01,SH099\n")
    return has(s.g.shot.import_shots_with_csv(s.new_project(), path), name="SH099")


def export_shots_with_csv(s: Stage) -> bool:
    path = s.file(".csv")
    assert s.shot
    s.g.shot.export_shots_with_csv(s.project, path)
    return "SH010" in Path(path).read_text(encoding="utf-8-sig")


def import_otio(s: Stage) -> bool:
    s.g.shot.import_otio(s.project, s.text_file(CUT, ".edl"), match_case=False)
    return s.g.shot.get_sequence_by_name(s.project, "sq90") is not None


def _shown(s: Stage, take: Row) -> bool:
    task = s.g.task.get_task(take["task_id"])
    found = s.g.shot.all_previews_for_shot({"id": task["entity_id"]})
    return bool(found[s.animation["id"]][0]["id"] == take["id"])


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_previews_for_shot": lambda s: _shown(s, s.preview),
    "all_shots_for_project": lambda s: (
        there(s.shot)
        and has(s.g.shot.all_shots_for_project(s.project), id=s.shot["id"], sequence_name="SQ01")
    ),
    "all_shots_for_episode": lambda s: (
        there(s.shot) and has(s.g.shot.all_shots_for_episode(s.episode), id=s.shot["id"])
    ),
    "all_shots_for_sequence": lambda s: (
        there(s.shot) and has(s.g.shot.all_shots_for_sequence(s.sequence), id=s.shot["id"])
    ),
    "all_sequences_for_project": lambda s: (
        there(s.sequence) and has(s.g.shot.all_sequences_for_project(s.project), id=s.sequence["id"])
    ),
    "all_sequences_for_episode": lambda s: (
        there(s.sequence) and has(s.g.shot.all_sequences_for_episode(s.episode), id=s.sequence["id"])
    ),
    "all_episodes_for_project": lambda s: has(s.g.shot.all_episodes_for_project(s.project), name="E01"),
    "get_episode": lambda s: s.g.shot.get_episode(s.episode["id"])["name"] == "E01",
    "get_episode_by_name": lambda s: s.g.shot.get_episode_by_name(s.project, "E01")["id"] == s.episode["id"],
    "get_episode_from_sequence": lambda s: s.g.shot.get_episode_from_sequence(s.sequence)["name"] == "E01",
    "get_sequence": lambda s: s.g.shot.get_sequence(s.sequence["id"])["episode_name"] == "E01",
    "get_sequence_by_name": lambda s: (
        there(s.sequence)
        and s.g.shot.get_sequence_by_name(s.project, "SQ01", s.episode)["id"] == s.sequence["id"]
    ),
    "get_sequence_from_shot": lambda s: s.g.shot.get_sequence_from_shot(s.shot)["id"] == s.sequence["id"],
    "get_shot": lambda s: s.g.shot.get_shot(s.shot["id"])["nb_frames"] == 50,
    "get_shot_by_name": lambda s: (
        there(s.shot) and s.g.shot.get_shot_by_name(s.sequence, "SH010")["id"] == s.shot["id"]
    ),
    "get_episode_url": lambda s: s.episode["id"] in s.g.shot.get_episode_url(s.episode),
    "get_shot_url": lambda s: s.shot["id"] in s.g.shot.get_shot_url(s.shot),
    "get_all_episodes_url": lambda s: s.project["id"] in s.g.shot.get_all_episodes_url(s.project),
    "get_all_sequences_url": lambda s: s.project["id"] in s.g.shot.get_all_sequences_url(s.project),
    "get_sequence_url": lambda s: s.sequence["id"] in s.g.shot.get_sequence_url(s.sequence),
    "new_sequence": lambda s: s.g.shot.new_sequence(s.project, s.name("SQ"))["type"] == "Sequence",
    "new_shot": lambda s: (
        s.g.shot.new_shot(s.project, s.sequence, s.name("SH"), nb_frames=10, frame_in=1001, frame_out=1010)[
            "data"
        ]
        == {"frame_in": 1001, "frame_out": 1010}
    ),
    "update_shot": lambda s: s.g.shot.update_shot({**s.new_shot(), "nb_frames": 7})["nb_frames"] == 7,
    "update_sequence": lambda s: (
        s.g.shot.update_sequence({**s.sequence, "description": "First"})["description"] == "First"
    ),
    "get_asset_instances_for_shot": lambda s: s.g.shot.get_asset_instances_for_shot(s.new_shot()) == {},
    "update_shot_data": lambda s: s.g.shot.update_shot_data(s.new_shot(), {"lens": 35})["data"]["lens"] == 35,
    "update_sequence_data": lambda s: (
        s.g.shot.update_sequence_data(s.sequence, {"sun": "low"})["data"]["sun"] == "low"
    ),
    "remove_shot": remove_shot,
    "restore_shot": restore_shot,
    "new_episode": lambda s: s.g.shot.new_episode(s.project, s.name("E"))["type"] == "Episode",
    "update_episode": lambda s: (
        s.g.shot.update_episode({**s.episode, "description": "Pilot"})["description"] == "Pilot"
    ),
    "update_episode_data": lambda s: (
        s.g.shot.update_episode_data(s.episode, {"aired": "no"})["data"]["aired"] == "no"
    ),
    "remove_episode": remove_episode,
    "remove_sequence": remove_sequence,
    "all_asset_instances_for_shot": all_asset_instances_for_shot,
    "add_asset_instance_to_shot": add_asset_instance_to_shot,
    "remove_asset_instance_from_shot": remove_asset_instance_from_shot,
    "import_shots_with_csv": import_shots_with_csv,
    "import_otio": import_otio,
    "export_shots_with_csv": export_shots_with_csv,
}
