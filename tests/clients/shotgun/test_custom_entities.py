"""The types that studios use for what Shotgun has no type for, to the last of them."""

from __future__ import annotations

from typing import Any

import pytest
from shotgun_api3 import Fault

from tests.clients.shotgun.site import Client, Row, call, new

OF_PROJECTS = ["CustomEntity01", "CustomEntity25", "CustomEntity49", "CustomEntity50"]
OF_NO_PROJECT = ["CustomNonProjectEntity01", "CustomNonProjectEntity15", "CustomNonProjectEntity30"]


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def whose(kind: str, p: Row) -> Row:
    return {"project": p} if kind in OF_PROJECTS else {}


@pytest.mark.parametrize("kind", OF_PROJECTS + OF_NO_PROJECT)
def test_a_row_is_made_found_changed_retired_and_revived(sg: Client, p: Row, kind: str) -> None:
    values = {"code": f"first {kind}", "description": "what it is", **whose(kind, p)}
    made = sg.create(kind, values, ["sg_status_list"])
    assert {name: made[name] for name in values} == values
    row = {"type": kind, "id": made["id"], "name": values["code"]}
    mine = [["id", "is", row["id"]]]
    names = ["code", "description", "created_by", "cached_display_name"]
    found = sg.find_one(kind, [["code", "is", values["code"].upper()]], names)
    assert (found["id"], found["cached_display_name"]) == (row["id"], values["code"])
    assert found["created_by"]["type"] == "ApiUser"
    assert sg.update(kind, row["id"], {"description": "changed"})["description"] == "changed"
    assert sg.summarize(kind, mine, [{"field": "id", "type": "count"}])["summaries"] == {"id": 1}
    links = [row, new(sg, "Shot", project=p)]  # in the order of their names
    note = sg.create("Note", {"project": p, "subject": "s", "content": "c", "note_links": links[::-1]})
    assert sg.find_one("Note", [["note_links", "is", row]], ["note_links"])["note_links"] == links
    types = {each["event_type"] for each in sg.find("EventLogEntry", [["entity", "is", row]], ["event_type"])}
    assert types == {f"Shotgun_{kind}_New", f"Shotgun_{kind}_Change"}
    assert (sg.delete(kind, row["id"]), sg.delete(kind, row["id"])) == (True, False)
    assert sg.find_one(kind, mine) is None
    assert sg.find_one(kind, mine, retired_only=True)["id"] == row["id"]
    assert sg.find_one("Note", [["id", "is", note["id"]]], ["note_links"])["note_links"] == links[1:]
    with pytest.raises(Fault):
        sg.update(kind, row["id"], {"description": "never"})
    assert (sg.revive(kind, row["id"]), sg.revive(kind, row["id"])) == (True, False)
    assert sg.find_one(kind, mine, ["description"])["description"] == "changed"
    assert sg.find_one("Note", [["note_links", "is", row]])["id"] == note["id"]


@pytest.mark.parametrize("kind", ["CustomEntity50", "CustomNonProjectEntity30"])
def test_a_studio_gives_it_fields_of_its_own(sg: Client, p: Row, kind: str) -> None:
    fields: dict[str, tuple[str, Any, Any]] = {
        "text": ("Vendor", "Ink & Co", {}),
        "number": ("Pages", 12, {}),
        "checkbox": ("Signed", True, {"default_value": False}),
        "entity": ("Lead shot", new(sg, "Shot", project=p), {"valid_types": ["Shot"]}),
        "multi_entity": ("Shots", [new(sg, "Shot", project=p)], {"valid_types": ["Shot", kind]}),
        "date": ("Due", "2031-05-14", {}),
    }
    values = {
        sg.schema_field_create(kind, data_type, name, properties): value
        for data_type, (name, value, properties) in fields.items()
    }
    made = sg.create(kind, {"code": "own", **whose_of(kind, p), **values})
    found = sg.find_one(kind, [["id", "is", made["id"]]], list(values))
    assert {name: found[name] for name in values} == values
    shot = next(name for name in values if name.startswith("sg_lead"))
    assert sg.find_one(kind, [[f"{shot}.Shot.code", "is", values[shot]["name"]]])["id"] == made["id"]
    link = {"type": kind, "id": made["id"]}
    held = sg.schema_field_create("Shot", "entity", f"Held by {kind}", {"valid_types": [kind]})
    sg.update("Shot", values[shot]["id"], {held: link})
    dotted = sg.find_one("Shot", [[held, "is", link]], [f"{held}.{kind}.code"])
    assert dotted[f"{held}.{kind}.code"] == "own"


def whose_of(kind: str, p: Row) -> Row:
    return {} if "NonProject" in kind else {"project": p}


@pytest.mark.parametrize(
    "kind", ["CustomEntity51", "CustomEntity0", "CustomNonProjectEntity31", "CustomEntity"]
)
def test_there_are_so_many_and_no_more(sg: Client, kind: str) -> None:
    with pytest.raises(Fault, match="invalid/missing string entity 'type'"):
        call(sg, "read", {"type": kind, "filters": {}, "return_fields": ["id"]})
