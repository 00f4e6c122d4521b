"""What a client wrote, attribute by attribute, as values of the facet's own fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zou_server.blueprints.ftrack.attributes import (
    BUILD_TYPE,
    OBJECT_TYPE,
    PARENT,
    TYPE_KEY,
    CollectionRelation,
    Constant,
    ConstantRows,
    Derived,
    Loaded,
    Mapped,
    Reference,
    Value,
)
from zou_server.blueprints.ftrack.constants import OBJECT_TYPES
from zou_server.blueprints.ftrack.custom.configurations import CONFIG_LOADER, settle
from zou_server.blueprints.ftrack.ids import one_spelling, reference_id, references, told_type
from zou_server.blueprints.ftrack.people.security_roles import (
    ROLE,
    ROLES_LOADER,
    role_of_account,
    role_words,
)
from zou_server.blueprints.ftrack.values import plain_value, written
from zou_server.blueprints.ftrack.vocabulary import Member, UnknownAttribute
from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.services.write.operations import RefBy

PARENT_COLUMNS: Mapping[str, str] = {"Entity": "parent_id", "Task": "entity_id"}
"""Model -> the column for a parent that is not the project."""

IsProject = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Attached:
    """Rows that are to point at the written one."""

    collection: CollectionRelation
    references: Sequence[Mapping[str, Any]]


@dataclass
class Draft:
    """The values of one write, in the making; `type_id` is the type an entity is to have."""

    member: Member
    is_project: IsProject
    values: dict[str, Any] = field(default_factory=dict)
    attached: list[Attached] = field(default_factory=list)
    linked: list[tuple[CollectionRelation, list[str]]] = field(default_factory=list)
    type_id: str | None = None
    special: dict[str, Any] = field(default_factory=dict)

    def refuse(self, name: str) -> Invalid:
        """The error for an attribute that cannot be set."""
        return Invalid(f"{name} of {self.member.name} cannot be set.", {name: ["cannot be set"]})


def drafted(member: Member, is_project: IsProject, data: Mapping[str, Any], *, is_new: bool = False) -> Draft:
    """The values in canonical names; Invalid for attributes that are unknown or cannot be set."""
    draft = Draft(member, is_project)
    for name, value in data.items():
        if name == TYPE_KEY or (name == "id" and name in member.primary_key):
            continue
        if name in member.primary_key and not is_new:
            continue
        attribute = member.attributes.get(name)
        if attribute is None:
            raise UnknownAttribute(
                f"{member.name} has no attribute '{name[:80]}'.", {name: ["unknown attribute"]}
            )
        _WRITTEN[type(attribute)](draft, name, attribute, value)
    if member.name == "CustomAttributeConfiguration":
        settle(draft.values, draft.special, is_new=is_new)
    if ROLE in draft.special:
        draft.values["role"] = role_of_account(draft.special[ROLE])
    return draft


def parent_values(member: Member, id_: str | None, *, is_project: bool) -> dict[str, Any]:
    """The columns that say what a context hangs on."""
    column = PARENT_COLUMNS.get(member.facet.model.__name__)
    if column is None:
        raise Invalid(f"A {member.name} has no parent.", {"parent": ["cannot be set"]})
    return {column: None, "project_id": id_} if is_project else {column: id_}


def _value(draft: Draft, name: str, attribute: Value, value: Any) -> None:
    special = _SPECIAL.get(attribute.write)
    if special is not None:
        special(draft, name, value)
        return
    if not attribute.write:
        raise draft.refuse(name)
    if attribute.by is None:
        draft.values[attribute.write] = written(attribute, name, value)
        return
    facet, column = attribute.by
    word = str(plain_value(value))
    words = {theirs.lower(): ours for theirs, ours in attribute.choices.items()}
    draft.values[attribute.write] = RefBy(facet, column, words.get(word.lower(), word))


def _reference(draft: Draft, name: str, attribute: Reference, value: Any) -> None:
    special = _SPECIAL.get(attribute.write)
    if special is not None:
        special(draft, name, value)
    elif attribute.write:
        draft.values[attribute.write] = reference_id(name, value)
    else:
        raise draft.refuse(name)


def _hang(draft: Draft, name: str, value: Any) -> None:
    id_ = reference_id(name, value)
    type_ = told_type(value)
    is_project = id_ is not None and (type_ == "Project" if type_ else draft.is_project(id_))
    draft.values.update(parent_values(draft.member, id_, is_project=is_project))


def _type(draft: Draft, name: str, value: Any) -> None:
    draft.type_id = reference_id(name, plain_value(value))


def _kind(draft: Draft, name: str, value: Any) -> None:
    """What follows from the type of the row may be said again."""
    if reference_id(name, plain_value(value)) not in (OBJECT_TYPES[draft.member.name]["id"], None):
        raise draft.refuse(name)


_SPECIAL: Mapping[str, Callable[[Draft, str, Any], None]] = {
    PARENT: _hang,
    BUILD_TYPE: _type,
    OBJECT_TYPE: _kind,
}


def _mapped(draft: Draft, name: str, attribute: Mapped, value: Any) -> None:
    """What follows from something else may be said, when it could be true."""
    plain = plain_value(value)
    if attribute.write:
        draft.special[attribute.write] = reference_id(name, plain) if attribute.kind is Kind.UUID else plain
        return
    if plain is not None and one_spelling(plain) not in attribute.values.values():
        raise draft.refuse(name)


def _constant(draft: Draft, name: str, attribute: Constant, value: Any) -> None:
    """What is the same for every row may be said again, nothing else."""
    if value is not None and one_spelling(value) != attribute.value:
        raise draft.refuse(name)


def _derived(draft: Draft, name: str, attribute: Derived, value: Any) -> None:
    if attribute.write:
        draft.special[attribute.write] = reference_id(name, value)
        return
    fixed = attribute.keys.get("") if not attribute.path else None
    if reference_id(name, value) not in (fixed, None):
        raise draft.refuse(name)


def _rows(draft: Draft, name: str, attribute: ConstantRows, value: Any) -> None:
    known = {row["id"] for row in attribute.rows}
    if any(reference_id(name, each) not in known for each in references(name, value)):
        raise draft.refuse(name)


def _collection(draft: Draft, name: str, attribute: CollectionRelation, value: Any) -> None:
    listed = references(name, value)
    if attribute.write:
        draft.values[attribute.write] = [reference_id(name, each) for each in listed]
    elif attribute.through[0]:
        ids = (reference_id(name, each) for each in listed)
        draft.linked.append((attribute, [id_ for id_ in ids if id_ is not None]))
    elif attribute.attach or attribute.pointing:
        draft.attached.append(Attached(attribute, listed))
    else:
        raise draft.refuse(name)


def _loaded(draft: Draft, name: str, attribute: Loaded, value: Any) -> None:
    if attribute.loader == "custom_attributes":
        references(name, value)  # clients name the rows of the values, which come by themselves
        return
    if attribute.loader == ROLES_LOADER:
        draft.values[attribute.write] = role_words(name, references(name, value))
        return
    if attribute.loader == CONFIG_LOADER:
        draft.values[attribute.write] = written(Value(attribute.write, Kind.TEXT), name, value)
        return
    raise draft.refuse(name)


_WRITTEN: Mapping[type, Callable[[Draft, str, Any, Any], None]] = {
    Value: _value,
    Mapped: _mapped,
    Reference: _reference,
    Constant: _constant,
    Derived: _derived,
    ConstantRows: _rows,
    CollectionRelation: _collection,
    Loaded: _loaded,
}
