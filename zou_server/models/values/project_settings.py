"""Settings that a project keeps among its custom fields: what each holds, and what is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zou_server.footage.layers import layers_of
from zou_server.footage.look import config_of, word_of

HOURS = "hours_by_day"
USUAL_HOURS, MOST_HOURS = 8.0, 24.0


def hours_of(said: object) -> float | None:
    """The hours of a work day; None for nothing said, ValueError for what no day has."""
    if said is None or said == "":
        return None
    try:
        found = float(str(said).strip().replace(",", "."))
    except ValueError:
        found = 0.0
    if isinstance(said, bool) or not 0 < found <= MOST_HOURS:
        raise ValueError(f"is not a number of hours between 0 and {MOST_HOURS:.0f}")
    return found


def usable_hours(*said: object) -> float:
    """The first hours of a work day that can be understood: the project's, the studio's, else eight."""
    for each in said:
        try:
            found = hours_of(each)
        except ValueError:
            continue
        if found is not None:
            return found
    return USUAL_HOURS


CHECKS: Mapping[str, Callable[[object], Any]] = {
    "review_layers": layers_of,
    "ocio_config": config_of,
    **dict.fromkeys(("ocio_space", "ocio_display", "ocio_view"), word_of),
    HOURS: hours_of,
}
"""Key of the custom field -> what understands it, and raises ValueError with what is wrong."""
