"""The page of a review session, for guests who came by the link that was mailed to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from flask import Response, redirect, request
from itsdangerous import BadSignature, URLSafeSerializer

from zou_server.blueprints.ftrack.pages.page import page
from zou_server.models.errors import NotFound
from zou_server.services.playlists.review_session import ANSWERS, MOVIE, ReviewedItem, answer, open_session
from zou_server.stored import Download, send_opened

if TYPE_CHECKING:
    from zou_server.services.ports import Storage
    from zou_server.services.studio import Studio


class ReviewPages:
    """Gives guests their addresses, and answers at them."""

    def __init__(self, studio: Studio, storage: Storage, secret: str, site_url: str) -> None:
        self._studio, self._storage, self._site_url = studio, storage, site_url
        self._tokens = URLSafeSerializer(secret, salt="ftrack review sessions")

    def address(self, invitee_id: uuid.UUID) -> str:
        """The address of a guest's own page: it is mailed, so it is the one that people reach us at."""
        site = self._site_url or request.url_root
        return f"{site.rstrip('/')}/review/{self._tokens.dumps(str(invitee_id))}"

    def show(self, token: str) -> Response:
        """The session, as this guest sees it."""
        found = open_session(self._studio, self._guest(token))
        items = [self._item(token, each) for each in found.items]
        about = {"description": found.description, "project": found.project, "guest": found.guest}
        answers = list(ANSWERS.items())
        return page("review.html", theme="light", title=found.name, items=items, answers=answers, **about)

    def media(self, token: str, object_id: uuid.UUID) -> Response:
        """The movie or picture of a version in the session, or a range of it."""
        found = open_session(self._studio, self._guest(token))
        medium = next((each.medium for each in found.items if each.id == object_id), None)
        if medium is None:
            raise NotFound("There is nothing to play of this version.")
        opened = self._storage.open(medium.key)
        kind = "video/mp4" if medium.kind == MOVIE else "image/png"
        return send_opened(opened, Download("", kind))

    def answer(self, token: str, object_id: uuid.UUID) -> Any:
        """Keep what the guest says of a version, and show the page again."""
        answer(self._studio, self._guest(token), object_id, request.form.get("status", ""))
        return redirect(f"{request.script_root}/review/{token}", 303)

    def _guest(self, token: str) -> uuid.UUID:
        try:
            return uuid.UUID(self._tokens.loads(token))
        except (BadSignature, ValueError):
            raise NotFound("There is no such review session, or it is over.") from None

    @staticmethod
    def _item(token: str, item: ReviewedItem) -> dict[str, Any]:
        below = f"{request.script_root}/review/{token}/{item.id}"
        return {
            "name": item.name,
            "version": item.version,
            "description": item.description,
            "kind": item.medium.kind if item.medium else "",
            "media": f"{below}/media",
            "answer": below,
            "status": item.status,
            "said": ANSWERS.get(item.status or "", item.status),
        }
