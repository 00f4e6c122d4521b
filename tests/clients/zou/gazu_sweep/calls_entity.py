"""How each function of gazu.entity is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.clients.zou.gazu_sweep.stage import Stage, has, ids, there


def guess_from_path(s: Stage) -> bool:
    path = s.g.files.build_working_file_path({"id": s.task["id"]}) if s.filed else ""
    return has(s.g.entity.guess_from_path(s.project["id"], path), Shot=s.shot["id"])


def remove_entity_type(s: Stage) -> bool:
    made = s.g.entity.new_entity_type(s.name("Kind"))
    s.g.entity.remove_entity_type(made)
    return not has(s.g.entity.all_entity_types(), id=made["id"])


def remove_entity(s: Stage) -> bool:
    made = s.new_asset()
    s.g.entity.remove_entity(made, force=True)
    return s.g.entity.get_entity_by_name(made["name"], s.project) is None


def remove_entities(s: Stage) -> bool:
    plain, busy = s.new_shot(), {"id": s.new_task()["entity_id"]}
    gone = s.g.entity.remove_entities(s.project, [plain, busy])
    return gone == [plain["id"]] and s.g.entity.get_entity(busy["id"])["canceled"] is True


CALLS: Mapping[str, Callable[[Stage], bool]] = {
    "all_entities": lambda s: there(s.shot) and has(s.g.entity.all_entities(), id=s.shot["id"], type="Shot"),
    "all_entity_types": lambda s: has(s.g.entity.all_entity_types(), name="Shot"),
    "get_entity": lambda s: s.g.entity.get_entity(s.asset["id"])["name"] == "Keeper",
    "get_entity_by_name": lambda s: s.g.entity.get_entity_by_name("Keeper", s.project)["id"] == s.asset["id"],
    "get_entity_type": lambda s: s.g.entity.get_entity_type(s.asset_type["id"])["name"] == "Character",
    "get_entity_type_by_name": lambda s: s.g.entity.get_entity_type_by_name("Shot")["name"] == "Shot",
    "guess_from_path": guess_from_path,
    "new_entity_type": lambda s: s.g.entity.new_entity_type(s.name("Kind"))["id"] != "",
    "remove_entity_type": remove_entity_type,
    "remove_entity": remove_entity,
    "remove_entities": remove_entities,
    "all_entities_with_tasks_linked_to_entity": lambda s: (
        ids(s.g.entity.all_entities_with_tasks_linked_to_entity(s.concept)) == [s.asset["id"]]
    ),
}
