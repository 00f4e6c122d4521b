"""Every field of every type that sites have: described, written, read, found, sorted, summed up."""

from __future__ import annotations

import datetime as dt
import inspect
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import shotgun_api3

from tests.clients.shotgun import test_task_dates
from tests.clients.shotgun.site import Client, Row, new
from zou_server.blueprints.shotgun.filters import UNASKED
from zou_server.blueprints.shotgun.overrides import NARROWER
from zou_server.blueprints.shotgun.schema.personal import PERSONAL
from zou_server.blueprints.shotgun.schema.site import Declared, site
from zou_server.blueprints.shotgun.vocabulary import vocabulary

READ_ONLY = {
    # (type, field): sites call it editable, and it is not
    ("*", "cached_display_name"): "it follows from the row",
    **{
        ("*", f"smart_{part}_{end}"): "it follows from the frames that are noted"
        for part in ("cut", "head", "tail")
        for end in ("in", "out", "duration")
    },
    ("EventLogEntry", "image"): "entries of the log never change",
    ("EventLogEntry", "filmstrip_image"): "entries of the log never change",
    ("TimeLog", "project"): "it is that of what the time was spent on",
}
FOLLOWED = {"TimeLog": {"project"}}
"""Type -> fields that every client sends, and that are what follows from the row whatever was sent."""

ELSEWHERE: Mapping[tuple[str, str], Callable[..., None]] = {
    # (type, field): the test that writes and reads it, as the one value that it is given here could not be
    ("Task", "splits"): test_task_dates.test_pieces_say_the_dates_and_the_work_time,
    ("Task", "duration"): test_task_dates.test_days_that_are_not_worked_on_are_not_counted,
}
LONELY = {("Task", "upstream_tasks"), ("TaskDependency", "task"), ("TaskDependency", "dependent_task")}
"""Links to a row that links to nothing itself: tasks in a loop are refused."""

VALUES: Mapping[tuple[str, str], Any] = {
    ("HumanUser", "email"): "every.field@x.example",
    ("HumanUser", "name"): "Ann Q",
    ("HumanUser", "firstname"): "Ann",
    ("HumanUser", "lastname"): "Q",
    ("TaskDependency", "dependency_type"): "start-to-start",
}
BY_TYPE: Mapping[str, Any] = {
    "text": "a text",
    "number": 7,
    "float": 1.5,
    "percent": 40,
    "duration": 90,
    "checkbox": True,
    "date": "2026-03-04",
    "date_time": dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC),
    "tag_list": ["b", "a"],
    "url": {"url": "http://x.example/", "name": "n"},
    "color": "1,2,3",
    "entity_type": "Shot",
    "serializable": {"a": [1]},
}
SUMMED = {
    "number": ("sum", 7),
    "float": ("average", 1.5),
    "percent": ("maximum", 40),
    "duration": ("sum", 90),
    "date": ("earliest", "2026-03-04"),
    "checkbox": ("checked", 1),
}
UNASKABLE = frozenset({"password", "serializable", "url", "pivot_column", "image"})
UNSORTED = frozenset({"multi_entity", "tag_list", *UNASKABLE})


class Rows:
    """A row of each type to link to, made when it is needed."""

    def __init__(self, sg: Client) -> None:
        self.sg, self.project = sg, new(sg, "Project")
        self._found: dict[str, Row] = {"Project": self.project}

    def of(self, kind: str) -> Row:
        if kind not in self._found:
            is_given = kind == "PermissionRuleSet"
            self._found[kind] = self.sg.find_one(kind, []) if is_given else self.make(kind)
        return self._found[kind]

    def make(self, kind: str) -> Row:
        made = self.sg.create(kind, self.needed(kind))
        return {"type": kind, "id": made["id"]}

    def needed(self, kind: str) -> Row:
        word, fields = uuid.uuid4().hex[:8], site()[kind]
        values: Row = {"project": self.project} if "project" in fields else {}
        named = {
            "Department": {"name": word},
            "HumanUser": {"name": "Some Body", "login": word, "email": f"{word}@x.example"},
            "ApiUser": {"firstname": word},
            "Project": {"name": word},
            "Status": {"code": word[:3], "name": word},
            "EventLogEntry": {"event_type": "Tool_Did", "description": "d"},
            "TankType": {"code": word},
        }
        values |= named.get(kind, {})
        if kind == "Reply":
            values |= {"entity": self.of("Ticket"), "content": "a text"}
        if kind == "TimeLog":
            values |= {"entity": self.of("Task"), "user": self.of("HumanUser")}
            values |= {"date": "2026-01-02", "duration": 1}
        if kind.endswith(("Connection", "Dependency")) and kind != "TankDependency":
            values |= {key: self.make(each.types[0]) for key, each in fields.items() if _is_end(each)}
        return values


def _is_end(said: Declared) -> bool:
    return said.type == "entity" and said.key not in ("created_by", "updated_by", "project")


@pytest.fixture(scope="module")
def pool(sg: Client) -> Rows:
    return Rows(sg)


@pytest.fixture(scope="module")
def schema(sg: Client) -> Row:
    found: Row = sg.schema_read()
    return found


KINDS = sorted(set(site()) - {"PermissionRuleSet"})
FILE = {name: fields for name, fields in site().items() if int(name[-2:] if name[-2:].isdigit() else 0) <= 5}


def is_read_only(kind: str, key: str) -> bool:
    return ("*", key) in READ_ONLY or (kind, key) in READ_ONLY


@pytest.mark.parametrize("kind", sorted(FILE))
def test_the_schema_describes_every_field_as_sites_do(schema: Row, kind: str) -> None:
    known = set(vocabulary().types)
    for key, said in site()[kind].items():
        record = schema[kind][key]
        properties = {name: each["value"] for name, each in record["properties"].items()}
        told = {name: each["value"] for name, each in record.items() if name != "properties"}
        editable = said.editable and not is_read_only(kind, key)
        where = f"{kind}.{key}"
        assert (told["data_type"], told["name"], told["entity_type"]) == (said.type, said.label, kind), where
        assert (told["editable"], told["mandatory"], told["unique"]) == (
            editable,
            said.mandatory,
            said.unique,
        ), where
        assert (properties["default_value"], properties["summary_default"]) == (said.default, said.summary), (
            where
        )
        if said.types:
            types = NARROWER.get((kind, key)) or set(said.types) & known
            assert set(properties["valid_types"]) == set(types) != set(), where
        if said.values and said.type == "list" and key not in ("sg_asset_type", "sg_status"):
            assert tuple(properties["valid_values"]) == said.values, where
        if said.type == "status_list":
            assert set(said.values) <= set(properties["valid_values"]), where


def value_of(pool: Rows, schema: Row, kind: str, said: Declared) -> Any:
    """A value that the field may have, None where there is none to give."""
    if (kind, said.key) in VALUES:
        return VALUES[kind, said.key]
    if said.type in ("entity", "multi_entity"):
        legal = schema[kind][said.key]["properties"]["valid_types"]["value"]
        types = [each for each in legal if each not in ("PermissionRuleSet", "Icon")] or legal
        link = (pool.make if (kind, said.key) in LONELY else pool.of)(types[-1]) if types else None
        return link if said.type == "entity" or link is None else [link]
    if said.type in ("list", "status_list"):
        legal = schema[kind][said.key]["properties"]["valid_values"]["value"]
        return legal[-1] if legal else "any" if said.type == "list" else None
    return BY_TYPE.get(said.type)


def is_same(said: Declared, given: Any, found: Any) -> bool:
    if said.type == "entity":
        return found is not None and (found["type"], found["id"]) == (given["type"], given["id"])
    if said.type == "multi_entity":
        return [(each["type"], each["id"]) for each in found] == [
            (each["type"], each["id"]) for each in given
        ]
    if said.type == "url":
        return found is not None and (found["url"], found["name"]) == (given["url"], given["name"])
    return bool(found == given)


@pytest.mark.parametrize("kind", sorted(set(FILE) - {"EventLogEntry", "PermissionRuleSet"}))
def test_every_field_is_written_read_found_sorted_and_summed_up(
    sg: Client, pool: Rows, schema: Row, kind: str
) -> None:
    fields = {key: said for key, said in site()[kind].items() if not is_read_only(kind, key)}
    row = pool.make(kind)
    written = {
        key: value
        for key, said in fields.items()
        if said.editable and (kind, key) not in ELSEWHERE
        if (value := value_of(pool, schema, kind, said)) is not None
        and said.type not in ("password", "image")
    }
    # One field in each request: what a field has to say of another is no matter here.
    each = {"request_type": "update", "entity_type": kind, "entity_id": row["id"]}
    if written:
        sg.batch([{**each, "data": {key: value}} for key, value in written.items()])
    mine = ["id", "is", row["id"]]
    found = sg.find_one(kind, [mine], list(fields))
    assert set(found) == {"type", *fields}
    lost = [key for key, value in written.items() if not is_same(fields[key], value, found[key])]
    assert lost == []
    asked = [
        [key, "is", value[0] if isinstance(value, list) else value]
        for key, value in written.items()
        if fields[key].type not in UNASKABLE and vocabulary().types[kind].fields[key].style not in UNASKED
    ]
    assert [each["id"] for each in sg.find(kind, [mine, *asked])] == [row["id"]]
    for leaf in asked:
        assert sg.find(kind, [mine, [leaf[0], "is_not", leaf[2]]]) == [], leaf
    orders = [{"field_name": key} for key, said in fields.items() if said.type not in UNSORTED]
    for start in range(0, len(orders), 25):
        assert [each["id"] for each in sg.find(kind, [mine], order=orders[start : start + 25])] == [row["id"]]
    _sum_up(sg, kind, mine, {key: value for key, value in written.items() if is_summed(kind, fields[key])})
    countable = [key for key in written if (kind, key) not in PERSONAL][:20]
    counted = sg.summarize(kind, [mine], [{"field": key, "type": "count"} for key in countable])
    assert counted["summaries"] == dict.fromkeys(countable, 1)


def is_summed(kind: str, said: Declared) -> bool:
    """Whether its values add up: marks that each person has of their own are only counted."""
    return said.type in SUMMED and (kind, said.key) not in PERSONAL


@pytest.mark.parametrize(("kind", "key"), sorted(ELSEWHERE))
def test_what_is_written_elsewhere_is_named_there(kind: str, key: str) -> None:
    assert key in site()[kind]
    assert f'"{key}"' in inspect.getsource(ELSEWHERE[kind, key])


@pytest.mark.parametrize("kind", sorted(FILE))
def test_what_sites_call_editable_and_is_not_is_refused(sg: Client, pool: Rows, kind: str) -> None:
    row = sg.find_one(kind, []) if kind in ("PermissionRuleSet", "EventLogEntry") else pool.of(kind)
    each = {"request_type": "update", "entity_type": kind, "entity_id": row["id"]}
    locked = {key for key, said in site()[kind].items() if said.editable and is_read_only(kind, key)}
    for key in locked - FOLLOWED.get(kind, set()):
        with pytest.raises(shotgun_api3.Fault, match="read only"):
            sg.batch([{**each, "data": {key: BY_TYPE.get(site()[kind][key].type)}}])


@pytest.mark.parametrize("kind", sorted(FOLLOWED))
def test_a_project_that_follows_from_a_row_is_taken_from_no_client(sg: Client, pool: Rows, kind: str) -> None:
    row, other = pool.of(kind), new(sg, "Project")
    assert sg.update(kind, row["id"], {"project": other})["project"]["id"] == pool.project["id"]


@pytest.mark.parametrize(("kind", "key"), sorted(READ_ONLY))
def test_a_field_that_is_read_only_here_is_called_editable_by_sites(kind: str, key: str) -> None:
    kinds = site() if kind == "*" else [kind]
    assert [each for each in kinds if key in site()[each] and site()[each][key].editable]


def _sum_up(sg: Client, kind: str, mine: list[Any], written: Row) -> None:
    names = list(written)
    for start in range(0, len(names), 20):
        asked = {key: SUMMED[site()[kind][key].type] for key in names[start : start + 20]}
        summaries = [{"field": key, "type": how} for key, (how, _) in asked.items()]
        found = sg.summarize(kind, [mine], summaries)["summaries"]
        assert found == {key: total for key, (_, total) in asked.items()}


LOCKED = sorted({kind for kind, fields in FILE.items() if any(not each.editable for each in fields.values())})


@pytest.mark.parametrize("kind", LOCKED)
def test_what_is_not_editable_is_refused(sg: Client, pool: Rows, kind: str) -> None:
    row = sg.find_one(kind, []) if kind in ("PermissionRuleSet", "EventLogEntry") else pool.of(kind)
    settable = {
        key for key, each in vocabulary().types[kind].fields.items() if each.editable and not each.create_only
    }
    for key, said in site()[kind].items():
        if not said.editable and key not in settable and key != "type":
            with pytest.raises(shotgun_api3.Fault, match=r"read only|on create only"):
                sg.update(kind, row["id"], {key: BY_TYPE["url"] if said.type == "url" else "x"})


DEFAULTS = [
    (kind, key, said.default)
    for kind, fields in FILE.items()
    for key, said in fields.items()
    if said.default not in (None, "") and (kind, key) != ("TimeLog", "duration")
]


def test_a_new_row_has_the_defaults_of_its_type(sg: Client, pool: Rows) -> None:
    wrong = []
    for kind in sorted({kind for kind, _, _ in DEFAULTS}):
        row = pool.make(kind)
        wanted = {key: default for name, key, default in DEFAULTS if name == kind}
        found = sg.find_one(kind, [["id", "is", row["id"]]], list(wanted))
        wrong += [(kind, key, found[key]) for key, default in wanted.items() if found[key] != default]
    assert wrong == []


UNIQUE = [(kind, key) for kind, fields in FILE.items() for key, said in fields.items() if said.unique]


@pytest.mark.parametrize(("kind", "key"), UNIQUE)
def test_a_value_that_is_to_be_unique_is_not_given_twice(sg: Client, pool: Rows, kind: str, key: str) -> None:
    values = {**pool.needed(kind), key: f"unique {uuid.uuid4().hex[:6]}"}
    sg.create(kind, values)
    with pytest.raises(shotgun_api3.Fault, match="required to be unique"):
        sg.create(kind, {**pool.needed(kind), key: values[key]})


def test_a_list_takes_its_own_values_alone(sg: Client, pool: Rows) -> None:
    lists = [
        (kind, key)
        for kind, fields in FILE.items()
        for key, said in fields.items()
        if said.type in ("list", "status_list") and said.values and said.editable
    ]
    assert len(lists) > 20
    for kind, key in lists:
        with pytest.raises(shotgun_api3.Fault, match=r"expected one of|is none of|does not exist"):
            sg.update(kind, pool.of(kind)["id"], {key: "no such value"})


def test_answers_are_given_from_both_ends(sg: Client, pool: Rows) -> None:
    here = {"project": pool.project}
    ticket, second = (sg.create("Ticket", {**here, "title": word}) for word in "ab")
    note = sg.create("Note", {**here, "subject": "n"})
    first = sg.create("Reply", {"entity": ticket, "content": "one"}, ["entity"])
    assert first["entity"] == {"type": "Ticket", "id": ticket["id"], "name": "a"}

    def replies(row: Row) -> list[int]:
        found = sg.find_one(row["type"], [["id", "is", row["id"]]], ["replies"])["replies"]
        assert {each["type"] for each in found} <= {"Reply"}
        return [each["id"] for each in found]

    assert (replies(ticket), replies(note)) == ([first["id"]], [])
    assert sg.find("Reply", [["entity", "is", ticket]]) == [{"type": "Reply", "id": first["id"]}]
    assert sg.find("Reply", [["entity.Ticket.title", "is", "a"]]) == [{"type": "Reply", "id": first["id"]}]
    assert sg.find("Ticket", [["replies", "is", first]]) == [{"type": "Ticket", "id": ticket["id"]}]
    assert sg.find("Note", [["id", "is", first["id"]]]) == []
    sg.update("Note", note["id"], {"replies": [first]})
    assert (replies(ticket), replies(note)) == ([], [first["id"]])
    sg.update("Ticket", second["id"], {"replies": [first]}, multi_entity_update_modes={"replies": "add"})
    assert (replies(second), replies(note)) == ([first["id"]], [])
    for kind, row, values in (("Ticket", second, {"replies": []}), ("Reply", first, {"entity": None})):
        with pytest.raises(shotgun_api3.Fault):
            sg.update(kind, row["id"], values)
    for ask in (
        lambda: sg.update("Reply", first["id"], {"entity": None}),
        lambda: sg.create("Reply", {"entity": None, "content": "to nothing"}),
        lambda: sg.create("Reply", {"content": "to nothing"}),
    ):
        with pytest.raises(shotgun_api3.Fault, match=r"Reply\.entity may not be empty"):
            ask()
    told = sg.find("EventLogEntry", [["entity", "is", second], ["attribute_name", "is", "replies"]], ["meta"])
    assert told[-1]["meta"]["actual_attribute_changed"] == "Reply.entity"
    sg.delete("Ticket", second["id"])
    assert sg.find("Reply", [["id", "is", first["id"]]]) == []


def test_the_members_of_a_group_get_the_task_that_it_is_given(sg: Client, pool: Rows) -> None:
    people = [pool.make("HumanUser") for _ in "ab"]
    group = sg.create("Group", {"code": "lighters", "users": people})
    task = sg.create("Task", {"project": pool.project, "content": "light", "task_assignees": [group]})
    names = ["task_assignees"]
    found = sg.find_one("Task", [["id", "is", task["id"]]], names)["task_assignees"]
    assert {each["id"] for each in found} == {each["id"] for each in people}
    with pytest.raises(shotgun_api3.Fault):
        sg.update("Task", task["id"], {"task_assignees": [{"type": "Group", "id": 999_999}]})


def test_notes_that_are_open_are_found(sg: Client, pool: Rows) -> None:
    shot, quiet = (new(sg, "Shot", project=pool.project) for _ in "ab")
    note = sg.create("Note", {"project": pool.project, "subject": "n", "note_links": [shot]})
    mine = ["id", "in", [shot["id"], quiet["id"]]]
    assert sg.find("Shot", [["open_notes", "is", note]]) == [{"type": "Shot", "id": shot["id"]}]
    assert sg.find("Shot", [["open_notes", "is", None], mine]) == [{"type": "Shot", "id": quiet["id"]}]
    sg.update("Note", note["id"], {"sg_status_list": "clsd"})
    assert sg.find("Shot", [["open_notes", "is", note]]) == []
    assert len(sg.find("Shot", [["open_notes", "is_not", note], mine])) == 2


def test_an_entry_of_a_tool_that_says_nothing_more_has_nothing_more(sg: Client) -> None:
    made = sg.create("EventLogEntry", {"event_type": "Tool_Did", "description": "d"})
    assert sg.find_one("EventLogEntry", [["id", "is", made["id"]]], ["meta"])["meta"] == {}
