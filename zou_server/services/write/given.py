"""The values of an action, checked: what they may be called, and what each of them is."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from zou_server.models.errors import Invalid
from zou_server.models.registry import Kind
from zou_server.models.values import COERCE


def given_values(values: Mapping[str, Any], kinds: Mapping[str, Kind]) -> dict[str, Any]:
    """The values as their kinds hold them, None for those not given; Invalid names every wrong one."""
    wrong = {name: ["unknown field"] for name in values if name not in kinds}
    found: dict[str, Any] = dict.fromkeys(kinds)
    for name, value in values.items():
        if name in kinds and value is not None:
            try:
                coerced = COERCE[kinds[name]](value)
                found[name] = uuid.UUID(coerced) if kinds[name] is Kind.LINK else coerced
            except (ValueError, TypeError, OverflowError) as error:
                wrong[name] = [str(error)]
    if wrong:
        raise Invalid(fields=wrong)
    return found


def required(found: Mapping[str, Any], *names: str) -> None:
    """Refuse when one of the values is missing."""
    missing = {name: ["is required"] for name in names if found.get(name) is None}
    if missing:
        raise Invalid(fields=missing)
