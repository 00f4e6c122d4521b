"""The role that a person has on a team by its name."""

from __future__ import annotations

import uuid

import pytest

from tests.studio import StudioKit
from zou_server.models.errors import Invalid


@pytest.mark.parametrize("named", ["lead", "7", 7, True, ["lead"], {"id": "lead"}])
def test_a_role_whose_id_is_none_is_refused_by_name(kit: StudioKit, named: object) -> None:
    project, person = kit.project(), kit.person("user")
    with pytest.raises(Invalid) as refused:
        kit.create(
            "Membership", project_id=project, person_id=person.person_id, data={"shotrunner_role": named}
        )
    assert refused.value.fields == {"shotrunner_role": ["is not an id"]}


def test_a_role_that_is_gone_leaves_the_rights_as_they_were(kit: StudioKit) -> None:
    project, person = kit.project(), kit.person("user")
    team = kit.create(
        "Membership",
        project_id=project,
        person_id=person.person_id,
        role="supervisor",
        data={"shotrunner_role": str(uuid.uuid4())},
    )
    assert kit.row("Membership", team, "role") == "supervisor"
