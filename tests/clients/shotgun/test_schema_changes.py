"""What a studio says of fields that every site has, and what is of use in a project."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import shotgun_api3
import sqlalchemy as sa

from tests.clients.shotgun.site import Client, Row, Site, call, new
from zou_server.models.actor import SYSTEM
from zou_server.models.registry import facet
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Edit, Mode, Update

FaultError = shotgun_api3.Fault


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def record(sg: Client, kind: str, name: str, project: Row | None = None) -> Row:
    found: Row = sg.schema_field_read(kind, name, project_entity=project)[name]
    whole = sg.schema_read(project_entity=project)[kind][name]
    assert found == whole
    return found


def said(sg: Client, kind: str, name: str, word: str, project: Row | None = None) -> Any:
    return record(sg, kind, name, project)["properties"][word]["value"]


def test_the_values_of_a_list_that_every_site_has_are_the_studios(sg: Client, p: Row) -> None:
    assert sg.schema_field_update("Shot", "sg_shot_type", {"valid_values": ["2D", "CG"]}) is True
    assert (
        sg.schema_field_update("Shot", "sg_shot_type", {"name": "Kind of shot", "description": "How"}) is True
    )
    found = record(sg, "Shot", "sg_shot_type")
    assert found["properties"]["valid_values"]["value"] == ["2D", "CG"]
    assert (found["name"]["value"], found["description"]["value"]) == ("Kind of shot", "How")
    shot = new(sg, "Shot", project=p, sg_shot_type="CG")
    with pytest.raises(FaultError, match="expected one of 2D, CG"):
        sg.update("Shot", shot["id"], {"sg_shot_type": "3D"})
    found = sg.find_one("Shot", [["id", "is", shot["id"]]], ["sg_shot_type"])
    assert found["sg_shot_type"] == "CG"


@pytest.mark.parametrize(
    ("kind", "name"), [("Shot", "sg_cut_in"), ("Asset", "sg_asset_type"), ("Shot", "head_in")]
)
def test_a_field_and_a_value_are_hidden_in_one_project(sg: Client, p: Row, kind: str, name: str) -> None:
    other = new(sg, "Project")
    assert sg.schema_field_update(kind, name, {"visible": False}, project_entity=p) is True
    shown = [record(sg, kind, name, each)["visible"]["value"] for each in (p, other, None)]
    assert shown == [False, True, True]
    assert sg.schema_field_update(kind, name, {"visible": True}, project_entity=p) is True
    assert record(sg, kind, name, p)["visible"]["value"] is True


def test_values_are_hidden_in_one_project_or_in_all(sg: Client, p: Row) -> None:
    change = {"hidden_values": ["hld", "omt"]}
    assert sg.schema_field_update("Shot", "sg_status_list", change, project_entity=p) is True
    hidden = [said(sg, "Shot", "sg_status_list", "hidden_values", each) for each in (p, None)]
    assert hidden == [["hld", "omt"], []]
    assert {"hld", "omt"} <= set(said(sg, "Shot", "sg_status_list", "valid_values", p))
    assert sg.schema_field_update("Shot", "sg_status_list", {"hidden_values": ["fin"]}) is True
    assert set(said(sg, "Shot", "sg_status_list", "hidden_values", p)) == {"hld", "omt", "fin"}
    name = sg.schema_field_create("Shot", "list", "Weather", {"valid_values": ["dry", "wet"]})
    assert sg.schema_field_update("Shot", name, {"hidden_values": ["wet"]}, project_entity=p) is True
    assert [said(sg, "Shot", name, "hidden_values", each) for each in (p, None)] == [["wet"], []]


def change(site: Site, project: Row, **values: Any) -> None:
    """What Kitsu's page of a project sets."""
    with Studio(site.engine, site.engine, RULEBOOK).write(SYSTEM) as work:
        work.execute([Update(facet("Project"), site.id_of("Project", project["id"]), values)])
        work.commit()


def test_the_statuses_that_a_project_does_not_use_are_hidden_there(site: Site, sg: Client) -> None:
    project = new(sg, "Project")
    assert said(sg, "Task", "sg_status_list", "hidden_values", project) == []
    used = [
        site.id_of("Status", sg.find_one("Status", [["code", "is", code]])["id"]) for code in ("wtg", "fin")
    ]
    change(site, project, task_statuses=Edit(Mode.SET, used))
    legal = said(sg, "Task", "sg_status_list", "valid_values", project)
    assert set(said(sg, "Task", "sg_status_list", "hidden_values", project)) == set(legal) - {"wtg", "fin"}
    assert said(sg, "Task", "sg_status_list", "hidden_values") == []


def test_types_that_a_kind_of_production_has_none_of_are_hidden_there(site: Site, sg: Client) -> None:
    project = new(sg, "Project")

    def hidden() -> set[str]:
        found = sg.schema_entity_read(project_entity=project)
        return {name for name, said in found.items() if not said["visible"]["value"]}

    assert hidden() == {"Episode"}
    change(site, project, production_type="tvshow")
    assert hidden() == set()
    change(site, project, production_type="assets")
    assert {"Shot", "Sequence", "Episode"} <= hidden()
    assert "Asset" not in hidden()
    everywhere = sg.schema_entity_read()
    assert all(said["visible"]["value"] for said in everywhere.values())
    nowhere = sg.schema_entity_read(project_entity={"type": "Project", "id": 0})
    assert set(nowhere) == set(everywhere)


def test_a_new_row_has_the_defaults_of_the_studios_own_fields(sg: Client, p: Row) -> None:
    name = sg.schema_field_create("Asset", "checkbox", "Hero", {"default_value": True})
    kind = sg.schema_field_create("Asset", "list", "Size", {"valid_values": ["s", "l"], "default_value": "l"})
    made = new(sg, "Asset", project=p)
    other = new(sg, "Asset", project=p, **{name: False, kind: "s"})
    found = sg.find("Asset", [["id", "in", [made["id"], other["id"]]]], [name, kind])
    assert [(each[name], each[kind]) for each in found] == [(True, "l"), (False, "s")]


WRONG = [
    ("Shot", "sg_cut_in", {"valid_values": ["a"]}, "is no list"),
    ("Task", "sg_status_list", {"valid_values": ["a"]}, "is no list"),
    ("Shot", "code", {"default_value": "x"}, "default_value cannot be changed"),
    ("Shot", "code", {"visible": False}, "project"),
    ("Shot", "sg_shot_type", {"valid_values": "a"}, "valid_values"),
    ("Shot", "sg_shot_type", {"hidden_values": "a"}, "hidden_values"),
    ("Shot", "sg_nothing", {"name": "x"}, "doesn't exist"),
]


@pytest.mark.parametrize(("kind", "name", "properties", "words"), WRONG)
def test_what_cannot_be_said_of_a_field_is_refused(
    sg: Client, kind: str, name: str, properties: Row, words: str
) -> None:
    before = sg.schema_field_read(kind)
    with pytest.raises(FaultError, match=words):
        sg.schema_field_update(kind, name, properties)
    assert sg.schema_field_read(kind) == before


def test_an_artist_changes_no_fields(site: Site, sg: Client) -> None:
    rules = sg.find_one("PermissionRuleSet", [["display_name", "is", "Artist"]])
    person = {"name": "Sche Ma", "login": "schema1", "email": "schema1@x.example"}
    sg.create("HumanUser", {**person, "password_proxy": "long enough 1", "permission_rule_set": rules})
    with site.client(login="schema1", password="long enough 1") as artist:
        for kind, name in (("Shot", "sg_shot_type"), ("Shot", "sg_status_list")):
            with pytest.raises(FaultError):
                artist.schema_field_update(kind, name, {"name": "mine"})
        with pytest.raises(FaultError):
            artist.schema_field_create("Shot", "text", "mine")


ODD: list[Any] = [5, True, {"a": 1}, [["a"]], [{"a": 1}], [5], [None], "a\x00", ["a\x00"], {"a": ["b"]}]
FITS: dict[str, tuple[type, ...]] = {
    # property -> the classes of the odd values that it takes all the same
    "display_values": (),
    "open_in_new_window": (bool,),
    "visible": (bool,),
    "default_value": (),
}
NAMES = (
    "name",
    "description",
    "summary_default",
    "valid_values",
    "valid_types",
    "default_value",
    "hidden_values",
    "display_values",
    "visible",
    "open_in_new_window",
    "custom_metadata",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_property_of_another_shape_is_refused_and_the_site_stays_readable(
    sg: Client, p: Row, name: str
) -> None:
    mine = sg.schema_field_create("Asset", "list", f"Mine {name}", {"valid_values": ["a", "b"]})
    kinds = [mine, "sg_asset_type", "description"]
    before = sg.schema_field_read("Asset")
    for odd in [each for each in ODD if not isinstance(each, FITS.get(name, ()))]:
        for key in kinds:
            with pytest.raises(FaultError, match=name):
                sg.schema_field_update("Asset", key, {name: odd}, project_entity=p)
        for data_type in ("list", "entity"):
            said = {"valid_types": ["Shot"], "valid_values": ["a"], name: odd}
            with pytest.raises(FaultError, match=name):
                site_call(sg, "Asset", data_type, said)
    assert sg.schema_field_read("Asset") == before
    sg.find("Asset", [], [mine])


def site_call(sg: Client, kind: str, data_type: str, said: Row) -> Any:
    """Make a field by the call as it is: the client would take the name out of the properties."""
    properties = [{"property_name": key, "value": value} for key, value in {"name": "Odd", **said}.items()]
    return call(sg, "schema_field_create", {"type": kind, "data_type": data_type, "properties": properties})


STORED: list[Row] = [
    {key: odd}
    for key in ("description", "summary_default", "valid_types", "hidden_in", "hidden_values", "data_type")
    for odd in ODD[:7]
]


@pytest.mark.parametrize("kind", ["FieldDescriptor", "SchemaField"])
def test_what_another_client_keeps_of_a_field_in_any_shape_leaves_the_site_readable(
    site: Site, sg: Client, p: Row, kind: str
) -> None:
    names = {"SchemaField": "Shot.sg_shot_type", "FieldDescriptor": "odd"}
    for index, data in enumerate(STORED):
        named = {"entity_type": "Shot", "field_name": f"odd{index}"} if kind == "FieldDescriptor" else {}
        site.create(kind, name=names[kind], data=data, **named)
        shown = sg.schema_field_read("Shot", project_entity=p)
        assert sg.find("Shot", [["sg_odd0", "is", "x"]], ["sg_odd0"]) == [] or kind == "SchemaField"
        assert shown["code"]["data_type"]["value"] == "text"


@pytest.mark.parametrize("name", ["sg_cut_out", "sg_own"])
def test_what_several_say_of_a_field_at_once_all_counts(site: Site, sg: Client, name: str) -> None:
    if name == "sg_own":
        assert sg.schema_field_create("Shot", "text", "Own") == name
    projects = [new(sg, "Project") for _ in range(6)]

    def hide(project: Row) -> Any:
        with site.client() as client:
            return client.schema_field_update("Shot", name, {"visible": False}, project_entity=project)

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(hide, projects)) == [True] * 6
    assert [record(sg, "Shot", name, each)["visible"]["value"] for each in projects] == [False] * 6
    with site.engine.connect() as connection:
        count = sa.text("SELECT count(*) FROM declared_record WHERE kind = 'SchemaField' AND name = :name")
        kept = connection.scalar(count, {"name": f"Shot.{name}"})
    assert kept == (0 if name == "sg_own" else 1)


def test_fields_of_one_name_that_are_made_at_once_are_told_apart(site: Site) -> None:
    def make(_: int) -> Any:
        with site.client() as client:
            return client.schema_field_create("Asset", "text", "At once")

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(make, range(4)))
    assert sorted(found) == ["sg_at_once", "sg_at_once_1", "sg_at_once_2", "sg_at_once_3"]


def test_a_field_of_every_site_is_not_a_studios_own_of_that_name(site: Site, sg: Client) -> None:
    site.create("FieldDescriptor", name="Words", entity_type="Shot", field_name="description")
    assert sg.schema_field_update("Shot", "description", {"name": "What it is"}) is True
    assert record(sg, "Shot", "description")["name"]["value"] == "What it is"
    assert record(sg, "Shot", "sg_description")["name"]["value"] == "Words"
    with pytest.raises(FaultError, match="cannot be deleted"):
        sg.schema_field_delete("Shot", "description")
    assert sg.schema_field_delete("Shot", "sg_description") is True


DEFAULTS = [
    ("number", {}, "x", "Integer"),
    ("float", {}, [1], "Float"),
    ("date", {}, "soon", "default_value"),
    ("date_time", {}, {}, "Time"),
    ("checkbox", {}, None, "TrueClass"),
    ("list", {"valid_values": ["a", "b"]}, "c", "expected one of a, b"),
    ("tag_list", {}, "a", "Array"),
    ("entity", {"valid_types": ["Shot"]}, {"type": "Shot", "id": 1}, "default_value"),
    ("multi_entity", {"valid_types": ["Shot"]}, [], "default_value"),
    ("url", {}, "https://x.example", "default_value"),
]


def test_what_is_said_of_a_field_is_read_again(sg: Client) -> None:
    url = sg.schema_field_create("Shot", "url", "Read again")
    mine = sg.schema_field_create("Shot", "list", "Read again too", {"valid_values": ["a", "b"]})
    said = {"sg_shot_type": {"x": "A close-up"}, mine: {"a": "Alpha"}}
    sg.schema_field_update("Shot", "sg_shot_type", {"valid_values": ["x", "y"]})
    for key, called in said.items():
        sg.schema_field_update("Shot", key, {"display_values": called, "custom_metadata": "for a tool"})
    sg.schema_field_update("Shot", url, {"open_in_new_window": True})
    found = sg.schema_field_read("Shot")
    for key, called in said.items():
        legal = found[key]["properties"]["valid_values"]["value"]
        shown = found[key]["properties"]["display_values"]["value"]
        assert shown == {**dict(zip(legal, legal, strict=True)), **called}
        assert found[key]["custom_metadata"] == {"value": "for a tool", "editable": True}
    assert found[url]["properties"]["open_in_new_window"]["value"] is True
    assert {field["custom_metadata"]["value"] for field in found.values()} == {"", "for a tool"}
    with pytest.raises(FaultError, match="no list with values of its own"):
        sg.schema_field_update("Shot", "sg_status_list", {"display_values": {"wtg": "Waiting"}})


@pytest.mark.parametrize(("data_type", "said", "value", "words"), DEFAULTS)
def test_a_default_is_a_value_of_the_fields_type(
    sg: Client, data_type: str, said: Row, value: Any, words: str
) -> None:
    usual = {"default_value": False} if data_type == "checkbox" else {}
    with pytest.raises(FaultError, match=words):
        sg.schema_field_create("Asset", data_type, "Starts so", {**said, "default_value": value})
    name = sg.schema_field_create("Asset", data_type, f"Starts {data_type}", {**said, **usual})
    with pytest.raises(FaultError, match=words):
        sg.schema_field_update("Asset", name, {"default_value": value})
    assert new(sg, "Asset", project=sg.find_one("Project", []))
