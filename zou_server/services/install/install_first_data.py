"""Make a studio out of an empty database: vocabulary, an administrator, keys for the other clients."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from zou_server.models.actor import SYSTEM
from zou_server.models.person import ROLES, Organisation
from zou_server.models.production import KIND_IDS
from zou_server.models.registry import facet
from zou_server.services.install import first_data
from zou_server.services.install.manage_credentials import create_admin, create_api_key, create_script
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.operations import Create, RefBy

ADMIN_EMAIL = "admin@example.com"
SCRIPT_NAME = "pipeline"
FIRST_DATA_LOCK = 7_401_964


@dataclass(frozen=True, slots=True)
class FirstCredentials:
    """The credentials that the first start prints, once."""

    admin_email: str
    admin_password: str
    script_name: str
    script_key: str
    api_key: str


def install_first_data(engine: sa.Engine) -> FirstCredentials | None:
    """Fill an empty studio and return its credentials; None when the studio exists already."""
    if not install_vocabulary(engine):
        return None
    return FirstCredentials(
        admin_email=ADMIN_EMAIL,
        admin_password=create_admin(engine, ADMIN_EMAIL),
        script_name=SCRIPT_NAME,
        script_key=create_script(engine, SCRIPT_NAME),
        api_key=create_api_key(engine, ADMIN_EMAIL),
    )


def install_vocabulary(engine: sa.Engine) -> bool:
    """Make the studio's statuses, steps and types; False when they are there already."""
    with Studio(engine, engine, RULEBOOK).write(SYSTEM) as work:
        work.session.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": FIRST_DATA_LOCK})
        if work.session.scalar(sa.select(Organisation.id).limit(1)):
            return False
        work.execute([*_studio(), *_tools(), *_review(), *_rule_sets(), *_codes()])
        work.execute(list(_steps()))
        work.commit()
    return True


def _studio() -> Iterator[Create]:
    yield Create(facet("Organisation"), {"name": first_data.ORGANISATION})
    yield Create(facet("ProjectSchema"), {"name": first_data.PROJECT_SCHEMA})
    for priority, (name, code, shotgun_code, color, flags) in enumerate(first_data.TASK_STATUSES, 1):
        yield Create(
            facet("TaskStatus"),
            {
                "name": name,
                "code": code,
                "shotgun_code": shotgun_code,
                "color": color,
                "priority": priority,
                **flags,
            },
        )
    for name, code, shotgun_code, color, flags in first_data.PROJECT_STATUSES:
        yield Create(
            facet("ProjectStatus"),
            {
                "name": name,
                "code": code,
                "shotgun_code": shotgun_code,
                "color": color,
                **flags,
            },
        )
    after = len(first_data.TASK_STATUSES) + 1
    for priority, (name, code, color, flags) in enumerate(first_data.MORE_STATUSES, after):
        values = {"name": name, "code": code, "shotgun_code": code, "color": color, "priority": priority}
        yield Create(facet("Status"), {**values, **flags})
    for name, color in first_data.FILE_STATUSES:
        yield Create(facet("FileStatus"), {"name": name, "color": color})
    for kind, id_ in KIND_IDS:
        yield Create(facet("EntityType"), {"name": kind, "kind": kind}, id=uuid.UUID(id_))
    for name, short_name in first_data.ASSET_TYPES:
        yield Create(facet("EntityType"), {"name": name, "short_name": short_name})


def _rule_sets() -> Iterator[Create]:
    """What Shotgun calls the roles, by the numbers that its people have them by."""
    for number, (role, name) in enumerate(zip(ROLES, first_data.ROLE_NAMES, strict=True), 1):
        said = {"code": role, "entity_type": "HumanUser"}
        yield Create(facet("PermissionRuleSet"), {"name": name, "data": said}, number=number)


def _tools() -> Iterator[Create]:
    for name, value, color, id_ in first_data.PRIORITIES:
        yield Create(
            facet("Priority"),
            {
                "name": name,
                "value": value,
                "color": color,
                "sort_order": value,
            },
            id=uuid.UUID(id_),
        )
    for name, color in first_data.DEPARTMENTS:
        yield Create(facet("Department"), {"name": name, "color": color})
    for name, short_name, extension in first_data.SOFTWARES:
        yield Create(facet("Software"), {"name": name, "short_name": short_name, "file_extension": extension})
    for name, short_name in first_data.OUTPUT_TYPES:
        yield Create(facet("OutputType"), {"name": name, "short_name": short_name})


def _review() -> Iterator[Create]:
    for name, id_ in first_data.LOCATIONS:
        yield Create(facet("NamedPlace"), {"name": name, "label": name}, id=uuid.UUID(id_))
    for name, color in first_data.NOTE_LABELS:
        yield Create(facet("NoteLabel"), {"name": name, "color": color})
    for name in first_data.LIST_CATEGORIES:
        yield Create(facet("ListCategory"), {"name": name})
    yield Create(
        facet("Setting"),
        {"name": "storage_scenario", "group_name": "STORAGE", "value": first_data.STORAGE_SCENARIO},
    )


def _codes() -> Iterator[Create]:
    for place, name in enumerate(first_data.ELEMENT_TYPES, 1):
        yield Create(facet("ElementType"), {"name": name, "data": {"shotrunner_sort_order": place}})
    for place, (name, rights, is_default) in enumerate(first_data.PROJECT_ROLES, 1):
        data = {
            "shotrunner_rights": rights,
            "shotrunner_position": place,
            "shotrunner_is_default": is_default,
        }
        yield Create(facet("Role"), {"name": name, "data": data})
    for place, (code, label) in enumerate(first_data.USER_STATUSES, 1):
        data = {
            "shotrunner_scope": "user_status",
            "shotrunner_label": label,
            "shotrunner_sort_order": place,
        }
        yield Create(facet("Code"), {"name": code, "data": data})


def _steps() -> Iterator[Create]:
    for priority, (name, short_name, color, for_entity, department) in enumerate(first_data.TASK_TYPES, 1):
        yield Create(
            facet("TaskType"),
            {
                "name": name,
                "short_name": short_name,
                "color": color,
                "for_entity": for_entity,
                "priority": priority,
                "department_id": RefBy("Department", "name", department),
            },
        )
