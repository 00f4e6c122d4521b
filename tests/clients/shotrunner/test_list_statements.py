"""How many statements lists take: as many for many rows as for few."""

from __future__ import annotations

from typing import Any

import pytest

from tests.clients.shotrunner.site import CLASSES, new_show, one_of_each, raw
from tests.contracts.statements import noted

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

BELOW = ("sequences", "shots", "elements", "assets", "tasks", "notes", "attachments", "users", "codes")
MOST = 12


def test_no_list_asks_the_database_more_often_when_there_are_more_rows(site: Any, sr: Any, show: Any) -> None:
    paths = [f"{getattr(sr, name).plural}.{sr.extension}" for name in CLASSES]
    paths += [f"projects/{show.project.id}/{name}.{sr.extension}" for name in BELOW]
    paths += [f"projects/{show.project.id}/{name}.{sr.extension}?deep=1" for name in ("notes", "attachments")]

    def counted() -> list[int]:
        found = []
        for path in paths:
            with noted(site.inside.reads) as statements:
                assert raw(f"{site.url}/{path}")[0] == 200
            found.append(len(statements))
        return found

    one_of_each(sr, show)
    counted()  # what is asked once in the life of a process
    few = counted()
    for number in range(6):
        one_of_each(sr, new_show(sr))
        shot = sr.Shot.create({"shot_code": f"MORE{number}", "sequence_id": show.sequence.id})
        sr.Task.create({"taskable_type": "Shot", "taskable_id": shot.id, "title": "more"})
        for about in (shot, show.project):
            kind = type(about).__name__
            sr.Note.create({"noteable_type": kind, "noteable_id": about.id, "message": "more"})
            where = {"attachment_container_type": kind, "attachment_container_id": about.id}
            sr.Attachment.create({"title": "more", **where})
    assert dict(zip(paths, counted(), strict=True)) == dict(zip(paths, few, strict=True))
    assert max(few) <= MOST
