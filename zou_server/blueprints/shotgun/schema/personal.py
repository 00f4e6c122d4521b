"""Fields whose value is another one for each person: what they marked, looked at and opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from zou_server.models.conditions import AnyOf, Condition, Fixed, Not, Op, Where
from zou_server.models.event import BACK

FAVORITES, VIEWED = "HumanUser/favorites", "HumanUser/viewed"
OPENED = "project_accessed_"
"""What the keys of a person's own values begin with that say when they opened a project."""


class Mark(NamedTuple):
    """The links of people that a field is made of, and how it says them."""

    link: str
    how: str


PERSONAL: Mapping[tuple[str, str], Mark] = {
    ("Project", "current_user_favorite"): Mark(FAVORITES, "tick"),
    ("Page", "current_user_favorite"): Mark(FAVORITES, "tick"),
    ("Playlist", "current_user_favorite"): Mark(FAVORITES, "tick"),
    ("Version", "viewed_by_current_user"): Mark(VIEWED, "read"),
    ("Version", "viewed_by_current_user_at"): Mark(VIEWED, "moment"),
    ("Playlist", "media_center_viewed_by_current_user"): Mark(VIEWED, "read"),
    ("Playlist", "media_center_viewed_by_current_user_at"): Mark(VIEWED, "moment"),
    ("Project", "last_accessed_by_current_user"): Mark("", "opened"),
}
"""Type and field -> where its value is kept."""

SAYS: Mapping[str, Mapping[object, bool]] = {
    "tick": {True: True, False: False},
    "read": {"read": True, "unread": False},
}
"""How a field says that there is such a link, and that there is none."""

OWN, OWN_MOMENT = "own", "own_moment"
"""The styles of such fields: that somebody did something, and when."""

_LINKS = [f"{before}links:{link}" for link in (FAVORITES, VIEWED) for before in ("", BACK)]
PUBLIC: Condition = Not(
    AnyOf((Where("attribute", Op.IN, _LINKS), Where("attribute", Op.STARTS, Fixed(f"data.{OPENED}"))))
)
"""What of the log is not about somebody's own marks."""
