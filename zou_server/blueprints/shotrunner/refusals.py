"""What the dialect itself refuses: errors that speak of wire keys, not of canonical fields."""

from __future__ import annotations

from zou_server.models.errors import Invalid

Messages = dict[str, list[str]]
"""Wire key -> sentences; `base` for what is about no attribute."""


class WrongAttributes(Invalid):
    """Attributes of a body are refused by the dialect itself; `fields` are wire keys already."""

    code = "wrong_attributes"
    cure = "Correct the attributes that are named."


class BadRequest(WrongAttributes):
    """The request cannot be read: a parameter that does not exist, a body that is no JSON or XML."""

    code = "bad_request"
    cure = "Correct the parameter or the body that the sentence names."
