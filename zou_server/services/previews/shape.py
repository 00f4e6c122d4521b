"""What the movies of a shot are made to look like: its own rate and size, else its project's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from zou_server.footage.frame_rate import rate_or_none
from zou_server.footage.layers import LAYERS
from zou_server.footage.look import Look
from zou_server.models.conditions import Output, Projection
from zou_server.models.values.project_settings import CHECKS
from zou_server.services.ports import MovieShape

LOOK = ("review_layers", "ocio_config", "ocio_space", "ocio_display", "ocio_view")
"""The custom fields by which a project says how its pictures are looked at."""

_PATHS = {
    "project_fps": "task.project.fps",
    "project_resolution": "task.project.resolution",
    "full_bits": "task.project.hd_bitrate_compression",
    "low_bits": "task.project.ld_bitrate_compression",
    "fps": "task.entity[Entity].data.fps",
    "resolution": "task.entity[Entity].data.resolution",
    "own_fps": "task.entity[Entity].fps",
    **{key: f"task.project.data.{key}" for key in LOOK},
}
SHAPE_OUTPUTS = tuple(Output(key, path) for key, path in _PATHS.items())
"""The keys that `shape_of` reads, from a preview."""

SHAPE = Projection(SHAPE_OUTPUTS)

_SIZE = re.compile(r"\s*(\d{2,5})\s*[xX*]\s*(\d{2,5})\s*\Z")
MOST_RATE = 240.0
LEAST_SIDE, MOST_SIDE = 16, 8192
MOST_BITS = 500


def shape_of(found: Mapping[str, Any], *, keep: bool) -> MovieShape:
    """The shape from the values under `SHAPE`; what cannot be understood counts as not said."""
    usual = MovieShape()
    rates = (_rate(found[name]) for name in ("fps", "own_fps", "project_fps"))
    sizes = (_size(found[name]) for name in ("resolution", "project_resolution"))
    width, height = next(filter(None, sizes), (usual.width, usual.height))
    return MovieShape(
        rate=next(filter(None, rates), usual.rate),
        width=width,
        height=height,
        full_bits=_bits(found["full_bits"], usual.full_bits),
        low_bits=_bits(found["low_bits"], usual.low_bits),
        keep=keep,
        look=look_of(found),
    )


def shape_of_project(project: Any) -> MovieShape:
    """The shape of movies that are of no one shot."""
    said = {"project_fps": project.fps, "project_resolution": project.resolution}
    rates = {"full_bits": project.hd_bitrate_compression, "low_bits": project.ld_bitrate_compression}
    own = {key: (project.data or {}).get(key) for key in LOOK}
    return shape_of({**dict.fromkeys(_PATHS), **said, **rates, **own}, keep=False)


def _rate(value: Any) -> str | None:
    found = rate_or_none(value)
    return found.ratio if found is not None and found.exact <= MOST_RATE else None


def look_of(found: Mapping[str, Any]) -> Look:
    """How a project's pictures are looked at; what cannot be understood counts as not said."""
    layers, *names = (_understood(key, found[key]) for key in LOOK)
    return Look(layers or LAYERS, *(name or "" for name in names))


def _understood(key: str, value: Any) -> Any:
    try:
        return CHECKS[key](value)
    except ValueError:
        return None


def _size(value: Any) -> tuple[int, int] | None:
    found = _SIZE.match(str(value))
    if found is None:
        return None
    width, height = int(found[1]) // 2 * 2, int(found[2]) // 2 * 2  # H.264 knows even sizes only
    return (width, height) if min(width, height) >= LEAST_SIDE and max(width, height) <= MOST_SIDE else None


def _bits(value: Any, usual: int) -> int:
    return min(value, MOST_BITS) if isinstance(value, int) and value > 0 else usual
