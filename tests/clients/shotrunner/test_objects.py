"""The real pyactiveresource against a served studio, in JSON and in XML: objects, lists, parents."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pyactiveresource import connection

from tests.clients.shotrunner.site import (
    CLASSES,
    LOGIN,
    inside,
    numbers,
    one_of_each,
)
from zou_server.models.registry import facet
from zou_server.services.write.operations import Create, Ref, Update

# The client leaves the answers that it raises for open, for the garbage collector to close.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")


# -- the life of an object ------------------------------------------------------------------------------


def test_a_project_a_sequence_and_a_shot_are_created_and_found(sr: Any, show: Any) -> None:
    assert isinstance(show.project.id, int)
    assert show.shot.shot_code == "SC010_0010"
    found = sr.Shot.find(show.shot.id)
    assert (found.frame_count, found.sequence_id, found.lock_version) == (96, show.sequence.id, 0)
    assert found.created_by == LOGIN
    assert sr.Project.find(show.project.id).code == show.name
    assert show.project.id in [each.id for each in sr.Project.find()]
    assert sr.Shot.find_one(from_=f"/shots/{show.shot.id}.{sr.extension}").shot_code == "SC010_0010"
    assert sr.Shot.find(from_=f"/projects/{show.project.id}/shots.{sr.extension}")[0].id == show.shot.id
    assert sr.Sequence.find_first(project_id=show.project.id).id == show.sequence.id


def test_exists_tells_what_is_there(sr: Any, show: Any) -> None:
    assert sr.Shot.exists(show.shot.id)
    assert not sr.Shot.exists(10**9)


def test_what_is_not_there_is_not_found(sr: Any, show: Any) -> None:
    for number in (10**9, 10**30):
        with pytest.raises(connection.ResourceNotFound):
            sr.Shot.find(number)
    with pytest.raises(connection.ResourceNotFound):
        sr.Sequence.find(show.shot.id)
    with pytest.raises(connection.ResourceNotFound):
        sr.Shot({"id": 10**9, "title": "x"}).save()


def test_two_saves_in_a_row_both_hold(sr: Any, show: Any) -> None:
    shot = sr.Shot.find(show.shot.id)
    shot.status = "wip"
    assert shot.save()
    assert shot.lock_version == 1
    shot.status = "done"
    shot.title = "Second"
    assert shot.save()
    again = sr.Shot.find(shot.id)
    assert (again.status, again.title, again.lock_version) == ("done", "Second", 2)


def test_a_save_of_what_somebody_changed_meanwhile_is_a_conflict_until_reloaded(sr: Any, show: Any) -> None:
    mine, theirs = sr.Shot.find(show.shot.id), sr.Shot.find(show.shot.id)
    theirs.title = "theirs"
    assert theirs.save()
    mine.title = "mine"
    with pytest.raises(connection.ResourceConflict) as refused:
        mine.save()
    assert b"stale" in refused.value.response.body
    assert sr.Shot.find(show.shot.id).title == "theirs"
    mine.reload()
    mine.title = "mine"
    assert mine.save()
    assert sr.Shot.find(show.shot.id).title == "mine"


def test_a_stale_object_is_refused_even_when_it_asks_for_nothing(sr: Any, show: Any) -> None:
    stale, fresh = sr.Shot.find(show.shot.id), sr.Shot.find(show.shot.id)
    fresh.frame_count = 97
    assert fresh.save()
    stale.frame_count = 97
    with pytest.raises(connection.ResourceConflict):
        stale.save()


def test_a_write_of_another_tool_makes_a_read_object_stale(site: Any, sr: Any, show: Any) -> None:
    shot = sr.Shot.find(show.shot.id)
    with inside(site) as work:
        work.execute([Update(facet("Shot"), Ref("Shot", shot.id), {"description": "from elsewhere"})])
    shot.title = "x"
    with pytest.raises(connection.ResourceConflict):
        shot.save()


def test_of_clients_saving_at_once_exactly_one_wins(sr: Any, show: Any) -> None:
    def save(title: str) -> bool:
        shot = copies[title]
        shot.title = title
        try:
            return bool(shot.save())
        except connection.ResourceConflict:
            return False

    copies = {str(number): sr.Shot.find(show.shot.id) for number in range(4)}
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(save, copies)) == 1
    assert sr.Shot.find(show.shot.id).lock_version == 1


def test_an_update_without_a_version_is_partial_and_unconditional(sr: Any, show: Any) -> None:
    assert sr.Shot({"id": show.shot.id, "status": "wip"}).save()
    assert sr.Shot({"id": show.shot.id, "title": "x"}).save()
    shot = sr.Shot.find(show.shot.id)
    assert (shot.status, shot.title, shot.shot_code) == ("wip", "x", "SC010_0010")


def test_a_destroyed_object_is_gone_and_can_be_restored(sr: Any, show: Any) -> None:
    show.shot.destroy()
    assert not sr.Shot.exists(show.shot.id)
    assert list(sr.Shot.find(sequence_id=show.sequence.id)) == []
    with pytest.raises(connection.ResourceNotFound):
        show.shot.destroy()
    assert [each.id for each in sr.Shot.find(sequence_id=show.sequence.id, only_deleted=1)] == [show.shot.id]
    show.shot.put("restore")
    assert sr.Shot.exists(show.shot.id)


def test_a_deleted_project_and_a_deleted_code_say_since_when(sr: Any, show: Any) -> None:
    code = sr.Code.create({"scope": "delivery", "code": f"dpx{next(numbers)}", "label": "DPX"})
    for each in (show.project, code):
        assert type(each).find(each.id).deleted_at is None
        each.destroy()
        deleted = {found.id: found.deleted_at for found in type(each).find(only_deleted=1)}
        assert deleted[each.id] is not None
        assert each.id not in [found.id for found in type(each).find()]
    assert sr.Project.find(show.project.id, with_deleted=1).deleted_at is not None
    with pytest.raises(connection.ResourceNotFound):
        sr.Project.find(show.project.id)


def test_a_deleted_project_takes_its_shots_with_it(sr: Any, show: Any) -> None:
    show.project.destroy()
    assert not sr.Project.exists(show.project.id)
    assert not sr.Shot.exists(show.shot.id)


@pytest.mark.parametrize("name", CLASSES)
def test_an_object_of_each_class_survives_being_sent_back_whole(sr: Any, show: Any, name: str) -> None:
    made = one_of_each(sr, show)[name]
    made.reload()
    before = made.to_dict()
    place = f"/{type(made).plural}/{made.id}.{sr.extension}"
    version = sr.Base.find_one(place, include="lock_version").lock_version
    assert made.save()
    made.reload()
    assert made.to_dict() == before
    again = sr.Base.find_one(place, include="lock_version").lock_version
    assert again == version
    made.destroy()
    assert not type(made).exists(made.id)


def test_values_that_the_wire_shows_less_exactly_are_kept_by_a_whole_save(
    site: Any, sr: Any, show: Any
) -> None:
    exact = dt.datetime(2010, 3, 8, 12, 0, 0, 654321, dt.UTC)
    with inside(site) as work:
        made = work.execute(
            [
                Create(
                    facet("Task"),
                    {
                        "name": "odd",
                        "entity_id": Ref("Shot", show.shot.id),
                        "due_date": exact,
                        "estimation": 100.0,
                        "description": "a\x01b\r\nc",
                    },
                ),
            ]
        )[0]
    task = sr.Task.find(made.number)
    task.pct_complete = 50
    assert task.save()
    with inside(site) as work:
        row = work.session.get(facet("Task").model, made.id)
        assert (row.due_date, row.estimation, row.description) == (exact, 100.0, "a\x01b\r\nc")
        assert row.completion_rate == 50


# -- lists ----------------------------------------------------------------------------------------------


def test_lists_of_none_one_and_two_are_lists_of_objects(sr: Any, show: Any) -> None:
    def below() -> list[Any]:
        return list(sr.Shot.find(sequence_id=show.sequence.id))

    assert [type(each) for each in below()] == [sr.Shot]
    sr.Shot.create({"shot_code": "SC010_0020", "sequence_id": show.sequence.id})
    assert [each.shot_code for each in below()] == ["SC010_0010", "SC010_0020"]
    for each in below():
        each.destroy()
    assert below() == []


def test_filters_are_equality_lists_nulls_and_comparisons(sr: Any, show: Any) -> None:
    second = sr.Shot.create(
        {
            "shot_code": "SC010_0020",
            "sequence_id": show.sequence.id,
            "frame_count": 10,
            "status": "wip",
            "title": "",
        }
    )
    mine = {"project_id": show.project.id}

    def found(**filters: Any) -> list[str]:
        return [each.shot_code[-4:] for each in sr.Shot.find(**mine, **filters)]

    assert found(id=second.id) == ["0020"]
    assert found(status="wip") == ["0020"]
    assert found(status=None) == ["0010"]
    assert found(status=["wip", None]) == ["0010", "0020"]
    assert found(status=["wip", "done"]) == ["0020"]
    assert found(status={"ne": "wip"}) == ["0010"]
    assert found(sequence_id=show.sequence.id) == ["0010", "0020"]
    assert found(sequence_id={"ne": show.sequence.id}) == []
    assert found(sequence_id=10**12) == []
    assert found(frame_count={"gte": 11}) == ["0010"]
    assert found(frame_count={"gt": 9, "lt": 96}) == ["0020"]
    assert found(shot_code={"contains": "0020"}) == ["0020"]
    assert found(title="") == ["0010", "0020"]
    assert found(created_by=LOGIN) == ["0010", "0020"]
    assert found(canceled=False) == ["0010", "0020"]
    assert found(canceled=True) == []
    assert found(created_at=second.created_at)
    assert found(created_at={"gt": dt.datetime(2100, 1, 1, tzinfo=dt.UTC)}) == []
    assert found(ids=[]) == ["0010", "0020"], "the client drops an empty list; there is nothing to refuse"


def test_a_filter_by_each_attribute_finds_the_object_that_has_it(sr: Any, show: Any) -> None:
    for name, made in one_of_each(sr, show).items():
        made.reload()
        plain = {key: value for key, value in made.attributes.items() if not hasattr(value, "attributes")}
        for key, value in plain.items():
            found = getattr(sr, name).find(**{key: value, "id": made.id})
            assert [each.id for each in found] == [made.id], (name, key, value)


def test_an_unknown_filter_is_refused_by_name_and_returns_nothing(sr: Any) -> None:
    with pytest.raises(connection.BadRequest) as refused:
        sr.Shot.find(staus="wip")
    assert b"staus" in refused.value.response.body
    for wrong in (
        {"frame_count": "many"},
        {"status": {"near": "x"}},
        {"order": "shoe"},
        {"limit": -1},
        {"include": "nothing"},
        {"frame_count": {"gt": [1, 2]}},
    ):
        with pytest.raises(connection.BadRequest):
            sr.Shot.find(**wrong)


def test_order_page_and_fields_are_as_asked(sr: Any, show: Any) -> None:
    for number in range(2, 5):
        sr.Shot.create(
            {
                "shot_code": f"SC010_00{number}0",
                "sequence_id": show.sequence.id,
                "sort_order": -number,
            }
        )
    mine = {"sequence_id": show.sequence.id}
    assert [each.shot_code[-2:] for each in sr.Shot.find(**mine)] == ["40", "30", "20", "10"]
    assert [each.shot_code[-2:] for each in sr.Shot.find(**mine, order="shot_code")] == [
        "10",
        "20",
        "30",
        "40",
    ]
    assert [each.shot_code[-2:] for each in sr.Shot.find(**mine, order="-shot_code", page=2, per_page=3)] == [
        "10"
    ]
    assert [each.shot_code[-2:] for each in sr.Shot.find(**mine, order="id desc", limit=1, offset=1)] == [
        "30"
    ]
    page = sr.Shot.find(**mine, page=1, per_page=3, fields="id")
    assert {tuple(each.attributes) for each in page} == {("id",)}
    headers = page.metadata["headers"]
    assert headers["X-Total-Count"] == "4"
    assert 'rel="next"' in headers["Link"]
    one = sr.Shot.find(show.shot.id, fields="id")
    assert one.attributes == {"id": show.shot.id, "sequence_id": show.sequence.id}, (
        "one alone would be unwrapped"
    )
    assert sr.Shot.find(show.shot.id, include="project_id").project_id == show.project.id


# -- below a parent -------------------------------------------------------------------------------------


def test_a_prefix_in_the_class_reads_and_writes_below_the_parent(sr: Any, show: Any) -> None:
    other = sr.Project.create({"code": f"OTHER{next(numbers)}"})
    assert [each.id for each in sr.ShotBelow.find(project_id=show.project.id)] == [show.shot.id]
    assert list(sr.ShotBelow.find(project_id=other.id)) == []
    assert sr.ShotBelow.find(show.shot.id, project_id=show.project.id).shot_code == "SC010_0010"
    with pytest.raises(connection.ResourceNotFound):
        sr.ShotBelow.find(show.shot.id, project_id=other.id)
    with pytest.raises(connection.ResourceNotFound):
        sr.ShotBelow.find(project_id=10**9)
    made = sr.ShotBelow(
        {"shot_code": "new", "sequence_id": show.sequence.id}, {"project_id": show.project.id}
    )
    assert made.save()
    made.title = "x"
    assert made.save()
    made.destroy()
    assert not sr.Shot.exists(made.id)


def test_a_create_that_lost_its_parent_is_not_taken_for_a_custom_method(sr: Any, show: Any) -> None:
    with pytest.raises(connection.ResourceNotFound):
        sr.ShotBelow.create({"shot_code": "new", "project_id": show.project.id})
    with pytest.raises(connection.ResourceNotFound):
        sr.Shot.get("active")
    with pytest.raises(connection.ResourceNotFound):
        show.shot.put("archive")
    with pytest.raises(connection.ResourceNotFound):
        sr.Shot({"shot_code": "x"}).post("preview")


def test_collections_follow_the_links_deep_under_projects_and_sequences(sr: Any, show: Any) -> None:
    each = one_of_each(sr, show)
    on_shot = sr.Task.create({"taskable_type": "Shot", "taskable_id": show.shot.id, "title": "anim"})

    def below(parent: Any, name: str) -> list[int]:
        path = f"/{type(parent).plural}/{parent.id}/{name}.{sr.extension}"
        return sorted(found.id for found in sr.Base.find(from_=path))

    task, asset, element, user = each["Task"].id, each["Asset"].id, each["Element"].id, each["User"]
    tasks = sorted([task, on_shot.id])
    assert below(show.project, "sequences") == [show.sequence.id]
    assert below(show.project, "tasks") == tasks
    assert below(show.sequence, "tasks") == tasks
    assert below(show.sequence, "elements") == [element]
    assert below(show.shot, "tasks") == [on_shot.id]
    assert below(show.shot, "elements") == [element]
    assert below(show.shot, "assets") == [asset]
    assert below(each["Asset"], "shots") == [show.shot.id]
    assert below(each["Asset"], "elements") == [element]
    assert below(each["Element"], "tasks") == [task]
    assert below(each["Task"], "notes") == [each["Note"].id]
    assert below(user, "tasks") == [task]
    assert below(user, "projects") == [show.project.id]
    assert below(show.project, "users") == [user.id]
    assert below(show.project, "members") == [each["Member"].id]


def test_the_parent_in_the_path_makes_the_child_its_own(sr: Any, show: Any) -> None:
    task = type("Task", (sr.Task,), {"_prefix_source": "/shots/$shot_id"})
    made = task({"title": "comp", "taskable_type": "Asset", "taskable_id": 5}, {"shot_id": show.shot.id})
    assert made.save()
    assert (made.taskable_type, made.taskable_id) == ("Shot", show.shot.id)


def test_a_search_finds_what_has_all_its_words_in_its_names(sr: Any, show: Any) -> None:
    word = f"word{next(numbers)}{sr.extension}"
    show.shot.title = f"Turning {word} round"
    assert show.shot.save()
    assert [each.id for each in sr.Shot.find(q=f"{word} TURNING")] == [show.shot.id]
    assert not sr.Shot.find(q=f"{word} standing")
    assert not sr.Member.find(q=word)
    code = sr.Code.create({"scope": "delivery", "code": word, "label": "DPX"})
    assert [each.id for each in sr.Code.find(q=word)] == [code.id]
