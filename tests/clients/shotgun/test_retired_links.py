"""Links to rows that were retired: what filters, answers and writes make of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from shotgun_api3 import Fault, ShotgunError

from tests import media
from tests.clients.shotgun.site import Client, Row, new


@pytest.fixture(scope="module")
def p(sg: Client) -> Row:
    return new(sg, "Project")


def one(sg: Client, row: Row, *names: str) -> Any:
    found = sg.find_one(row["type"], [["id", "is", row["id"]]], list(names))
    return [found[name] for name in names]


def test_a_link_to_a_retired_row_is_null_and_drops_out_of_lists(sg: Client, p: Row) -> None:
    kept, gone = new(sg, "Asset", project=p), new(sg, "Asset", project=p)
    template = new(sg, "TaskTemplate")
    shot = new(sg, "Shot", project=p, assets=[kept, gone], task_template=template)
    sg.delete("Asset", gone["id"])
    sg.delete("TaskTemplate", template["id"])
    names = ["assets", "task_template", "task_template.TaskTemplate.code"]
    assert one(sg, shot, *names) == [[kept], None, None]
    mine = ["id", "is", shot["id"]]
    for asked, is_found in (
        (["task_template", "is", None], True),
        (["task_template", "is_not", None], False),
        (["task_template", "name_contains", template["name"]], False),
        (["task_template.TaskTemplate.code", "is", template["name"]], False),
        (["assets", "is", kept], True),
        (["assets.Asset.code", "is", gone["name"]], False),
        (["assets", "name_contains", gone["name"]], False),
    ):
        assert bool(sg.find("Shot", [mine, asked])) is is_found, asked
    sg.revive("Asset", gone["id"])
    sg.revive("TaskTemplate", template["id"])
    assets, found, code = one(sg, shot, *names)
    assert sorted(each["id"] for each in assets) == sorted([kept["id"], gone["id"]])
    assert (found, code) == (template, template["name"])


@pytest.mark.parametrize("relation", ["is", "in", "is_not", "not_in"])
def test_a_filter_that_names_a_retired_row_is_answered(sg: Client, p: Row, relation: str) -> None:
    template = new(sg, "TaskTemplate")
    shot, other = new(sg, "Shot", project=p, task_template=template), new(sg, "Shot", project=p)
    sg.delete("TaskTemplate", template["id"])
    mine = ["id", "in", [shot["id"], other["id"]]]
    value = [template] if relation in ("in", "not_in") else template
    found = [each["id"] for each in sg.find("Shot", [mine, ["task_template", relation, value]])]
    assert found == ([shot["id"], other["id"]] if "not" in relation else [])


WRITES: list[tuple[str, str]] = [
    ("sg_sequence", "Sequence"),
    ("assets", "Asset"),
    ("task_template", "TaskTemplate"),
]


@pytest.mark.parametrize(("field", "kind"), WRITES)
def test_a_link_to_a_retired_row_is_not_written(sg: Client, p: Row, field: str, kind: str) -> None:
    target = new(sg, kind, **({} if kind == "TaskTemplate" else {"project": p}))
    shot = new(sg, "Shot", project=p)
    sg.delete(kind, target["id"])
    value: Any = [target] if field == "assets" else target
    before = one(sg, shot, field, "description")
    with pytest.raises(Fault, match=f"Shot.{field} leads to a row that does not exist"):
        sg.update("Shot", shot["id"], {"description": "half", field: value})
    with pytest.raises(Fault):
        sg.create("Shot", {"project": p, "code": "never made", field: value})
    assert one(sg, shot, field, "description") == before
    assert sg.find("Shot", [["code", "is", "never made"]]) == []


def test_a_link_to_a_retired_row_can_be_taken_away_and_replaced(sg: Client, p: Row) -> None:
    gone, kept = new(sg, "Asset", project=p), new(sg, "Asset", project=p)
    template, other = new(sg, "TaskTemplate"), new(sg, "TaskTemplate")
    shot = new(sg, "Shot", project=p, assets=[gone], task_template=template)
    sg.delete("Asset", gone["id"])
    sg.delete("TaskTemplate", template["id"])
    sg.update("Shot", shot["id"], {"assets": [kept]}, multi_entity_update_modes={"assets": "add"})
    assert one(sg, shot, "assets") == [[kept]]
    sg.update("Shot", shot["id"], {"task_template": other})
    assert one(sg, shot, "task_template") == [other]
    sg.update("Shot", shot["id"], {"assets": []})
    assert one(sg, shot, "assets") == [[]]


def test_what_lives_on_a_row_is_retired_and_revived_with_it(sg: Client, p: Row) -> None:
    shot = new(sg, "Shot", project=p)
    version = new(sg, "Version", project=p, entity=shot)
    sg.delete("Shot", shot["id"])
    mine = [["id", "is", version["id"]]]
    assert sg.find("Version", mine) == []
    assert [each["id"] for each in sg.find("Version", mine, retired_only=True)] == [version["id"]]
    sg.revive("Shot", shot["id"])
    assert one(sg, version, "entity") == [shot]


@pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")
def test_nothing_is_done_to_a_retired_row(sg: Client, p: Row, tmp_path: Path) -> None:
    """The client leaves the file open that it uploads."""
    shot = new(sg, "Shot", project=p)
    user = sg.create("HumanUser", {"name": "Ann", "login": "retired-ann", "email": "ra@x.example"})
    sg.delete("Shot", shot["id"])
    picture = tmp_path / "a.png"
    picture.write_bytes(media.picture())
    refused: list[Callable[[], Any]] = [
        lambda: sg.update("Shot", shot["id"], {"description": "x"}),
        lambda: sg.follow({"type": "HumanUser", "id": user["id"]}, shot),
        lambda: sg.upload_thumbnail("Shot", shot["id"], str(picture)),
        lambda: sg.create("Note", {"project": p, "subject": "s", "note_links": [shot]}),
        lambda: sg.create("Task", {"project": p, "content": "t", "entity": shot}),
        lambda: sg.share_thumbnail([shot], source_entity=new(sg, "Shot", project=p)),
    ]
    for call in refused:
        with pytest.raises(ShotgunError):
            call()
    assert sg.find("Attachment", [["attachment_links", "is", shot]]) == []
