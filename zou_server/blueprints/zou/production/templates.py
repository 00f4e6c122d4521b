"""`GET /data/project-templates`: Kitsu asks for them before it makes a production. There are none yet."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.description import listed
from zou_server.web import json_text


class ProjectTemplates(NamedResource):
    """The studio's templates of productions."""

    def get(self) -> Response:
        """None: a production is set up by its settings."""
        return json_text("[]")


ROUTES = (
    Named(
        "/data/project-templates",
        ProjectTemplates,
        {
            "get": Says(
                "Project",
                "List the templates of projects",
                listed({"type": "object"}),
                refused=(),
                text="None yet.",
            )
        },
    ),
)
