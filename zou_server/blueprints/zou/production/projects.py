"""Projects as Kitsu wants them: with the vocabulary each uses, its team and its custom fields."""

from __future__ import annotations

from zou_server.blueprints.zou.extra_outputs import PROJECT_USES
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.models.conditions import Output, Projection
from zou_server.models.project import is_open
from zou_server.models.registry import facet

OPEN = is_open()
"""The projects that are being worked on."""

_STATUS_NAME = Output("project_status_name", "project_status.name")
_PLAIN = wire_type(facet("Project")).projection(relations=True).outputs

_ALL = (*_PLAIN, *PROJECT_USES, _STATUS_NAME)

PROJECT_EXTRAS = Projection(tuple({output.key: output for output in _ALL}.values()))
"""`/data/projects/open` and the user context (docs/protocols/zou.md 17, Project)."""
