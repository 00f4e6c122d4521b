"""The life of a version: it is of what its product is of, and its revision is the next of its product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.models.versions import Product, Version
from zou_server.services.previews.join_versions import number_versions
from zou_server.services.rules.files import FILE
from zou_server.services.write.rulebook import After, Rule

if TYPE_CHECKING:
    import uuid

    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context


def place_version(context: Context, change: Change) -> None:
    """Fill what the version is of, its task and its project from its product."""
    row = change.of(Version)
    if not change.created and change.changed("name"):
        row.is_for_previews = False  # it is somebody's own from now on
    if row.product_id is None or not (change.created or change.changed("product_id")):
        return
    product: Any = context.rows.any(row.product_id) or context.once(_product, row.product_id)
    if product is None:
        return
    for name in ("object_id", "task_id", "project_id"):
        if getattr(row, name) is None and getattr(product, name) is not None:
            change.set(name, getattr(product, name))


def _product(context: Context, product_id: uuid.UUID) -> Product | None:
    return context.session.get(Product, product_id)


VERSION = Rule(
    before=(place_version,),
    after=(After(lambda change: change.created, number_versions),),
    guard=FILE.guard,
)
"""One reviewable take of a product."""
