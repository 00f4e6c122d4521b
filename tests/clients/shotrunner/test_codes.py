"""Codes of ShotRunner: the vocabulary of the studio, which every other tool shows too."""

from __future__ import annotations

from typing import Any

import pytest
from pyactiveresource import connection

from tests.clients.shotrunner.site import classes as classes_of
from tests.clients.shotrunner.site import inside, numbers, person
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Ref

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


def codes(sr: Any, **filters: object) -> list[str]:
    """The codes that filters leave."""
    return [each.code for each in sr.Code.find(**filters)]


def test_every_status_type_and_skill_of_the_studio_is_a_code(sr: Any) -> None:
    scopes = {each.scope for each in sr.Code.find()}
    assert scopes >= {
        "task_status",
        "project_status",
        "asset_type",
        "element_type",
        "note_type",
        "skill",
        "user_status",
    }
    assert {"todo", "wip", "done"} <= set(codes(sr, scope="task_status"))
    assert codes(sr, scope="project_status") == ["open", "closed"]
    assert "Character" in codes(sr, scope="asset_type")
    assert codes(sr, scope="user_status") == ["A", "P", "I"]
    assert codes(sr, scope=["user_status", "project_status"]) == ["open", "closed", "A", "P", "I"]


def test_a_task_says_its_skill_by_the_number_of_a_code(sr: Any, show: Any) -> None:
    skill = sr.Code.find_first(scope="skill", label="Animation")
    task = sr.Task.create({"taskable_type": "Shot", "taskable_id": show.shot.id, "skill_id": skill.id})
    assert sr.Task.find(task.id).skill_id == skill.id


def test_a_label_changed_here_is_the_name_that_all_tools_show(site: Any, sr: Any) -> None:
    status = sr.Code.create({"scope": "task_status", "code": f"c{next(numbers)}", "label": "Old"})
    assert sr.Code.find(status.id).label == "Old"
    status.label = f"Label {next(numbers)}"
    status.meaning = "in short"
    assert status.save()
    with site.engine.connect() as connected:
        name = connected.exec_driver_sql(
            "SELECT s.name FROM status s JOIN object o ON o.id = s.id WHERE o.number = %s", (status.id,)
        ).scalar()
    assert (name, sr.Code.find(status.id).meaning) == (status.label, "in short")


def test_a_type_that_another_tool_adds_is_a_code_at_once(site: Any, sr: Any) -> None:
    name = f"Vehicle {next(numbers)}"
    with inside(site) as work:
        work.execute([Create(facet("EntityType"), {"name": name})])
    assert name in codes(sr, scope="asset_type")


def test_an_element_and_a_note_take_only_types_that_are_codes(sr: Any, show: Any) -> None:
    element = sr.Element.create({"label": "bg", "shot_id": show.shot.id, "element_type": "nonsense"})
    assert element.id is None
    made = sr.Code.create({"scope": "element_type", "code": f"smoke{next(numbers)}", "label": "Smoke"})
    element = sr.Element.create({"label": "bg", "shot_id": show.shot.id, "element_type": made.code})
    assert sr.Element.find(element.id).element_type == made.code
    made.code = f"fire{next(numbers)}"
    assert made.save()
    assert sr.Element.find(element.id).element_type == made.code
    about = {"noteable_type": "Shot", "noteable_id": show.shot.id, "message": "x"}
    assert sr.Note.create({**about, "note_type": "nonsense"}).id is None
    note = sr.Note.create({**about, "note_type": "Internal"})
    assert sr.Note.find(note.id).note_type == "Internal"
    assert [each.id for each in sr.Note.find(note_type="Internal", noteable_id=show.shot.id)] == [note.id]


def test_a_scope_that_nobody_else_has_is_kept_whole(sr: Any) -> None:
    values = {
        "scope": f"delivery{next(numbers)}",
        "code": "dpx",
        "label": "DPX",
        "meaning": "Frames",
        "description": "For the *lab*",
        "default": True,
        "color": "teal",
        "sort_order": 3,
    }
    made = sr.Code.create(values)
    found = sr.Code.find(made.id).to_dict()
    assert {key: found[key] for key in values} == values
    assert made.destroy() is None
    with pytest.raises(connection.ResourceNotFound):
        sr.Code.find(made.id)


def test_codes_are_sorted_and_paged_over_all_scopes(sr: Any) -> None:
    every = sr.Code.find(order="-id")
    assert [each.id for each in every] == sorted((each.id for each in every), reverse=True)
    page = sr.Code.find(order="-id", per_page=3, page=2)
    assert [each.id for each in page] == [each.id for each in every[3:6]]


def test_only_who_runs_the_studio_changes_its_words(site: Any, sr: Any) -> None:
    login = f"artist{next(numbers)}{sr.extension}"
    person(sr, login)
    theirs = classes_of(site.url, sr.extension, login)
    assert theirs.Code.find(scope="element_type")
    for scope in ("task_status", "element_type", "anything"):
        with pytest.raises(connection.ForbiddenAccess):
            theirs.Code.create({"scope": scope, "code": "x"})


def project_codes(sr: Any, show: Any, **filters: object) -> dict[str, Any]:
    """The codes of a project by their code."""
    path = f"/projects/{show.project.id}/codes.{sr.extension}"
    return {each.code: each for each in sr.Code.find(from_=path, **filters)}


def test_a_project_calls_a_word_of_the_studio_otherwise_and_no_other_project_does(sr: Any, show: Any) -> None:
    below: Any = type("Code", (sr.Code,), {"_prefix_source": "/projects/$project_id"})
    status = sr.Code.find_first(scope="task_status", code="wip")
    mine = below.find(status.id, project_id=show.project.id)
    assert mine.label == status.label
    mine.label, mine.meaning = "In Arbeit", "on somebody's desk"
    assert mine.save()
    assert project_codes(sr, show, scope="task_status")["wip"].label == "In Arbeit"
    assert below.find(status.id, project_id=show.project.id).meaning == "on somebody's desk"
    assert sr.Code.find(status.id).label == status.label
    assert [each.label for each in sr.Code.find(scope="task_status", code="wip")] == [status.label]
    other = sr.Project.create({"code": f"OTHER{next(numbers)}"})
    assert below.find(status.id, project_id=other.id).label == status.label
    mine.code = "other"
    assert not mine.save()
    mine = below.find(status.id, project_id=show.project.id)
    mine.destroy()
    assert below.find(status.id, project_id=show.project.id).label == status.label
    with pytest.raises(connection.ResourceNotFound):
        mine.destroy()


def test_a_project_has_words_of_its_own(sr: Any, show: Any) -> None:
    below: Any = type("Code", (sr.Code,), {"_prefix_source": "/projects/$project_id"})
    own = below({"scope": "delivery", "code": "exr", "label": "EXR"}, {"project_id": show.project.id})
    assert own.save()
    assert project_codes(sr, show, scope="delivery")["exr"].id == own.id
    assert "exr" not in codes(sr, scope="delivery")
    other = sr.Project.create({"code": f"OTHER{next(numbers)}"})
    path = f"/projects/{other.id}/codes.{sr.extension}"
    assert "exr" not in [each.code for each in sr.Code.find(from_=path, scope="delivery")]
    again = below({"scope": "delivery", "code": "exr"}, {"project_id": show.project.id})
    assert not again.save()
    wrong = below({"scope": "task_status", "code": "x"}, {"project_id": show.project.id})
    assert not wrong.save()


def test_a_project_lists_the_words_that_it_uses(site: Any, sr: Any, show: Any) -> None:
    everything = project_codes(sr, show, scope="task_status")
    assert {"todo", "wip", "done"} <= everything.keys()
    with inside(site) as work:
        status = Ref("Status", everything["wip"].id)
        work.execute(
            [Create(facet("StatusUse"), {"project_id": Ref("Project", show.project.id), "status_id": status})]
        )
    assert list(project_codes(sr, show, scope="task_status")) == ["wip"]


def test_a_scope_has_one_default(sr: Any, show: Any) -> None:
    for scope in ("task_status", "asset_type", "element_type", "skill", "project_status", f"own{show.name}"):
        names = [f"d{next(numbers)}{sr.extension}" for _ in range(2)]
        made = [
            sr.Code.create({"scope": scope, "code": name, "label": name, "default": True}) for name in names
        ]
        defaults = [each.code for each in sr.Code.find(scope=scope) if each.default and each.code in names]
        assert defaults == [names[1]], scope
        made[0].reload()
        made[0].default = True
        assert made[0].save()
        assert [each.code for each in sr.Code.find(scope=scope) if each.default and each.code in names] == [
            names[0]
        ]
        for each in made:
            each.destroy()
    todo = sr.Code.find_first(scope="task_status", code="todo")
    todo.default = True
    assert todo.save()


def test_a_code_is_in_its_scope_once(sr: Any) -> None:
    scope = f"delivery{next(numbers)}"
    assert sr.Code.create({"scope": scope, "code": "dpx"}).id
    assert sr.Code.create({"scope": scope, "code": "dpx"}).id is None
    assert sr.Code.create({"scope": f"{scope}b", "code": "dpx"}).id
