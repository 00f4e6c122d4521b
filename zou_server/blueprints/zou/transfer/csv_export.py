"""`GET /export/csv/...`: lists of the studio and the work of a project as CSV files.

Cells are separated by semicolons and the text is UTF-8, on today's paths and on those of the seed alike
(2017 had commas; the imports take both). Big files are sent in pieces.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.description import Schema, parameter, ref
from zou_server.models.conditions import All, AnyOf, Condition, Op, Where
from zou_server.models.errors import Invalid, UnknownField
from zou_server.services.exporters.export_entities import export_all_entities, export_entities
from zou_server.services.exporters.export_lists import export_list
from zou_server.services.exporters.export_playlist import export_playlist
from zou_server.services.exporters.require_reader import require_reader
from zou_server.services.exporters.table import CsvText
from zou_server.services.exporters.workbook import XLSX, write_workbook
from zou_server.services.read.reader import Reader
from zou_server.stored import disposition
from zou_server.web import current_actor

CSV = "text/csv"
_PROJECT = (("project_id", "Project"),)


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of file: the facet it is about, what makes it, and the parameters that narrow it.

    `make` gets the reader, the project (None for a file of the studio) and a condition. `filters` are
    parameter -> the paths of which one must have its value.
    """

    facet: str
    name: str
    make: Callable[[Reader, uuid.UUID | None, Condition], CsvText]
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class ExportCsv(NamedResource[Export]):
    """A file of one kind of rows."""

    def get(self, **place: str) -> Response:
        """The file, as an attachment."""
        wanted = self.options
        ids = {name: checked_id(value) for name, value in place.items()}
        condition, actor, is_workbook = _condition(wanted), current_actor(), _is_workbook()
        require_owners(self.studio, _PROJECT if ids else (), ids)
        project = uuid.UUID(ids["project_id"]) if ids else None
        require_reader(actor, wanted.name, project)
        table = wanted.make(self.studio.read(actor), project, condition)
        return self._workbook(table, wanted.name) if is_workbook else _answer(table, f"{wanted.name}.csv")

    def _workbook(self, table: CsvText, name: str) -> Response:
        """The file as an XLSX workbook."""
        with self.parts.folders.folder() as folder:
            path = folder / f"{name}.xlsx"
            try:
                write_workbook(table, name, path)
            finally:
                table.close()
            found = Response(path.read_bytes(), mimetype=XLSX)
        found.headers.set("Content-Disposition", "attachment", filename=f"{name}.xlsx")
        return found


class ExportPlaylist(NamedResource):
    """A file of what a playlist shows."""

    def get(self, playlist_id: str) -> Response:
        """The file, named after the playlist."""
        for name in request.args:
            raise UnknownField("export", name)
        actor = current_actor()
        found = export_playlist(self.studio.read(actor), actor, checked_id(playlist_id))
        named = {"Content-Disposition": disposition(f"{found.name}.csv", attachment=True)}
        return Response(found.text, mimetype=CSV, headers=named)


def _condition(wanted: Export) -> Condition:
    terms: list[Condition] = []
    for name, values in request.args.lists():
        if name == "format":
            continue
        if name not in wanted.filters:
            raise UnknownField("export", name)
        paths = wanted.filters[name]
        terms += [
            AnyOf(tuple(Where(path, Op.EQ, checked_id(value)) for path in paths)) for value in values if value
        ]
    return All(tuple(terms))


FORMATS = {"csv": False, "xlsx": True}


def _is_workbook() -> bool:
    """True when the request asks for a workbook."""
    asked = request.args.get("format", "csv")
    if asked not in FORMATS:
        raise Invalid(fields={"format": [f"is none of {', '.join(FORMATS)}"]})
    return FORMATS[asked]


def _answer(table: CsvText, name: str) -> Response:
    found = Response("".join(table) if table.is_small else table, mimetype=CSV)
    found.call_on_close(table.close)
    found.headers.set("Content-Disposition", "attachment", filename=name)
    return found


def _of_project(kind: str, name: str, *episodes: str) -> Export:
    filters = {"episode_id": episodes, "assigned_to": ("tasks.assignations.person_id",)}

    def make(reader: Reader, project: uuid.UUID | None, condition: Condition) -> CsvText:
        return export_entities(reader, kind, project or uuid.UUID(int=0), condition)

    return Export(kind, name, make, filters)


def _of_studio(kind: str, name: str) -> Export:
    return Export(kind, name, lambda reader, _project, _condition: export_all_entities(reader, kind))


def _list(kind: str, name: str) -> Export:
    return Export(kind, name, lambda reader, _project, _condition: export_list(reader, name))


def _casting(reader: Reader, project: uuid.UUID | None, _condition: Condition) -> CsvText:
    return export_list(reader, "casting", Where("entity_in.project_id", Op.EQ, str(project)))


WHOLE_STUDIO: tuple[Export, ...] = (
    _list("Person", "persons"),
    _list("Project", "projects"),
    _list("TaskType", "task-types"),
    _list("Task", "tasks"),
    _list("TimeSpent", "time-spents"),
    _of_studio("Shot", "shots"),
    _of_studio("Asset", "assets"),
)
IN_PROJECT: tuple[Export, ...] = (
    _of_project("Shot", "shots", "episode_id"),
    _of_project("Asset", "assets", "source_id", "entities_in.episode_id"),
    _of_project("Edit", "edits", "parent_id"),
    Export("EntityLink", "casting", _casting),
)

FILTERS: Mapping[str, str] = {
    "episode_id": "Only what is of this episode.",
    "assigned_to": "Only what this person has a task on.",
}


_TEXT_OF_FILE = "The file: UTF-8, semicolons, a line of headings; or the workbook."
_EITHER: Schema = {
    CSV: {"schema": {"type": "string"}},
    XLSX: {"schema": {"type": "string", "format": "binary"}},
}


def _says(wanted: Export, whose: str) -> Says:
    return Says(
        wanted.facet,
        f"Export {wanted.name} of {whose} to a CSV file",
        {"type": "string"},
        media=CSV,
        text=_TEXT_OF_FILE,
        also={200: {"description": _TEXT_OF_FILE, "content": _EITHER}},
        description="An import of the same file changes nothing.",
        parameters=(
            *(parameter(name, "query", ref("Id"), FILTERS[name]) for name in wanted.filters),
            parameter(
                "format",
                "query",
                {"type": "string", "enum": list(FORMATS)},
                "xlsx: a workbook instead.",
            ),
        ),
    )


ROUTES: tuple[Named, ...] = (
    *(
        Named(f"/export/csv/{each.name}.csv", ExportCsv, {"get": _says(each, "the studio")}, each)
        for each in WHOLE_STUDIO
    ),
    *(
        Named(
            f"/export/csv/projects/<project_id>/{each.name}.csv",
            ExportCsv,
            {"get": _says(each, "a project")},
            each,
        )
        for each in IN_PROJECT
    ),
    Named(
        "/export/csv/playlists/<playlist_id>",
        ExportPlaylist,
        {
            "get": Says(
                "Playlist",
                "Export a playlist to a CSV file",
                {"type": "string"},
                media=CSV,
                text="The file: UTF-8, semicolons, a line of headings, then the entries in their order.",
            )
        },
    ),
)
