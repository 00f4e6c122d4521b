"""Links that exports know by name only (types, departments, statuses): found, or made where missing."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.schemas.derive import load
from zou_server.services.importers.shotgun.find_references import among, live
from zou_server.services.importers.shotgun.kinds import ImportKind, NamedWord
from zou_server.services.importers.shotgun.rows import SgRow
from zou_server.services.importers.shotgun.write_all import REFUSALS, said
from zou_server.services.write.operations import Create, Edit, Mode

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class WordSource:
    """Where words are kept, the attributes that hold them (the first that fits counts), and a new one."""

    facet: str
    attributes: tuple[str, ...]
    new: Callable[[str], Mapping[str, Any]]


VOCABULARIES: Mapping[str, WordSource] = {
    "asset types": WordSource("AssetType", ("name",), lambda word: {"name": word}),
    "departments": WordSource("Department", ("name",), lambda word: {"name": word}),
    "project statuses": WordSource(
        "ProjectStatus", ("shotgun_code", "name"), lambda word: {"name": word, "shotgun_code": word}
    ),
    "statuses": WordSource(
        "TaskStatus",
        ("shotgun_code", "code"),
        lambda word: {"name": word, "code": word, "shotgun_code": word},
    ),
}


def find_words(work: UnitOfWork, kind: ImportKind, rows: Sequence[SgRow]) -> None:
    """Give every row the ids of its words: two statements for each vocabulary, whatever the rows."""
    for word in kind.words:
        mine = [row for row in rows if word.target in row.words and not row.refused]
        wanted = dict.fromkeys(row.words[word.target] for row in mine)
        ids, wrong = _ids(work, VOCABULARIES[word.vocabulary], list(wanted)) if wanted else ({}, {})
        for row in mine:
            _give(kind, row, word, ids, wrong)


def _give(
    kind: ImportKind, row: SgRow, word: NamedWord, ids: Mapping[str, uuid.UUID], wrong: Mapping[str, str]
) -> None:
    name = row.words[word.target]
    id_ = ids.get(name.lower())
    if id_ is not None:
        many = facet(kind.facet).fields[word.target].many
        row.values[word.target] = Edit(Mode.ADD, [id_]) if many else id_
    else:
        row.leave_out(f"{word.keys[0]}: {wrong[name.lower()]}")


def _ids(
    work: UnitOfWork, vocabulary: WordSource, words: Sequence[str]
) -> tuple[dict[str, uuid.UUID], dict[str, str]]:
    """The ids by the word in lower case, and why a word cannot be one."""
    found = _existing(work, vocabulary, words)
    wrong: dict[str, str] = {}
    new: dict[str, Create] = {}
    of = facet(vocabulary.facet)
    for word in words:
        key = word.lower()
        if key not in found and key not in new and key not in wrong:
            values = vocabulary.new(word)
            try:
                load(of, values)
                new[key] = Create(of, values)
            except Invalid as error:
                wrong[key] = f"'{word[:40]}' {'; '.join(why[0] for why in error.fields.values())}"
    made, refused = _make(work, new)
    return {**found, **made}, {**wrong, **refused}


def _make(work: UnitOfWork, new: Mapping[str, Create]) -> tuple[dict[str, uuid.UUID], dict[str, str]]:
    """The new words; of those that are taken (a type of assets called Shot), why."""
    if not new:
        return {}, {}
    try:
        with work.attempt():
            results = work.execute(list(new.values()))
    except REFUSALS as error:
        if len(new) == 1:
            return {}, {key: f"'{key[:40]}': {said(error)}" for key in new}
        made: dict[str, uuid.UUID] = {}
        refused: dict[str, str] = {}
        for key, create in new.items():
            one, why = _make(work, {key: create})
            made.update(one)
            refused.update(why)
        return made, refused
    return dict(zip(new, (result.id for result in results), strict=True)), {}


def _existing(work: UnitOfWork, vocabulary: WordSource, words: Sequence[str]) -> dict[str, uuid.UUID]:
    of = facet(vocabulary.facet)
    lowered = {word.lower() for word in words}
    columns = [of.table.c[name] for name in vocabulary.attributes]
    rows = work.session.execute(
        sa.select(of.table.c.id, *columns)
        .where(
            sa.or_(*(among(sa.func.lower(column, type_=sa.Text()), lowered) for column in columns)), live(of)
        )
        .order_by(*([of.table.c.for_concept] if "for_concept" in of.table.c else []), of.table.c.created_at)
    ).all()
    found: dict[str, uuid.UUID] = {}
    for place in range(len(columns)):
        for row in rows:
            value = row[place + 1]
            if value is not None and value.lower() in lowered:
                found.setdefault(value.lower(), row[0])
    return found
