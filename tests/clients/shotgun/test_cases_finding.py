"""Finding by presets and through other types' links, and what an action menu item sends."""

from __future__ import annotations

import hashlib
import hmac
import urllib.request
from typing import Any

import orjson
import pytest
import shotgun_api3

from tests.clients.shotgun.site import SCRIPT, Client, Row, Site, call, new
from tests.contracts.statements import noted

FaultError = shotgun_api3.Fault


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def ids(rows: list[Row]) -> list[int]:
    return [each["id"] for each in rows]


def test_steps_are_found_through_the_tasks_of_a_shot(sg: Client, p: Row) -> None:
    shot, (one, other) = new(sg, "Shot", project=p), sg.find("Step", [], limit=2)
    for step, entity in ((one, shot), (other, new(sg, "Shot", project=p))):
        new(sg, "Task", project=p, entity=entity, step=step)
    assert ids(sg.find("Step", [["$FROM$Task.step.entity", "is", shot]], ["short_name"])) == [one["id"]]
    nested = [["$FROM$Task.step.entity.Shot.code", "is", shot["name"]]]
    assert ids(sg.find("Step", nested)) == [one["id"]]


@pytest.mark.parametrize(
    "path",
    ["$FROM$", "$FROM$Nope.step.entity", "$FROM$Task.nope.entity", "$FROM$Task.step", "$FROM$Task.step.nope"],
)
def test_paths_from_nowhere_are_refused(sg: Client, path: str) -> None:
    with pytest.raises(FaultError, match="doesn't exist"):
        sg.find("Step", [[path, "is", None]])


def test_the_latest_versions_of_what_was_found(sg: Client, p: Row) -> None:
    a, b = new(sg, "Shot", project=p), new(sg, "Shot", project=p)
    first, second, third = (new(sg, "Version", project=p, entity=shot) for shot in (a, a, b))
    latest = [{"preset_name": "LATEST", "latest_by": "ENTITIES_CREATED_AT"}]
    found = sg.find("Version", [["project", "is", p]], additional_filter_presets=latest)
    assert ids(found) == [second["id"], third["id"]]
    mine = [["project", "is", p], ["code", "is", first["name"]]]
    assert ids(sg.find("Version", mine, additional_filter_presets=latest)) == [first["id"]]


def test_the_latest_files_by_their_number(sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p)
    made = [new(sg, "PublishedFile", project=p, entity=shot, version_number=n) for n in (2, 3, 1)]
    latest = [{"preset_name": "LATEST", "latest_by": "VERSION_NUMBER"}]
    found = sg.find("PublishedFile", [["project", "is", p]], additional_filter_presets=latest)
    assert ids(found) == [made[1]["id"]]


def test_the_latest_versions_follow_the_steps_and_versions_of_nothing_stay_out(sg: Client) -> None:
    p = new(sg, "Project")
    shot = new(sg, "Shot", project=p)
    late, early = (new(sg, "Step", list_order=order, entity_type="Shot") for order in (900, 800))
    tasks = [new(sg, "Task", project=p, entity=shot, step=step) for step in (late, early)]
    made = [new(sg, "Version", project=p, entity=shot, sg_task=task) for task in tasks]
    new(sg, "Version", project=p)
    new(sg, "Version", project=p, entity=shot)
    by = {"latest_by": "BY_PIPELINE_STEP_NUMBER_AND_ENTITIES_CREATED_AT"}
    latest = {"additional_filter_presets": [{"preset_name": "LATEST", **by}]}
    here = [["project", "is", p]]
    assert ids(sg.find("Version", here, **latest)) == [made[0]["id"]]
    assert ids(sg.find("Version", [*here, ["id", "is_not", made[0]["id"]]], **latest)) == [made[1]["id"]]


def test_the_latest_of_many_are_found_by_one_statement(site: Site, sg: Client, p: Row) -> None:
    shots = [new(sg, "Shot", project=p) for _ in range(3)]
    for shot in shots:
        new(sg, "Version", project=p, entity=shot)
    here = [["project", "is", p]]

    def statements(**presets: Any) -> int:
        with noted(site.app.extensions["studio"].reads) as asked:
            assert len(sg.find("Version", [*here, ["entity", "in", shots]], **presets)) == len(shots)
        return len(asked)

    assert statements(additional_filter_presets=[LATEST]) == statements()


def test_the_takes_of_the_shots_of_a_cut(sg: Client, p: Row) -> None:
    shot, other = new(sg, "Shot", project=p), new(sg, "Shot", project=p)
    cut = new(sg, "Cut", project=p, entity=p, revision_number=1)
    new(sg, "CutItem", project=p, cut=cut, shot=shot)
    take = new(sg, "Version", project=p, entity=shot)
    new(sg, "Version", project=p, entity=other)
    preset = [{"preset_name": "CUT_SHOT_VERSIONS", "cut_id": cut["id"]}]
    assert ids(sg.find("Version", [], additional_filter_presets=preset)) == [take["id"]]
    last = new(sg, "Cut", project=p, entity=p, revision_number=2)
    latest = [{"preset_name": "LATEST", "latest_by": "REVISION_NUMBER"}]
    assert ids(sg.find("Cut", [["project", "is", p]], additional_filter_presets=latest)) == [last["id"]]


LATEST = {"preset_name": "LATEST", "latest_by": "ENTITIES_CREATED_AT"}
WRONG: list[Any] = [
    "LATEST",
    ["LATEST"],
    [{}],
    [{"preset_name": "NEWEST"}],
    [{"preset_name": "LATEST"}],
    [{"preset_name": "LATEST", "latest_by": "NAME"}],
    [LATEST, {**LATEST, "latest_by": "BY_PIPELINE_STEP_NUMBER_AND_ENTITIES_CREATED_AT"}],
    [{"preset_name": "CUT_SHOT_VERSIONS", "cut_id": "x"}],
]


@pytest.mark.parametrize("presets", WRONG)
def test_presets_that_there_are_not_are_refused(sg: Client, presets: Any) -> None:
    asked = {"type": "Version", "return_fields": ["id"], "additional_filter_presets": presets}
    with pytest.raises(FaultError):
        call(sg, "read", asked)


# -- action menu items


def payload(site: Site, number: int, **sent: Any) -> Any:
    body = {"auth": {"script_name": SCRIPT, "script_key": site.key}, **sent}
    asked = urllib.request.Request(  # noqa: S310 - our own
        f"{site.url}/api3/action_menu_items/{number}/payload",
        orjson.dumps(body),
        {"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310
        return orjson.loads(answer.read())


def test_an_action_menu_item_sends_what_is_selected_signed(site: Site, sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p)
    values = {
        "title": "Do it",
        "url": "https://web.example/do",
        "entity_type": "Shot",
        "secret_token": "s3cret",
    }
    item = sg.create("ActionMenuItem", values, ["secret_token"])
    assert item["secret_token"] == "*******"
    sent = {
        "project_id": p["id"],
        "ids": [shot["id"], 7],
        "selected_ids": [shot["id"]],
        "cols": ["code", "id"],
    }
    said = payload(site, item["id"], **sent)
    pairs = [tuple(pair) for pair in said["payload"]]
    known = dict(pairs)
    assert (said["method"], said["url"]) == ("POST", "https://web.example/do")
    assert (known["title"], known["entity_type"], known["project_name"]) == ("Do it", "Shot", p["name"])
    assert (known["ids"], known["selected_ids"]) == (f"{shot['id']},7", str(shot["id"]))
    assert [value for key, value in pairs if key == "cols"] == ["code", "id"]
    text = "".join(f"{key}={value}\r\n" for key, value in sorted(pairs) if key != "signature")
    assert known["signature"] == hmac.new(b"s3cret", text.encode(), hashlib.sha1).hexdigest()
    told = sg.find("EventLogEntry", [["entity", "is", item]], ["meta"])
    assert "s3cret" not in str(told)


def test_a_light_payload_is_in_the_log(site: Site, sg: Client) -> None:
    item = sg.create("ActionMenuItem", {"title": "Light", "url": "app://run?x=1", "light_payload": True})
    said = payload(site, item["id"], entity_type="Shot", selected_ids=[3])
    known = dict(map(tuple, said["payload"]))
    assert said["method"] == "GET"
    assert said["url"].startswith("app://run?x=1&event_log_entry_id=")
    entry = sg.find_one("EventLogEntry", [["id", "is", int(known["event_log_entry_id"])]], ["meta"])
    assert entry["meta"]["ami_payload"]["selected_ids"] == "3"


def test_items_that_cannot_be_picked_are_refused(site: Site, sg: Client) -> None:
    values = {"title": "Some", "url": "https://x.example", "selection_required": True}
    item = sg.create("ActionMenuItem", values)
    assert "selected_ids" in payload(site, item["id"])["message"]
    assert payload(site, 10**9)["exception"] is True
    assert payload(site, item["id"], selected_ids=["x"])["exception"] is True
    assert payload(site, item["id"], auth={})["error_code"] == 102
