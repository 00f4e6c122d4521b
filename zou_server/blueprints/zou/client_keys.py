"""Keys that a client sends and that mean nothing here: the body they come in, the key, and who sends it.

A body refuses every key that it does not know by its name. A line of this table is an exception: the key is
accepted, described as ignored, and not looked at. `ANY_KEY` lets a client send whatever else it has.
"""

from __future__ import annotations

from collections.abc import Mapping

ANY_KEY = "*"

CLIENT_KEYS: Mapping[str, Mapping[str, str]] = {
    # class of the body: key -> the client that sends it
    "CastLine": dict.fromkeys(
        (
            "id",
            "entity_id",
            "name",
            "asset_name",
            "asset_type_id",
            "asset_type_name",
            "preview_file_id",
            "ready_for",
            "episode_id",
            "project_id",
            "is_shared",
            "sequence_name",
        ),
        "Kitsu, which saves a line as it has read it",
    ),
    "PathRequest": {"comment": "scripts of 2017"},
    "WorkingFileOfTask": {"task_id": "gazu.files.new_working_file"},
    "ReadMark": {ANY_KEY: "gazu, which sends a row back as it has read it"},
    "ShotgunEntity": {ANY_KEY: "scripts, which send an entity as Shotgun returned it"},
    "CommentOnTask": {
        "attachment_files": "gazu.task.batch_comments",
        "preview_files": "gazu.task.batch_comments",
    },
}
