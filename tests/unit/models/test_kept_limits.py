"""What vendors and clients may see is said once for each of them, and its shape once for all of a role."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from zou_server.models.actor import Actor
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.models.visibility import OUTSIDE_ROLES, kept_limits, limits
from zou_server.query.lift import lift
from zou_server.services.read.reader import view_of

ROLES = sorted(OUTSIDE_ROLES)


def somebody(role: str) -> Actor:
    """A person from outside with two projects, a department and companies."""
    return Actor(
        uuid.uuid4(),
        "Ann",
        role,
        project_roles={uuid.uuid4(): role, uuid.uuid4(): "user"},
        department_ids=(uuid.uuid4(),),
        company_ids=(uuid.uuid4(), uuid.uuid4()),
        client="gazu",
    )


def asked_by(actor: Actor) -> tuple[Any, list[Any]]:
    """The shape of a question of theirs, and its values."""
    rows = Where("name", Op.EQ, "sh010")
    return lift(Query(facet("Shot"), Projection((Output("id", "id"),)), rows, seen_by=view_of(actor)))


@pytest.mark.parametrize("role", ROLES)
def test_what_is_kept_is_what_would_be_made_anew(role: str) -> None:
    actor = somebody(role)
    assert list(kept_limits(actor)) == list(limits(actor).items())
    assert kept_limits(replace(actor, name="Bea", client="Shotgun")) is kept_limits(actor)


@pytest.mark.parametrize(
    "other",
    [
        {"role": "user"},
        {"project_roles": {uuid.uuid4(): "vendor"}},
        {"department_ids": ()},
        {"company_ids": ()},
        {"person_id": uuid.uuid4()},
    ],
    ids=lambda other: next(iter(other)),
)
def test_who_is_somebody_else_or_has_other_rights_has_other_limits(other: dict[str, Any]) -> None:
    actor = somebody("vendor")
    changed = replace(actor, **other)
    assert kept_limits(changed) is not kept_limits(actor)
    assert list(kept_limits(changed)) == list(limits(changed).items())


@pytest.mark.parametrize("role", ROLES)
def test_two_of_a_role_ask_by_one_shape_with_values_of_their_own(role: str) -> None:
    ann, bea = somebody(role), somebody(role)
    (one, of_ann), (other, of_bea) = asked_by(ann), asked_by(bea)
    assert (one, hash(one)) == (other, hash(other))
    assert one.seen_by.limits is other.seen_by.limits
    assert (str(ann.person_id) in of_ann, str(ann.person_id) in of_bea) == (True, False)
    assert asked_by(ann) == (one, of_ann)
