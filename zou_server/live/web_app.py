"""A built single-page application, such as Kitsu, at `/` beside the API: files, and index.html for its pages.

It stands before the application. A file of the folder is sent as it is; a page that a browser asks for by
its address (a navigation) is index.html; everything else is the API's. Paths of the API are never pages.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.utils import safe_join
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

INDEX = "index.html"
NOT_PAGES = ("/api", "/socket.io", "/docs", "/openapi.json", "/metrics", "/health", "/ready")
"""Where the API is; every other address may be a page of the application."""

HASHED = re.compile(r"[.-][0-9A-Za-z_-]{8,}\.[a-z0-9]{2,5}\Z")
"""Names that a build makes of what is in the file (`index-BX3k9d2f.js`): what is under them never changes."""

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
COMPRESSED = frozenset(
    {
        "text/html",
        "text/css",
        "text/javascript",
        "application/javascript",
        "application/json",
        "image/svg+xml",
        "application/wasm",
        "text/plain",
        "application/manifest+json",
    }
)
LEAST_TO_COMPRESS, MOST_KEPT = 1024, 64 * 1024 * 1024
_INLINE = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CompressedFile:
    """A compressed file, for as long as the file is the same."""

    version: str
    content: bytes


class WebApp:
    """A WSGI application: the files of a folder, and another application for everything else.

    `elsewhere` are addresses of other servers that pictures and movies may come from (a file store).
    """

    def __init__(self, app: WSGIApplication, folder: Path, elsewhere: Iterable[str] = ()) -> None:
        self._app, self._folder = app, folder
        self._elsewhere = " ".join(sorted({origin_of(each) for each in elsewhere if each}))
        self._kept: dict[Path, CompressedFile] = {}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Send a file or a page, or leave the request to the application."""
        request = Request(environ)
        found = self._found(request) if request.method in ("GET", "HEAD") else None
        return (
            self._app(environ, start_response)
            if found is None
            else self._sent(request, found)(environ, start_response)
        )

    def _found(self, request: Request) -> Path | None:
        """The file that answers a request; None for one that is the API's."""
        path = request.path
        if any(path == each or path.startswith(f"{each}/") for each in NOT_PAGES):
            return None
        name = safe_join(str(self._folder), path.lstrip("/"))
        if path != "/" and name is not None and Path(name).is_file():
            return Path(name)
        return self._folder / INDEX if _is_navigation(request) else None

    def _sent(self, request: Request, path: Path) -> Response:
        facts = path.stat()
        version = f"{facts.st_mtime_ns:x}-{facts.st_size:x}"
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        answer = Response(mimetype=media_type, headers=self._headers(path))
        answer.set_etag(version)
        answer.vary.add("Accept-Encoding")
        if request.if_none_match.contains(version):
            answer.status_code = 304
            return answer
        content = self._content(request, answer, path, version)
        answer.set_data(content)
        return answer.make_conditional(request, accept_ranges=True, complete_length=len(content))

    def _content(self, request: Request, answer: Response, path: Path, version: str) -> bytes:
        """What is sent of a file: compressed where that helps and the browser takes it."""
        raw = path.read_bytes()
        fits = (
            answer.mimetype in COMPRESSED and len(raw) >= LEAST_TO_COMPRESS and "Range" not in request.headers
        )
        if not fits or "gzip" not in request.headers.get("Accept-Encoding", ""):
            return raw
        kept = self._kept.get(path)
        if kept is None or kept.version != version:
            kept = CompressedFile(version, gzip.compress(raw, 6, mtime=0))
            if sum(len(each.content) for each in self._kept.values()) < MOST_KEPT:
                self._kept[path] = kept
        answer.headers["Content-Encoding"] = "gzip"
        return kept.content

    def _headers(self, path: Path) -> Mapping[str, str]:
        shared = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
        if path.suffix == ".html":
            return {**shared, "Cache-Control": ASK_AGAIN, "Content-Security-Policy": self._policy}
        return {**shared, "Cache-Control": FOR_EVER if HASHED.search(path.name) else ASK_AGAIN}

    @cached_property
    def _policy(self) -> str:
        """What the pages may load: what comes from here, and the scripts that index.html itself holds."""
        scripts = " ".join(
            f"'sha256-{base64.b64encode(hashlib.sha256(each).digest()).decode()}'"
            for each in _INLINE.findall((self._folder / INDEX).read_bytes())
            if each.strip()
        )
        media = f"'self' data: blob: {self._elsewhere}".strip()
        rules = {
            "default-src": "'self'",
            "script-src": f"'self' 'wasm-unsafe-eval' {scripts}".strip(),
            "style-src": "'self' 'unsafe-inline'",  # Kitsu colours what it shows by style attributes
            "font-src": "'self' data:",
            "img-src": media,
            "media-src": media,
            "connect-src": f"{media} ws: wss:",
            "worker-src": "'self' blob:",
            "frame-src": "'self' blob:",
            "object-src": "'none'",
            "base-uri": "'self'",
            "form-action": "'self'",
            "frame-ancestors": "'self'",
        }
        return "; ".join(f"{name} {value}" for name, value in rules.items())


def _is_navigation(request: Request) -> bool:
    """True when a browser asks for a page: by what it says of the request, else by what it takes."""
    asked = request.headers.get("Sec-Fetch-Mode")
    if asked is not None:
        return asked == "navigate"
    return "text/html" in request.headers.get("Accept", "")


def origin_of(address: str) -> str:
    """The scheme and host of an address, as a policy names it."""
    found = urlsplit(address)
    return f"{found.scheme}://{found.netloc}"
