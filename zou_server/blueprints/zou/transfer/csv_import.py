"""`POST /import/csv/...`: a CSV file as rows, all or none; and `/data/import/csv/...`, the paths of the seed.

`?update=true` changes rows that exist, `?validate=true` tells what would happen and changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any, NamedTuple

import orjson
from flask import Response, request

from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.named import FORM, Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import JSON, answer, listed, or_null, parameter, ref, thing
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.errors import Invalid, UnknownField
from zou_server.models.registry import facet
from zou_server.services.importers import (
    import_assets,
    import_casting,
    import_edits,
    import_estimations,
    import_persons,
    import_projects,
    import_shots,
    import_task_types,
    import_tasks,
)
from zou_server.services.importers.go_on import Left, import_what_can_be, rest_of
from zou_server.services.importers.import_studio_entities import import_studio_entities
from zou_server.services.importers.outcome import Outcome, Told
from zou_server.services.importers.tables.columns import ImportColumn, known_columns
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.importers.tables.turns import TURN
from zou_server.services.rules.vocabulary import slug
from zou_server.services.write.unit_of_work import UnitOfWork
from zou_server.web import current_actor, json_rows

Importer = Callable[..., Outcome]
"""Gets the unit of work, the file, what the path names by its arguments, and `update`."""


@dataclass(frozen=True, slots=True)
class Import:
    """A kind of file: the facet of its rows, what imports it, its columns, what the path names.

    `updates` says whether rows that exist follow the file when the client does not say.
    """

    facet: str
    run: Importer
    columns: tuple[ImportColumn, ...]
    owners: tuple[tuple[str, str], ...] = ()
    updates: bool = False


class ImportCsv(NamedResource[Import]):
    """A file of one kind of rows."""

    def post(self, **place: str) -> Response:
        """The rows of the file; a dry run answers what it would make and change."""
        wanted = self.options
        ids = {name: checked_id(value) for name, value in place.items()}
        flags = _flags(wanted)
        require_owners(self.studio, wanted.owners, ids)
        run = partial(wanted.run, update=flags.update, **{n: uuid.UUID(id_) for n, id_ in ids.items()})
        file = _sent_file()
        if flags.goes_on:
            return import_what_can_be(file, partial(self._go_on, wanted, run, validate=flags.validate))
        if flags.validate:
            with self.studio.write(current_actor()) as work:
                return json_rows(_report(run(work, file=file)), "", "")
        return self._imported(wanted, partial(run, file=file), "[", "]")

    def _imported(
        self, wanted: Import, run: Callable[[UnitOfWork], Outcome], opening: str, closing: str
    ) -> Response:
        """The rows of the file; an answer that is kept, to be given again, is one text."""
        with self.studio.write(current_actor()) as work:
            if "Idempotency-Key" in request.headers:
                return answered_once(
                    work,
                    lambda: (f"{opening}{work.read.page(_rows(wanted, run(work)), ZOU).text}{closing}", 201),
                )
            query = _rows(wanted, run(work))
            work.commit()
        found = json_rows(self.studio.read(current_actor()).listed(query, ZOU), opening, closing)
        found.status_code = 201
        return found

    def _go_on(
        self, wanted: Import, run: Importer, file: TableFile, left: Left, *, validate: bool
    ) -> Response:
        """The lines that are right, imported, and those that were left out."""
        told = orjson.dumps([{"line": line, "reasons": why} for line, why in sorted(left.items())]).decode()
        rest = orjson.dumps(rest_of(file, left, lambda heading: _is_known(wanted, heading))).decode()
        closing = f',"skipped":{told},"rest":{rest}}}'
        if not validate:
            return self._imported(wanted, partial(run, file=file), '{"imported":[', f"]{closing}")
        with self.studio.write(current_actor()) as work:
            return json_rows(_report(run(work, file=file)), '{"report":', closing)


def _is_known(wanted: Import, heading: str) -> bool:
    return slug(heading) in known_columns(wanted.columns)


def _rows(wanted: Import, outcome: Outcome) -> Query:
    """The rows of a file, oldest first."""
    wire = wire_type(facet(wanted.facet))
    ids = [str(id_) for id_ in outcome.ids]
    return Query(wire.facet, wire.projection(), Where("id", Op.IN, ids), (Order("created_at"),))


class Flags(NamedTuple):
    """What the query string says of an import."""

    update: bool
    validate: bool
    goes_on: bool


ON_ERROR = {"stop": False, "skip": True}


def _flags(wanted: Import) -> Flags:
    """Whether to update, whether only to validate, and whether to go on past lines that are wrong."""
    unknown = sorted(request.args.keys() - {"update", "validate", "on_error"})
    if unknown:
        raise UnknownField("import", unknown[0])
    given = request.args.get
    on_error = given("on_error", "stop")
    if on_error not in ON_ERROR:
        raise Invalid(fields={"on_error": [f"is none of {', '.join(ON_ERROR)}"]})
    return Flags(
        boolean(given("update", str(wanted.updates)), "update"),
        boolean(given("validate", "false"), "validate"),
        ON_ERROR[on_error],
    )


def _sent_file() -> TableFile:
    """The field `file` of a form, else the whole body, and the encoding that the client says it is in."""
    if "Idempotency-Key" in request.headers:
        request.get_data()  # kept, before the form is read from it: the key is compared over it too
    if request.mimetype != FORM:
        return TableFile(request.get_data(), request.mimetype_params.get("charset", ""))
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("The form has no field 'file'.", {"file": ["is not in the form"]})
    return TableFile(sent.read(), sent.mimetype_params.get("charset", ""))


def _report(outcome: Outcome) -> Iterator[str]:
    """What an import would do, in pieces."""
    yield f'{{"valid":true,"rows":{len(outcome.ids)},"created":['
    yield from _joined(_told(each) for each in outcome.made)
    yield '],"updated":['
    yield from _joined({**_told(each), "id": str(each.id)} for each in outcome.changed)
    unchanged = {id_.bytes for id_ in outcome.ids}
    for told in chain(outcome.made, outcome.changed):
        unchanged.discard(told.id.bytes)
    yield f'],"unchanged":{len(unchanged)}}}'


def _joined(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Objects separated by commas, some in each piece."""
    things, separator = iter(found), ""
    while share := list(islice(things, TURN)):
        yield separator + orjson.dumps(share)[1:-1].decode()
        separator = ","


def _told(told: Told) -> dict[str, Any]:
    values = {name: value for name, value in told.values.items() if value is not None}
    return {"line": told.line, "type": wire_type(facet(told.kind)).name, "values": values}


# -- routes ------------------------------------------------------------------------------------------

_PROJECT = ("project_id", "Project")
_TASK_TYPE = ("task_type_id", "TaskType")

_SHOTS = Import("Shot", import_shots.import_shots, import_shots.COLUMNS, (_PROJECT,))
_ASSETS = Import("Asset", import_assets.import_assets, import_assets.COLUMNS, (_PROJECT,))
_EDITS = Import("Edit", import_edits.import_edits, import_edits.COLUMNS, (_PROJECT,))
_CASTING = Import(
    "EntityLink", import_casting.import_casting, import_casting.COLUMNS, (_PROJECT,), updates=True
)
_PERSONS = Import("Person", import_persons.import_persons, import_persons.COLUMNS)
_PROJECTS = Import("Project", import_projects.import_projects, import_projects.COLUMNS)
_TASK_TYPES = Import("TaskType", import_task_types.import_task_types, import_task_types.COLUMNS)
_TASKS = Import("Task", import_tasks.import_tasks, import_tasks.COLUMNS)


def _of_studio(kind: str, plan: Any) -> Import:
    columns = (ImportColumn("project", ("Project",), str, required=True), *plan.columns)
    return Import(kind, partial(import_studio_entities, plan=plan), columns)


def _estimations(*owners: tuple[str, str]) -> Import:
    return Import(
        "Task", import_estimations.import_estimations, import_estimations.COLUMNS, owners, updates=True
    )


WHOLE_STUDIO: Mapping[str, Import] = {
    # name in the path: kind of file; Zou has some at /import/csv, the seed all at /data/import/csv
    "persons": _PERSONS,
    "projects": _PROJECTS,
    "shots": _of_studio("Shot", import_shots.SHOTS),
    "assets": _of_studio("Asset", import_assets.ASSETS),
    "asset": _of_studio("Asset", import_assets.ASSETS),
    "task-types": _TASK_TYPES,
    "tasks": _TASKS,
    "tasks.csv": _TASKS,
}
IN_PROJECT: Mapping[str, Import] = {
    # what follows /import/csv/projects/<project_id>/
    "shots": _SHOTS,
    "assets": _ASSETS,
    "edits": _EDITS,
    "casting": _CASTING,
    "task-types/<task_type_id>/estimations": _estimations(_PROJECT, _TASK_TYPE),
    "episodes/<episode_id>/task-types/<task_type_id>/estimations": _estimations(
        _PROJECT, ("episode_id", "Episode"), _TASK_TYPE
    ),
}

TEXT = """\
Columns, by heading (case, blanks and dashes do not matter): {columns}. {more}An empty cell says nothing. \
The whole file is imported or nothing is, and every wrong line is named with its column; with \
`on_error=skip` the lines that are right are. The file may be CSV, whose encoding and delimiter are \
recognised, or an XLSX workbook, of which the sheet with these headings is read.
"""
OF_PROJECT = """\
Any custom field by its name, and for each task type T of the project `T` (a status), `T comment` and \
`T assignations` (people, separated by commas); any other column makes a text field of the project. \
"""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
GOES_ON = """\
skip imports the lines that are right and answers an object: `imported`, `skipped` (each line that was left \
out, and why) and `rest`, a file of those lines to put right and send again."""
FILE = thing({"file": {"type": "string", "format": "binary"}}, ("file",))
LINE = thing(
    {
        "line": or_null({"type": "integer"}),
        "type": {"type": "string"},
        "id": {"type": "string"},
        "values": thing({}),
    },
    ("line", "type", "values"),
)
REPORT = thing(
    {
        "valid": {"type": "boolean"},
        "rows": {"type": "integer"},
        "created": listed(LINE),
        "updated": listed(LINE),
        "unchanged": {"type": "integer"},
    },
    ("valid", "rows", "created", "updated", "unchanged"),
)


def _says(wanted: Import) -> Says:
    wire = wire_type(facet(wanted.facet))
    named = [
        " or ".join(column.headings) + (" (required)" if column.required else "") for column in wanted.columns
    ]
    more = OF_PROJECT if wanted.facet in ("Shot", "Asset", "Edit") else ""
    default = "They do unless it is false." if wanted.updates else "They stay as they are otherwise."
    return Says(
        wanted.facet,
        f"Import {wire.path} from a CSV file",
        listed(ref(wire.name)),
        status=201,
        text="The rows of the file, oldest first.",
        description=TEXT.format(columns=", ".join(named), more=more),
        also={200: answer("With `validate`: what would be made and changed, by line.", REPORT, media=JSON)},
        parameters=(
            parameter(
                "update", "query", {"type": "boolean"}, f"true: rows that exist follow the file. {default}"
            ),
            parameter(
                "on_error",
                "query",
                {"type": "string", "enum": list(ON_ERROR)},
                GOES_ON,
            ),
            parameter("validate", "query", {"type": "boolean"}, "true tries the import and changes nothing."),
            ref("IdempotencyKey", "parameters"),
        ),
        form=FILE,
        sends_also={"text/csv": {"type": "string"}, XLSX: {"type": "string", "format": "binary"}},
        refused=(404, 413),
    )


def _routes(paths: Iterable[tuple[str, Import]]) -> Iterator[Named]:
    for path, wanted in paths:
        yield Named(path, ImportCsv, {"post": _says(wanted)}, wanted)


ROUTES: tuple[Named, ...] = tuple(
    _routes(
        (
            *((f"/import/csv/{name}", wanted) for name, wanted in WHOLE_STUDIO.items()),
            *((f"/data/import/csv/{name}", wanted) for name, wanted in WHOLE_STUDIO.items()),
            *((f"/import/csv/projects/<project_id>/{path}", wanted) for path, wanted in IN_PROJECT.items()),
        )
    )
)
