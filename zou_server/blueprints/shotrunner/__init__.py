"""The ShotRunner dialect: the studio as ActiveResource objects, in JSON and XML.

It only translates. Names are in `vocabulary` and `overrides`, filters in `parameters`, bodies in
`writes`, the formats in `json_format` and `xml_format`, errors in `errors`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, g, request
from werkzeug.exceptions import default_exceptions

from zou_server.blueprints.shotrunner.errors import answer_domain_error, answer_http_error
from zou_server.blueprints.shotrunner.files.attachment_resources import (
    FILE_PATHS,
    AttachmentBelowResource,
    AttachmentResource,
    AttachmentsResource,
    ProjectResource,
    ProjectsResource,
)
from zou_server.blueprints.shotrunner.resources import (
    METHODS,
    BelowMemberResource,
    BelowResource,
    CollectionResource,
    CustomResource,
    MemberResource,
    ShotRunnerResource,
    Site,
)
from zou_server.blueprints.shotrunner.spelling import DIALECT
from zou_server.blueprints.shotrunner.vocabulary import vocabularies
from zou_server.blueprints.shotrunner.words.code_resources import CodeResource, CodesResource
from zou_server.blueprints.shotrunner.words.codes import PLURAL
from zou_server.blueprints.shotrunner.words.project_codes import (
    ProjectBelowMemberResource,
    ProjectBelowResource,
)
from zou_server.models.errors import DomainError, Unauthenticated
from zou_server.web import DialectApi

if TYPE_CHECKING:
    from collections.abc import Callable

    from zou_server.services.people.authenticate import Authenticator
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio

MOUNTS = ("", "/api/shotrunner")
"""Old scripts name absolute paths from the root; a site with a path reaches the same."""

PATHS: tuple[tuple[str, str, type[ShotRunnerResource]], ...] = (
    ("list", ".<extension>", CollectionResource),
    ("one", "/<int:number>.<extension>", MemberResource),
    ("custom", "/<name>.<extension>", CustomResource),
    ("new", "/new/<name>.<extension>", CustomResource),
    ("below", "/<int:number>/<name>.<extension>", BelowResource),
    ("below_one", "/<int:number>/<name>/<int:child_number>.<extension>", BelowMemberResource),
)
"""What every type has, behind its plural. None ends in a slash and none may redirect."""


OWN_RESOURCES: dict[tuple[str, str], type[ShotRunnerResource]] = {
    ("attachments", "list"): AttachmentsResource,
    ("attachments", "one"): AttachmentResource,
    ("attachments", "below"): AttachmentBelowResource,
    ("projects", "list"): ProjectsResource,
    ("projects", "one"): ProjectResource,
    ("projects", "below"): ProjectBelowResource,
    ("projects", "below_one"): ProjectBelowMemberResource,
    (PLURAL, "list"): CodesResource,
    (PLURAL, "one"): CodeResource,
}
"""Plural and name of a path -> what answers it where the objects are put together."""


def build_blueprint(
    studio: Studio, authenticator: Authenticator, storage: Storage, most_bytes: int
) -> Blueprint:
    """Return the dialect's blueprint; register it without a prefix."""
    blueprint = Blueprint(DIALECT, __name__)
    blueprint.before_request(logged_in(authenticator))
    blueprint.register_error_handler(DomainError, answer_domain_error)
    for status in default_exceptions:  # each by its number, or the application's own handlers would win
        blueprint.register_error_handler(status, answer_http_error)
    api = DialectApi(blueprint)
    for mount in MOUNTS:
        site = Site(studio, storage, mount, most_bytes, OWN_RESOURCES)
        for plural, vocabulary in vocabularies().items():
            for name, tail, resource in paths_of(plural):
                api.add_resource(
                    OWN_RESOURCES.get((plural, name), resource),
                    f"{mount}/{plural}{tail}",
                    endpoint=f"{'api_' if mount else ''}{plural}_{name}",
                    resource_class_args=(site, vocabulary),
                    methods=METHODS,
                    strict_slashes=True,
                    merge_slashes=False,
                )
    return blueprint


def paths_of(plural: str) -> list[tuple[str, str, type[ShotRunnerResource]]]:
    """The paths of a type: those of all, and those of files and pictures."""
    more = [(name, tail, resource) for name, plurals, tail, resource in FILE_PATHS if plural in plurals]
    return [*PATHS, *more]


def logged_in(authenticator: Authenticator) -> Callable[[], None]:
    """Return what proves the caller of each request: HTTP Basic, no session."""

    def prove() -> None:
        """Put the caller on the request; Unauthenticated (401) when there is no proof."""
        given = request.authorization
        if given is None or given.type != "basic" or not given.username:
            raise Unauthenticated("Log in with your login and password (HTTP Basic).")
        g.actor = authenticator.by_basic(given.username, given.password or "", client=DIALECT)

    return prove
