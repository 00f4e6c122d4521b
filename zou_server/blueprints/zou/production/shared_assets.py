"""`GET /data/projects/<p>/assets/shared-used`: assets of other productions that this one is made with."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.crud import list_rows
from zou_server.blueprints.zou.named import LISTING, Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import Shown, checked_id
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import ref
from zou_server.models.conditions import All, Op, Where
from zou_server.models.registry import facet


class SharedAssets(NamedResource):
    """Shared assets that a project casts and that are another's."""

    def get(self, project_id: str) -> Response:
        """The assets, as in every list of them."""
        id_ = checked_id(project_id)
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        shared = (
            Where("is_shared", Op.EQ, value=True),
            Where("entities_in.project_id", Op.EQ, id_),
            Where("project_id", Op.NE, id_),
        )
        return list_rows(self.studio, wire_type(facet("Asset")), Shown(All(shared), self.parts.page_size))


ROUTES = (
    Named(
        "/data/projects/<project_id>/assets/shared-used",
        SharedAssets,
        {
            "get": Says(
                "Asset",
                "List the shared assets that a project uses",
                rows_or_page(ref("Asset")),
                parameters=LISTING,
            )
        },
    ),
)
