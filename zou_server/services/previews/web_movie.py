"""What Shotgun's clients expect beside the movie of a version: a WebM of it, and a strip of its frames.

Made in a job of its own, after the movie that everybody looks at: that one is not to wait.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import All, Op, Output, Projection, Query, Where
from zou_server.models.errors import NotFound
from zou_server.models.registry import facet
from zou_server.query.spelling import Spelling
from zou_server.services.previews.keys import movie_key
from zou_server.services.write.operations import Act

if TYPE_CHECKING:
    from zou_server.services.previews.process_preview import Take, Workshop

_ID = Projection((Output("id", "id"),))
_PLAIN = Spelling()


def make_web_movie(workshop: Workshop, take: Take) -> None:
    """Make both of a movie that is ready; nothing when it is gone, or got another file."""
    if not _is_wanted(workshop, take):
        return
    with suppress(NotFound), workshop.folders.folder() as folder:
        with workshop.storage.local_copy(movie_key("low", take.id)) as movie:
            made = {
                "web": workshop.media.web_movie(movie, folder),
                "strip": workshop.media.strip(movie, folder),
            }
        for size, path in made.items():
            with path.open("rb") as stream:
                workshop.storage.put(movie_key(size, take.id), stream)
        with workshop.studio.write(SYSTEM) as work:
            said = {"source_key": take.source_key, "outcome": "for the web"}
            work.execute([Act("settle_preview", facet("PreviewFile"), take.id, said)])
            work.commit()


def _is_wanted(workshop: Workshop, take: Take) -> bool:
    terms = {"id": str(take.id), "source_key": take.source_key, "status": "ready", "is_movie": True}
    where = All(tuple(Where(name, Op.EQ, value) for name, value in terms.items()))
    return workshop.studio.read(SYSTEM).one(Query(facet("PreviewFile"), _ID, where), _PLAIN) is not None
