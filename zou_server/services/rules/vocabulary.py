"""Statuses and custom fields: names and codes that a client may leave out."""

from __future__ import annotations

import re
import unicodedata

from zou_server.models.custom_fields import FieldDescriptor
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS
from zou_server.models.status import Status
from zou_server.services.rules.codes import ONE_STATUS
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule


def slug(text: str) -> str:
    """Lower case, words joined by underscores, accents dropped."""
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))
    return re.sub(r"\W+", "_", plain.lower()).strip("_")


def _plain(letter: str) -> str:
    """A letter without its accent; one of another script stays, or two names could become one."""
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or letter


def name_status(context: Context, change: Change) -> None:
    """A status has a code in every dialect: Zou's short name, and Shotgun's."""
    row = change.of(Status)
    if row.name:
        change.default("code", slug(row.name)[:40])
    change.default("shotgun_code", row.code)


def name_descriptor(context: Context, change: Change) -> None:
    """A custom field is one of a type; its key is the slug of its name, and stays when the name changes."""
    row = change.of(FieldDescriptor)
    if change.changed("entity_type") and row.entity_type not in FACETS:
        raise Invalid(fields={"entity_type": [f"there is no type '{row.entity_type}'"]})
    if not change.created and change.changed("entity_type", "field_name") and _was_closed(change):
        raise Invalid("The key of a field that is for some roles alone stays: its values would be open.")
    if row.name:
        change.default("field_name", slug(row.name))


def _was_closed(change: Change) -> bool:
    row = change.row
    was = [change.before.get(name, getattr(row, name)) for name in ("read_roles", "write_roles")]
    return any(roles is not None for roles in was)


STATUS = Rule(before=(name_status,), after=(ONE_STATUS,))
"""Where a task, a file or a project may stand."""

FIELD_DESCRIPTOR = Rule(before=(name_descriptor,))
"""A custom field."""
