"""Casting as gazu.casting and Kitsu's breakdown read and write it: which assets each entity uses.

`nb_occurences` is misspelt on the wire, and all clients rely on that (docs/protocols/zou.md 9).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from zou_server.blueprints.zou.bodies import body, needed, optional, usually
from zou_server.blueprints.zou.describe_api.describe_rows import rows_called
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.shapes import COUNT, ID, IDS, PLAIN_TEXT, by_id, list_of
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.description import Schema, listed
from zou_server.models.conditions import All, Condition, Op, Order, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.services.casting.cast_assets import Cast, CastPart, cast_asset, replace_castings
from zou_server.services.read.reader import Page
from zou_server.web import JSON, current_actor, json_rows, json_text

_ASSET = "entity_out[Asset]"
SHOWN: Mapping[str, str] = {
    # wire key: path from the link
    "id": "id",
    "entity_id": "entity_in_id",
    "asset_id": "entity_out_id",
    "name": f"{_ASSET}.name",
    "asset_name": f"{_ASSET}.name",
    "asset_type_id": f"{_ASSET}.entity_type_id",
    "asset_type_name": f"{_ASSET}.entity_type.name",
    "preview_file_id": f"{_ASSET}.preview_file_id",
    "ready_for": f"{_ASSET}.ready_for",
    "episode_id": f"{_ASSET}.source_id",
    "project_id": f"{_ASSET}.project_id",
    "is_shared": f"{_ASSET}.is_shared",
    "label": "label",
    "nb_occurences": "nb_occurences",
    "sequence_name": "entity_in.sequence.name",
}


@body
class CastLine:
    """An asset that an entity uses, and how often."""

    asset_id: str = needed(ID)
    occurences: int = usually(1, COUNT, "nb_occurences")
    label: str = usually("", PLAIN_TEXT)


@body
class AssetInEntities:
    """The entities that use an asset, and how often; 0 takes it out of them."""

    entity_ids: list[str] = needed(IDS, missing="is not a list of ids")
    occurences: int | None = optional(COUNT, "nb_occurences")
    label: str | None = optional(PLAIN_TEXT)


CAST_LIST = list_of(CastLine)
"""The assets that one entity uses."""

_PROJECTION = Projection(tuple(Output(key, path) for key, path in SHOWN.items()))
_ORDER = (Order(f"{_ASSET}.entity_type.name"), Order(f"{_ASSET}.name"), Order("created_at"))
_BY_ENTITIES = (Order("entity_in_id"), *_ORDER)
_PROJECT = ("project_id", "Project")


def casting_query(condition: Condition, order: tuple[Order, ...] = _ORDER) -> Query:
    """The links that a condition holds for, each as a line of a casting."""
    return Query(facet("EntityLink"), _PROJECTION, condition, order)


class EntityCasting(NamedResource):
    """The cast of one entity, to read and to replace."""

    def get(self, entity_id: str, project_id: str = "") -> Response:
        """The assets that an entity uses, by type and name."""
        condition = self._condition(checked_id(entity_id), project_id)
        return json_rows(self.studio.read(current_actor()).listed(casting_query(condition), ZOU))

    def put(self, entity_id: str, sent: list[CastLine], project_id: str = "") -> Response:
        """Replace the list; the answer is the list as it is then."""
        condition, cast = self._condition(checked_id(entity_id), project_id), cast_of(sent)
        with self.studio.write(current_actor()) as work:
            project = project_id or _project_of(work.read, entity_id)
            replace_castings(work, uuid.UUID(project), {uuid.UUID(entity_id): cast})
            text = work.read.page(casting_query(condition), ZOU).text
            work.commit()
        return json_text(f"[{text}]")

    def _condition(self, entity_id: str, project_id: str) -> Condition:
        ids = {"entity_id": entity_id} | ({"project_id": checked_id(project_id)} if project_id else {})
        owners = (("entity_id", "Entity"), *((_PROJECT,) if project_id else ()))
        require_owners(self.studio, owners, ids)
        here = Where("entity_in_id", Op.EQ, entity_id)
        return All((here, Where("entity_in.project_id", Op.EQ, ids["project_id"]))) if project_id else here


class ProjectCastings(NamedResource):
    """The casts of several entities of a project, replaced in one call."""

    def put(self, project_id: str, sent: dict[str, list[CastLine]]) -> Response:
        """The body is {entity id: list}; the answer says what each has then."""
        require_owners(self.studio, (_PROJECT,), {"project_id": checked_id(project_id)})
        castings = {uuid.UUID(id_): cast_of(lines) for id_, lines in sent.items()}
        with self.studio.write(current_actor()) as work:
            replace_castings(work, uuid.UUID(project_id), castings)
            page = work.read.page(casting_query(_in_entities(castings)), ZOU)
            work.commit()
        return json_text(by_entity(page))


class CastAsset(NamedResource):
    """One asset put into many entities, or taken out of them (gazu.casting.cast_asset, uncast_asset)."""

    def put(self, project_id: str, asset_id: str, sent: AssetInEntities) -> Response:
        """The body names the entities; `nb_occurences` 0 takes the asset out of them."""
        ids = {"project_id": checked_id(project_id), "asset_id": checked_id(asset_id)}
        require_owners(self.studio, (_PROJECT, ("asset_id", "Asset")), ids)
        project, asset = uuid.UUID(ids["project_id"]), uuid.UUID(ids["asset_id"])
        entities = [uuid.UUID(each) for each in sent.entity_ids]
        with self.studio.write(current_actor()) as work:
            cast_asset(work, project, asset, entities, sent.occurences, sent.label)
            page = work.read.page(casting_query(_in_entities(entities)), ZOU)
            work.commit()
        return json_text(by_entity(page))


@dataclass(frozen=True, slots=True)
class CastingsOptions:
    """What a path names, the path from a link to each of it, and which links are listed."""

    owners: tuple[tuple[str, str], ...]
    paths: tuple[str, ...]
    extra: Condition


class Castings(NamedResource[CastingsOptions]):
    """The casts of all entities of one kind below what the path names, by entity."""

    def get(self, **ids: str) -> Response:
        """Entity id -> the assets that it uses."""
        owners, paths = self.options.owners, self.options.paths
        checked = {name: checked_id(value) for name, value in ids.items()}
        require_owners(self.studio, owners, checked)
        terms = [
            Where(path, Op.EQ, checked[argument]) for path, (argument, _) in zip(paths, owners, strict=True)
        ]
        query = casting_query(All((*terms, self.options.extra)), _BY_ENTITIES)
        found = self.studio.read(current_actor()).lines(query, ZOU)
        if isinstance(found, Page):
            return json_text("".join(_grouped((found.text,))))
        answer = Response(_grouped(found), mimetype=JSON)
        answer.call_on_close(found.close)
        return answer


def _grouped(pieces: Iterable[str]) -> Iterator[str]:
    """The lines of several castings, which come by entity, as an object: a text for each piece of them."""
    last, opening = None, "{"
    for piece in pieces:
        texts = []
        for line in filter(None, piece.split("\n")):
            entity = orjson.loads(line)["entity_id"]
            texts.append("," if entity == last else f'{opening}"{entity}":[')
            texts.append(line)
            last, opening = entity, "],"
        yield "".join(texts)
    yield "{}" if last is None else "]}"


def by_entity(page: Page) -> bytes:
    """The lines of several castings as an object: entity id -> its lines."""
    found: dict[str, list[Any]] = {}
    for line in page.rows():
        found.setdefault(line["entity_id"], []).append(line)
    return orjson.dumps(found)


def cast_of(lines: Iterable[CastLine]) -> Cast:
    """A cast from the lines that a client sends; an asset named twice is there as often as both say."""
    found: dict[uuid.UUID, CastPart] = {}
    for line in lines:
        asset = uuid.UUID(line.asset_id)
        before = found[asset].occurences if asset in found else 0
        found[asset] = CastPart(before + line.occurences, line.label)
    return found


def _in_entities(entity_ids: Any) -> Condition:
    return Where("entity_in_id", Op.IN, [str(id_) for id_ in entity_ids])


def _project_of(reader: Any, entity_id: str) -> str:
    query = Query(
        facet("Entity"), Projection((Output("project_id", "project_id"),)), Where("id", Op.EQ, entity_id)
    )
    found: str = orjson.loads(reader.one(query, ZOU))["project_id"]
    return found


# -- the routes ----------------------------------------------------------------------------------------------

_LINE = rows_called("CastLine", "EntityLink", _PROJECTION)
_BY_ENTITY: Schema = {"type": "object", "additionalProperties": listed(_LINE)}
_ENTITY: Mapping[str, Says] = {
    "get": Says("EntityLink", "The assets that an entity uses", listed(_LINE), text="By type and name."),
    "put": Says(
        "EntityLink",
        "Replace the assets that an entity uses",
        listed(_LINE),
        sends=CAST_LIST,
        text="The list as it is now.",
        refused=(404, 413),
    ),
}


def _kind(name: str) -> Condition:
    return Where("entity_in.kind", Op.EQ, name)


def _castings(
    path: str, summary: str, kind: str, owners: Mapping[str, tuple[str, str]]
) -> Named[CastingsOptions]:
    """A route of castings by entity; `owners` is argument -> (facet, path from the link)."""
    return Named(
        path,
        Castings,
        {"get": Says("EntityLink", summary, _BY_ENTITY, text="Entity id -> its lines.")},
        CastingsOptions(
            tuple((argument, owner) for argument, (owner, _) in owners.items()),
            tuple(way for _, way in owners.values()),
            _kind(kind),
        ),
    )


_IN_PROJECT = {"project_id": ("Project", "entity_in.project_id")}

ROUTES = (
    Named("/data/projects/<project_id>/entities/<entity_id>/casting", EntityCasting, _ENTITY),
    *(
        Named(f"/data/{plural}/<entity_id>/casting", EntityCasting, _ENTITY)
        for plural in ("assets", "shots", "episodes")
    ),
    Named(
        "/data/projects/<project_id>/entities/casting",
        ProjectCastings,
        {
            "put": Says(
                "EntityLink",
                "Replace the assets that several entities use",
                _BY_ENTITY,
                sends=by_id(CAST_LIST),
                text="Entity id -> its lines as they are now.",
                refused=(404, 413),
            )
        },
    ),
    Named(
        "/data/projects/<project_id>/entities/casting/assets/<asset_id>",
        CastAsset,
        {
            "put": Says(
                "EntityLink",
                "Put an asset into entities, or take it out of them",
                _BY_ENTITY,
                sends=AssetInEntities,
                text="Entity id -> its lines as they are now.",
                description="`nb_occurences` 0 takes it out; what is not said stays as it was.",
                refused=(404, 413),
            )
        },
    ),
    _castings(
        "/data/projects/<project_id>/asset-types/<asset_type_id>/casting",
        "The assets that the assets of a type use",
        "Asset",
        _IN_PROJECT | {"asset_type_id": ("EntityType", "entity_in[Entity].entity_type_id")},
    ),
    _castings(
        "/data/projects/<project_id>/episodes/casting",
        "The assets that the episodes of a project use",
        "Episode",
        _IN_PROJECT,
    ),
    _castings(
        "/data/projects/<project_id>/sequences/all/casting",
        "The assets that the shots of a project use",
        "Shot",
        _IN_PROJECT,
    ),
    _castings(
        "/data/projects/<project_id>/sequences/<sequence_id>/casting",
        "The assets that the shots of a sequence use",
        "Shot",
        _IN_PROJECT | {"sequence_id": ("Sequence", "entity_in[Entity].parent_id")},
    ),
    _castings(
        "/data/projects/<project_id>/episodes/<episode_id>/sequences/all/casting",
        "The assets that the shots of an episode use",
        "Shot",
        _IN_PROJECT | {"episode_id": ("Episode", "entity_in[Entity].episode_id")},
    ),
)
