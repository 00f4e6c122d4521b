"""ftrack_api, unmodified, configures custom attributes, sets them, reads them and finds rows by them."""

from __future__ import annotations

import json
from typing import Any

import arrow
import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import ServerError, Session, Site, unique
from zou_server.services.install.manage_credentials import create_api_key


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


@pytest.mark.parametrize(
    ("word", "default", "shown"),
    [
        ("number", "5", 5),
        ("number", "1.5", 1.5),
        ("number", 0, 0),
        ("number", "", None),
        ("boolean", False, False),
        ("date", "2031-05-04", arrow.get("2031-05-04")),
        ("date", arrow.get("2031-05-04T10:00:00+00:00"), arrow.get("2031-05-04T10:00:00+00:00")),
        ("enumerator", ["g"], ["g"]),
        ("text", "", ""),
    ],
)
def test_a_default_is_read_as_a_value_of_its_type(
    site: Site, session: Session, show: Show, word: str, default: Any, shown: Any
) -> None:
    key = unique("default")
    _configure(session, key, word, default=default)
    with site.session() as other:
        found = other.get("Shot", show.shots[2])["custom_attributes"][key]
    assert (found, type(found)) == (shown, type(shown))


@pytest.mark.parametrize(
    ("word", "default"),
    [
        ("number", "many"),
        ("number", "nan"),
        ("number", True),
        ("number", {"a": 1}),
        ("boolean", "perhaps"),
        ("date", "soon"),
        ("date", 7),
        ("enumerator", 7),
        ("text", 7),
    ],
)
def test_a_default_of_another_type_is_refused(session: Session, word: str, default: Any) -> None:
    key = unique("default")
    with pytest.raises(ServerError, match=r"default.*is no value of the type"):
        _configure(session, key, word, default=default)
    session.rollback()
    assert session.query(f'CustomAttributeConfiguration where key is "{key}"').first() is None


def test_a_text_where_a_date_should_be_hides_nothing_else(site: Site, show: Show) -> None:
    for key, kind in (("due", "date"), ("mood", "string")):
        field = {"name": key, "entity_type": "Shot", "data_type": kind}
        site.create("FieldDescriptor", **field, project_id=show.project)
    shot = site.create("Shot", name=unique("s"), project_id=show.project, data={"due": "soon", "mood": "low"})
    with site.session() as other:
        values = other.get("Shot", shot)["custom_attributes"]
        assert (values["due"], values["mood"]) == ("soon", "low")


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


@pytest.mark.parametrize(
    ("criterion", "found"),
    [
        ('value is "3"', {"whole"}),
        ("value is 3", {"whole"}),
        ('value is "3.0"', {"whole"}),
        ('value is_not "3"', {"half", "none"}),
        ('value in ("3", "4")', {"whole"}),
        ('value not_in ("3", "4")', {"half", "none"}),
        ('not value is "3"', {"half", "none"}),
        ('(value is "3" or value is "2.5")', {"whole", "half"}),
        ("value > 2 and value < 3", {"half"}),
        ("(value is none or value < 3)", {"half", "none"}),
    ],
)
def test_every_term_of_criteria_on_an_attribute_counts(
    site: Site, session: Session, show: Show, criterion: str, found: set[str]
) -> None:
    key = unique("amount")
    _configure(session, key, "number")
    for name, kept in {"whole": {key: 3.0}, "half": {key: 2.5}, "none": {}}.items():
        site.create("Shot", name=f"{name}_{key}", project_id=show.project, data=kept)
    with site.session() as other:
        rows = other.query(
            f'Shot where name like "%{key}" and custom_attributes any (key is "{key}" and {criterion})'
        )
        assert {each["name"].removesuffix(f"_{key}") for each in rows} == found


def test_a_default_of_any_kind_is_found_in_a_list(session: Session) -> None:
    key = unique("level")
    made = _configure(session, key, "text", default="dark")
    query = f'select id from CustomAttributeConfiguration where key is "{key}" and default {{}}'
    for found in ('in ("dark", "light")', 'in ("dark")', 'is "dark"', 'not_in ("light")'):
        assert [each["id"] for each in session.query(query.format(found))] == [made["id"]], found
    for other in ('in ("light", "1")', 'not_in ("dark")', "in (1, none)"):
        assert session.query(query.format(other)).all() == [], other


@pytest.mark.parametrize("term", ["entity_id is 1", "(value is 1 or configuration.id is 2)", "nope is 1"])
def test_criteria_on_anything_but_the_value_of_an_attribute_are_refused(session: Session, term: str) -> None:
    with pytest.raises(ServerError, match="Criteria on custom_attributes"):
        session.query(f'Shot where custom_attributes any (key is "some" and {term})').all()


def _somebody(site: Site, show: Show, role: str) -> tuple[str, str]:
    """Somebody on the team: their name, and a key."""
    login = unique(role)
    person = site.create("Person", login=login, email=f"{login}@example.com", role=role)
    site.create("Membership", project_id=show.project, person_id=person)
    return login, create_api_key(site.engine, f"{login}@example.com")


def test_the_roles_that_an_attribute_names_bind(site: Site, session: Session, show: Show) -> None:
    key = unique("closed")
    manager = session.query('SecurityRole where name is "Project Manager"').one()
    supervisor = session.query('SecurityRole where name is "Supervisor"').one()
    session.create(
        "CustomAttributeConfiguration",
        {
            "entity_type": "task",
            "object_type": session.query('ObjectType where name is "Shot"').one(),
            "type": session.query('CustomAttributeType where name is "text"').one(),
            "label": key,
            "key": key,
            "default": "",
            "config": "{}",
            "read_security_roles": [manager, supervisor],
            "write_security_roles": [manager],
        },
    )
    session.commit()
    with site.session() as boss:
        made = boss.query(f'CustomAttributeConfiguration where key is "{key}"').one()
        assert {each["name"] for each in made["read_security_roles"]} == {"Project Manager", "Supervisor"}
        assert [each["name"] for each in made["write_security_roles"]] == ["Project Manager"]
        boss.get("Shot", show.shots[0])["custom_attributes"][key] = "top"
        boss.commit()
    seen = {}
    for role in ("user", "supervisor", "manager"):
        with site.session(*_somebody(site, show, role)) as theirs:
            shot = theirs.get("Shot", show.shots[0])
            seen[role] = dict(shot["custom_attributes"].items()).get(key)
            if seen[role] is None:
                continue
            shot["custom_attributes"][key] = role
            if role == "supervisor":
                with pytest.raises(ServerError, match=key):
                    theirs.commit()
                theirs.rollback()
            else:
                theirs.commit()
    assert seen == {"user": None, "supervisor": "top", "manager": "top"}


def test_a_role_of_a_user_holds_in_the_projects_that_it_names(
    site: Site, session: Session, show: Show
) -> None:
    login = unique("lead")
    person = site.create("Person", login=login, email=f"{login}@example.com", role="user")
    api_key = create_api_key(site.engine, f"{login}@example.com")
    with site.session(login, api_key) as theirs:
        assert theirs.query("Project").all() == []
    role = session.query('SecurityRole where name is "Project Manager"').one()
    user, project = session.get("User", person), session.get("Project", show.project)
    made = session.create("UserSecurityRole", {"user": user, "security_role": role, "projects": [project]})
    session.commit()
    with site.session(login, api_key) as theirs:
        (mine,) = theirs.query(f'UserSecurityRole where user.username is "{login}"').all()
        assert mine["security_role"]["name"] == "Project Manager"
        assert [each["id"] for each in mine["projects"]] == [show.project]
        assert [each["project_id"] for each in mine["user_security_role_projects"]] == [show.project]
        theirs.get("Shot", show.shots[0])["description"] = "mine to say"
        theirs.commit()
    session.delete(made)
    session.commit()
    with site.session(login, api_key) as theirs:
        assert theirs.query("Project").all() == []
    everywhere = {"user": user, "security_role": role, "is_all_projects": True}
    session.create("UserSecurityRole", everywhere)
    session.commit()
    with site.session(login, api_key) as theirs:
        assert show.project in [each["id"] for each in theirs.query("Project").all()]
    boss = session.query('SecurityRole where name is "Administrator"').one()
    session.create("UserSecurityRole", {**everywhere, "security_role": boss})
    with pytest.raises(ServerError, match="security_role is none of manager"):
        session.commit()
    session.rollback()
