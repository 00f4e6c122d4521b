"""Where in a query a term is met: the type whose rows it is about, and what the way there has cost."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from zou_server.blueprints.ftrack.attributes import (
    Branch,
)
from zou_server.blueprints.ftrack.queries.expression import (
    Criteria,
)
from zou_server.blueprints.ftrack.vocabulary import Member, WireType, member_of
from zou_server.models.conditions import (
    Condition,
    Output,
    Projection,
)
from zou_server.models.errors import Invalid
from zou_server.models.registry import FACETS

ID_ONLY = Projection((Output("id", "id"),))


ENTITY = FACETS["Entity"]


DEEPEST_ANCESTOR = 10
"""How far up `ancestors` looks in criteria; a path of the server may be little longer."""


DEEPEST_DESCENDANT = 5
"""How far down `descendants` looks in criteria."""


LONGEST_WAY = 7
"""Relations that criteria go along, one after the other: a statement must stay one that can be planned."""


ANCESTORS_COUNT_AS = 4
"""Relations that `ancestors` stands for in that count, besides itself: it is many ways up at once."""


@dataclass(frozen=True, slots=True)
class At:
    """Where a path has come to: a member of a type, and the path of joins that leads there.

    `now` is what words such as TODAY are counted from. `memo` holds what criteria came to on a member: kinds
    of row that lead to each other would otherwise be translated again for every way there is.
    """

    wire: WireType
    member: Member
    now: dt.datetime
    prefix: str = ""
    memo: dict[tuple[Member, Criteria], Condition] = field(default_factory=dict)
    depth: int = 0

    def path(self, path: str) -> str:
        """A path from here, as seen from where the joins began."""
        return f"{self.prefix}{path}"

    def along(self, branch: Branch, prefix: str = "") -> At:
        """The member that a branch leads to."""
        if self.depth >= LONGEST_WAY:
            raise Invalid(f"Criteria go along more than {LONGEST_WAY} relations.")
        return At(*member_of(branch), self.now, prefix, self.memo, self.depth + 1)


def checked(at: At) -> At:
    """The place itself; Invalid when the way there was too long."""
    if at.depth > LONGEST_WAY:
        raise Invalid(f"Criteria go along more than {LONGEST_WAY} relations.")
    return at
