"""Codes: the words of the studio by scope. Most scopes are the vocabulary that every other tool has.

A scope is a type of ours under ShotRunner's names: to change a label here is to change the name of the status
or type that Kitsu, Shotgun and ftrack show. Scopes that nobody else knows are rows of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from zou_server.blueprints.shotrunner.added import custom_flag, custom_integer, custom_text
from zou_server.blueprints.shotrunner.attributes import EQUALITIES, Attribute, DeletedAt, State, Values
from zou_server.blueprints.shotrunner.refusals import WrongAttributes
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary
from zou_server.blueprints.shotrunner.writes import BLANK
from zou_server.models.conditions import (
    EVERYTHING,
    NOTHING,
    All,
    Condition,
    Form,
    Not,
    Op,
    Output,
    Where,
)
from zou_server.models.registry import Kind, facet

PLURAL = "codes"
OWN = ""
"""The scope of rows that no other scope has: they say themselves which one theirs is."""


@dataclass(frozen=True, kw_only=True)
class ScopeName(Attribute):
    """The scope of all rows of a type: a constant, which nobody changes."""

    name: str

    @property
    def sort_path(self) -> str:
        """All rows have the same."""
        return ""

    def output(self) -> Output:
        """The constant."""
        return Output(self.key, self.name, Form.LITERAL)

    def test(self, op: Op, value: Any) -> Condition:
        """All rows or none."""
        if op in EQUALITIES:
            among = self.name in (value if isinstance(value, list) else [value])
            return EVERYTHING if among is (op in (Op.EQ, Op.IN)) else NOTHING
        return NOTHING if op is Op.NULL else EVERYTHING


@dataclass(frozen=True, kw_only=True)
class Both(Attribute):
    """One of two keys of one column, `partner` being the other: they cannot be told apart."""

    partner: str

    def write(self, value: Any, state: State) -> Values:
        """The value; ValueError when the other key asks for another one."""
        other, before = state.after.get(self.partner), state.before.get(self.partner)
        if other not in (None, value, before):
            raise ValueError(f"is the same as {self.partner} in this scope")
        return {self.canonical: value}


@dataclass(frozen=True)
class Scope:
    """One scope: the facet that has its rows, and the canonical names of what differs between facets."""

    facet: str
    code: str
    label: str = "name"
    where: Condition = EVERYTHING
    fixed: Mapping[str, object] = field(default_factory=dict)
    description: str = ""
    color: str = ""
    default: str = ""
    order: str = ""
    used_by: tuple[str, str] = ("", "")
    """The rows by which a project says which of them it uses, and their link; without such a row, all."""


_STATUS: dict[str, str] = {
    "code": "code",
    "description": "description",
    "color": "color",
    "default": "is_default",
    "order": "priority",
}
_OF_TREE = All((Where("for_entity", Op.EQ, value=True), Not(Where("for_task", Op.EQ, value=True))))

SCOPES: Mapping[str, Scope] = {
    "task_status": Scope("TaskStatus", used_by=("StatusUse", "status_id"), **_STATUS),  # type: ignore[arg-type]
    "status": Scope("Status", where=_OF_TREE, fixed={"for_entity": True}, **_STATUS),  # type: ignore[arg-type]
    "project_status": Scope("ProjectStatus", **_STATUS),  # type: ignore[arg-type]
    "asset_type": Scope(
        "AssetType",
        code="name",
        description="description",
        color="color",
        used_by=("ProjectAssetType", "asset_type_id"),
    ),
    "element_type": Scope("ElementType", code="name", label=""),
    "note_type": Scope("NoteLabel", code="name", color="color", order="sort"),
    "skill": Scope(
        "TaskType",
        code="short_name",
        description="description",
        color="color",
        order="priority",
        used_by=("ProjectTaskType", "task_type_id"),
    ),
    "department": Scope("Department", code="name", color="color"),
    OWN: Scope("Code", code="name", label="", where=Where("project_id", Op.NULL)),
}
"""Scope -> its rows. `status`: what the tree has beside the statuses of tasks; `skill`: the steps."""


def _column(key: str, kind: Kind, name: str, otherwise: Attribute) -> Attribute:
    return Attribute(key=key, kind=kind, path=name, canonical=name) if name else otherwise


def _attributes(name: str, scope: Scope) -> list[Attribute]:
    twins = scope.code == scope.label
    named: list[Attribute] = [
        Both(key=key, kind=Kind.TEXT, path="name", canonical="name", partner=partner)
        for key, partner in (("code", "label"), ("label", "code"))
    ]
    if not twins:
        named = [
            Attribute(key="code", kind=Kind.TEXT, path=scope.code, canonical=scope.code),
            _column("label", Kind.TEXT, scope.label, custom_text("label")),
        ]
    said = ScopeName(key="scope", kind=Kind.TEXT, path="name", name=name) if name else custom_text("scope")
    return [
        Attribute(key="id", kind=Kind.INTEGER, path="number"),
        said,
        *named,
        custom_text("meaning"),
        _column("description", Kind.TEXT, scope.description, custom_text("description", None)),
        _column("default", Kind.BOOLEAN, scope.default, custom_flag("default")),
        _column("color", Kind.TEXT, scope.color, custom_text("color")),
        _column("sort_order", Kind.INTEGER, scope.order, custom_integer("sort_order")),
        Attribute(key="created_at", kind=Kind.DATETIME, path="created_at"),
        Attribute(key="updated_at", kind=Kind.DATETIME, path="updated_at"),
        DeletedAt(key="deleted_at", kind=Kind.DATETIME, path=""),
        Attribute(key="lock_version", kind=Kind.INTEGER, path="lock_version", shown=False),
    ]


@cache
def scoped() -> dict[str, Vocabulary]:
    """The vocabulary of codes in each scope."""
    return {
        name: Vocabulary(
            facet(scope.facet),
            "code",
            PLURAL,
            {each.key: each for each in _attributes(name, scope)},
            ("code",) if name else ("scope", "code"),
        )
        for name, scope in SCOPES.items()
    }


def in_scope(vocabulary: Vocabulary) -> Condition:
    """The rows that a scope has of its facet."""
    return next(SCOPES[name].where for name, each in scoped().items() if each is vocabulary)


def scope_name(vocabulary: Vocabulary) -> str:
    """The name of a scope; that of rows of their own is `OWN`."""
    return next(name for name, each in scoped().items() if each is vocabulary)


def fixed_values(vocabulary: Vocabulary) -> Mapping[str, object]:
    """The values that make a new row one of the scope."""
    return next(SCOPES[name].fixed for name, each in scoped().items() if each is vocabulary)


def scope_of_body(given: dict[str, Any]) -> tuple[Vocabulary, dict[str, Any]]:
    """The scope that a new code is to be in, and the attributes for it; a code without a label is its own."""
    name = given.get("scope")
    if not isinstance(name, str) or not name:
        raise WrongAttributes(fields={"scope": [BLANK]})
    found = scoped().get(name, scoped()[OWN])
    rest = {key: value for key, value in given.items() if key != "scope" or found is scoped()[OWN]}
    if rest.get("label") is None and rest.get("code") is not None:
        rest["label"] = rest["code"]
    return found, rest
