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


@dataclass(frozen=True, slots=True)
class FileImport:
    """What came of one file: counts of its rows."""

    name: str
    total: int
    created: int
    updated: int
    errors: int


def import_folder(studio: Studio, folder: Path) -> Iterator[FileImport]:
    """Import the files of a folder one after the other; Invalid, before any of them, for one that is no list.

    Done a second time it changes nothing, or completes what was missing.
    """
    paths = [folder / f"{kind}.json" for kind in KINDS]
    lists = {path.stem: _read(path) for path in paths if path.is_file()}
    if not lists:
        raise Invalid(f"{folder} has none of {', '.join(path.name for path in paths)}.")
    for kind, rows in lists.items():
        with studio.write(SYSTEM) as work:
            run_id = keep_run(work, kind, rows)
            work.commit()
        run_import(studio, run_id)
        with studio.write(SYSTEM) as work:
            run = work.session.get_one(ImportRun, run_id)
            if run.state == "failed":
                raise Invalid(f"{kind}.json: {run.reason}")
            yield FileImport(f"{kind}.json", run.total, run.created, run.updated, run.errors)


def _read(path: Path) -> list[Any]:
    try:
        return checked_list(orjson.loads(path.read_bytes()))
    except ValueError as error:
        raise Invalid(f"{path.name} is no JSON: {error}") from None
    except Invalid:
        raise Invalid(f"{path.name} is no list of Shotgun entities.") from None
