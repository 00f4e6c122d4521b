"""Whom a comment names, where it is repeated, and what may be ticked off in it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.services.talk.words import code, comment, siblings, talk
from tests.studio import StudioKit
from zou_server.models.conditions import Op, Where
from zou_server.models.errors import Invalid
from zou_server.services.talk.find_names import find_names

# -- names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Jane Doe look", {"jane doe"}),
        ("hello @jane doe, and @John", {"jane doe", "john"}),
        ("@Jane Doehner", {"jane doehner"}),
        ("@Jane Do", {"jane do"}),
        ("mail jane@john", set()),
        ("@Johnny", set()),
        ("nobody", set()),
    ],
)
def test_names_are_found_behind_their_sign(text: str, found: set[str]) -> None:
    assert find_names(text, "@", ["Jane Doe", "Jane Do", "Jane Doehner", "John"]) == found


def test_a_comment_names_people_of_the_team_and_departments(kit: StudioKit) -> None:
    project = kit.project()
    member, stranger = kit.person("user", {project: None}), kit.person("user")
    task = kit.create("Task", project_id=project)
    note = comment(kit, task, f"@{member.name} and @{stranger.name}, ask @Animation")
    named = kit.row("Note", note, "mentions*", "department_mentions*")
    animation = kit.rows("Department", "id", where=Where("name", Op.EQ, "Animation"))[0]["id"]
    assert named == {"mentions*": [str(member.person_id)], "department_mentions*": [animation]}
    kit.update("Note", note, text=f"@{stranger.name} only @Lighting")
    lighting = kit.rows("Department", "id", where=Where("name", Op.EQ, "Lighting"))[0]["id"]
    assert kit.row("Note", note, "mentions*", "department_mentions*") == {
        "mentions*": [],
        "department_mentions*": [lighting],
    }
    kit.update("Note", note, text="nobody")
    assert kit.row("Note", note, "department_mentions*") == []


def test_a_hashtag_repeats_a_comment_on_the_tasks_it_names(kit: StudioKit) -> None:
    animation, layout, lighting = siblings(kit, "Animation", "Layout", "Lighting")
    comment(kit, layout, "start", "wip")
    comment(kit, animation, "see #Layout", "wfa", checklist=[{"text": "a"}])
    assert talk(kit, layout) == ["start", "see #Layout"]
    assert talk(kit, lighting) == []
    assert (code(kit, animation), code(kit, layout)) == ("wfa", "wip")
    comment(kit, lighting, "for #all")
    assert [talk(kit, task)[-1] for task in (animation, layout)] == ["for #all"] * 2
    copies = kit.rows("Note", "checklist", where=Where("text", Op.EQ, "see #Layout"))
    assert [each["checklist"] for each in copies] == [[{"text": "a", "checked": False}]] * 2


def test_a_hashtag_reaches_only_tasks_that_the_author_may_see(kit: StudioKit) -> None:
    project = kit.project()
    vendor = kit.person("vendor", {project: None})
    animation, layout = siblings(kit, "Animation", "Layout", project=project)
    kit.update("Task", animation, assignees=[vendor.person_id])
    comment(kit, animation, "#all look", actor=vendor)
    assert talk(kit, layout) == []


# -- checklists ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("text", "is not a list"),
        (["text"], "item 1 is not an object"),
        ([{"text": "a"}, {"txt": "b"}], "item 2 has no 'txt'"),
        ([{"text": ["a"]}], "text of item 1"),
        ([{"text": "a", "checked": "perhaps"}], "checked of item 1"),
        ([{"text": "a", "frame": "x"}], "frame of item 1"),
    ],
)
def test_a_checklist_of_another_form_is_refused_by_name(kit: StudioKit, given: Any, word: str) -> None:
    task = kit.create("Task", project_id=kit.project())
    with pytest.raises(Invalid, match=word):
        comment(kit, task, checklist=given)


def test_a_checklist_item_may_say_its_frame_and_revision(kit: StudioKit) -> None:
    task = kit.create("Task", project_id=kit.project())
    item = {"text": "a", "checked": True, "frame": 12, "revision": 3}
    note = comment(kit, task, checklist=[item, {"text": "b", "frame": None}])
    assert kit.row("Note", note, "checklist") == [item, {"text": "b", "checked": False, "frame": None}]
