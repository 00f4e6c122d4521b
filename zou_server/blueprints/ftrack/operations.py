"""The writes of a request: create, update and delete as operations of the pipeline, and their echoes.

Writes are collected and run together, so that rows may be incomplete until the last of them; a query
between them, or the end of the request, runs what has been collected.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import orjson

from zou_server.blueprints.ftrack.attributes import TYPE_KEY, Value
from zou_server.blueprints.ftrack.batch import Collected, whole
from zou_server.blueprints.ftrack.constants import KIND_OF, OBJECT_TYPES
from zou_server.blueprints.ftrack.custom.values import VALUE_TYPES, all_configurations, applies, checked
from zou_server.blueprints.ftrack.ids import Action, key_of, reference_id, told_type, with_key
from zou_server.blueprints.ftrack.known_rows import KnownRows
from zou_server.blueprints.ftrack.operation_parts import (
    VALUE_KEY,
    Echo,
    answer_of,
    columns_of,
    data_of,
    in_their_words,
    pointing_at,
    rows_with_ids,
    type_name,
    wanted_of,
)
from zou_server.blueprints.ftrack.people.appointments import APPOINTMENT, facet_of_appointment
from zou_server.blueprints.ftrack.projection import Tree, tree, with_names
from zou_server.blueprints.ftrack.queries.expression import Both, Compare, Literal, Select, Step
from zou_server.blueprints.ftrack.reading import Reading
from zou_server.blueprints.ftrack.vocabulary import ROW_ID, Member, WireType, stored_type
from zou_server.blueprints.ftrack.workflow.status_lists import is_status_list, row_of, uses
from zou_server.blueprints.ftrack.writing import Attached, Draft, drafted
from zou_server.models.errors import Invalid, NotFound
from zou_server.models.registry import Facet, Kind, facet
from zou_server.services.write.operations import Create, Delete, Update
from zou_server.services.write.unit_of_work import UnitOfWork

Key = tuple[str | None, ...]


class Writer:
    """Collects the writes of one request and runs them in its unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._reading = Reading(work.read, work.now)
        self._operations: list[Collected] = []
        self._echoes: list[Echo] = []
        self._known = KnownRows(self._reading)
        self._keys: dict[tuple[str, Key], str] = {}
        self._deleted: set[str] = set()
        self._ready: dict[int, str] = {}
        self._configurations: dict[str, Mapping[str, Any]] | None = None
        self._asset_types: dict[str, str] = {}

    def foresee(self, actions: Iterable[Action]) -> None:
        """Look up what a list of writes names, before the first of them is added."""
        self._known.foresee(actions)

    def add(self, index: int, name: str, action: Action) -> None:
        """Collect a write; its echo will be the answer number `index`."""
        type_ = type_name(action)
        if is_status_list(type_):
            self._set_lists(index, type_, action)
        elif name == "update" and type_ in VALUE_TYPES:
            self._set_value(index, type_, action)
        else:
            WRITES[name](self, index, action, stored_type(type_))

    def run(self) -> dict[int, str]:
        """Run what has been collected; the answers by index."""
        operations, self._operations = whole(self._operations, self._work.actor, self._work.now), []
        echoes, self._echoes = self._echoes, []
        if operations:
            try:
                self._work.execute([operation for operation, _ in operations])
            except Invalid as error:
                raise in_their_words(error, [member for _, member in operations]) from None
        ready, self._ready = self._ready, {}
        return {**ready, **self._answers(echoes)}

    # -- the three actions -------------------------------------------------------------------------

    def create(self, index: int, action: Action, wire: WireType) -> None:
        """Collect a create."""
        if wire.is_base:
            raise Invalid(f"{wire.name} is not a type that rows can be made of.")
        data = data_of(action)
        member = self._made_as(wire, data)
        id_ = (key_of(action, data) if wire.has_id else None) or str(uuid.uuid4())
        if not wire.has_id:
            data = with_key(wire.primary_key, action, data)
            self._keys[wire.name, _key_words(wire, data)] = id_
        draft = drafted(member, self._known.is_project, data, is_new=True)
        self._give_type(member, draft)
        self._known.made[id_] = member
        self._operations.append((Create(member.created_as, draft.values, id=id_), member))
        self._attach(member, id_, draft)
        self._link(id_, draft, is_new=True)
        self._echoes.append(Echo(index, "create", member, id_, columns_of(member, data), data))

    def update(self, index: int, action: Action, wire: WireType) -> None:
        """Collect an update, and what points rows of a collection here."""
        data = data_of(action)
        id_, member = self._existing(wire, action, data)
        draft = drafted(member, self._known.is_project, data)
        self._give_type(member, draft)
        if draft.values:  # putting rows into a collection changes them, not their owner
            self._operations.append((Update(_facet_of(wire, member), id_, draft.values), member))
        self._attach(member, id_, draft)
        self._link(id_, draft)
        names = dict.fromkeys((*wire.default_projections, *data))
        self._echoes.append(Echo(index, "update", member, id_, wanted_of(member, names), data))

    def delete(self, index: int, action: Action, wire: WireType) -> None:
        """Collect a delete."""
        id_, member = self._existing(wire, action, {})
        self._operations.append((Delete(_facet_of(wire, member), id_, by="ftrack"), member))
        self._deleted.add(id_)
        self._echoes.append(Echo(index, "delete", member, id_, (), {}))

    # -- rows that are spoken of -------------------------------------------------------------------

    def _existing(self, wire: WireType, action: Action, data: Mapping[str, Any]) -> tuple[str, Member]:
        if not wire.has_id:
            return self._keyed(wire, action, data), wire.members[0]
        id_ = key_of(action, data)
        if id_ is None:
            raise Invalid("entity_key is missing.", {"entity_key": ["is missing"]})
        return id_, self._known.member(wire, id_)

    def _set_lists(self, index: int, type_: str, action: Action) -> None:
        """Say which statuses are for what: an action about a list of them, or a row of one."""
        member = stored_type("Status").members[0]
        for use in uses(type_, action, self._reading):
            self._operations.append((Update(member.facet, use.status, {use.flag: use.holds}), member))
        name = str(action["action"])
        data = True if name == "delete" else row_of(type_, action)
        self._ready[index] = orjson.dumps({"action": name, "data": data}).decode()

    def _set_value(self, index: int, name: str, action: Action) -> None:
        """Set a custom attribute: a value row that need not be there yet."""
        data = data_of(action)
        if "value" not in data:
            raise Invalid("entity_data has no value.", {"entity_data": ["has no value"]})
        key = with_key(VALUE_KEY, action, {name: data[name] for name in VALUE_KEY if name in data})
        configuration_id, id_ = (reference_id(name, key.get(name)) for name in VALUE_KEY)
        if configuration_id is None or id_ is None:
            raise Invalid("entity_key is not the key of one row.", {"entity_key": ["is not a key"]})
        if self._configurations is None:
            self._configurations = {row["id"]: row for row in all_configurations(self._reading.by)}
        found = self._configurations.get(configuration_id)
        if found is None:
            raise NotFound(f"There is no CustomAttributeConfiguration {configuration_id}.")
        member, of = self._owner_of_value(name, found, id_)
        value = checked(data["value"], found)
        self._operations.append((Update(of, id_, {"data": {found["key"]: value}}), member))
        shown = {"configuration_id": configuration_id, "entity_id": id_, "key": found["key"]}
        row = {TYPE_KEY: name, **shown, "value": data["value"]}
        self._ready[index] = orjson.dumps({"action": "update", "data": row}).decode()

    def _owner_of_value(self, name: str, configuration: Mapping[str, Any], id_: str) -> tuple[Member, Facet]:
        """The member and the facet of the row that a value is of."""
        wires = VALUE_TYPES[name]
        if id_ in self._known.made:
            member = self._known.made[id_]
            return member, _facet_of(stored_type(member.name), member)
        fitting = [wire for wire in wires if applies(configuration, wire, configuration["project_id"])]
        if len(fitting) == 1:
            wire = stored_type(fitting[0])
        else:
            wire = stored_type("Context" if "Project" in wires else wires[0])
        member = self._known.member(wire, id_)
        return member, _facet_of(wire, member)

    def _keyed(self, wire: WireType, action: Action, data: Mapping[str, Any]) -> str:
        """The own id of a row that ftrack knows by several attributes."""
        key = _key_words(wire, with_key(wire.primary_key, action, data))
        if None in key:
            raise Invalid("entity_key is not the key of one row.", {"entity_key": ["is not a key"]})
        if (wire.name, key) not in self._keys:
            words = [str(word) for word in key]
            terms = (
                Compare((Step(name),), "=", Literal(word))
                for name, word in zip(wire.primary_key, words, strict=True)
            )
            wanted = tree(ROW_ID, *wire.primary_key)
            found = self._reading.rows(Select(wire.name, where=Both(tuple(terms))), wanted)
            # Criteria compare text without case: of several such rows it is the one that is spelt so.
            same = [row for row in found if [row[name] for name in wire.primary_key] == words]
            if not same and len(found) != 1:
                raise NotFound(f"There is no {wire.name} {', '.join(words)}.")
            self._keys[wire.name, key] = (same or found)[0][ROW_ID]
        return self._keys[wire.name, key]

    def _link(self, id_: str, draft: Draft, *, is_new: bool = False) -> None:
        """Make and remove link rows, so that a collection holds what the client says."""
        for collection, wanted in draft.linked:
            name, near, far = collection.through
            links = (
                [] if is_new or id_ in self._known.made else self._reading.links(collection.through, [id_])
            )
            there = {link.far for link in links}
            member = Member(name, facet(name), {})
            for target in dict.fromkeys(wanted):
                if target not in there:
                    made = Create(facet(name), {near: id_, far: target}, id=str(uuid.uuid4()))
                    self._operations.append((made, member))
            for link in links:
                if link.far not in wanted:
                    self._operations.append((Delete(facet(name), link.id), member))

    def _give_type(self, member: Member, draft: Draft) -> None:
        """The type of an entity: an asset may have any, everything else is of the type that its kind is."""
        if draft.type_id is None:
            return
        kind = KIND_OF.get(member.name)
        if kind == "Asset":
            draft.values["entity_type_id"] = self._asset_type(draft.type_id)
        elif draft.type_id != OBJECT_TYPES[member.name]["id"]:
            raise Invalid(
                f"A {member.name} is of the type {member.name} and no other.", {"type": ["cannot be set"]}
            )

    def _asset_type(self, id_: str) -> str:
        """The type of asset that is called like a step, made where there is none; any other id as it is."""
        if id_ not in self._asset_types:
            name = self._step_name(id_)
            called = id_ if name is None else self._reading.asset_type_called(name)
            if called is None:
                made = Create(facet("AssetType"), {"name": name}, id=str(uuid.uuid4()))
                self._work.execute([made])
                called = str(made.id)
            self._asset_types[id_] = called
        return self._asset_types[id_]

    def _step_name(self, id_: str) -> str | None:
        """What a step is called, also one that this request makes; None for what is no step."""
        for operation, member in self._operations:
            if member.facet.name == "TaskType" and isinstance(operation, Create) and operation.id == id_:
                return str(operation.values.get("name") or "")
        rows = self._reading.rows(rows_with_ids("Type", [id_]), tree("name"), frozenset({"TaskType"}))
        return str(rows[0]["name"]) if rows else None

    def _made_as(self, wire: WireType, data: Mapping[str, Any]) -> Member:
        """The member that a new row becomes: an appointment on a project is a place in its team."""
        if wire.name == APPOINTMENT:
            return wire.by_facet[facet_of_appointment(data, self._known)]
        return next((m for m in wire.members if m.facet.model is m.created_as.model), wire.members[0])

    def _attach(self, member: Member, id_: str, draft: Draft) -> None:
        for attached in draft.attached:
            known = self._attached_already(attached, id_)
            for reference in attached.references:
                wire = stored_type(told_type(reference) or attached.collection.target)
                if attached.collection.pointing and attached.collection.by in wire.primary_key:
                    continue  # such rows say themselves where they belong
                target = reference_id(attached.collection.target, reference)
                if target is None or target in known:
                    continue
                child = self._known.member(wire, target)
                values = pointing_at(attached, child, member, id_)
                self._operations.append((Update(_facet_of(wire, child), target, values), child))

    def _attached_already(self, attached: Attached, id_: str) -> set[str]:
        """Clients send every member of a collection they know: most of them point here already."""
        by = attached.collection.by
        is_keyed = by in stored_type(attached.collection.target).primary_key
        if not by or is_keyed or not attached.references or id_ in self._known.made:
            return set()
        return {row["id"] for row in self._reading.by(attached.collection.target, by, [id_], ())}

    # -- echoes ------------------------------------------------------------------------------------

    def _answers(self, echoes: list[Echo]) -> dict[int, str]:
        groups: dict[tuple[str, Tree], list[str]] = {}
        for echo in echoes:
            if echo.action != "delete":
                groups.setdefault((echo.member.name, echo.wanted), []).append(echo.id)
        rows = {}
        for group, ids in groups.items():
            own = "id" if stored_type(group[0]).has_id else ROW_ID
            for row in self._reading.rows(rows_with_ids(group[0], ids, own), with_names(group[1], own)):
                rows[*group, row.pop(ROW_ID, None) or row["id"]] = row
        found = {echo.index: rows.get((echo.member.name, echo.wanted, echo.id)) for echo in echoes}
        for echo in echoes:
            if echo.action == "update" and found[echo.index] is None and echo.id not in self._deleted:
                raise NotFound(f"There is no {echo.member.name} {echo.id}.")
        return {echo.index: answer_of(echo, found[echo.index]) for echo in echoes}


def _key_words(wire: WireType, data: Mapping[str, Any]) -> Key:
    """The attributes that identify a row, as data say them: themselves, or as references."""
    words = []
    for name in wire.primary_key:
        attribute, value = wire.attributes.get(name), data.get(name)
        if isinstance(attribute, Value) and attribute.kind is not Kind.UUID:
            words.append(value if isinstance(value, str) else None)
        else:
            words.append(reference_id(name, data.get(name.removesuffix("_id")) if value is None else value))
    return tuple(words)


def _facet_of(wire: WireType, member: Member) -> Facet:
    """The facet that a row is changed through: the whole table, where its rows are one type in several."""
    alike = [each for each in wire.members if each.facet.model is member.facet.model]
    return member.facet if len(alike) == 1 else facet(member.facet.model.__name__)


WRITES: Mapping[str, Callable[[Writer, int, Action, WireType], None]] = {
    "create": Writer.create,
    "update": Writer.update,
    "delete": Writer.delete,
}
"""The actions that change something."""
