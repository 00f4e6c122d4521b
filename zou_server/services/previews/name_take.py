"""What a take is called: in files that are downloaded, in marks on them, and as a version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zou_server.models.values.slugs import slug

LONGEST = 250
"""Signs that the name of a version may have."""


def name_of_take(row: Mapping[str, Any]) -> str:
    """The name of a take, by `full_name`, `step` and `revision`: SQ01_SH010_Animation_v003."""
    ending = f"v{row['revision'] or 1:03}"
    above = "_".join(slug(word) for word in (row["full_name"] or "", row["step"] or "") if word)
    return f"{above[: LONGEST - len(ending) - 1]}_{ending}" if above else ending
