"""Rulebook: what the pipeline is told of each model, each verb, and who works where.

The tables themselves stand in `services/rules` and `services/actions`; the write wing knows only their types,
so that rules may use everything below them and nothing hooks into a change in any other way.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from zou_server.models.policies import POLICIES, Facts

if TYPE_CHECKING:
    import sqlalchemy as sa

    from zou_server.services.write.change import Change
    from zou_server.services.write.context import Context
    from zou_server.services.write.operations import Delete, Result, Update
    from zou_server.services.write.unit_of_work import UnitOfWork

Before = Callable[["Context", "Change"], None]
"""Completes or refuses one row: after its values are set when it is new, after each operation else."""

Together = Callable[["Context"], None]
"""Looks once at all rows of a list of operations, before they are written."""

Written = Callable[["Context", Sequence["Change"]], None]
"""Looks at the written changes of a model, before their events are recorded."""

Follow = Callable[["UnitOfWork", Sequence[uuid.UUID], frozenset[uuid.UUID]], None]
"""What rows mean for others: (unit of work, ids of the rows, ids of all that went or came with them)."""

Along = Callable[["UnitOfWork", Sequence[uuid.UUID]], "tuple[sa.Table, Sequence[uuid.UUID]]"]
"""The rows of another table that are retired with rows of this one though no column says so."""


@dataclass(frozen=True, slots=True)
class After:
    """One consequence of rows that were made or changed: which changes matter, and what follows from them."""

    when: Callable[[Change], bool]
    follow: Follow


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to change a row: the verb, and the values that differ from the row's."""

    context: Context
    verb: str
    row: Any
    values: Mapping[str, Any]


Guard = Callable[[Asked], set[str]]
"""Who may do what beyond the policy: the names that may not be set; or raises Forbidden."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The life of a model's rows; each part runs from top to bottom.

    `guard` is asked per role that the policy lets through. `gone` follows from rows that were retired, `back`
    from rows that were revived. A part of `before`, `together` or `written` that `asks_of` names attributes
    for is for new rows and for those of which one of these changed.
    """

    before: tuple[Before, ...] = ()
    together: tuple[Together, ...] = ()
    written: tuple[Written, ...] = ()
    after: tuple[After, ...] = ()
    gone: tuple[Follow, ...] = ()
    back: tuple[Follow, ...] = ()
    along: Along | None = None
    guard: Mapping[str, Guard] = field(default_factory=dict)
    asks_of: Mapping[Callable[..., None], frozenset[str]] = field(default_factory=dict)


Run = Callable[["Context", Any, Mapping[str, Any]], "Result"]


@dataclass(frozen=True, slots=True)
class Action:
    """A verb of the production: what it does, and the policy that is checked before it runs.

    `policy` and `may` name a line of `POLICIES`; without one there is no action. `refusal` is the sentence
    that somebody reads who may not.
    """

    run: Run
    policy: str
    may: str
    refusal: str

    def __post_init__(self) -> None:
        if self.may not in POLICIES.get(self.policy, {}):
            message = f"no policy '{self.policy}' says who may '{self.may}'"
            raise ValueError(message)


@dataclass(frozen=True, slots=True)
class Rulebook:
    """The rules by model, the actions by name, who works where, and what is kept from deletion."""

    rules: Mapping[str, Rule]
    actions: Mapping[str, Action]
    facts: Callable[[Context], Facts]
    keep: Callable[[Context, Delete, Any], Update | None]

    def rule(self, model: type) -> Rule:
        """The rule of a model; an empty one where nothing follows."""
        return self.rules.get(model.__name__, NO_RULE)


NO_RULE = Rule()
