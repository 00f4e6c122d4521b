"""One id in another spelling, in capitals or braces, is the same row."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.clients.ftrack.show import Show
from tests.clients.ftrack.site import Session, Site, unique

SPELLINGS: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "braces": lambda id_: f"{{{id_}}}",
    "hex": lambda id_: uuid.UUID(id_).hex,
}


@pytest.fixture(params=SPELLINGS)
def spelt(request: pytest.FixtureRequest) -> Callable[[str], str]:
    return SPELLINGS[request.param]


Spell = Callable[[str], str]


def call(site: Site, *actions: dict[str, Any]) -> Any:
    answer = site.post(list(actions), strict=True)
    assert answer.status_code == 200, answer.text
    return answer.json()


def create(type_: str, /, **data: Any) -> dict[str, Any]:
    return {"action": "create", "entity_type": type_, "entity_data": data}


def test_a_parent_is_known_in_any_spelling(site: Site, session: Session, show: Show, spelt: Spell) -> None:
    made = call(
        site,
        create("Shot", name=unique("shot"), parent_id=spelt(show.sequence)),
        create("Sequence", name=unique("seq"), parent_id=spelt(show.project)),
        create("Task", name=unique("task"), parent={"__entity_type__": "Shot", "id": spelt(show.shots[0])}),
        create("Task", name=unique("task"), parent={"__entity_type__": "Context", "id": spelt(show.project)}),
    )
    parents = [
        session.get(each["data"]["__entity_type__"], each["data"]["id"])["parent"]["id"] for each in made
    ]
    assert parents == [show.sequence, show.project, show.shots[0], show.project]


def test_a_row_is_changed_and_deleted_in_any_spelling(
    site: Site, session: Session, show: Show, spelt: Spell
) -> None:
    (made,) = call(site, create("Shot", name=unique("shot"), parent_id=show.sequence))
    id_ = made["data"]["id"]
    for name in ("Shot", "TypedContext", "Context"):
        update = {"action": "update", "entity_type": name, "entity_key": [spelt(id_)]}
        (answer,) = call(site, {**update, "entity_data": {"id": id_, "name": unique("renamed")}})
        assert answer["data"]["id"] == id_
    call(site, {"action": "delete", "entity_type": "TypedContext", "entity_key": spelt(id_)})
    assert session.query(f"Shot where id is {id_}").first() is None


def test_rows_of_one_request_know_each_other_in_any_spelling(
    site: Site, session: Session, show: Show, spelt: Spell
) -> None:
    shot, task, note = (str(uuid.uuid4()) for _ in range(3))
    call(
        site,
        create("Task", id=spelt(task), name=unique("task"), parent_id=shot.upper()),
        create("Note", id=note, content="x", parent_id=spelt(task)),
        create("Shot", id=spelt(shot), name=unique("shot"), parent_id=spelt(show.sequence)),
        {
            "action": "update",
            "entity_type": "Task",
            "entity_key": [task],
            "entity_data": {
                "description": "later",
                "notes": [{"__entity_type__": "Note", "id": spelt(note)}],
            },
        },
    )
    found = session.get("Task", task)
    assert (found["parent"]["id"], found["description"]) == (shot, "later")
    assert [each["id"] for each in found["notes"]] == [note]


def test_words_of_the_studio_are_known_in_any_spelling(
    site: Site, session: Session, show: Show, spelt: Spell
) -> None:
    task = session.get("Task", show.task)
    type_ = session.query('Type where name is "Modeling"').one()
    shot = {"object_type_id": spelt("bad911de-3bd6-47b9-8b46-3476e237cb36"), "parent_id": show.sequence}
    made = call(
        site,
        create("Shot", name=unique("shot"), **shot),
        create("AssetBuild", name=unique("asset"), parent_id=show.project, type_id=spelt(type_["id"])),
        create("Task", name=unique("task"), parent_id=show.project, status_id=spelt(task["status"]["id"])),
    )
    assert session.get("AssetBuild", made[1]["data"]["id"])["type"]["name"] == "Modeling"
    assert session.get("Task", made[2]["data"]["id"])["status_id"] == task["status"]["id"]


def test_collections_hold_each_row_once_in_any_spelling(site: Site, show: Show, spelt: Spell) -> None:
    (scope,) = call(site, create("Scope", name=unique("scope")))
    listed = [{"__entity_type__": "Scope", "id": each(scope["data"]["id"])} for each in (str, spelt)]
    update = {
        "action": "update",
        "entity_type": "Task",
        "entity_key": [show.task],
        "entity_data": {"scopes": listed},
    }
    call(site, update)
    call(site, update)
    with site.session() as later:
        assert [each["id"] for each in later.get("Task", show.task)["scopes"]] == [scope["data"]["id"]]


def test_keys_of_several_ids_are_known_in_any_spelling(
    site: Site, session: Session, show: Show, spelt: Spell
) -> None:
    user = session.query("User").first()["id"]
    (note,) = call(site, create("Note", content="x", parent_id=show.task))
    id_ = note["data"]["id"]
    other = site.create("Person", login=unique("p"), email=f"{unique('p')}@example.com")
    call(site, create("Recipient", note_id=spelt(id_), resource_id=spelt(other)))
    (answer,) = call(
        site, {"action": "delete", "entity_type": "Recipient", "entity_key": [spelt(id_), spelt(other)]}
    )
    assert answer["data"] is True
    assert {each["resource_id"] for each in session.query(f"Recipient where note_id is {id_}")} == {user}


def test_sums_and_values_are_found_in_any_spelling(site: Site, show: Show, spelt: Spell) -> None:
    ask = {"action": "compute_rollups", "context_ids": [show.sequence]}
    (plain,), (other,) = call(site, ask), call(site, {**ask, "context_ids": [spelt(show.sequence)]})
    assert other["data"] == plain["data"]
    assert plain["data"][0]["tasks"] > 0
    asked = {"action": "query", "expression": f'select id from Task where id is "{spelt(show.task)}"'}
    assert [each["id"] for each in call(site, asked)[0]["data"]] == [show.task]
    states = [{"action": "query", "expression": "select id, name from State"}]
    (state,) = call(site, *states)[0]["data"][:1]
    named = {"action": "query", "expression": f'State where id is "{spelt(state["id"])}"'}
    assert [each["id"] for each in call(site, named)[0]["data"]] == [state["id"]]


def test_a_key_and_data_that_differ_are_refused(site: Site, session: Session, show: Show) -> None:
    user = session.query("User").first()["id"]
    notes = [
        each["data"]["id"] for each in call(site, *(create("Note", content="x", parent_id=show.task),) * 2)
    ]
    sent = {"action": "update", "entity_type": "Recipient", "entity_key": [notes[0], user]}
    answer = site.post([{**sent, "entity_data": {"note_id": notes[1]}}], strict=True)
    assert "entity_key and note_id differ" in answer.json()["content"]
