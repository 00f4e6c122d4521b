"""Names and codes that a client may leave out: derived from the name it did give."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS

if TYPE_CHECKING:
    from zou_server.services.write.change import Change
    from zou_server.services.write.pipeline import Pipeline


def slug(text: str) -> str:
    """Lower case, words joined by underscores, accents dropped."""
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFC", text))
    return re.sub(r"\W+", "_", plain.lower()).strip("_")


def _plain(letter: str) -> str:
    """A letter without its accent; one of another script stays, or two names could become one."""
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or letter


def name_status(pipeline: Pipeline, change: Change) -> None:
    """A status has a code in every dialect: Zou's short name, and Shotgun's."""
    row: Any = change.row
    if row.name:
        change.default("code", slug(row.name)[:40])
    change.default("shotgun_code", row.code)


def name_descriptor(pipeline: Pipeline, change: Change) -> None:
    """A custom field is one of a type; its key is the slug of its name, and stays when the name changes."""
    row: Any = change.row
    if change.changed("entity_type") and row.entity_type not in FACETS:
        raise Invalid(fields={"entity_type": [f"there is no type '{row.entity_type}'"]})
    if row.name:
        change.default("field_name", slug(row.name))


def tidy_person(pipeline: Pipeline, change: Change) -> None:
    """E-mail addresses are kept in lower case; a log-in name defaults to the address."""
    row: Any = change.row
    if row.email:
        row.email = row.email.strip().lower()
    if row.login == "":  # gazu's word for none
        row.login = None
    if change.created and not row.is_bot:
        change.default("login", row.email)
