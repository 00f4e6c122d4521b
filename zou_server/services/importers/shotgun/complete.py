"""What follows from a row's own values before anything is looked up: one small rule for each thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.importers.shotgun.values import storable, text

MEANINGS: Mapping[str, str] = {
    # Shotgun's code of a status: what a new one of ours means
    "ip": "is_wip",
    "rev": "is_feedback_request",
    "rtk": "is_retake",
    "fin": "is_done",
    "cmpt": "is_done",
    "apr": "is_done",
}
URL_LENGTH, NAME_LENGTH = 600, 150


def complete_cut(row: SgRow) -> None:
    """Of first frame, last frame and their number any two say the third."""
    first, last, number = row.data.get("frame_in"), row.data.get("frame_out"), row.values.get("nb_frames")
    if first is not None and last is not None:
        if last < first:
            row.leave_out(f"sg_cut_out: {last} comes before the first frame, {first}")
            del row.data["frame_out"]
        elif number is None:
            row.values["nb_frames"] = last - first + 1
    elif first is not None and number:
        row.data["frame_out"] = first + number - 1


def name_person(row: SgRow) -> None:
    """A person without any name is called by the log-in name, or by the address."""
    if not row.values.get("first_name") and not row.values.get("last_name"):
        known = row.values.get("login") or row.values.get("email")
        if known is None:
            row.refuse("firstname: is missing")
        else:
            row.values["first_name"] = str(known)[:80]


def tidy_address(row: SgRow) -> None:
    """Addresses are compared in lower case; an empty one is none."""
    for name in ("email", "login"):
        if name in row.values:
            row.values[name] = row.values[name].lower() if name == "email" else row.values[name]
            if not row.values[name]:
                del row.values[name]


def find_department(row: SgRow) -> None:
    """The department of a step is the first word of its name, unless it is said."""
    if "department_id" not in row.words and "name" in row.values:
        row.words["department_id"] = row.values["name"].split()[0]


def mean_status(row: SgRow) -> None:
    """A status has a name, a code for Zou and, when it is one that all of Shotgun knows, a meaning."""
    code = row.values.get("shotgun_code", "")
    row.values.setdefault("name", code)
    row.values.setdefault("code", code)
    if code in MEANINGS:
        row.values[MEANINGS[code]] = True


def movie(value: object) -> Mapping[str, Any]:
    """The address and name of an uploaded movie: an object, or the address alone."""
    if isinstance(value, str):
        return {"url": text(value)}
    if not isinstance(value, Mapping):
        raise ValueError("is no link to a file")  # noqa: TRY004 - what every reader raises
    return {name: storable(value[name]) for name in ("url", "name") if isinstance(value.get(name), str)}


def take_movie(row: SgRow) -> None:
    """The movie stays where it is; its address and name are kept. Nothing is downloaded."""
    found = row.values.pop("movie", {})
    if found.get("url"):
        if len(found["url"]) > URL_LENGTH:
            row.leave_out(f"sg_uploaded_movie: the url is longer than {URL_LENGTH} characters")
        else:
            row.values["uploaded_movie_url"] = found["url"]
    if found.get("name"):
        row.values["uploaded_movie_name"] = row.values["original_name"] = found["name"][:NAME_LENGTH]
    row.values.update(status="missing", source="shotgun")
