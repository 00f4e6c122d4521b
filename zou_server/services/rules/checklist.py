"""A checklist of a note: a list of items of a known form (docs/protocols/zou.md 17, Comment)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.models.review import Note
from zou_server.models.values import COERCE
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context

KEYS: Mapping[str, Callable[[Any], Any]] = {
    "text": COERCE[Kind.TEXT],
    "checked": COERCE[Kind.BOOLEAN],
    "frame": COERCE[Kind.NUMBER],  # Kitsu: the frame of the preview that the item is about, -1 for none
    "revision": COERCE[Kind.INTEGER],  # Kitsu: and its revision
}


def check_checklist(_context: Context, change: Change) -> None:
    """Bring every item of a checklist that was written into its form; Invalid names what has none."""
    row = change.of(Note)
    if row.checklist is None or not (change.created or change.changed("checklist")):
        return
    if not isinstance(row.checklist, list):
        raise Invalid(fields={"checklist": ["is not a list"]})
    row.checklist = [_item(number, item) for number, item in enumerate(row.checklist, 1)]


def _item(number: int, item: Any) -> dict[str, Any]:
    if not isinstance(item, Mapping):
        raise Invalid(fields={"checklist": [f"item {number} is not an object"]})
    unknown = sorted(item.keys() - KEYS.keys())
    if unknown:
        raise Invalid(fields={"checklist": [f"item {number} has no '{unknown[0]}'"]})
    found: dict[str, Any] = {"text": "", "checked": False}
    for name, value in item.items():
        try:
            found[name] = found.get(name) if value is None else KEYS[name](value)
        except (ValueError, TypeError, OverflowError) as error:
            raise Invalid(fields={"checklist": [f"{name} of item {number}: {error}"]}) from None
    return found
