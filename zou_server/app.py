"""The composition root: makes the application out of its parts. Imports everything; nobody imports it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zou_server import logs
from zou_server.adapters.database import make_engine
from zou_server.adapters.editorial.timelines import OtioTimelines
from zou_server.adapters.jobs import JobQueue
from zou_server.adapters.media.local_media import LocalMedia
from zou_server.adapters.migrate import readiness_of
from zou_server.adapters.replica.read_only import ReadOnlyStorage, TimedWakeUps, refusing_engine
from zou_server.adapters.replica.reads import ReplicaReads
from zou_server.adapters.replica.watch import ReplicaWatch
from zou_server.adapters.sign_on import make_directory, make_providers
from zou_server.adapters.storage import make_storage
from zou_server.adapters.wake_ups import PostgresWakeUps
from zou_server.adapters.work_folders import LocalWorkFolders
from zou_server.adapters.worker_sockets import WorkerSockets
from zou_server.blueprints import ftrack, meta, shotgun, shotrunner
from zou_server.blueprints.ftrack import describe as ftrack_describe
from zou_server.blueprints.ftrack.hub.door import HubDoor
from zou_server.blueprints.ftrack.hub.hub import Hub
from zou_server.blueprints.meta import describe as meta_describe
from zou_server.blueprints.meta.docs import build_docs_blueprint
from zou_server.blueprints.meta.metrics import count_listeners, count_read, count_request, tell_replica
from zou_server.blueprints.shotgun import describe as shotgun_describe
from zou_server.blueprints.shotrunner import describe as shotrunner_describe
from zou_server.blueprints.zou.blueprint import build_blueprints as build_zou
from zou_server.blueprints.zou.describe_api import describe as zou_describe
from zou_server.blueprints.zou.errors import register_errors
from zou_server.blueprints.zou.live.live_events import make_live_server
from zou_server.blueprints.zou.log_in.single_sign_on import SingleSignOn
from zou_server.blueprints.zou.log_in.tokens import init_tokens
from zou_server.blueprints.zou.named import Parts
from zou_server.front_page import attach_front_page
from zou_server.live.live_door import LiveDoor
from zou_server.live.web_app import WebApp
from zou_server.models.base import Clock, utc_now
from zou_server.request_cycle import Application
from zou_server.safeguards import FrontDoor, attach_safeguards
from zou_server.server_timing import attach_server_timing
from zou_server.services.events.client_messages import HUB, ROOMS
from zou_server.services.people.admit import log_in_by_directory
from zou_server.services.people.authenticate import Authenticator, LoginRules
from zou_server.services.people.authenticate_read_only import ReadOnlyAuthenticator
from zou_server.services.people.mails import Post
from zou_server.services.rulebook import RULEBOOK
from zou_server.services.studio import Studio
from zou_server.services.write.unit_of_work import WAKE_UP_CHANNEL
from zou_server.web import FormRequest, MatchedRule, StrictJson

DESCRIPTIONS = (
    zou_describe.describe,
    shotgun_describe.describe,
    ftrack_describe.describe,
    shotrunner_describe.describe,
    meta_describe.describe,
)
"""What each dialect says of its routes, in the order to show them."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from zou_server.services.ports import WakeUps
    from zou_server.settings import Settings


def create_app(settings: Settings, now: Clock = utc_now) -> Application:
    """Return the application that serves all dialects of one studio."""
    reads = make_engine(settings, autocommit=True, statement_timeout=f"{settings.read_seconds}s")
    answers = _answers(settings, reads)
    writes = refusing_engine(settings) if settings.read_only else make_engine(settings)
    studio = Studio(reads, writes, RULEBOOK, JobQueue(), now, answers)
    authenticator = _authenticator(settings, studio)
    app = _bare_app(settings)
    app.extensions["studio"] = studio
    init_tokens(
        app, settings.secret_key, settings.access_token_hours, settings.refresh_token_days, authenticator
    )
    app.register_blueprint(
        meta.build_blueprint(
            why_not_ready=readiness_of(reads),
            metrics_token=settings.metrics_token,
            replica=None if answers is None else answers.watch.state,
        )
    )
    _speak_dialects(app, settings, _parts(settings, studio, authenticator))
    attach_front_page(app, settings.kitsu_url)
    app.register_blueprint(build_docs_blueprint(DESCRIPTIONS))
    events = _open_live_events(app, settings, studio, authenticator)
    if settings.web_app:
        store = (settings.s3_public_endpoint or settings.s3_endpoint) if settings.s3_link_seconds else ""
        app.wsgi_app = WebApp(app.wsgi_app, Path(settings.web_app), [store])  # type: ignore[method-assign]
    app.wsgi_app = FrontDoor(app.wsgi_app, events, settings.trusted_proxies)  # type: ignore[method-assign]
    return app


def _answers(settings: Settings, primary: Engine) -> ReplicaReads | None:
    """Where what people read goes when there is a replica."""
    if not settings.read_database_url:
        return None
    timeout = f"{settings.read_seconds}s"
    replica = make_engine(settings, autocommit=True, statement_timeout=timeout, replica=True)
    watch = ReplicaWatch(primary, settings.read_database_url, settings.replica_lag_seconds, tell_replica)
    return ReplicaReads(primary, replica, watch, count_read)


def _bare_app(settings: Settings) -> Application:
    """An application that answers nothing yet, with its logs, limits and errors."""
    app = Application("zou_server")
    app.json = StrictJson(app)
    app.request_class = FormRequest
    app.url_rule_class = MatchedRule
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    app.config["SILENCE_SECONDS"] = settings.silence_seconds
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    logs.attach(app, settings)
    if settings.server_timing:
        attach_server_timing(app)
    attach_safeguards(app, settings.trusted_proxies)
    app.last.append(count_request)
    register_errors(app)
    return app


def _parts(settings: Settings, studio: Studio, authenticator: Authenticator) -> Parts:
    """What the routes of the Zou dialect work with."""
    single_sign_on = SingleSignOn(make_providers(settings), settings.newcomer_role, settings.secret_key)
    return Parts(
        studio,
        authenticator,
        ReadOnlyStorage(make_storage(settings)) if settings.read_only else make_storage(settings),
        settings.page_size,
        LocalMedia(settings.ocio_configs),
        LocalWorkFolders(settings.work_dir),
        settings.max_upload_bytes,
        OtioTimelines(),
        Post(settings.secret_key),
        (settings.public_url or settings.kitsu_url or settings.url).rstrip("/"),
        single_sign_on,
        settings.public_url or settings.kitsu_url,
        _config(settings, single_sign_on),
    )


def _speak_dialects(app: Application, settings: Settings, parts: Parts) -> None:
    """Register the four dialects."""
    studio, authenticator, storage = parts.studio, parts.authenticator, parts.storage
    for blueprint in build_zou(parts):
        app.register_blueprint(blueprint)
    files = shotgun.Outside(
        storage, settings.secret_key, settings.max_upload_bytes, settings.shotgun_open_downloads
    )
    app.register_blueprint(shotgun.build_blueprint(studio, authenticator, files))
    app.register_blueprint(
        shotrunner.build_blueprint(studio, authenticator, storage, settings.max_upload_bytes)
    )
    outside = ftrack.Outside(
        storage, settings.secret_key, parts.post, parts.public_url, settings.cors_origins, settings.public_url
    )
    app.register_blueprint(ftrack.build_blueprint(studio, authenticator, outside))


def _authenticator(settings: Settings, studio: Studio) -> Authenticator:
    """What finds out who asks; it asks the studio's directory where there is one."""
    if settings.read_only:
        return ReadOnlyAuthenticator(studio.reads, studio.writes, settings.secret_key, login_rules(settings))
    directory = make_directory(settings)
    ask = None
    if directory is not None:
        ask = partial(log_in_by_directory, studio, directory, settings.newcomer_role)
    return Authenticator(studio.reads, studio.writes, settings.secret_key, login_rules(settings), ask)


def _config(settings: Settings, single_sign_on: SingleSignOn) -> dict[str, Any]:
    """What clients are told before log-in: the ways to log in."""
    found: dict[str, Any] = {"enforce_2fa": settings.enforce_2fa}
    for kind, provider in single_sign_on.providers.items():
        found |= {f"{kind}_enabled": True, f"{kind}_idp_name": provider.name}
    return found


def _open_live_events(
    app: Application, settings: Settings, studio: Studio, authenticator: Authenticator
) -> LiveDoor:
    """The door to events as they happen; the worker of a web process finds here what it starts and stops."""
    neighbours = WorkerSockets()
    of_events, of_hub = _wake_ups(settings, WAKE_UP_CHANNEL), _wake_ups(settings, HUB)
    hub = Hub(studio, of_events, of_hub)
    live = make_live_server(
        app,
        studio,
        of_events,
        _wake_ups(settings, ROOMS),
        lambda: neighbours.name,
        count_listeners,
    )
    live.stopped_with = hub.stop
    inside = HubDoor(app.wsgi_app, hub, authenticator, settings.secret_key)
    app.extensions["live-events"], app.extensions["neighbours"] = live, neighbours
    return LiveDoor(inside, live, neighbours)


def _wake_ups(settings: Settings, channel: str) -> Callable[[], WakeUps]:
    """What opens wake-ups of a channel; nobody is woken by a replica."""
    if settings.read_only:
        return TimedWakeUps
    return lambda: PostgresWakeUps(settings.direct_database_url or settings.database_url, channel)


def login_rules(settings: Settings) -> LoginRules:
    """How long log-ins last, from the settings."""
    return LoginRules(
        settings.access_token_hours,
        settings.refresh_token_days,
        settings.login_failures,
        settings.login_lock_seconds,
        settings.enforce_2fa,
        frozenset(settings.no_2fa_for.lower().replace(",", " ").split()),
    )
