"""The types and fields of a site as one table: what is declared, whether or not a column of ours holds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from zou_server.blueprints.shotgun.schema.more_types import (
    EVERYWHERE,
    MORE_FIELDS,
    MORE_TARGETS,
    MORE_TYPES,
    READ_ONLY,
)
from zou_server.models.records import CUSTOM_ENTITIES, CUSTOM_STUDIO_ENTITIES

Default = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Declared:
    """One field as a site describes it."""

    key: str
    type: str
    label: str
    editable: bool = True
    summary: str = "none"
    default: Default = None
    values: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    mandatory: bool = False
    unique: bool = False


Fields = Mapping[str, Declared]


@cache
def site() -> Mapping[str, Fields]:
    """Type -> key -> field."""
    table: dict[str, dict[str, Any]] = orjson.loads(_FILE.read_bytes())
    found: dict[str, dict[str, Declared]] = {
        name: {key: _declared(key, said) for key, said in fields.items()} for name, fields in table.items()
    }
    for name, text in MORE_TYPES.items():
        found[name] = {each.key: each for each in _spelled(f"{EVERYWHERE} {text}")}
    for (name, key), types in MORE_TARGETS.items():
        said = found[name][key]
        found[name][key] = replace(said, types=tuple(dict.fromkeys((*said.types, *types))))
    for name, text in MORE_FIELDS.items():
        found[name] = {**{each.key: each for each in _spelled(text)}, **found[name]}
    found.update(_alike("CustomEntity", CUSTOM_ENTITIES, found))
    found.update(_alike("CustomNonProjectEntity", CUSTOM_STUDIO_ENTITIES, found))
    return found


_FILE = Path(__file__).with_name("site_schema.json")


def _declared(key: str, said: Mapping[str, Any]) -> Declared:
    types = tuple(MISSPELLED.get(each, each) for each in said.get("types", ()))
    return Declared(key, **{**said, "values": tuple(said.get("values", ())), "types": types})


MISSPELLED = {"Banners": "Banner"}
"""Types as the table of a real site has them -> what they are called there."""


def _spelled(text: str) -> Iterator[Declared]:
    for each in text.split():
        key, data_type, *types = each.split(":")
        yield Declared(
            key,
            data_type,
            key.removeprefix("sg_").replace("_", " ").title(),
            editable=key not in READ_ONLY and data_type != "pivot_column",
            types=tuple(types[0].split(",")) if types else (),
            default=False if data_type == "checkbox" else None,
        )


def _alike(
    name: str, count: int, known: Mapping[str, dict[str, Declared]]
) -> Iterator[tuple[str, dict[str, Declared]]]:
    """The custom types that the table does not describe are like its second."""
    for number in range(1, count + 1):
        if f"{name}{number:02}" not in known:
            yield f"{name}{number:02}", known[f"{name}02"]
