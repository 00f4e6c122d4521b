"""A whole site that was exported: a folder with a file for each kind (`shots.json`, ...)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.actor import SYSTEM
from zou_server.models.errors import Invalid
from zou_server.models.imports import ImportRun
from zou_server.services.importers.shotgun.import_rows import checked_list
from zou_server.services.importers.shotgun.kinds import KINDS
from zou_server.services.importers.shotgun.run_import import keep_run, run_import

if TYPE_CHECKING:
    from zou_server.services.studio import Studio


ALSO_CALLED = {
    "humanusers": "persons",
    "users": "persons",
    "statuses": "status",
    "projectuserconnections": "projectconnections",
}
"""What a file may be called as well: by Shotgun's own name of the type."""


@dataclass(frozen=True, slots=True)
class FileImport:
    """The result of importing one file: counts of its rows."""

    name: str
    total: int
    created: int
    updated: int
    errors: int


def import_folder(studio: Studio, folder: Path) -> Iterator[FileImport]:
    """Import the files of a folder one after the other; Invalid, before any of them, for one that is no list.

    Done a second time it changes nothing, or completes what was missing.
    """
    paths = _paths(folder)
    if not paths:
        raise Invalid(f"{folder} has none of {', '.join(f'{kind}.json' for kind in KINDS)}.")
    lists = {kind: _read(paths[kind]) for kind in KINDS if kind in paths}
    for kind, rows in lists.items():
        with studio.write(SYSTEM) as work:
            run_id = keep_run(work, kind, rows)
            work.commit()
        run_import(studio, run_id)
        with studio.write(SYSTEM) as work:
            run = work.session.get_one(ImportRun, run_id)
            if run.state == "failed":
                raise Invalid(f"{paths[kind].name}: {run.reason}")
            yield FileImport(paths[kind].name, run.total, run.created, run.updated, run.errors)


def left_alone(folder: Path) -> list[str]:
    """The names of the other files in a folder, of which nothing is imported."""
    taken = set(_paths(folder).values())
    return sorted(path.name for path in folder.iterdir() if path not in taken)


def _paths(folder: Path) -> dict[str, Path]:
    """The kinds of which there is a file, and where; Invalid for a kind that two files may be of."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*.json")):
        name = path.stem.lower()
        kind = ALSO_CALLED.get(name, name)
        if kind not in KINDS or not path.is_file():
            continue
        if kind in found:
            raise Invalid(
                f"{found[kind].name} and {path.name} are both {kind}: put their rows into one file."
            )
        found[kind] = path
    return found


def _read(path: Path) -> list[Any]:
    try:
        return checked_list(orjson.loads(path.read_bytes()))
    except ValueError as error:
        raise Invalid(f"{path.name} is no JSON: {error}") from None
    except Invalid:
        raise Invalid(f"{path.name} is no list of Shotgun entities.") from None
