"""ftrack_api, unmodified, configures custom attributes, sets them, reads them and finds rows by them."""

from __future__ import annotations

import json
from typing import Any

import arrow
import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import ServerError, Session, Site, unique


def _configure(session: Session, key: str, word: str, **values: Any) -> Any:
    type_ = session.query(f'CustomAttributeType where name is "{word}"').one()
    shot = session.query('ObjectType where name is "Shot"').one()
    default: dict[str, Any] = {
        "key": key,
        "label": key.title(),
        "type": type_,
        "entity_type": "task",
        "object_type_id": shot["id"],
        "default": values.pop("default", None),
        "config": json.dumps(values.pop("config", {})),
        "is_hierarchical": False,
        "core": False,
    }
    made = session.create("CustomAttributeConfiguration", {**default, **values})
    session.commit()
    return made


def test_a_value_is_set_at_create_changed_and_found(site: Site, session: Session, show: Show) -> None:
    key = unique("fstart")
    configuration = _configure(session, key, "number", default=7)
    with site.session() as other:
        sequence = other.get("Sequence", show.sequence)
        shot = other.create(
            "Shot", {"name": unique("c"), "parent": sequence, "custom_attributes": {key: 1001}}
        )
        plain = other.create("Shot", {"name": unique("c"), "parent": sequence})
        other.commit()
        assert shot["custom_attributes"][key] == 1001
        assert plain["custom_attributes"][key] == 7
        shot["custom_attributes"][key] = 1005
        other.commit()
        id_ = shot["id"]
    with site.session() as other:
        shot = other.get("Shot", id_)
        assert dict(shot["custom_attributes"].items())[key] == 1005
        found = other.query(f'Shot where custom_attributes any (key is "{key}" and value is "1005")')
        assert [each["id"] for each in found] == [id_]
        found = other.query(f'Shot where custom_attributes any (key is "{key}" and value > 1004)')
        assert [each["id"] for each in found] == [id_]
        rows = other.query(
            f"select value, configuration.key from ContextCustomAttributeValue where entity_id is {id_}"
            f" and configuration_id is {configuration['id']}"
        )
        assert [(each["value"], each["configuration"]["key"]) for each in rows] == [(1005, key)]
        task = other.get("Task", show.task)
        assert key not in list(task["custom_attributes"])


def test_a_value_of_another_type_is_refused(site: Site, session: Session, show: Show) -> None:
    key = unique("number")
    _configure(session, key, "number")
    with site.session() as other:
        other.get("Shot", show.shots[0])["custom_attributes"][key] = "test"
        with pytest.raises(ServerError, match=f'value for "{key}" must be of type number'):
            other.commit()
        other.rollback()


def test_every_type_of_value_comes_back_as_it_went(site: Site, session: Session, show: Show) -> None:
    options = [{"menu": "Red", "value": "r"}, {"menu": "Green", "value": "g"}]
    values: dict[str, tuple[str, Any, dict[str, Any]]] = {
        unique("txt"): ("text", "ä {b}", {}),
        unique("flag"): ("boolean", True, {}),
        unique("day"): ("date", arrow.get("2026-03-04T00:00:00+00:00"), {}),
        unique("pick"): ("enumerator", ["g"], {"multiSelect": True, "data": json.dumps(options)}),
    }
    for key, (word, _, config) in values.items():
        _configure(session, key, word, config=config)
    with site.session() as other:
        shot = other.get("Shot", show.shots[1])
        for key, (_, value, _) in values.items():
            shot["custom_attributes"][key] = value
        other.commit()
    with site.session() as other:
        shot = other.get("Shot", show.shots[1])
        assert {key: shot["custom_attributes"][key] for key in values} == {
            key: value for key, (_, value, _) in values.items()
        }


def test_a_hierarchical_attribute_is_one_of_everything_in_the_tree(
    site: Site, session: Session, show: Show
) -> None:
    key = unique("fps")
    _configure(session, key, "number", is_hierarchical=True, entity_type="show", object_type_id=None)
    with site.session() as other:
        project, task = other.get("Project", show.project), other.get("Task", show.task)
        project["custom_attributes"][key] = 24
        other.commit()
        task["custom_attributes"][key] = 25
        other.commit()
    with site.session() as other:
        assert other.get("Project", show.project)["custom_attributes"][key] == 24
        assert other.get("Task", show.task)["custom_attributes"][key] == 25
        assert other.get("Shot", show.shots[2])["custom_attributes"][key] is None


def test_a_field_of_zou_is_an_attribute_here(site: Site, show: Show) -> None:
    key = unique("grade").lower()
    site.create("FieldDescriptor", name=key, entity_type="Shot", data_type="string", project_id=show.project)
    shot = site.create("Shot", name=unique("z"), project_id=show.project, data={key: "A"})

    with site.session() as other:
        assert other.get("Shot", shot)["custom_attributes"][key] == "A"
        configuration = other.query(f'CustomAttributeConfiguration where key is "{key}"').one()
        assert (configuration["entity_type"], configuration["type"]["name"]) == ("task", "text")


def test_people_versions_and_projects_have_some_too(site: Site, session: Session, show: Show) -> None:
    keys = {word: unique(word) for word in ("user", "assetversion", "show")}
    for word, key in keys.items():
        _configure(session, key, "text", entity_type=word, object_type_id=None)
    with site.session() as other:
        project = other.get("Project", show.project)
        asset = other.create("Asset", {"name": unique("a"), "parent": project})
        version = other.create("AssetVersion", {"asset": asset})
        user = other.query("User").first()
        other.commit()
        for row, word in ((user, "user"), (version, "assetversion"), (project, "show")):
            row["custom_attributes"][keys[word]] = word
        other.commit()
        ids = (user["id"], version["id"])
    with site.session() as other:
        assert other.get("User", ids[0])["custom_attributes"][keys["user"]] == "user"
        assert other.get("AssetVersion", ids[1])["custom_attributes"][keys["assetversion"]] == "assetversion"
        assert other.get("Project", show.project)["custom_attributes"][keys["show"]] == "show"


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        ("value is TODAY", {"today", "bare"}),
        ("value is_not TODAY", {"later"}),
        ("value > TODAY", {"later"}),
        ("value <= THIS_YEAR", {"today", "bare"}),
        ('value >= "2030-01-01"', {"later"}),
        ('value < "2030-01-01"', {"today", "bare"}),
        ('value is "2031-05-04"', {"later"}),
    ],
)
def test_dates_are_found_by_what_they_are_today(
    site: Site, session: Session, show: Show, criterion: str, found: set[str]
) -> None:
    key, today = unique("day"), arrow.utcnow()
    _configure(session, key, "date")
    with site.session() as other:
        sequence = other.get("Sequence", show.sequence)
        for name, value in {"today": today, "later": arrow.get("2031-05-04T10:00:00+00:00")}.items():
            values = {"name": f"{name}_{key}", "parent": sequence, "custom_attributes": {key: value}}
            other.create("Shot", values)
        other.commit()
    bare = {"name": f"bare_{key}", "project_id": show.project, "data": {key: today.date().isoformat()}}
    site.create("Shot", **bare)
    with site.session() as other:
        rows = other.query(f'Shot where custom_attributes any (key is "{key}" and {criterion})')
        names = {each["name"].removesuffix(f"_{key}") for each in rows if each["name"].endswith(key)}
        assert names == found
        ids = ", ".join(each["id"] for each in other.query(f'Shot where name like "%{key}"'))
        values = other.query(
            f'select entity_id from ContextCustomAttributeValue where entity_id in ({ids}) and key is "{key}"'
            f" and {criterion}"
        )
        assert {
            other.get("Shot", each["entity_id"])["name"].removesuffix(f"_{key}") for each in values
        } == found
