"""The wire of every type in every dialect, as files that a person reads in a diff: `tests/contracts/wire/`.

`make wire` writes them from what a served studio answers and describes. Each line is a key of a type: its
kind, whether a client may set it, and, where that is so, that rows do not show it (or do so undescribed).
"""

from __future__ import annotations

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.conftest import SuitePostgres
from tests.contracts.dialects import DIALECTS, Dialect, Ftrack, Refused
from tests.contracts.world import World, open_world
from zou_server.adapters.postgres.embedded import EmbeddedPostgres
from zou_server.models.errors import DomainError
from zou_server.models.registry import Facet

FOLDER = Path(__file__).parent / "wire"
SHOWN, HIDDEN, UNDESCRIBED = "", "  not in rows", "  not described"
Types = dict[str, dict[str, str]]
"""Type -> key -> what is said of it."""


def wire_of(world: World, kind: type[Dialect]) -> Types:
    """What a dialect shows and says of every type."""
    dialect = kind(world, world.admin)
    descriptions = described_types(dialect)
    found = {}
    for _, facet in sorted(dialect.types().items()):
        keys = keys_of(dialect, facet, descriptions[wire_name(kind, facet)])
        found[title_of(kind, facet)] = dict(sorted(keys.items()))
    return dict(sorted(found.items()))


def title_of(kind: type[Dialect], facet: Facet) -> str:
    """The type's name on the wire, with ours where that is another."""
    name = wire_name(kind, facet)
    return name if name == facet.name else f"{name} ({facet.name})"


def wire_name(kind: type[Dialect], facet: Facet) -> str:
    """The type's name on the wire."""
    if kind is Ftrack:
        return Ftrack.type_of(facet).name
    return facet.named(kind.name) or facet.name


def keys_of(dialect: Dialect, facet: Facet, described: Mapping[str, str]) -> dict[str, str]:
    """Each key of a type, described or in a row; custom fields are no part of the type."""
    shown = a_row(dialect, facet).keys()
    described = {key: said for key, said in described.items() if key.isidentifier()}
    found = {key: said + (SHOWN if key in shown else HIDDEN) for key, said in described.items()}
    return found | {key: UNDESCRIBED.strip() for key in shown - described.keys() - {"type"}}


def a_row(dialect: Dialect, facet: Facet) -> Mapping[str, Any]:
    """A row with every key."""
    if not dialect.is_event(facet):
        with suppress(Refused, DomainError):  # some rows only the server makes; some a dialect does not show
            made = dialect.world.factory.make(facet.name, full=True)
            return dialect.show(facet, dialect.id_of(facet, made))
    return next(iter(dialect.list(facet)), {})


# -- descriptions -------------------------------------------------------------------------------------------


def described_types(dialect: Dialect) -> dict[str, dict[str, str]]:
    """What a dialect says of its types, in its own way of saying it."""
    return {"shotgun": by_shotgun, "ftrack": by_ftrack}.get(dialect.name, by_openapi)(dialect)


def by_openapi(dialect: Any) -> dict[str, dict[str, str]]:
    """The schemas of the OpenAPI document."""
    prefix = "ShotRunner" if dialect.name == "shotrunner" else ""
    schemas = dialect.document["components"]["schemas"]
    names = {wire_name(type(dialect), facet) for facet in dialect.types().values()}
    return {name: properties_of(schemas[f"{prefix}{name}"]) for name in names}


def by_ftrack(dialect: Any) -> dict[str, dict[str, str]]:
    """The schemas that a session loads."""
    return {each["id"]: properties_of(each) for each in dialect.schemas}


def by_shotgun(dialect: Any) -> dict[str, dict[str, str]]:
    """The fields that the schema calls list."""
    found = {}
    for name in (wire_name(type(dialect), facet) for facet in dialect.types().values()):
        fields = dialect.call("schema_field_read", {"type": name})
        found[name] = {
            key: said_of(field["data_type"]["value"], editable=field["editable"]["value"])
            for key, field in fields.items()
        }
    return found


def properties_of(schema: Mapping[str, Any]) -> dict[str, str]:
    """The properties of a JSON schema."""
    fixed = {*schema.get("computed", ()), *schema.get("immutable", ())}
    return {
        key: said_of(kind_of(each), editable=not each.get("readOnly") and key not in fixed)
        for key, each in schema["properties"].items()
    }


def kind_of(schema: Mapping[str, Any]) -> str:
    """A JSON schema's kind in one or a few words."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(kind_of(each) for each in options))
    kinds = schema.get("type", "anything")
    words = " or ".join([kinds] if isinstance(kinds, str) else kinds)
    if "items" in schema:
        words += f" of {kind_of(schema['items'])}"
    if values := schema.get("enum"):
        words += " " + "|".join(str(each) for each in values if each is not None)
    return f"{words} ({schema['format']})" if "format" in schema else words


def said_of(kind: str, *, editable: bool) -> str:
    """What stands behind a key."""
    return f"{kind}, {'may be set' if editable else 'read only'}"


# -- files --------------------------------------------------------------------------------------------------


def as_text(types: Types) -> str:
    """The lines of a file: a type, and below it its keys."""
    blocks = ("\n".join([name, *(f"    {k}: {v}" for k, v in keys.items())]) for name, keys in types.items())
    return "\n\n".join(blocks) + "\n"


def read(dialect: str) -> Types:
    """What a file says."""
    found: Types = {}
    for line in (FOLDER / f"{dialect}.txt").read_text().splitlines():
        if line.startswith("    "):
            key, _, said = line.strip().partition(": ")
            found[next(reversed(found))][key] = said
        elif line:
            found[line] = {}
    return found


def lost_or_changed(recorded: Types, found: Types) -> Iterator[str]:
    """What was recorded and is not so any more."""
    for name, keys in recorded.items():
        if name not in found:
            yield f"{name} is gone"
            continue
        for key, said in keys.items():
            now = found[name].get(key)
            if now != said:
                yield f"{name}.{key} was: {said}; " + ("it is gone" if now is None else f"is: {now}")


def main() -> None:
    """Write the files anew."""
    directory = Path(tempfile.mkdtemp(prefix="zou-test-"))
    directory.chmod(0o711)
    server = EmbeddedPostgres(directory, durable=False)
    FOLDER.mkdir(exist_ok=True)
    try:
        with open_world(SuitePostgres(server.start()), directory / "data") as world:
            logging.disable()
            for kind in DIALECTS:
                (FOLDER / f"{kind.name}.txt").write_text(as_text(wire_of(world, kind)))
    finally:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    sys.stdout.write("read what changed: git diff tests/contracts/wire\n")


if __name__ == "__main__":
    main()
