"""Fill a Shotgun site with the rows of a dump (docs/clients/shotgun-in-tests.md), for tests of pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Row = dict[str, Any]
Known = dict[tuple[str, int], Row]
"""Type and id of a row in the dump -> the row here."""

NAMES = ("login", "code", "name")
"""What tells whether a site has a row of the studio already: it begins with statuses, steps and the like."""
PREFIX = "sg_"
PROPERTIES = ("valid_types", "valid_values")
AT_ONCE = 500


def seed(sg: Any, dump: Mapping[str, Any]) -> Known:
    """Make the rows of a dump and the custom fields that they need; links out of the dump are left out."""
    rows: Mapping[str, Sequence[Row]] = dump["rows"]
    _make_fields(sg, dump["schema"])
    schema = sg.schema_read()
    known: Known = {}
    later: list[tuple[str, int, Row]] = []
    for kind in sorted(rows, key=lambda kind: kind != "Project"):
        known |= _there_already(sg, kind, rows[kind], schema[kind])
        new = [row for row in rows[kind] if (kind, row["id"]) not in known]
        values = [_settable(row, schema[kind]) for row in new]
        first = [{k: _here(v, known) for k, v in each.items() if not _waits(v, known)} for each in values]
        later += [
            (kind, row["id"], {k: v for k, v in each.items() if _waits(v, known)})
            for row, each in zip(new, values, strict=True)
        ]
        made = _batch(sg, ({"request_type": "create", "entity_type": kind, "data": each} for each in first))
        for row, found in zip(new, made, strict=True):
            known[kind, row["id"]] = {"type": kind, "id": found["id"]}
    _link(sg, later, known)
    return known


def _link(sg: Any, later: Iterable[tuple[str, int, Row]], known: Known) -> None:
    """Set the links to rows that were not there when the row with the link was made."""
    changes = []
    for kind, number, values in later:
        found = {k: _here(v, known) for k, v in values.items()}
        data = {k: v for k, v in found.items() if v not in (None, [])}
        if data:
            here = known[kind, number]["id"]
            changes.append({"request_type": "update", "entity_type": kind, "entity_id": here, "data": data})
    _batch(sg, changes)


def _make_fields(sg: Any, schema: Mapping[str, Mapping[str, Any]]) -> None:
    """The custom fields that the dump has and the site has not."""
    there = sg.schema_read()
    for kind, fields in schema.items():
        for name in sorted(set(fields) - set(there[kind])):
            said = fields[name]
            if name.startswith(PREFIX) and said["editable"]["value"]:
                wanted = {
                    key: said["properties"].get(key, {}).get("value")
                    for key in ("valid_types", "valid_values")
                }
                properties = {key: value for key, value in wanted.items() if value}
                sg.schema_field_create(
                    kind, said["data_type"]["value"], name.removeprefix(PREFIX), properties
                )


def _there_already(sg: Any, kind: str, rows: Sequence[Row], schema: Mapping[str, Any]) -> Known:
    """The rows of the studio, not of a project, that the site has by the same name."""
    name = next((each for each in NAMES if each in schema), None)
    if "project" in schema or name is None or kind == "Project":
        return {}
    also = ("entity_type",) if "entity_type" in schema else ()
    here = {
        tuple(each[key] for key in (name, *also)): {"type": kind, "id": each["id"]}
        for each in sg.find(kind, [], [name, *also])
    }
    keys = {row["id"]: tuple(row.get(key) for key in (name, *also)) for row in rows}
    return {(kind, number): here[key] for number, key in keys.items() if key in here}


def _settable(row: Row, schema: Mapping[str, Any]) -> Row:
    # The code of a status is said once, when it is made: sites say that it cannot be edited.
    return {
        k: v
        for k, v in row.items()
        if v is not None and k in schema and (k in NAMES or schema[k]["editable"]["value"])
    }


def _links(value: Any) -> list[Row]:
    listed = value if isinstance(value, list) else [value]
    return [each for each in listed if isinstance(each, dict) and "type" in each and "id" in each]


def _waits(value: Any, known: Known) -> bool:
    return any((each["type"], each["id"]) not in known for each in _links(value))


def _here(value: Any, known: Known) -> Any:
    """A value with the rows of this site in place of those of the dump."""
    links = _links(value)
    if not links:
        return value
    found = [known[each["type"], each["id"]] for each in links if (each["type"], each["id"]) in known]
    return found if isinstance(value, list) else next(iter(found), None)


def _batch(sg: Any, requests: Iterable[Row]) -> list[Row]:
    listed = list(requests)
    parts = (listed[start : start + AT_ONCE] for start in range(0, len(listed), AT_ONCE))
    return [answer for part in parts for answer in sg.batch(part)]
