"""Keys that a client sends and that mean nothing here: the body they come in, the key, and who sends it.

A body refuses every key that it does not know by its name. A line of this table is an exception: the key is
accepted, described as ignored, and not looked at. `ANY_KEY` lets a client send whatever else it has.
"""

from __future__ import annotations

from collections.abc import Mapping

ANY_KEY = "*"

CLIENT_KEYS: Mapping[str, Mapping[str, str]] = {
    # class of the body: key -> the client that sends it
    "CommentOnTask": {
        "attachment_files": "gazu.task.batch_comments",
        "preview_files": "gazu.task.batch_comments",
    },
}
