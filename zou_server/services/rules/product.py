"""The life of a product: it is in the project of what it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zou_server.models.versions import Product
from zou_server.services.write.rulebook import Rule

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context


def place_product(context: Context, change: Change) -> None:
    """Fill the project."""
    row = change.of(Product)
    if change.created or change.changed("object_id"):
        about = context.targets.get(row.object_id)
        if about is not None and about.project_id is not None:
            row.project_id = about.project_id


PRODUCT = Rule(before=(place_product,))
"""What is made of a shot, an asset, a project."""
