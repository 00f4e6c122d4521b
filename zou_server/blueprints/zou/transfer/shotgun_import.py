"""`POST /import/shotgun/...`: entities as Shotgun gives them; and `/data/import/...`, the seed's paths.

The answer is the list of resulting rows. What could not be taken in is counted in the header
`X-Import-Errors` and told row by row at `/import/shotgun/errors`. `?background=true` hands the list to
a job, whose progress is at `/import/shotgun/jobs/<id>`.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response, request

from zou_server.blueprints.zou.bodies import Shape, body, needed
from zou_server.blueprints.zou.crud import json_body, list_rows
from zou_server.blueprints.zou.describe_api.describe_rows import ANY_JSON, row_schema
from zou_server.blueprints.zou.named import Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.parameters import ListRequest, boolean, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import SENT, Schema, answer, listed, one_of, or_null, parameter, ref, thing
from zou_server.models.conditions import Form, Op, Order, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.imports import RUN_STATES, SOURCES
from zou_server.models.policies import require
from zou_server.models.registry import Kind, facet
from zou_server.services.importers.shotgun.import_rows import IMPORT, checked_list, import_rows
from zou_server.services.importers.shotgun.kinds import KINDS
from zou_server.services.importers.shotgun.remove_row import remove_row
from zou_server.services.importers.shotgun.run_import import start_run
from zou_server.services.importers.shotgun.values import number
from zou_server.services.write.operations import Create, Delete
from zou_server.web import current_actor, json_rows, json_text

ERRORS_HEADER = "X-Import-Errors"
ERROR = facet("DataImportError")
RUN = facet("ImportRun")

REMOVED: Mapping[str, str] = {
    # the last word of a path: the kind of rows
    "asset": "assets",
    "episode": "episodes",
    "note": "notes",
    "person": "persons",
    "project": "projects",
    "project-connection": "projectconnections",
    "projectconnection": "projectconnections",
    "scene": "scenes",
    "sequence": "sequences",
    "shot": "shots",
    "status": "status",
    "step": "steps",
    "task": "tasks",
    "version": "versions",
}

_MEMBERSHIP = Projection(
    (
        *(
            Output(key, key)
            for key in ("id", "project_id", "person_id", "role", "shotgun_id", "created_at", "updated_at")
        ),
        Output("type", "ProjectPersonLink", Form.LITERAL),
    )
)
"""A team link, for which Zou's dialect has no list."""

_RUN_KEYS = (
    "id",
    "kind",
    "state",
    "percent",
    "total",
    "done",
    "created",
    "updated",
    "unchanged",
    "errors",
    "reason",
    "created_at",
    "ended_at",
)
_RUN = Projection(tuple(Output(key, key) for key in _RUN_KEYS))
_ERROR_KEYS = ("id", "event_data", "source", "created_at", "updated_at")
_ERROR = Projection((*(Output(k, k) for k in _ERROR_KEYS), Output("type", "DataImportError", Form.LITERAL)))


@dataclass(frozen=True, slots=True)
class KindOptions:
    """The kind of Shotgun rows that a route takes."""

    kind: str


class ImportShotgun(NamedResource[KindOptions]):
    """A list of one kind of entities."""

    def post(self) -> Response:
        """The rows that the list became; rows that are wrong leave a record and stop no other."""
        actor, kind = current_actor(), self.options.kind
        require(actor, "import", "run", IMPORT)
        sent = checked_list(json_body())
        if boolean(request.args.get("background", "false"), "background"):
            return self._deferred(kind, sent)
        with self.studio.write(actor) as work:
            found = import_rows(work, kind, sent)
            work.commit()
        rows = json_rows(self.studio.read(actor).listed(_rows(kind, found.ids), ZOU))
        rows.headers[ERRORS_HEADER] = str(found.errors)
        return rows

    def _deferred(self, kind: str, sent: list[Any]) -> Response:
        with self.studio.write(current_actor()) as work:
            id_ = start_run(work, kind, sent)
            text = work.read.one(Query(RUN, _RUN, Where("id", Op.EQ, str(id_))), ZOU)
            work.commit()
        return json_text(text or "null", 202)


def _rows(kind: str, ids: list[uuid.UUID]) -> Query:
    of = facet(KINDS[kind].facet)
    shown = _MEMBERSHIP if of.name == "Membership" else _shown(of.name)
    return Query(of, shown, Where("id", Op.IN, [str(id_) for id_ in ids]), (Order("created_at"),))


def _shown(name: str) -> Projection:
    return wire_type(facet("Person" if name == "HumanUser" else name)).projection()


def _number(value: Any) -> int:
    try:
        return number(value)
    except (TypeError, ValueError):
        raise ValueError("is no id") from None


@body
class ShotgunEntity:
    """An entity as Shotgun returns it, of which the id is read."""

    id: int = needed(Shape(_number, {"type": "integer", "minimum": 1}), missing="is no id")


class RemoveShotgun(NamedResource[KindOptions]):
    """What was imported, by its id in Shotgun."""

    def post(self, sent: ShotgunEntity) -> Response:
        """Remove it; nothing to remove is a success too, for whoever sends the same list again."""
        with self.studio.write(current_actor()) as work:
            removed = remove_row(work, self.options.kind, sent.id)
            work.commit()
        return json_text(orjson.dumps({"success": True, "removed_instance_id": removed}))


class ImportErrors(NamedResource):
    """The records of what imports left out."""

    def get(self) -> Response:
        """All of them, oldest first, or a page."""
        require(current_actor(), "import", "run", IMPORT)
        return list_rows(self.studio, wire_type(ERROR), ListRequest(page_size=self.parts.page_size))

    def post(self) -> Response:
        """Keep what a script has to say about an import: any JSON but null."""
        require(current_actor(), "import", "run", IMPORT)
        values = {"event_data": json_body(), "source": "shotgun"}
        with self.studio.write(current_actor()) as work:
            made = work.execute([Create(ERROR, values)])[0]
            text = work.read.one(Query(ERROR, _ERROR, Where("id", Op.EQ, str(made.id))), ZOU)
            work.commit()
        return json_text(text or "null", 201)


class ImportErrorRecord(NamedResource):
    """One record."""

    def get(self, error_id: str) -> Response:
        """The record; the seed's page retrieves it with POST, which is the same here."""
        return _one(self, ERROR, _ERROR, error_id)

    post = get

    def delete(self, error_id: str) -> Response:
        """Forget it."""
        require(current_actor(), "import", "run", IMPORT)
        with self.studio.write(current_actor()) as work:
            if not work.execute([Delete(ERROR, checked_id(error_id))])[0].changed:
                raise NotFound(f"DataImportError {error_id} not found.")
            work.commit()
        return Response(status=204)


class ImportRuns(NamedResource):
    """Imports done by jobs."""

    def get(self) -> Response:
        """All of them, newest first."""
        require(current_actor(), "import", "run", IMPORT)
        query = Query(RUN, _RUN, order=(Order("created_at", descending=True),))
        return json_rows(self.studio.read(current_actor()).listed(query, ZOU))


class ImportRunState(NamedResource):
    """One import done by a job."""

    def get(self, run_id: str) -> Response:
        """How far it is, and what came of it so far."""
        return _one(self, RUN, _RUN, run_id)


def _one(resource: NamedResource, of: Any, shown: Projection, id_: str) -> Response:
    require(current_actor(), "import", "run", IMPORT)
    text = resource.studio.read(current_actor()).one(
        Query(of, shown, Where("id", Op.EQ, checked_id(id_))), ZOU
    )
    if text is None:
        raise NotFound(f"{of.name} {id_} not found.")
    return json_text(text)


# -- the description -----------------------------------------------------------------------------------------

_ANY_ENTITY = thing({"id": {"type": "integer", "minimum": 1}}, description="An entity as Shotgun returns it.")
_REMOVED = thing(
    {"success": {"type": "boolean"}, "removed_instance_id": or_null(ref("Id"))},
    ("success", "removed_instance_id"),
)
_RECORD = thing(
    {
        "id": ref("Id"),
        "event_data": ANY_JSON,
        "source": one_of(SOURCES),
        "created_at": {"type": "string"},
        "updated_at": {"type": "string"},
        "type": one_of(("DataImportError",)),
    },
    _ERROR_KEYS,
)
_COUNT: Schema = {"type": "integer", "minimum": 0}
_RUN_SAYS = thing(
    {
        "id": ref("Id"),
        "kind": {"type": "string"},
        "state": one_of(RUN_STATES),
        **dict.fromkeys(("percent", "total", "done", "created", "updated", "unchanged", "errors"), _COUNT),
        "reason": {"type": ["string", "null"]},
        "created_at": {"type": "string"},
        "ended_at": {"type": ["string", "null"]},
    },
    _RUN_KEYS,
)


def _imports(kind: str) -> Says:
    of = KINDS[kind].facet
    named = "Person" if of in ("HumanUser", "Membership") else of
    schema = row_schema(of, _MEMBERSHIP) if of == "Membership" else ref(wire_type(facet(named)).name)
    return Says(
        named,
        f"Import Shotgun's {kind}",
        listed(schema),
        text="The resulting rows. X-Import-Errors says how many rows have a record of what is wrong.",
        description="Rows are known by their Shotgun id: a second import changes nothing.",
        parameters=(parameter("background", "query", SENT[Kind.BOOLEAN], "Let a job do it."),),
        sends=listed(_ANY_ENTITY),
        refused=(413,),
        also={202: answer("The job that does it.", _RUN_SAYS)},
    )


def _removes(word: str) -> Says:
    named = _imports(REMOVED[word]).about
    return Says(
        named,
        f"Remove the {word} with a Shotgun id",
        _REMOVED,
        text="What was removed; null when there was nothing.",
        sends=ShotgunEntity,
        refused=(413,),
    )


_ALL_RECORDS = {
    "get": Says(
        "Project", "List the records of rows that imports left out", rows_or_page(_RECORD), refused=()
    ),
    "post": Says(
        "Project",
        "Keep a record about an import",
        _RECORD,
        status=201,
        text="The record.",
        sends={},
        refused=(413,),
    ),
}
_ONE_RECORD = {
    "get": Says("Project", "Read a record of an import", _RECORD),
    "post": Says("Project", "Read a record of an import, as the page of 2017 asks", _RECORD),
    "delete": Says("Project", "Forget a record of an import", status=204, text="It is gone."),
}


def _routes() -> Iterator[Named]:
    for root in ("/import/shotgun", "/data/import/shotgun"):
        for kind in KINDS:
            yield Named(f"{root}/{kind}", ImportShotgun, {"post": _imports(kind)}, KindOptions(kind))
        yield Named(
            f"{root}/project-connections",
            ImportShotgun,
            {"post": _imports("projectconnections")},
            KindOptions("projectconnections"),
        )
        for word, kind in REMOVED.items():
            yield Named(f"{root}/remove/{word}", RemoveShotgun, {"post": _removes(word)}, KindOptions(kind))
        yield Named(f"{root}/errors", ImportErrors, _ALL_RECORDS)
        yield Named(f"{root}/errors/<error_id>", ImportErrorRecord, _ONE_RECORD)
        yield Named(
            f"{root}/jobs",
            ImportRuns,
            {"get": Says("Project", "List the imports done by jobs", listed(_RUN_SAYS), refused=())},
        )
        yield Named(
            f"{root}/jobs/<run_id>",
            ImportRunState,
            {"get": Says("Project", "Read how far an import done by a job is", _RUN_SAYS)},
        )


ROUTES = tuple(_routes())
