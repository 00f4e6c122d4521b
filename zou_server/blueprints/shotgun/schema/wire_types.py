"""Types and fields as clients of Shotgun know them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zou_server.models.conditions import EVERYTHING, Condition, Form, Only
from zou_server.models.free_links import is_free
from zou_server.models.registry import Facet

LINK_TYPES = frozenset({"entity", "multi_entity"})
LISTS = frozenset({"list", "status_list"})
SECRET = "*******"  # noqa: S105 - what a client sees in place of one


@dataclass(frozen=True, slots=True)
class WireField:
    """One field as a client knows it, and where its value comes from and goes to.

    * `path`: the canonical path of the value, from the row; `form` and `style` say how it is written
    * `write`, `writer`: the attribute that a write sets ("" for none) and how
    * `also`: another attribute that a write may set
    * `create_only`: set when a row is made or never
    * `told_editable`: what the schema says of it, which is not what sites do for a few
    * `hidden_in`: the numbers of the projects that it is not shown in; `hidden_values` by project what of a
      list is not offered
    * `display_values`: what those of a list are called; `opens_in_new_window` is None where nobody said it
    * `order`: the canonical paths to sort by; none when sorting by it does nothing
    * `only`: the rows that it has a value in; `otherwise` is what the others show
    """

    key: str
    data_type: str
    path: str
    form: Form = Form.VALUE
    style: str = ""
    write: str = ""
    writer: str = "plain"
    also: str = ""
    valid_types: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    source: tuple[str, str] | None = None
    special: str = ""
    order: tuple[str, ...] = ()
    label: str = ""
    required: bool = False
    default: str | int | float | bool | None = None
    custom: bool = False
    summary: str = "none"
    unique: bool = False
    description: str = ""
    create_only: bool = False
    told_editable: bool = True
    hidden_in: frozenset[int] = frozenset()
    hidden_values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    display_values: tuple[tuple[str, str], ...] = ()
    opens_in_new_window: bool | None = None
    custom_metadata: str = ""
    only: Only | None = None
    otherwise: str | None = None

    @property
    def hop(self) -> str:
        """The canonical path to the row that this link leads to."""
        return self.path if is_free(self.path) else self.path.removesuffix("_id")

    @property
    def editable(self) -> bool:
        """True when a client may set it."""
        return bool(self.write)

    @property
    def attribute(self) -> str:
        """What the event log calls this field: the attribute, or `data.<key>`."""
        if self.path.startswith("link:"):
            return f"data.{self.path.removeprefix('link:')}"
        return self.path.partition("::")[0] if self.path.startswith("data.") else self.write or self.path

    @property
    def attributes(self) -> tuple[str, ...]:
        """What the event log calls this field."""
        return (self.attribute, self.also) if self.also else (self.attribute,)


@dataclass(frozen=True, eq=False)
class WireType:
    """One entity type: its name, its facet and its fields by key."""

    name: str
    facet: Facet
    fields: Mapping[str, WireField]
    where: Condition = EVERYTHING
    written: Mapping[str, WireField] = field(init=False)
    """Canonical attribute -> the field that stands for it (for messages and events)."""

    def __post_init__(self) -> None:
        found: dict[str, WireField] = {}
        for each in self.fields.values():
            for name in (*each.attributes, each.path, each.write):
                found.setdefault(name, each)
        object.__setattr__(self, "written", found)
