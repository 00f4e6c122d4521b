"""Templates of projects: what a project made by one has of the project that the template was made of."""

from __future__ import annotations

import uuid
from typing import Any

from tests.studio import StudioKit, unique
from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Where
from zou_server.services.production.use_template import apply_template, template_of_project


def test_a_field_of_a_template_is_closed_in_the_new_project_as_in_the_old_one(kit: StudioKit) -> None:
    old, new = kit.project(), kit.project()
    key = f"secret_{uuid.uuid4().hex[:8]}"
    group, gone = (kit.create("CustomFieldGroup", name=unique("Group")) for _ in range(2))
    said: dict[str, Any] = {
        "data_type": "number",
        "default_value": 3,
        "read_roles": ["manager"],
        "write_roles": [],
        "config": '{"isdecimal": true}',
    }
    values = {**said, "entity_type": "Shot", "project_id": old}
    for name, of in ((key, group), (f"{key}_gone", gone)):
        kit.create("FieldDescriptor", name=name, field_name=name, group_id=of, **values)
    with kit.studio.write(SYSTEM) as work:
        template = template_of_project(work, str(old), {"name": unique("Template")})
        work.commit()
    kit.delete("CustomFieldGroup", gone)
    with kit.studio.write(SYSTEM) as work:
        apply_template(work, str(new), str(template))
        work.commit()
    made = kit.rows("FieldDescriptor", "name", "group_id", *said, where=Where("project_id", Op.EQ, str(new)))
    assert sorted(made, key=lambda row: len(row["name"])) == [
        {"name": key, "group_id": str(group), **said},
        {"name": f"{key}_gone", "group_id": None, **said},
    ]
