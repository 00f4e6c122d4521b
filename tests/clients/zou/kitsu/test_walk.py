"""Requests that an unmodified Kitsu sent, with Zou's status and the keys of its answer: each is sent here.

`tests/clients/zou/kitsu/recorded.tsv` is the list. What stands in braces is a row of this studio.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.studio import unique

if TYPE_CHECKING:
    from tests.clients.zou.kitsu.page import Page
    from tests.clients.zou.people.own.site import OwnSite

SECRETS = frozenset(
    {"password", "totp_secret", "email_otp_secret", "login_failed_attemps", "last_login_failed"}
)
"""Keys that Zou answers and that are nobody's business."""


class Recorded(NamedTuple):
    """A request of Kitsu's."""

    method: str
    path: str
    body: str
    status: int
    keys: frozenset[str]


def recorded() -> list[Recorded]:
    with Path(__file__).with_name("recorded.tsv").open(newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Recorded(
            r["method"], r["path"], r["body"], int(r["status"]), frozenset(filter(None, r["keys"].split(",")))
        )
        for r in rows
    ]


@pytest.fixture(scope="module")
def rows(site: OwnSite, admin: Page) -> dict[str, str]:
    """What the braces stand for."""
    made, today = site.made, dt.datetime.now(dt.UTC).date()
    project = str(made.project)
    playlist = admin.ask("POST", "/data/playlists/", {"name": "Recorded", "project_id": project}, 201)["id"]
    link = admin.ask("POST", f"/data/playlists/{playlist}/share", {"can_comment": True}, 201)
    machine = {"name": unique("HW"), "short_name": "h"}
    program = {"name": unique("SW"), "short_name": "s", "file_extension": ".s"}
    version = {"project_id": project, "name": unique("V")}
    item = {"project_id": project, "task_type_id": str(made.steps["Layout"])}
    step, code = made.steps, made.statuses
    found: dict[str, Any] = {
        "pid": project,
        "tv": project,
        "me": made.admin.person_id,
        "ada": made.artist.person_id,
        "a1": made.asset,
        "atype": made.asset_type,
        "att": step["Modeling"],
        "ntt": step["Storyboard"],
        "stt": step["Animation"],
        "stt2": step["Layout"],
        "st_def": code["todo"],
        "st_done": code["done"],
        "st_fb": code["wfa"],
        "st_wip": code["wip"],
        "st_rt": code["retake"],
        "nts": code["wip"],
        "s1": made.shot,
        "s2": made.other_shot,
        "st1": made.tasks["shot"],
        "st2": made.tasks["other_shot"],
        "ep": made.episode,
        "e1": site.kit.create("Edit", name=unique("Cut"), project_id=made.project),
        "dep": admin.ask("POST", "/data/departments", {"name": unique("Dep")}, 201)["id"],
        "hw": admin.ask("POST", "/data/hardware-items", machine, 201)["id"],
        "sw": admin.ask("POST", "/data/softwares", program, 201)["id"],
        "sv": admin.ask("POST", "/data/production-schedule-versions/", version, 201)["id"],
        "si": admin.ask("POST", "/data/schedule-items", item, 201)["id"],
        "pl": playlist,
        "tok": link["token"],
        "y": today.year,
        "m": today.month,
        "d": today.day,
        "w": today.isocalendar().week,
    }
    admin.ask("POST", f"/actions/user/chats/{made.shot}/join")
    return {name: str(value) for name, value in found.items()}


def filled(text: str, rows: dict[str, str]) -> str:
    """A recorded text with rows of this studio."""
    return re.sub(r"\{([a-z0-9_]+)\}", lambda found: rows[found[1]], text)


def test_everything_that_kitsu_sent_is_answered_as_zou_does(admin: Page, rows: dict[str, str]) -> None:
    wrong: list[tuple[object, ...]] = []
    for each in recorded():
        named = {**rows, "tag": unique("tag").replace(" ", "")}
        body = json.loads(filled(each.body, named)) if each.body else None
        answer = admin.answer(each.method, filled(each.path, named), body)
        found = answer.get_json(silent=True)
        first = found[0] if isinstance(found, list) and found else found
        missing = each.keys - SECRETS - set(first) if isinstance(first, dict) else set()
        if answer.status_code >= 400 or missing:
            said = answer.get_data(as_text=True)[:200] if answer.status_code >= 400 else ""
            wrong.append((each.method, each.path, answer.status_code, sorted(missing), said))
        elif answer.status_code != each.status:
            wrong.append((each.method, each.path, answer.status_code, f"not {each.status}"))
    assert wrong == []
