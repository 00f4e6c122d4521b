"""`Idempotency-Key` on POST: the same request sent again gets the first answer, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Response, request

from zou_server.services.write.remember_answer import remember, remembered, request_digest
from zou_server.web import json_text

if TYPE_CHECKING:
    from zou_server.services.write.unit_of_work import UnitOfWork


def answered_once(work: UnitOfWork, change: Callable[[], tuple[str, int]]) -> Response:
    """Run `change` (it returns JSON text and a status) and commit, unless this key was answered before."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        text, status = change()
        work.commit()
        return json_text(text, status)
    kept = remembered(work, key, request_digest(request.method, request.full_path, request.get_data()))
    if kept is not None:
        return json_text(kept.body, kept.status, {"Idempotent-Replayed": "true"})
    text, status = change()
    remember(work, key, status, text)
    work.commit()
    return json_text(text, status)
