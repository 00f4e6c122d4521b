"""May this actor do this to this row: the policy of its type, then the guard that its rule has for the role.

The tables are in `models/policies.py`; what a guard asks of the database is in `services/rules`.
Source: docs/protocols/zou.md 3.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from zou_server.models.errors import Forbidden
from zou_server.models.free_links import MANY, ONE, custom_name
from zou_server.models.policies import allowed, masked_fields, refused_fields, unsettable
from zou_server.models.registry import Facet, Kind
from zou_server.models.security_roles import unwritable
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Action, Asked


def authorise(
    context: Context,
    facet: Facet,
    verb: str,
    row: Any,
    project_id: uuid.UUID | None,
    values: Mapping[str, Any],
) -> None:
    """Raise Forbidden when the actor may not do this; values that the row has already do not count."""
    actor = context.actor
    role = actor.role_in(project_id)
    names = set(values) if verb == "create" else changed_names(facet, row, values)
    refused = _refused_by_policy(context, facet, verb, row, role, names)
    if actor.is_admin:
        return
    refused |= set(refused_fields(actor, role, facet.policy, names, row))
    if actor.closed_fields and "data" in facet.fields:
        given = _custom_values({} if verb == "create" else row.data or {}, values, names)
        closed = unwritable(actor, facet, row, given, project_id, context.facts)
        refused |= {f"data.{key}" for key in closed}
    guard = context.work.rulebook.rule(facet.model).guard.get(role or "")
    if guard is not None:
        refused |= guard(Asked(context, verb, row, {name: values[name] for name in names}))
    if refused:
        raise Forbidden(f"Your role does not let you set {', '.join(sorted(refused))} of a {facet.name}.")


def _custom_values(
    known: Mapping[str, Any], values: Mapping[str, Any], names: set[str]
) -> dict[str, tuple[Any, Any]]:
    """The custom fields that values set by their key or along a free link; without `data` all of them go.

    What the row is linked to by a link to many is not looked up: one that is given counts as changed.
    """
    given = dict(values["data"] or dict.fromkeys(known)) if "data" in names else {}
    given |= {name.removeprefix(ONE): value for name, value in values.items() if name.startswith(ONE)}
    pairs = {key: (known.get(key), value) for key, value in given.items()}
    many = {_key(name): (_UNKNOWN, value) for name, value in values.items() if name.startswith(MANY)}
    return {**pairs, **many}


_UNKNOWN = object()


def _key(name: str) -> str:
    return custom_name(name).removeprefix("data.")


def _refused_by_policy(
    context: Context, facet: Facet, verb: str, row: Any, role: str | None, names: set[str]
) -> set[str]:
    """The names that the policy lets nobody like the actor set; Forbidden when it does not know the verb."""
    if verb == "update":
        refused = unsettable(context.actor, role, facet.policy, names, row, context.facts)
        if refused is not None:
            return refused
    elif allowed(context.actor, role, facet.policy, verb, None if verb == "create" else row, context.facts):
        return set()
    where = " of another department" if (facet.policy, role) == ("task", "supervisor") else ""
    raise Forbidden(f"Your role does not let you {verb} a {facet.name}{where}.")


def authorise_move(context: Context, change: Change) -> None:
    """Forbidden when a row goes into a project where the actor may not make one like it."""
    project_id = context.project_of(change.facet, change.row)
    if change.created or project_id in (None, change.identity.project_id):
        return
    facet, actor = change.facet, context.actor
    if not allowed(actor, actor.role_in(project_id), facet.policy, "create", None):
        raise Forbidden(f"Your role does not let you move a {facet.name} there.")


def authorise_action(context: Context, action: Action, row: Any) -> None:
    """Raise Forbidden, with the action's own sentence, when its policy does not let the actor run it."""
    role = context.actor.role_in(context.rows.identity(row.id).project_id)
    if not allowed(context.actor, role, action.policy, action.may, row, context.facts):
        raise Forbidden(action.refusal)


def changed_names(facet: Facet, row: Any, values: Mapping[str, Any]) -> set[str]:
    """The names whose values differ from the row's; links to many are not compared."""
    fields, found = facet.fields, set()
    for name, value in values.items():
        if fields[name].kind is Kind.LINKS or getattr(row, name, None) != value:
            found.add(name)
    return found


def without_masks(context: Context, facet: Facet, values: dict[str, Any]) -> dict[str, Any]:
    """The values without the nulls that the actor was shown in place of what they may not see."""
    masked = masked_fields(context.actor)
    model = facet.model.__name__
    return {n: v for n, v in values.items() if v is not None or (model, n) not in masked}
