"""The shots that a scene stands for (gazu.scene.add_shot_to_scene)."""

from __future__ import annotations

from flask import Response

from zou_server.blueprints.zou.bodies import body, needed
from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.blueprints.zou.rows import committed_row, json_of, same, usual_rows
from zou_server.blueprints.zou.shapes import ID
from zou_server.description import listed, ref
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.services.write.operations import Update
from zou_server.web import current_actor

_SCENE = (("scene_id", "Scene"),)


@body
class ShotOfScene:
    """The shot that a scene stands for."""

    shot_id: str = needed(ID)


class SceneShots(NamedResource):
    """The shots of a scene."""

    def get(self, scene_id: str) -> Response:
        """All of them."""
        id_ = checked_id(scene_id)
        require_owners(self.studio, _SCENE, {"scene_id": id_})
        return json_of(usual_rows(self.studio.read(current_actor()), "Shot", same("source_id", id_)))

    def post(self, scene_id: str, sent: ShotOfScene) -> Response:
        """Add one; the answer is the shot."""
        ids = {"scene_id": checked_id(scene_id), "shot_id": sent.shot_id}
        require_owners(self.studio, (*_SCENE, ("shot_id", "Shot")), ids)
        with self.studio.write(current_actor()) as work:
            work.execute([Update(facet("Shot"), sent.shot_id, {"source_id": ids["scene_id"]})])
            return committed_row(work, "Shot", sent.shot_id, 201)


class SceneShot(NamedResource):
    """One shot of a scene."""

    def delete(self, scene_id: str, shot_id: str) -> Response:
        """Take it out of the scene."""
        here = (same("id", checked_id(shot_id)), same("source_id", checked_id(scene_id)))
        if not usual_rows(self.studio.read(current_actor()), "Shot", *here):
            raise NotFound("This shot is not of this scene.")
        with self.studio.write(current_actor()) as work:
            work.execute([Update(facet("Shot"), checked_id(shot_id), {"source_id": None})])
            work.commit()
        return Response(status=204)


ROUTES = (
    Named(
        "/data/scenes/<scene_id>/shots",
        SceneShots,
        {
            "get": Says("Scene", "List the shots of a scene", listed(ref("Shot")), text="The shots."),
            "post": Says(
                "Scene",
                "Add a shot to a scene",
                ref("Shot"),
                status=201,
                sends=ShotOfScene,
                text="The shot.",
                refused=(404, 413),
            ),
        },
    ),
    Named(
        "/data/scenes/<scene_id>/shots/<shot_id>",
        SceneShot,
        {"delete": Says("Scene", "Take a shot out of a scene", status=204, text="It is out.")},
    ),
)
