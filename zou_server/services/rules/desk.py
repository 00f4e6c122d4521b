"""What a person keeps for themselves: filters, subscriptions, log-ins of their computer."""

from __future__ import annotations

from zou_server.models.desk import SearchFilter
from zou_server.models.errors import Forbidden, Invalid
from zou_server.models.feed import Subscription
from zou_server.services.rules.author import sign
from zou_server.services.write.change import Change
from zou_server.services.write.context import Context
from zou_server.services.write.rulebook import Rule

SHARERS = frozenset({"admin", "manager", "supervisor"})


def place_subscription(context: Context, change: Change) -> None:
    """A subscription is about a task, or a step of an entity, and belongs to its project."""
    row = change.of(Subscription)
    about = row.task_id or row.entity_id
    if about is None:
        raise Invalid(fields={"task_id": ["is required, or entity_id with task_type_id"]})
    if row.task_id is None and row.task_type_id is None:
        raise Invalid(fields={"task_type_id": ["is required"]})
    if change.created or change.changed("task_id", "entity_id"):
        identity = context.targets.get(about)
        row.project_id = identity.project_id if identity else None


def share_filter(context: Context, change: Change) -> None:
    """Those who lead a team share filters with it."""
    row = change.of(SearchFilter)
    if not row.is_shared or not (change.created or change.changed("is_shared", "project_id")):
        return
    if context.actor.role_in(row.project_id) not in SHARERS:
        raise Forbidden("Those who lead a team share filters with it.")


OWN = Rule(before=(sign,))
"""What only its owner has: log-ins of a computer."""

FILTER = Rule(before=(sign, share_filter))
"""A search filter, or a group of them."""

SUBSCRIPTION = Rule(before=(sign, place_subscription))
"""Who wants to hear of a task."""
