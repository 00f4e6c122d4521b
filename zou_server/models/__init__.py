"""What the studio is: tables, facets, policies and errors. Importing this registers every entity."""

from zou_server.models import (
    access,
    custom_fields,
    event,
    files,
    person,
    production,
    project,
    review,
    status,
    task,
)
from zou_server.models.base import Base, Identity, Row

__all__ = [
    "Base",
    "Identity",
    "Row",
    "access",
    "custom_fields",
    "event",
    "files",
    "person",
    "production",
    "project",
    "review",
    "status",
    "task",
]
