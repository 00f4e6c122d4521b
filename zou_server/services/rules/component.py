"""The life of a component, and of the locations where components are kept."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zou_server.models.errors import Conflict
from zou_server.models.versions import Component, ComponentLocation, Location
from zou_server.services.files.component_bytes import LOCATION as HERE
from zou_server.services.previews.review_sent import order_review
from zou_server.services.rules.files import FILE
from zou_server.services.write.rulebook import After, Rule

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.unit_of_work import UnitOfWork


def place_component(context: Context, change: Change) -> None:
    """A component is in the project of its version, or of the container that it is in."""
    row = change.of(Component)
    if not (change.created or change.changed("version_id", "container_id")):
        return
    about = context.targets.get(row.version_id) or context.targets.get(row.container_id)
    if about is None or about.project_id is None:
        return
    row.project_id = about.project_id
    for each in context.changes.values():
        if isinstance(each.row, Component) and each.row.container_id == row.id:
            each.row.project_id = about.project_id
    if not change.created:
        context.session.execute(
            sa.update(Component)
            .where(Component.container_id == row.id, Component.project_id.is_(None))
            .values(project_id=about.project_id)
            .execution_options(synchronize_session=False)
        )


def keep_used_locations(work: UnitOfWork, ids: Sequence[uuid.UUID], together: frozenset[uuid.UUID]) -> None:
    """Refuse to remove a location where there are components: their paths would mean nothing any more."""
    gone = sa.select(Location.id).where(Location.id.in_(ids), Location.deleted_at.is_not(None))
    held = sa.select(ComponentLocation.id).where(ComponentLocation.location_id.in_(gone))
    if any(id_ in together for id_ in work.session.scalars(held)):
        raise Conflict("There are components at this location.")


def _is_put_here(change: Change) -> bool:
    """True for a component that comes to this server's own location."""
    return change.changed("location_id") and change.of(ComponentLocation).location_id == HERE


COMPONENT_LOCATION = Rule(after=(After(_is_put_here, order_review),))
"""A component is at a location."""
COMPONENT = Rule(before=(place_component,), guard=FILE.guard)
"""A file or a frame sequence of a version, or a container of such."""
LOCATION = Rule(gone=(keep_used_locations,))
"""Where components are kept."""
