"""The rows of a project that a piece of a path may be the name of: one statement for each kind asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from zou_server.models.conditions import EVERYTHING, Condition, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.models.values.slugs import STYLES
from zou_server.services.file_trees.build_path import NO_EPISODE, spelled
from zou_server.services.file_trees.descriptor import Variable
from zou_server.services.file_trees.facts import PLAIN, NamedRow
from zou_server.services.read.reader import Reader


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row by the name of which a folder may be called; `above` says which rows it is part of."""

    row: NamedRow
    above: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Source:
    """A facet whose rows a variable may stand for: the path to their project, columns, links upwards."""

    facet: str
    project: str = ""
    columns: tuple[str, ...] = ("name",)
    above: Mapping[str, str] = field(default_factory=dict)


def _entities(kind: str, **above: str) -> _Source:
    return _Source(kind, "project_id", ("name", "code"), above)


_SHORT = ("name", "short_name")
_IN_SEQUENCE = {"Sequence": "sequence_id", "Episode": "episode_id"}
_SOURCES: Mapping[str, tuple[_Source, ...]] = {
    "Project": (_Source("Project", "id", ("name", "code")),),
    "TaskType": (_Source("TaskType", columns=_SHORT, above={"Department": "department_id"}),),
    "Department": (_Source("Department"),),
    "Software": (_Source("Software", columns=_SHORT),),
    "OutputType": (_Source("OutputType", columns=_SHORT),),
    "AssetType": (_Source("EntityType", columns=_SHORT),),
    "TemporalEntityType": (_Source("EntityType", columns=_SHORT),),
    "Episode": (_entities("Episode"),),
    "Sequence": (_entities("Sequence", Episode="episode_id"),),
    "Shot": (_entities("Shot", **_IN_SEQUENCE),),
    "Scene": (_entities("Scene", **_IN_SEQUENCE),),
    "Asset": (_entities("Asset", AssetType="entity_type_id"),),
    "Edit": (_entities("Edit", Episode="episode_id"),),
    "Concept": (_entities("Concept"),),
    "TemporalEntity": (
        _entities("Shot", TemporalEntityType="entity_type_id", **_IN_SEQUENCE),
        _entities("Scene", TemporalEntityType="entity_type_id", **_IN_SEQUENCE),
        *(
            _entities(kind, TemporalEntityType="entity_type_id")
            for kind in ("Asset", "Sequence", "Episode", "Edit", "Concept")
        ),
    ),
    "Instance": (
        _Source(
            "AssetInstance",
            "asset.project_id",
            ("name", "instance_number"),
            {"Asset": "asset_id", "Scene": "scene_id"},
        ),
    ),
}
"""Variable -> its rows. A variable without a line here is a word that the client chose."""

NOTHING = NamedRow("", "")


class Candidates:
    """The rows that a path may name, read when they are first asked for."""

    def __init__(self, reader: Reader, project_id: str, path: str) -> None:
        self._reader, self._project_id, self._path = reader, project_id, path
        self._rows: dict[str, list[Candidate]] = {}
        self._spelled: dict[tuple[Variable, str], dict[str, list[Candidate]]] = {}

    def knows(self, variable: Variable) -> bool:
        """True for a variable that stands for a row."""
        return variable.name in _SOURCES

    def spelled(self, variable: Variable, style: str) -> dict[str, list[Candidate]]:
        """Text -> the rows that are written so, of those whose text is in the path at all."""
        if (variable, style) in self._spelled:
            return self._spelled[variable, style]
        found = self._spelled[variable, style] = {}
        if variable.name == "Episode":
            found[STYLES[style](NO_EPISODE)] = [Candidate(NOTHING)]
        for each in self._of(variable.name):
            text = spelled(variable, each.row, style)
            if text in self._path:
                found.setdefault(text, []).append(each)
        return found

    def _of(self, name: str) -> list[Candidate]:
        if name not in self._rows:
            self._rows[name] = [row for source in _SOURCES[name] for row in self._read(source)]
        return self._rows[name]

    def _read(self, source: _Source) -> list[Candidate]:
        names = dict.fromkeys(("id", *source.columns, *source.above.values()))
        where: Condition = Where(source.project, Op.EQ, self._project_id) if source.project else EVERYTHING
        outputs = tuple(Output(name, name) for name in names)
        query = Query(facet(source.facet), Projection(outputs), where)
        rows = self._reader.rows(query, PLAIN)
        return [_candidate(row, source) for row in rows]


def _candidate(row: Mapping[str, Any], source: _Source) -> Candidate:
    short_name, code = row.get("short_name") or "", row.get("code") or ""
    named = NamedRow(row["id"], row["name"] or "", short_name, code, row.get("instance_number"))
    return Candidate(named, {kind: row[column] for kind, column in source.above.items()})
