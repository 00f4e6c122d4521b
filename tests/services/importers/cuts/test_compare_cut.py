"""A cut is compared with the last one of its sequence, shot by shot, before anything is changed."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.services.importers.csv_files import tree
from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Order, Where
from zou_server.services.importers.cuts.apply_cut import AS_IT_IS, CutRules
from zou_server.services.importers.cuts.compare_cut import moved
from zou_server.services.importers.cuts.cut_in_file import Shown
from zou_server.services.importers.cuts.import_timeline import import_timeline
from zou_server.services.importers.cuts.take_cut import TimelineImport
from zou_server.services.ports import Clip

VALIDATE, OMIT = CutRules(validate=True), CutRules(omit=True)
CONVENTION = "${project_name}_${sequence_name}-${shot_name}"


class Reel:
    """A project, and its cuts."""

    def __init__(self, kit: StudioKit) -> None:
        self.kit = kit
        self.name = unique("Reel").replace(" ", "")
        self.project = kit.create("Project", name=self.name)

    def cut(self, *shots: tuple[str, int], source: int = 100, **more: Any) -> list[Clip]:
        """Clips one after the other: the shot and how many frames; each of a source of its own."""
        found, place = [], 0
        for name, frames in shots:
            clip = Clip(f"{self.name}_{name}", place, frames, source=(source, frames), reel=f"T{name[-3:]}")
            found.append(replace(clip, **more))
            place += frames
        return found

    def take(self, clips: list[Clip], rules: CutRules = AS_IT_IS, **more: uuid.UUID) -> TimelineImport:
        """Import a cut."""
        with self.kit.studio.write(SYSTEM) as work:
            found = import_timeline(work, self.project, clips, CONVENTION, rules=rules, **more)
            if not rules.validate:
                work.commit()
        return found

    def state(self, shot: str) -> str:
        """Where a shot stands in the production."""
        rows = self.kit.rows("Shot", "production_state", where=Where("name", Op.EQ, shot))
        (row,) = [row for row in rows if row]
        return str(row["production_state"])


@pytest.fixture
def reel(kit: StudioKit) -> Reel:
    return Reel(kit)


def told(found: TimelineImport) -> dict[str, tuple[str, ...]]:
    """What is different, by shot."""
    return {change.shot: change.kinds for change in found.changes}


FIRST = (("A-010", 48), ("A-020", 24), ("A-030", 36))


def test_the_first_cut_is_new_and_the_same_again_is_no_difference(reel: Reel) -> None:
    cut = reel.cut(*FIRST)
    assert told(reel.take(cut, VALIDATE)) == {"010": ("new",), "020": ("new",), "030": ("new",)}
    assert tree(reel.kit, reel.project) == [], "a comparison changes nothing"
    made = reel.take(cut)
    assert (len(made.created), len(made.cuts)) == (3, 1)
    assert told(reel.take(cut, VALIDATE)) == {}


@pytest.mark.parametrize(
    ("shots", "expected"),
    [
        (
            (("A-010", 50), ("A-020", 24), ("A-030", 36)),
            {"010": ("longer",), "020": ("shifted",), "030": ("shifted",)},
        ),
        ((("A-010", 48), ("A-020", 20), ("A-030", 36)), {"020": ("shorter",), "030": ("shifted",)}),
        (
            (("A-030", 36), ("A-010", 48), ("A-020", 24)),
            {"030": ("moved",), "010": ("shifted",), "020": ("shifted",)},
        ),
        ((("A-010", 48), ("A-020", 24), ("A-040", 36)), {"040": ("new",), "030": ("gone",)}),
        ((("A-010", 48), ("A-030", 36)), {"030": ("shifted",), "020": ("gone",)}),
    ],
)
def test_what_is_different_has_the_word_of_editorial(
    reel: Reel, shots: tuple[tuple[str, int], ...], expected: dict[str, tuple[str, ...]]
) -> None:
    reel.take(reel.cut(*FIRST))
    found = reel.take(reel.cut(*shots), VALIDATE)
    assert told(found) == expected
    changed = next(change for change in found.changes if "shifted" not in change.kinds)
    assert changed.said()["sequence"] == "A"


def test_a_retime_and_another_part_of_the_source_are_told(reel: Reel) -> None:
    reel.take(reel.cut(*FIRST))
    assert told(reel.take(reel.cut(*FIRST, speed=2.0), VALIDATE)) == dict.fromkeys(
        ("010", "020", "030"), ("retimed",)
    )
    found = reel.take(reel.cut(*FIRST, source=108), VALIDATE)
    assert told(found) == dict.fromkeys(("010", "020", "030"), ("slipped",))
    assert found.changes[0].said()["before"]["source_in"] == 100
    assert found.changes[0].said()["after"]["source_in"] == 108


def test_a_shot_with_another_name_and_the_same_source_is_renamed(reel: Reel) -> None:
    made = reel.take(reel.cut(*FIRST))
    again = [*reel.cut(*FIRST)]
    again[1] = replace(again[1], name=f"{reel.name}_A-025")
    found = reel.take(again)
    assert told(found) == {"025": ("renamed",)}
    assert found.changes[0].said()["old_name"] == "020"
    assert (found.created, found.updated) == ([], [made.created[1]])
    assert tree(reel.kit, reel.project) == ["None/A/010", "None/A/025", "None/A/030"]


def test_shots_that_are_gone_are_omitted_by_rule_and_reinstated_when_they_come_back(reel: Reel) -> None:
    made = reel.take(reel.cut(*FIRST))
    gone = made.created[1]
    reel.kit.update("Shot", gone, production_state="complete")
    without = reel.cut(FIRST[0], FIRST[2])
    kept = reel.take(without)
    assert (told(kept)["020"], reel.kit.row("Shot", gone, "production_state")) == (("gone",), "complete")
    reel.take(reel.cut(*FIRST))
    omitted = reel.take(without, OMIT)
    assert told(omitted)["020"] == ("gone",)
    assert reel.kit.row("Shot", gone, "production_state") == "canceled"
    assert told(reel.take(without, OMIT)) == {}, "once is enough"
    back = reel.take(reel.cut(*FIRST))
    assert told(back)["020"] == ("reinstated",)
    assert reel.kit.row("Shot", gone, "production_state") == "complete"
    assert "state_before_omitted" not in reel.kit.row("Shot", gone, "data")


def test_a_cut_of_one_sequence_says_nothing_of_another(reel: Reel) -> None:
    reel.take([*reel.cut(*FIRST), *reel.cut(("B-010", 10))])
    assert told(reel.take(reel.cut(*FIRST), OMIT)) == {}


def test_a_cut_of_an_episode_is_of_all_its_sequences(reel: Reel) -> None:
    episode = reel.kit.create("Episode", name="E1", project_id=reel.project)
    reel.take([*reel.cut(*FIRST), *reel.cut(("B-010", 10))], episode_id=episode)
    found = reel.take(reel.cut(*FIRST), OMIT, episode_id=episode)
    assert [(change.kinds, change.shot, change.sequence) for change in found.changes] == [
        (("gone",), "010", "B")
    ]


def test_each_cut_is_kept_with_what_every_clip_says(reel: Reel) -> None:
    cdl = {"slope": [1.0, 1.0, 1.1], "saturation": 0.9}
    made = reel.take(reel.cut(*FIRST, speed=0.5, cdl=cdl, head=12))
    reel.take(reel.cut(("A-010", 50)))
    cuts = reel.kit.rows(
        "Cut", "name", "data", where=Where("project_id", Op.EQ, str(reel.project)), order=(Order("name"),)
    )
    assert [(cut["name"], cut["data"]["revision_number"], cut["data"]["fps"]) for cut in cuts] == [
        ("A v001", 1, 25.0),
        ("A v002", 2, 25.0),
    ]
    items = reel.kit.rows("CutItem", "name", "data", where=Where("project_id", Op.EQ, str(reel.project)))
    first = next(
        item["data"]
        for item in items
        if (item["data"]["cut_id"], item["data"]["cut_order"]) == (str(made.cuts[0]), 1)
    )
    assert first == {
        "cut_id": str(made.cuts[0]),
        "shot_id": str(made.created[0]),
        "cut_order": 1,
        "edit_in": 0,
        "edit_out": 47,
        "cut_item_in": 100,
        "cut_item_out": 147,
        "cut_item_duration": 48,
        "clip_name": f"{reel.name}_A-010",
        "reel": "T010",
        "head": 12,
        "speed": 0.5,
        "cdl": cdl,
    }
    data = reel.kit.row("Shot", made.created[1], "data")
    assert (data["source_in"], data["source_out"], data["speed"], data["cdl"]) == (100, 123, 0.5, cdl)


def test_handles_are_kept_with_the_shots(reel: Reel) -> None:
    (made,) = reel.take(reel.cut(("A-010", 48)), CutRules(handles=8)).created
    data = reel.kit.row("Shot", made, "data")
    assert (data["handle_in"], data["handle_out"]) == (8, 8)
    reel.take(reel.cut(("A-010", 50)))
    assert reel.kit.row("Shot", made, "data")["handle_in"] == 8, "said once, they stay"


def test_shots_from_before_cuts_were_kept_are_compared_by_what_they_say(reel: Reel) -> None:
    made = reel.take(reel.cut(("A-010", 48)))
    for kind in ("CutItem", "Cut"):
        for row in reel.kit.rows(kind, "id", where=Where("project_id", Op.EQ, str(reel.project))):
            reel.kit.delete(kind, uuid.UUID(row["id"]))
    found = reel.take(reel.cut(("A-010", 50)), VALIDATE)
    assert (told(found), found.changes[0].id) == ({"010": ("longer",)}, made.created[0])


@given(st.permutations(range(12)))
def test_the_fewest_moves_explain_a_new_order(order: list[int]) -> None:
    ids = [uuid.UUID(int=number) for number in range(12)]
    before = {id_: Shown(place, place, 1) for place, id_ in enumerate(ids)}
    after = {ids[number]: Shown(place, place, 1) for place, number in enumerate(order)}
    others = moved(before, after)
    stay = [number for number in order if ids[number] not in others]
    assert stay == sorted(stay)
    assert (others == set()) == (order == sorted(order))
