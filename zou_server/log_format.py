"""How a line of the log looks: as JSON or for people, whoever wrote it, with secrets blanked.

Kept apart from ``logs`` because gunicorn's parent process needs it, and must not import Flask before the
web processes have been made cooperative.
"""

from __future__ import annotations

import logging
import logging.config
import sys
import time
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson
import structlog

if TYPE_CHECKING:
    from collections.abc import Callable

    from zou_server.settings import Settings

SECRET_NAMES = frozenset(
    {"authorization", "cookie", "password", "token", "access_token", "refresh_token", "api_key", "script_key"}
)

EventDict = structlog.typing.EventDict


def init_logging(settings: Settings) -> None:
    """Send structlog's and every library's messages to standard error in the settings' format."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    logging.config.dictConfig(logging_config(settings))
    is_json = settings.log_format == "json"
    structlog.configure(
        processors=[*_common_processors(), _json_bytes if is_json else _readable_bytes],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.BytesLoggerFactory(file=sys.stderr.buffer),
        cache_logger_on_first_use=True,
    )


def logging_config(settings: Settings) -> dict[str, Any]:
    """Return the ``logging`` configuration that writes libraries' messages in the same form as ours."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "ours": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": [structlog.stdlib.add_logger_name, *_common_processors()],
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    _json_text if settings.log_format == "json" else _readable_text,
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "ours"}},
        "root": {"level": settings.log_level.upper(), "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": settings.log_level.upper(), "handlers": [], "propagate": True},
            "gunicorn.access": {"level": "WARNING", "handlers": [], "propagate": True},
            # They tell of each poll of the queue, and of each part of themselves as it loads.
            "procrastinate": {"level": "WARNING"},
            "alembic": {"level": "WARNING"},
            # ... and of each packet.
            "engineio": {"level": "WARNING"},
            "socketio": {"level": "WARNING"},
        },
    }


def request_logger(settings: Settings) -> Callable[[str, EventDict], None]:
    """Return what writes the one line of each request, at a level.

    It does only what that line needs (its keys are known and name no secret), because this is the one
    message whose cost everybody pays.
    """
    writes = _json_bytes if settings.log_format == "json" else _readable_bytes
    levels = logging.getLevelNamesMapping()
    least = levels[settings.log_level.upper()]
    write = structlog.BytesLogger(sys.stderr.buffer).msg

    def log(level: str, said: EventDict) -> None:
        if levels[level.upper()] >= least:
            said["event"], said["level"] = "request", level
            write(writes(None, "", _stamp(None, "", said)))

    return log


def _common_processors() -> list[Any]:
    """Return what happens to every message before it is written."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        _stamp,
        _blank_secrets,
        structlog.processors.format_exc_info,
    ]


def _stamp(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Add the time in UTC, to the millisecond."""
    now = time.time()
    second = int(now)
    event["time"] = f"{_second_as_text(second)}.{int((now - second) * 1000):03d}Z"
    return event


@lru_cache(maxsize=2)
def _second_as_text(second: int) -> str:
    """Return a second in UTC; many messages share one."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second))


def _blank_secrets(_logger: object, _name: str, event: EventDict) -> EventDict:
    """Replace the values of keys that name a secret."""
    for name in SECRET_NAMES & event.keys():
        event[name] = "***"
    return event


def _json_bytes(_logger: object, _name: str, event: EventDict) -> bytes:
    """Return the message as one line of JSON; what JSON has no word for is written as text."""
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS)


def _json_text(logger: object, name: str, event: EventDict) -> str:
    """Return the message as one line of JSON, as ``logging`` wants it."""
    return _json_bytes(logger, name, event).decode()


def _readable_text(_logger: object, _name: str, event: EventDict) -> str:
    """Return the message for people; values are quoted, so that none can forge a line."""
    moment, level, text = event.pop("time", ""), event.pop("level", ""), event.pop("event", "")
    trace = event.pop("exception", None)
    values = " ".join(f"{key}={value!r}" for key, value in event.items() if value is not None)
    line = f"{moment} {level:<7} {str(text).encode('unicode_escape').decode()} {values}".rstrip()
    return f"{line}\n{trace}" if trace else line


def _readable_bytes(logger: object, name: str, event: EventDict) -> bytes:
    """Return the message for people as bytes."""
    return _readable_text(logger, name, event).encode()
