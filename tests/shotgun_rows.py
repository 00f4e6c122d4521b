"""A small studio as Shotgun would export it: invented names, every kind of rows, all that the kinds read."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def link(kind: str, number: Any, name: str = "") -> Row:
    """Another row as Shotgun's answers name it."""
    return {"type": kind, "id": number, "name": name}


HARBOUR = link("Project", 701, "Night Harbour")

ROWS: dict[str, list[Row]] = {
    "projects": [
        {
            "type": "Project",
            "id": 701,
            "name": "Night Harbour",
            "sg_status": "Active",
            "sg_fps": "24",
            "sg_width___height": "2048 / 858",
            "sg_delivery_house": "Quayside Post",
            "start_date": "2031-03-01",
        }
    ],
    "persons": [
        {
            "type": "HumanUser",
            "id": 702,
            "firstname": "Ines",
            "lastname": "Okafor",
            "email": "Ines.Okafor@harbour.test",
            "login": "ines",
            "sg_status_list": "act",
            "permission_rule_set": link("PermissionRuleSet", 5, "Manager"),
            "department": link("Department", 12, "Lamp Making"),
        },
        {
            "type": "HumanUser",
            "id": 703,
            "firstname": "Tomas",
            "lastname": "Lindqvist",
            "email": "tomas@harbour.test",
            "login": "tomas",
            "sg_status_list": "dis",
            "permission_rule_set": link("PermissionRuleSet", 6, "Vendor"),
        },
        {"type": "HumanUser", "id": 704, "firstname": "Shotgun", "email": "changeme@email.com"},
    ],
    "steps": [
        {
            "type": "Step",
            "id": 705,
            "code": "Fog Lighting",
            "short_name": "fog",
            "color": "10,200,255",
            "entity_type": "Shot",
        }
    ],
    "status": [
        {"type": "Status", "id": 706, "code": "moor", "name": "Moored", "bg_color": "1,2,3"},
        {"type": "Status", "id": 707, "code": "ip", "name": "In Progress", "bg_color": "4,5,6"},
    ],
    "episodes": [{"type": "Episode", "id": 708, "code": "NH01", "project": HARBOUR, "description": "Pilot"}],
    "sequences": [
        {
            "type": "Sequence",
            "id": 709,
            "code": "DOCK",
            "project": HARBOUR,
            "episode": link("Episode", 708, "NH01"),
            "sg_status_list": "moor",
        }
    ],
    "scenes": [
        {
            "type": "Scene",
            "id": 710,
            "code": "DOCK-S1",
            "project": HARBOUR,
            "sequence_sg_scenes_1_sequences": [link("Sequence", 709, "DOCK")],
        }
    ],
    "assets": [
        # The lamp is a part of the boat, which comes after it.
        {
            "type": "Asset",
            "id": 712,
            "code": "Lamp",
            "sg_asset_type": "Harbour Thing",
            "project": HARBOUR,
            "parents": [link("Asset", 711, "Boat")],
        },
        {
            "type": "Asset",
            "id": 711,
            "code": "Boat",
            "description": "Leaks",
            "sg_asset_type": "Vehicle",
            "project": HARBOUR,
            "parents": [],
        },
    ],
    "shots": [
        {
            "type": "Shot",
            "id": 713,
            "code": "DOCK_010",
            "project": HARBOUR,
            "sg_sequence": link("Sequence", 709, "DOCK"),
            "sg_cut_in": 1001,
            "sg_cut_out": 1040,
            "assets": [link("Vehicle", 711, "Boat")],
            "sg_tide": "low",
            "sg_fog_density": 0.5,
            "sg_is_night": True,
            "sg_wet_date": "2031-05-04",
            "sg_plate": {"url": "https://plates.test/1", "name": "plate", "link_type": "web"},
            "sg_shot_type": "Hero",
            "sg_head_in": 990,
            "sg_rig": link("CustomEntity01", 3, "Crane"),
            "image": "https://thumbnails.test/713.jpg",
            "created_at": "2031-01-01T10:00:00Z",
        }
    ],
    "projectconnections": [
        {
            "type": "ProjectUserConnection",
            "id": 714,
            "project": HARBOUR,
            "user": link("HumanUser", 702, "Ines Okafor"),
        }
    ],
    "tasks": [
        {
            "type": "Task",
            "id": 715,
            "content": "Fog pass",
            "project": HARBOUR,
            "entity": link("Shot", 713, "DOCK_010"),
            "step": link("Step", 705, "Fog Lighting"),
            "sg_status_list": "ip",
            "start_date": "2031-04-01",
            "due_date": "2031-04-09",
            "duration": 960,
            "sg_sort_order": 30,
            "created_by": link("HumanUser", 702, "Ines Okafor"),
            "task_assignees": [link("HumanUser", 702, "Ines Okafor"), link("HumanUser", 703, "Tomas")],
        }
    ],
    "versions": [
        {
            "type": "Version",
            "id": 716,
            "code": "DOCK_010_fog_v001",
            "description": "First fog",
            "project": HARBOUR,
            "entity": link("Shot", 713, "DOCK_010"),
            "user": link("HumanUser", 702, "Ines Okafor"),
            "sg_task": link("Task", 715, "Fog pass"),
            "sg_uploaded_movie": {"url": "https://media.test/fog.mov", "name": "fog.mov", "id": 9},
        },
        {
            "type": "Version",
            "id": 717,
            "code": "DOCK_010_fog_v002",
            "project": HARBOUR,
            "sg_task": link("Task", 715, "Fog pass"),
        },
    ],
    "notes": [
        {
            "type": "Note",
            "id": 718,
            "subject": "Fog",
            "content": "Thicker near the pier, please.",
            "user": link("HumanUser", 702, "Ines Okafor"),
            "created_at": "2031-04-03T09:30:00Z",
            "tasks": [link("Task", 715, "Fog pass")],
        }
    ],
}
"""Kind -> its rows, in an order in which everything is there when it is referred to."""
