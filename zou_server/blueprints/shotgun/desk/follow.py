"""Following: whom a change of something interests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zou_server.blueprints.shotgun import errors
from zou_server.blueprints.shotgun.rows import answered, is_, rows_of
from zou_server.blueprints.shotgun.values import entity_parts, link
from zou_server.models.registry import facet
from zou_server.services.write.operations import Edit, Mode, Ref, Update

if TYPE_CHECKING:
    from zou_server.blueprints.shotgun.call import Call

FOLLOWED = "links:HumanUser/followed"


def _set(call: Call, mode: Mode, word: str) -> str:
    user, entity = call.request.get("user"), call.request.get("entity")
    type_name, number = entity_parts(user)
    if type_name != "HumanUser":
        raise errors.wrong_value("user", "expected a HumanUser", user)
    values = {FOLLOWED: Edit(mode, [link("entity", entity)])}
    with call.studio.write(call.actor) as work:
        work.execute([Update(facet("HumanUser"), Ref("Person", number), values)])
        work.commit()
    return answered({word: True, "user": user, "entity": entity})


def follow(call: Call) -> str:
    """Let a person follow something; once more is the same."""
    return _set(call, Mode.ADD, "followed")


def unfollow(call: Call) -> str:
    """Let a person follow something no more."""
    return _set(call, Mode.REMOVE, "unfollowed")


def followers(call: Call) -> str:
    """The people who follow something."""
    condition = is_("followed", call.request.get("entity"))
    entity_parts(call.request.get("entity"))
    found = rows_of(call, "HumanUser", [condition], ["name", "sg_status_list"])
    return answered(
        [
            {
                "type": "HumanUser",
                "id": each["id"],
                "name": each["name"],
                "status": each["sg_status_list"],
                "valid": "valid",
            }
            for each in found
        ]
    )


def following(call: Call) -> str:
    """The rows a person follows, all of them or those of a project or a type."""
    request = call.request
    _, number = entity_parts(request.get("user"))
    found = rows_of(call, "HumanUser", [is_("id", number)], ["followed"])
    if not found:
        raise errors.not_found("HumanUser", number)
    wanted = request.get("entity_type")
    links = [each for each in found[0]["followed"] if wanted in (None, each["type"])]
    if request.get("project"):
        links = _of_project(call, links, request["project"])
    return answered([{"type": each["type"], "id": each["id"]} for each in links])


def _of_project(call: Call, links: list[dict[str, Any]], project: Any) -> list[dict[str, Any]]:
    by_type: dict[str, list[int]] = {}
    for each in links:
        by_type.setdefault(each["type"], []).append(each["id"])
    kept = {
        (name, row["id"])
        for name, numbers in by_type.items()
        if "project" in call.type_in({"type": name}).fields
        for row in rows_of(call, name, [is_("id", numbers, "in"), is_("project", project)], [])
    }
    return [each for each in links if (each["type"], each["id"]) in kept]
