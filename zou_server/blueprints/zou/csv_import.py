"""`POST /import/csv/projects/<id>/shots` and `.../assets`: a CSV file as rows of a project, all or none."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Response, request
from flask_restful import Resource

from zou_server.blueprints.zou.idempotency import answered_once
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.importers import import_assets, import_shots
from zou_server.web import current_actor

if TYPE_CHECKING:
    from zou_server.services.studio import Studio
    from zou_server.services.unit_of_work import UnitOfWork

Importer = Callable[..., list[uuid.UUID]]

ROUTES: Mapping[str, tuple[str, Importer]] = {
    # path: the facet of the rows, what imports them
    "csv/projects/<project_id>/shots": ("Shot", import_shots.import_shots),
    "csv/projects/<project_id>/assets": ("Asset", import_assets.import_assets),
}


COLUMNS = {"Shot": import_shots.COLUMNS, "Asset": import_assets.COLUMNS}
"""The columns that each importer has a use for."""


class ImportCsv(Resource):
    """A file of one kind of rows, sent into a project."""

    def __init__(self, studio: Studio, kind: str, importer: Importer) -> None:
        self.studio, self.kind, self.importer = studio, kind, importer

    def post(self, project_id: str) -> Response:
        """The rows of the file; those that existed are unchanged unless `update` is true."""
        content, id_ = _sent_file(), checked_id(project_id)
        update = boolean(request.args.get("update", "false"), "update")
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        with self.studio.write(current_actor()) as work:
            return answered_once(work, lambda: self._imported(work, uuid.UUID(id_), content, update=update))

    def _imported(self, work: UnitOfWork, id_: uuid.UUID, content: bytes, *, update: bool) -> tuple[str, int]:
        ids = self.importer(work, id_, content, update=update)
        wire = wire_type(facet(self.kind))
        query = Query(
            wire.facet,
            wire.projection(),
            Where("id", Op.IN, [str(each) for each in ids]),
            (Order("created_at"),),
        )
        return f"[{work.read.page(query, ZOU).text}]", 201


def _sent_file() -> bytes:
    """The field `file` of a form, else the whole body."""
    body = request.get_data()  # read first and kept: the idempotency key is compared over it too
    if request.mimetype != "multipart/form-data":
        return body
    sent = request.files.get("file")
    if sent is None:
        raise Invalid("The form has no field 'file'.", {"file": ["is not in the form"]})
    return sent.read()


def add_csv_routes(add: Callable[..., Any], studio: Studio) -> None:
    """Register every route of the table."""
    for path, (kind, importer) in ROUTES.items():
        add(ImportCsv, path, root="/import/", studio=studio, kind=kind, importer=importer)
