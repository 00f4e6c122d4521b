"""What the wire calls things: derived from the registry, with the exceptions that `overrides` names."""

from __future__ import annotations

import uuid

import pytest
from pyactiveresource import util
from sqlalchemy.orm import Mapped, mapped_column

from zou_server.blueprints.shotrunner import overrides
from zou_server.blueprints.shotrunner.added import ADDED, PREFIX
from zou_server.blueprints.shotrunner.attributes import Custom, Link
from zou_server.blueprints.shotrunner.documented import DOCUMENTED, REQUIRED
from zou_server.blueprints.shotrunner.inflection import pluralize, underscore
from zou_server.blueprints.shotrunner.nesting import children_of, link_between
from zou_server.blueprints.shotrunner.parameters import AskedParameters, read_parameters
from zou_server.blueprints.shotrunner.spelling import SPELLING
from zou_server.blueprints.shotrunner.vocabulary import Vocabulary, vocabularies, vocabulary_of
from zou_server.models.base import Base, Row
from zou_server.models.conditions import EVERYTHING, All, Query
from zou_server.models.registry import FACETS, Facet, Kind, facet
from zou_server.query.statements import AnswerShape, statement_for

BY_FACET = {each.facet.name: each for each in vocabularies().values()}


class RenderJob(Row):
    """A model as somebody would add it tomorrow."""

    label: Mapped[str | None]
    frames: Mapped[int | None]
    done: Mapped[bool]
    shot_id: Mapped[uuid.UUID | None] = mapped_column(info={"target": "Shot"})
    watched_id: Mapped[uuid.UUID | None] = mapped_column(info={"target": "*"})


# The tables of the studio are counted by other tests.
Base.metadata.remove(RenderJob.__table__)  # type: ignore[arg-type]


def new_facet() -> Facet:
    """A type that this dialect has never heard of."""
    return Facet(
        name="RenderJob",
        plural="render-jobs",
        model=RenderJob,
        where=EVERYTHING,
        defaults={},
        names={},
        kind="RenderJob",
        policy="vocabulary",
        display="label",
        reached="",
        hidden=frozenset({"deleted_at"}),
        read_only=frozenset({"done"}),
        required=frozenset(),
        many={},
        computed={},
    )


def test_the_types_of_the_document_have_the_paths_of_their_classes() -> None:
    wanted = {"projects", "sequences", "shots", "elements", "assets", "tasks", "users", "members", "notes"}
    assert wanted <= set(vocabularies())
    for plural, vocabulary in vocabularies().items():
        wire = vocabulary.facet.named("shotrunner")
        assert wire is not None
        assert vocabulary.singular == util.underscore(wire)
        assert plural == util.pluralize(vocabulary.singular)


@pytest.mark.parametrize(
    "word",
    [
        "shot",
        "person",
        "category",
        "day",
        "status",
        "bus",
        "box",
        "watch",
        "series",
        "analysis",
        "child",
        "medium",
        "render_job",
        "entity_type",
        "class",
        "dish",
        "query",
        "news_item",
        "process",
    ],
)
def test_plurals_are_those_of_the_client(word: str) -> None:
    assert pluralize(word) == util.pluralize(word)


@pytest.mark.parametrize("name", ["Shot", "HumanUser", "TaskType", "APIKey", "Take2Note", "EntityLink"])
def test_class_names_become_the_words_of_the_client(name: str) -> None:
    assert underscore(name) == util.underscore(name)


def test_a_new_model_shows_up_under_its_own_names() -> None:
    new = vocabulary_of(new_facet())
    assert (new.singular, new.plural) == ("render_job", "render_jobs")
    assert new.shown[0] == "id"
    assert set(new.shown) - {"created_at", "updated_at", "updated_by", "lock_version"} == {
        "label",
        "frames",
        "done",
        "shot_id",
        "watched_id",
        "watched_type",
        "created_by",
        "id",
    }
    kinds = {key: each.kind for key, each in new.attributes.items()}
    assert kinds["frames"] is Kind.INTEGER
    assert kinds["shot_id"] is Kind.INTEGER
    shot = new.attributes["shot_id"]
    assert isinstance(shot, Link)
    assert (shot.target, shot.canonical) == ("Shot", "shot_id")
    assert new.attributes["done"].canonical == "", "what is read-only is ignored in a body"
    assert new.attributes["created_by"].path == "created_by.login"


def test_a_new_model_is_below_what_it_links_to() -> None:
    new = vocabulary_of(new_facet())
    link = link_between(BY_FACET["Shot"], new)
    assert link is not None
    assert link.key == "shot_id"


@pytest.mark.parametrize("plural", sorted(vocabularies()))
def test_every_attribute_can_be_answered_filtered_by_and_sorted_by(plural: str) -> None:
    vocabulary = vocabularies()[plural]
    whole = Query(vocabulary.facet, vocabulary.projection(tuple(vocabulary.attributes)))
    assert statement_for(whole, SPELLING, AnswerShape.ARRAY)
    for key, attribute in vocabulary.attributes.items():
        asked = read_parameters(vocabulary, [(key, "None"), (f"{key}[]", "")])
        assert statement_for(query_of(asked, vocabulary), SPELLING, AnswerShape.ARRAY), key
        if attribute.sort_path:
            asked = read_parameters(vocabulary, [("order", f"-{key}")])
            assert asked.order == (attribute.order(descending=True),)
            assert statement_for(query_of(asked, vocabulary), SPELLING, AnswerShape.ARRAY), key


@pytest.mark.parametrize("plural", sorted(vocabularies()))
def test_every_attribute_that_is_written_names_a_field_that_can_be(plural: str) -> None:
    vocabulary = vocabularies()[plural]
    for key, attribute in vocabulary.attributes.items():
        if attribute.canonical.startswith(PREFIX) or isinstance(attribute, Custom):
            continue
        assert not attribute.canonical or attribute.canonical in vocabulary.facet.fields, key


def query_of(asked: AskedParameters, vocabulary: Vocabulary) -> Query:
    """The read, of filters that look up no number."""
    return Query(
        vocabulary.facet, vocabulary.projection(asked.keys), All(tuple(asked.conditions)), asked.order
    )


def test_answers_are_made_once_for_the_same_keys() -> None:
    shots = BY_FACET["Shot"]
    assert shots.projection(("id", "shot_code")) is shots.projection(("id", "shot_code"))


def test_what_the_document_shows_is_shown_and_in_its_order() -> None:
    for name, keys in DOCUMENTED.items():
        assert BY_FACET[name].shown == keys
    assert BY_FACET["Shot"].shown[:4] == ("id", "sequence_id", "shot_code", "title")
    assert "project_id" not in BY_FACET["Shot"].shown
    assert "project_id" in BY_FACET["Shot"].attributes


def test_what_must_be_there_exists_and_can_be_written() -> None:
    for name, keys in REQUIRED.items():
        for key in keys:
            assert BY_FACET[name].attributes[key].canonical, (name, key)


# -- every entry of a table matches something ------------------------------------------------------------


def exposed(name: str) -> list[Facet]:
    """The facets that a table's key speaks of."""
    return [each.facet for each in vocabularies().values()] if name == "*" else [facet(name)]


@pytest.mark.parametrize("key", [*overrides.RENAMED, *overrides.OMITTED, *overrides.REPLACED])
def test_a_renamed_omitted_or_replaced_field_exists(key: tuple[str, str]) -> None:
    name, field = key
    assert name == "*" or FACETS[name].named("shotrunner"), f"{name} is not on this wire"
    assert any(field in each.visible for each in exposed(name))


def test_a_field_is_an_exception_of_one_sort_only() -> None:
    tables = (overrides.RENAMED, overrides.OMITTED, overrides.REPLACED)
    everything = [key for table in tables for key in table]
    assert len(everything) == len(set(everything))


@pytest.mark.parametrize("name", [*ADDED, *DOCUMENTED, *REQUIRED])
def test_a_type_with_exceptions_is_on_this_wire(name: str) -> None:
    assert name in BY_FACET


@pytest.mark.parametrize("key", overrides.MARKED)
def test_a_mark_is_a_flag_of_the_link_rows(key: tuple[str, str]) -> None:
    mark = overrides.MARKED[key]
    assert FACETS[key[0]].many[key[1]].through == mark.facet
    assert FACETS[mark.facet].field(mark.flag).kind is Kind.BOOLEAN
    assert {mark.near, mark.far} <= set(FACETS[mark.facet].hops)


@pytest.mark.parametrize("key", overrides.NESTED)
def test_a_nested_collection_of_its_own_kind_is_below_its_parent(key: tuple[str, str]) -> None:
    parent, child = (BY_FACET[name] for name in key)
    exception = overrides.NESTED[key]
    assert child in children_of(parent)
    if isinstance(exception, str):
        assert exception in child.attributes
        return
    assert exception.reason
    assert exception.condition(5) != exception.condition(6)


def test_the_collections_of_the_document_are_below_their_parents() -> None:
    wanted: dict[str, set[str]] = {
        "projects": {"sequences", "shots", "elements", "assets", "tasks", "notes", "members", "users"},
        "sequences": {"shots", "elements", "assets", "tasks", "notes"},
        "shots": {"elements", "assets", "tasks", "notes"},
        "elements": {"tasks", "notes"},
        "assets": {"elements", "shots", "tasks", "notes"},
        "tasks": {"notes"},
        "notes": {"notes"},
        "users": {"members", "projects", "tasks", "notes"},
    }
    for plural, children in wanted.items():
        assert children <= {each.plural for each in children_of(vocabularies()[plural])}, plural


def test_two_attributes_of_one_name_are_refused_when_the_server_starts() -> None:
    clash = vars(facet("Department")).copy()
    clash.pop("fields", None)
    wrong = {name: clash[name] for name in Facet.__dataclass_fields__}
    with_twins = Facet(**{**wrong, "many": {"created_by": facet("HumanUser").many["departments"]}})
    with pytest.raises(RuntimeError, match="created_by"):
        vocabulary_of(with_twins)
    assert isinstance(vocabulary_of(Facet(**wrong)), Vocabulary)
