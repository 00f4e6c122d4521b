"""The words of the Shotgun dialect follow the registry; every exception to that matches something."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.blueprints.shotgun.enumerations import ENUMERATIONS, event_types
from zou_server.blueprints.shotgun.filters import UNASKED, relations_of
from zou_server.blueprints.shotgun.overrides import ATTRIBUTES
from zou_server.blueprints.shotgun.relations import RELATIONS
from zou_server.blueprints.shotgun.schema.extra_fields import EXTRAS
from zou_server.blueprints.shotgun.schema.said import EVERYWHERE, Said
from zou_server.blueprints.shotgun.spelling import STYLES
from zou_server.blueprints.shotgun.values import READERS
from zou_server.blueprints.shotgun.vocabulary import DATA_TYPES, Vocabulary, vocabulary
from zou_server.blueprints.shotgun.writes import WRITERS
from zou_server.models.base import Base, Row, reference
from zou_server.models.registry import FACETS, PRIMARY, Kind, entity

NOT_READ = {"image", "password", "calculated", "url", "pivot_column"}
NOT_COMPARED = {"calculated", "password", "pivot_column", "serializable", "url"}


def scopes() -> dict[str, set[str]]:
    """Scope -> the attributes of the facets in it that this dialect shows."""
    found: dict[str, set[str]] = {EVERYWHERE: set()}
    for facet in FACETS.values():
        if facet.named("shotgun"):
            for scope in (EVERYWHERE, facet.name, facet.model.__name__):
                found.setdefault(scope, set()).update(facet.visible)
    return found


@pytest.mark.parametrize("key", ATTRIBUTES, ids=".".join)
def test_every_renamed_attribute_exists(key: tuple[str, str]) -> None:
    scope, attribute = key
    assert attribute in scopes()[scope]
    assert ATTRIBUTES[key].why


@pytest.mark.parametrize("key", EXTRAS, ids=".".join)
def test_every_added_field_belongs_to_a_type(key: tuple[str, str]) -> None:
    scope, name = key
    assert scope in scopes()
    assert any(name in found.fields for found in vocabulary().types.values())
    assert EXTRAS[key].why


def test_the_styles_writers_and_comparisons_that_overrides_name_exist() -> None:
    said: list[Said] = [*ATTRIBUTES.values(), *EXTRAS.values()]
    assert {s.style for s in said} - {"", "secret"} <= STYLES.keys()
    assert {s.writer for s in said} - {""} <= WRITERS.keys()
    assert {s.special for s in said} - {""} <= ENUMERATIONS.keys()


def test_every_kind_has_a_data_type_and_every_data_type_can_be_read_and_compared() -> None:
    assert set(DATA_TYPES) == set(Kind)
    for found in vocabulary().types.values():
        for field in found.fields.values():
            assert field.data_type in READERS or field.data_type in NOT_READ
            is_asked = field.data_type not in NOT_COMPARED and field.style not in UNASKED
            assert bool(relations_of(field)) == is_asked, (found.name, field.key)


def test_no_relation_is_listed_for_a_data_type_that_no_field_can_have() -> None:
    used = {field.data_type for found in vocabulary().types.values() for field in found.fields.values()}
    assert RELATIONS.keys() - used <= {
        "preview_image",
        "open_notes",
        "strip_of_preview",
        "currency",
        "float",
        "percent",
        "timecode",
        "one_link",
        "tag_list",
        "footage",
    }


def test_types_that_the_registry_hides_from_this_dialect_are_not_there() -> None:
    assert {
        "Shot",
        "Asset",
        "Task",
        "HumanUser",
        "ApiUser",
        "Step",
        "EventLogEntry",
    } <= vocabulary().types.keys()
    assert {"Person", "Entity", "Assignation", "TaskType", "EventLog"}.isdisjoint(vocabulary().types)


def test_a_shot_is_said_in_the_words_of_its_clients() -> None:
    fields = vocabulary().types["Shot"].fields
    assert (fields["code"].path, fields["sg_sequence"].path) == ("name", "sequence_id")
    assert fields["sg_sequence"].write == "parent_id"
    assert fields["sg_sequence"].valid_types == ("Sequence",)
    assert fields["sg_status_list"].source == ("Status", "shotgun_code")
    assert not {"name", "data", "lock_version", "parent", "sequence"} & fields.keys()


def test_event_types_name_every_type() -> None:
    assert event_types()["shotgun_step_change"] == ("TaskType", "Change")
    assert event_types()["shotgun_humanuser_new"] == ("Person", "New")


def test_a_new_model_shows_up_without_a_word_about_it() -> None:
    name = "ScannedPlate"

    @entity("scanned-plates")
    class ScannedPlate(Row):
        """A type that nobody told this dialect about."""

        name: Mapped[str]
        frames: Mapped[int | None] = mapped_column(sa.Integer)
        is_hdr: Mapped[bool] = mapped_column(default=False)
        project_id: Mapped[Any] = reference("project")

    try:
        fields = Vocabulary().types[name].fields
    finally:
        del FACETS[name], PRIMARY["scanned_plate"]
        Base.metadata.remove(ScannedPlate.__table__)  # type: ignore[arg-type]
        Base.registry._dispose_cls(ScannedPlate)  # noqa: SLF001 - the class is this test's own
    assert {key: field.data_type for key, field in fields.items() if field.editable} == {
        "code": "text",
        "frames": "number",
        "is_hdr": "checkbox",
        "project": "entity",
    }
    assert fields["id"].path == "number"
    assert fields["project"].valid_types == ("Project",)
