"""A cut that was imported is Shotgun's Cut with its CutItems."""

from __future__ import annotations

from tests.clients.shotgun.site import Client, Site, new
from tests.studio import unique
from zou_server.adapters.editorial.read_edl import read_edl
from zou_server.footage.frame_rate import frame_rate
from zou_server.models.actor import SYSTEM
from zou_server.services.importers.cuts.import_timeline import import_timeline
from zou_server.services.production.name_clips import IN_PROJECT
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio

LIST = """TITLE: x
FCM: NON-DROP FRAME
001  A001  V  C  10:00:00:00 10:00:02:00 01:00:00:00 01:00:02:00
* FROM CLIP NAME: {name}_A-010
002  A002  V  C  11:00:00:00 11:00:01:00 01:00:02:00 01:00:03:00
* FROM CLIP NAME: {name}_A-020
"""
FRAMES = ("cut_item_in", "cut_item_out", "cut_item_duration", "edit_in", "edit_out")
LABELS = ("timecode_cut_item_in_text", "timecode_edit_in_text", "timecode_edit_out_text")


def test_shotguns_clients_read_an_imported_cut_and_its_items(site: Site, sg: Client) -> None:
    project = new(sg, "Project", name=unique("Reel").replace(" ", ""))
    clips = read_edl(LIST.format(name=project["name"]), frame_rate(25))
    with Studio(site.engine, site.engine, RULEBOOK).write(SYSTEM) as work:
        import_timeline(work, site.id_of("Project", project["id"]), clips, IN_PROJECT)
        work.commit()
    wanted = ["code", "entity", "revision_number", "fps", "duration", "timecode_start_text", "cut_items"]
    cut = sg.find_one("Cut", [["project", "is", project]], wanted)
    assert (cut["code"], cut["revision_number"], cut["fps"], cut["duration"]) == ("A v001", 1, 25.0, 75)
    assert (cut["entity"]["type"], cut["entity"]["name"]) == ("Sequence", "A")
    assert (cut["timecode_start_text"], len(cut["cut_items"])) == ("01:00:00:00", 2)
    order = [{"field_name": "cut_order", "direction": "asc"}]
    mine = [["cut", "is", {"type": "Cut", "id": cut["id"]}]]
    items = sg.find("CutItem", mine, ["shot", *FRAMES, *LABELS], order)
    assert [item["shot"]["name"] for item in items] == ["010", "020"]
    assert [each["id"] for each in cut["cut_items"]] == [item["id"] for item in items]
    assert sg.find("Cut", [["cut_items", "is", {"type": "CutItem", "id": items[1]["id"]}]]) == [
        {"type": "Cut", "id": cut["id"]}
    ]
    here = ["project", "is", project]
    assert len(sg.find("Cut", [["cut_items.CutItem.edit_in", "is", 50], here])) == 1
    assert sg.find("Cut", [["cut_items.CutItem.shot.Shot.code", "is", "030"], here]) == []
    through = [["shot.Shot.code", "is", "010"], ["cut.Cut.entity.Sequence.code", "is", "A"], here]
    assert [item["id"] for item in sg.find("CutItem", through)] == [items[0]["id"]]
    assert [tuple(item[key] for key in FRAMES) for item in items] == [
        (900_000, 900_049, 50, 0, 49),
        (990_000, 990_024, 25, 50, 74),
    ]
    assert tuple(items[1][key] for key in LABELS) == ("11:00:00:00", "01:00:02:00", "01:00:03:00")


def test_cuts_that_shotguns_clients_made_are_the_last_ones_too(site: Site, sg: Client) -> None:
    project = new(sg, "Project", name=unique("Reel").replace(" ", ""))
    sequence = new(sg, "Sequence", project=project, code="A")
    shots = [new(sg, "Shot", project=project, code=name, sg_sequence=sequence) for name in ("010", "020")]
    cut = new(sg, "Cut", project=project, entity=sequence, revision_number=7, fps=25.0)
    for order, shot in enumerate(shots):
        new(sg, "CutItem", project=project, cut=cut, shot=shot, edit_in=order * 50, edit_out=order * 50 + 49)
    new(sg, "CutItem", project=project, cut=cut, shot=shots[0])
    clips = read_edl(LIST.format(name=project["name"]), frame_rate(25))
    with Studio(site.engine, site.engine, RULEBOOK).write(SYSTEM) as work:
        found = import_timeline(work, site.id_of("Project", project["id"]), clips, IN_PROJECT)
        work.commit()
    assert [(change.shot, change.kinds) for change in found.changes] == [("020", ("shorter",))]
    last = sg.find(
        "Cut", [["entity", "is", sequence]], ["revision_number"], [{"field_name": "id", "direction": "asc"}]
    )
    assert [each["revision_number"] for each in last] == [7, 8]
