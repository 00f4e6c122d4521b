"""How one field is said in Shotgun's words, and the sayings that many fields share."""

from __future__ import annotations

from dataclasses import dataclass

EVERYWHERE = "*"
OTHER_SIDE = "of:"
"""What the name of a link that other rows have begins with."""


@dataclass(frozen=True, slots=True)
class Said:
    """How one field is said here, where that differs from what is derived.

    * `key`: its name; None hides it; "" keeps the derived one
    * `path`: what is read, canonical, when it is not the attribute itself
    * `write`: the attribute that a write sets; "" for none; None keeps the derived one
    * `writer`: how a write sets it (`writes.WRITERS`)
    * `style`: how the value is written into answers (`spelling.STYLES`)
    * `source`: the facet and attribute whose values are the legal ones, looked up when written
    * `special`: the name of its own comparisons (`enumerations.ENUMERATIONS`)
    * `also`: another attribute that a write may set
    * `types`: the types a link leads to, when they are no facets; `order`: the paths to sort by
    """

    why: str
    key: str | None = ""
    data_type: str = ""
    path: str = ""
    style: str = ""
    write: str | None = None
    writer: str = ""
    source: tuple[str, str] | None = None
    special: str = ""
    also: str = ""
    types: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


def status(hop: str) -> Said:
    """The status that a link leads to, by the code that Shotgun has for it."""
    path, source = f"{hop}.shotgun_code", ("TaskStatus", "shotgun_code")
    return Said(STATUS, "sg_status_list", "status_list", path, writer="value_of", source=source)


def any_status(hop: str) -> Said:
    """The same where any status of the studio may stand."""
    return Said(
        STATUS,
        "sg_status_list",
        "status_list",
        f"{hop}.shotgun_code",
        writer="value_of",
        source=("Status", "shotgun_code"),
    )


def hidden(why: str) -> Said:
    """An attribute of ours without a word here."""
    return Said(why, None)


INTERNAL = "our own bookkeeping, no field of Shotgun's"
BY_KIND = "Shotgun has one field for each type of linked row, added below"
COLOR = 'colours are "r,g,b" here, "#rrggbb" with us'
STATUS = "Shotgun names a status by its short code, not by a link"
DAY = "a day without a time here"


def many(path: str, write: str = "") -> Said:
    """The rows of a type along a link of ours; without `write` it is those rows that have the link."""
    if write:
        return Said(
            "the rows of this type along a link of ours", data_type="multi_entity", path=path, write=write
        )
    why = "the other rows have the link: they are written"
    return Said(why, data_type="multi_entity", path=path, write=f"{OTHER_SIDE}{path}", writer="other_side")
