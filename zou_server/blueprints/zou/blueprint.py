"""The Zou dialect put together: every route, once for each prefix (`/` and `/api`)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint
from flask_restful import Resource

from zou_server.blueprints.zou.crud import Collection, Item
from zou_server.blueprints.zou.errors import register_errors
from zou_server.blueprints.zou.files.pictures import add_pictures
from zou_server.blueprints.zou.groups import NAMED
from zou_server.blueprints.zou.log_in.accounts import build_accounts
from zou_server.blueprints.zou.log_in.auth import AuthRoutes, build_auth_blueprint
from zou_server.blueprints.zou.log_in.tokens import load_actor
from zou_server.blueprints.zou.log_in.welcome import build_welcome, own_person, the_organisation
from zou_server.blueprints.zou.named import Parts
from zou_server.blueprints.zou.navigation import add_navigation
from zou_server.blueprints.zou.owned_lists import all_lists
from zou_server.blueprints.zou.people.persons import PersonItem, Persons
from zou_server.blueprints.zou.production.inventory import SalaryScales
from zou_server.blueprints.zou.production.open_project import Projects
from zou_server.blueprints.zou.review.shared_playlist import build_shared
from zou_server.blueprints.zou.vocabulary import wire_types
from zou_server.services.people.login_logs import record_login
from zou_server.services.people.tell_login import tell_login
from zou_server.web import DialectApi

READ_ONLY = frozenset({"ApiEvent"})
"""Types whose rows the server alone makes."""


OWN: Mapping[str, tuple[type[Collection], type[Item]]] = {
    "Person": (Persons, PersonItem),
    "Project": (Projects, Item),
    "SalaryScale": (SalaryScales, Item),
}
"""Types whose rows are made or changed by more than their columns."""

PREFIXES = (("zou", ""), ("zou_api", "/api"))
"""Kitsu and gazu say `/api`; scripts that speak to the server itself do not."""


def build_blueprints(parts: Parts) -> list[Blueprint]:
    """Every blueprint of the dialect; `init_tokens` must have been called on the application."""
    log_in = AuthRoutes(
        parts.authenticator,
        render_user=lambda actor: own_person(parts.studio, actor),
        render_organisation=lambda: the_organisation(parts.studio),
        record_login=partial(record_login, parts.studio.writes),
        tell_login=partial(tell_login, parts.studio),
        site_url=parts.site_url,
    )
    found = []
    for name, prefix in PREFIXES:
        found.append(build_blueprint(parts, name, prefix))
        found.append(build_auth_blueprint(log_in, f"{name}_auth", prefix))
        found.append(build_accounts(parts, f"{name}_accounts", prefix))
        found.append(build_shared(parts, f"{name}_shared", prefix))
        found.append(build_welcome(f"{name}_welcome", prefix, parts.studio, parts.config))
    return found


def build_blueprint(parts: Parts, name: str, prefix: str) -> Blueprint:
    """The `/data`, `/actions`, `/import` and `/pictures` routes under a prefix."""
    studio, page_size = parts.studio, parts.page_size
    blueprint = Blueprint(name, __name__, url_prefix=prefix)
    blueprint.before_request(load_actor)
    register_errors(blueprint)
    api = DialectApi(blueprint)

    def add(resource: type[Resource], path: str, root: str = "/data/", **options: Any) -> None:
        endpoint = f"{resource.__module__}:{resource.__name__}:{root}{path}".replace(".", "_")
        spellings = dict.fromkeys((f"{root}{path}", f"{root}{underscored(path)}"))
        api.add_resource(resource, *spellings, endpoint=endpoint, resource_class_kwargs=options)

    for path, wire in wire_types().items():
        kept = _read_only if wire.facet.name in READ_ONLY else _as_it_is
        collection, item = OWN.get(wire.facet.name, (Collection, Item))
        add(kept(collection), path, studio=studio, wire=wire, page_size=page_size)
        add(kept(item), f"{path}/<id>", studio=studio, wire=wire)
    add_navigation(add, all_lists(), studio, page_size)
    add_pictures(add, studio, parts.storage)
    for route in NAMED:
        add(route.resource, route.path, root="", parts=parts, named=route)
    return blueprint


def _as_it_is(resource: type[Resource]) -> type[Resource]:
    return resource


def _read_only(resource: type[Resource]) -> type[Resource]:
    return type(f"Read{resource.__name__}", (resource,), {"methods": {"GET"}})


def underscored(path: str) -> str:
    """The seed's spelling of a path: underscores in words, path arguments as they are."""
    return "/".join(part if part.startswith("<") else part.replace("-", "_") for part in path.split("/"))
