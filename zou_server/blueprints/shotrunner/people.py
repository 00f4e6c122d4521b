"""What only people have on this wire: a password, three words of status, Rails' zones, a company."""

# ruff: noqa: ARG002 - the attributes share one interface, and few need all of it

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotrunner.attributes import EQUALITIES, Attribute, Null, State, Values
from zou_server.models.conditions import All, AnyOf, Condition, Not, Op, Order, Output, Where

if TYPE_CHECKING:
    from collections.abc import Mapping

PENDING = "shotrunner_pending"
"""The custom field of who was invited and has not come yet."""

STATUS_WORDS = ("A", "I", "P")


@dataclass(frozen=True, kw_only=True)
class Secret(Null):
    """A secret: sent and never shown."""


@dataclass(frozen=True, kw_only=True)
class PersonStatus(Attribute):
    """`A` for who may log in, `I` for who may not, `P` for who may not yet."""

    def order(self, *, descending: bool) -> Order:
        """In the order of the words, as far as they say who may log in."""
        return Order(self.path, not descending)

    def output(self) -> Output:
        """The word of the row."""
        return Output(self.key, "id", style="user status")

    def test(self, op: Op, value: Any) -> Condition:
        """By what the words stand for; comparisons are by the letter."""
        if op in (Op.NULL, Op.NOT_NULL):
            return Where(self.path, op)
        if op in EQUALITIES:
            found = AnyOf(tuple(_meant(each) for each in (value if isinstance(value, list) else [value])))
            return Not(found) if op in (Op.NE, Op.NOT_IN) else found
        return AnyOf(tuple(_meant(word) for word in STATUS_WORDS if _COMPARED[op](word, value)))

    def write(self, value: Any, state: State) -> Values:
        """The two fields behind the status: may log in, and is waited for."""
        if value not in STATUS_WORDS:
            raise ValueError("is not included in the list")
        return {"active": value == "A", "data": {PENDING: True if value == "P" else None}}


_COMPARED: Mapping[Op, Any] = {
    Op.LT: lambda word, value: word < value,
    Op.LE: lambda word, value: word <= value,
    Op.GT: lambda word, value: word > value,
    Op.GE: lambda word, value: word >= value,
    Op.LIKE: lambda word, value: word.lower() == str(value).lower(),
    Op.CONTAINS: lambda word, value: str(value).lower() in word.lower(),
    Op.STARTS: lambda word, value: word.lower().startswith(str(value).lower()),
    Op.ENDS: lambda word, value: word.lower().endswith(str(value).lower()),
}


def _meant(word: str) -> Condition:
    if word not in STATUS_WORDS:
        raise ValueError("is not included in the list")
    active, waited = Where("active", Op.EQ, value=True), Where(f"data.{PENDING}::boolean", Op.EQ, value=True)
    return active if word == "A" else All((Not(active), waited if word == "P" else Not(waited)))


RAILS_ZONES: Mapping[str, str] = {
    "International Date Line West": "Etc/GMT+12",
    "Hawaii": "Pacific/Honolulu",
    "Alaska": "America/Juneau",
    "Pacific Time (US & Canada)": "America/Los_Angeles",
    "Tijuana": "America/Tijuana",
    "Arizona": "America/Phoenix",
    "Mountain Time (US & Canada)": "America/Denver",
    "Central Time (US & Canada)": "America/Chicago",
    "Mexico City": "America/Mexico_City",
    "Eastern Time (US & Canada)": "America/New_York",
    "Indiana (East)": "America/Indiana/Indianapolis",
    "Bogota": "America/Bogota",
    "Atlantic Time (Canada)": "America/Halifax",
    "Santiago": "America/Santiago",
    "Newfoundland": "America/St_Johns",
    "Brasilia": "America/Sao_Paulo",
    "Buenos Aires": "America/Argentina/Buenos_Aires",
    "Azores": "Atlantic/Azores",
    "UTC": "Etc/UTC",
    "Dublin": "Europe/Dublin",
    "Lisbon": "Europe/Lisbon",
    "London": "Europe/London",
    "Amsterdam": "Europe/Amsterdam",
    "Berlin": "Europe/Berlin",
    "Brussels": "Europe/Brussels",
    "Copenhagen": "Europe/Copenhagen",
    "Madrid": "Europe/Madrid",
    "Paris": "Europe/Paris",
    "Prague": "Europe/Prague",
    "Rome": "Europe/Rome",
    "Stockholm": "Europe/Stockholm",
    "Vienna": "Europe/Vienna",
    "Warsaw": "Europe/Warsaw",
    "Athens": "Europe/Athens",
    "Cairo": "Africa/Cairo",
    "Helsinki": "Europe/Helsinki",
    "Istanbul": "Europe/Istanbul",
    "Jerusalem": "Asia/Jerusalem",
    "Moscow": "Europe/Moscow",
    "Tehran": "Asia/Tehran",
    "Karachi": "Asia/Karachi",
    "Chennai": "Asia/Kolkata",
    "Kolkata": "Asia/Kolkata",
    "Mumbai": "Asia/Kolkata",
    "New Delhi": "Asia/Kolkata",
    "Bangkok": "Asia/Bangkok",
    "Beijing": "Asia/Shanghai",
    "Hong Kong": "Asia/Hong_Kong",
    "Singapore": "Asia/Singapore",
    "Taipei": "Asia/Taipei",
    "Perth": "Australia/Perth",
    "Seoul": "Asia/Seoul",
    "Tokyo": "Asia/Tokyo",
    "Adelaide": "Australia/Adelaide",
    "Brisbane": "Australia/Brisbane",
    "Melbourne": "Australia/Melbourne",
    "Sydney": "Australia/Sydney",
    "Auckland": "Pacific/Auckland",
    "Wellington": "Pacific/Auckland",
}
"""Rails' own name of a zone -> the name that all other tools know."""


@dataclass(frozen=True, kw_only=True)
class Zone(Attribute):
    """A time zone, which Rails has names of its own for."""

    def write(self, value: Any, state: State) -> Values:
        """The zone under the name that all tools know."""
        return {self.canonical: RAILS_ZONES.get(value, value)}


@dataclass(frozen=True, kw_only=True)
class NestedCompany(Attribute):
    """The company as an object: shown, and ignored when it is sent back."""

    @property
    def sort_path(self) -> str:
        """Objects have no order."""
        return ""

    def output(self) -> Output:
        """Its number, name and times."""
        return Output(self.key, "studio_id", style="company")

    def test(self, op: Op, value: Any) -> Condition:
        """By the name of the company."""
        return Where("studio.name", op, value)
