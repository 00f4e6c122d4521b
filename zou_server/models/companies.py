"""Whom people of other companies know: their own, those of the studio, and who shares a project with them.

Nothing of that is about anybody while no company is said to be the studio's own. Clients know clients of
their projects alone.
"""

from __future__ import annotations

from zou_server.models.actor import Actor
from zou_server.models.conditions import All, AnyOf, Condition, InQuery, Op, Output, Projection, Query, Where
from zou_server.models.registry import facet
from zou_server.models.studio_settings import PRIMARY

_ID = Projection((Output("id", "id"),))
SPONSOR = "link:shotrunner_sponsor"
"""The company that is responsible for a project."""


def is_outsider(actor: Actor) -> bool:
    """True for a vendor, of the studio or wherever they are on a team, and for who is of another company."""
    everywhere = actor.role == "user" and set(actor.project_roles.values()) == {"vendor"}
    return actor.role == "vendor" or everywhere or bool(actor.company_ids)


def known_people(actor: Actor, path: str = "id") -> Condition:
    """The id at a path is that of somebody whom an outsider knows."""
    terms: list[Condition] = [
        Where(path, Op.EQ, str(actor.person_id)),
        InQuery(path, Query(facet("Membership"), _ID, _mine(actor, "project_id")), "person_id"),
    ]
    if actor.company_ids:
        fellows = Where("studio_id", Op.IN, [str(each) for each in actor.company_ids])
        terms.append(InQuery(path, Query(facet("Person"), _ID, fellows), "id"))
    return AnyOf(tuple(terms))


def known_clients(actor: Actor, path: str = "id") -> Condition:
    """The id at a path is that of a client whom another one knows: of their projects, or who spoke there.

    Who else lets the studio work for them is nothing for them to know.
    """
    teams = InQuery("id", Query(facet("Membership"), _ID, _mine(actor, "project_id")), "person_id")
    said = Query(facet("Note"), _ID, _mine(actor, "project_id"))
    spoke = InQuery("id", said, "person_id", looked_up=True)
    fellows = All((Where("role", Op.EQ, "client"), AnyOf((teams, spoke))))
    oneself = Where(path, Op.EQ, str(actor.person_id))
    return AnyOf((oneself, InQuery(path, Query(facet("Person"), _ID, fellows), "id")))


def known_companies(actor: Actor, path: str = "id") -> Condition:
    """The id at a path is that of a company that an outsider knows: even the names of others are secret."""
    projects = Query(facet("Project"), _ID, _mine(actor, "id"))
    terms: list[Condition] = [
        InQuery(path, Query(facet("Person"), _ID, known_people(actor)), "studio_id"),
        InQuery(path, Query(facet("Studio"), _ID, Where(f"data.{PRIMARY}", Op.EQ, "true")), "id"),
        InQuery(path, projects, SPONSOR),
    ]
    if actor.company_ids:
        terms.append(Where(path, Op.IN, [str(each) for each in actor.company_ids]))
    return AnyOf(tuple(terms))


def _mine(actor: Actor, path: str) -> Condition:
    return Where(path, Op.IN, [str(project) for project in actor.project_roles])
