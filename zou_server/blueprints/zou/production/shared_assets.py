"""`GET /data/projects/<p>/assets/shared-used`: assets of other productions that this one is made with."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.crud import list_rows
from zou_server.blueprints.zou.named import LISTING, Named, NamedResource, Says, rows_or_page
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import ListRequest, checked_id
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import one_of, ref
from zou_server.models.conditions import All, AnyOf, Condition, Op, Some, Where
from zou_server.models.registry import facet


class SharedAssets(NamedResource):
    """Shared assets that a project casts and that are another's."""

    def get(self, project_id: str, episode_id: str = "all") -> Response:
        """The assets, as in every list of them; Kitsu says `all` and `main` for an episode too."""
        id_ = checked_id(project_id)
        require_owners(self.studio, (("project_id", "Project"),), {"project_id": id_})
        shared = (
            Where("is_shared", Op.EQ, value=True),
            Some("entities_in", All((Where("project_id", Op.EQ, id_), *_of_episode(episode_id)))),
            Where("project_id", Op.NE, id_),
        )
        assets = ListRequest(condition=All(shared), page_size=self.parts.page_size)
        return list_rows(self.studio, wire_type(facet("Asset")), assets)


def _of_episode(word: str) -> tuple[Condition, ...]:
    """Used in an episode: by itself, or by a shot of it. `main` are those that no episode uses."""
    if word == "all":
        return ()
    if word == "main":
        return (Where("kind", Op.NE, "Episode"), Where("episode_id", Op.NULL))
    id_ = checked_id(word)
    return (AnyOf((Where("id", Op.EQ, id_), Where("episode_id", Op.EQ, id_))),)


_EPISODE = {"episode_id": {"anyOf": [ref("Id"), one_of(("all", "main"))]}}

ROUTES = (
    Named(
        "/data/projects/<project_id>/episodes/<episode_id>/assets/shared-used",
        SharedAssets,
        {
            "get": Says(
                "Asset",
                "List the shared assets that an episode uses",
                rows_or_page(ref("Asset")),
                parameters=LISTING,
            )
        },
        arguments=_EPISODE,
    ),
    Named(
        "/data/projects/<project_id>/assets/shared-used",
        SharedAssets,
        {
            "get": Says(
                "Asset",
                "List the shared assets that a project uses",
                rows_or_page(ref("Asset")),
                parameters=LISTING,
            )
        },
    ),
)
