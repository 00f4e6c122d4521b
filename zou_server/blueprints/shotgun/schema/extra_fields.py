"""Fields of Shotgun's that we hold no attribute of their own for."""

from __future__ import annotations

from collections.abc import Mapping

from zou_server.blueprints.shotgun.schema.said import Said, many
from zou_server.models.cuts import FRAMES, SUMMARIES
from zou_server.models.versions import MOVIE_RATE, TRANSCODING

EXTRAS: Mapping[tuple[str, str], Said] = {
    **{
        ("Entity", name): Said("follows from what is noted", data_type=data_type, path=name, write="")
        for data_type, names in (("number", FRAMES), ("text", SUMMARIES))
        for name in names
    },
    ("Shot", "sg_cut_in"): Said(
        "frames are custom fields with us",
        data_type="number",
        path="data.frame_in::number",
        style="number",
        write="data",
        writer="custom",
    ),
    ("Shot", "sg_cut_out"): Said(
        "frames are custom fields with us",
        data_type="number",
        path="data.frame_out::number",
        style="number",
        write="data",
        writer="custom",
    ),
    ("Asset", "sg_asset_type"): Said(
        "the type of an asset is a list there",
        data_type="list",
        path="entity_type.own_name",
        write="entity_type_id",
        writer="value_of",
        source=("AssetType", "name"),
    ),
    **{
        ("Version", f"sg_uploaded_movie_{name}"): Said(
            "made of it, or sent by whoever makes it elsewhere",
            data_type="url",
            path="preview_file_id",
            style=f"{name}_of_preview",
            write=f"data.sg_uploaded_movie_{name}",
            writer="url",
        )
        for name in ("mp4", "webm")
    },
    ("Version", "sg_uploaded_movie"): Said(
        "what was uploaded here, else what another client shows for the version",
        data_type="url",
        path="preview_file_id",
        style="file_of_preview",
        write="data.sg_uploaded_movie",
        writer="url",
    ),
    ("Version", "filmstrip_image"): Said(
        "made of its movie",
        data_type="image",
        path="preview_file_id",
        style="strip_of_preview",
        write="data.filmstrip_image",
        writer="no_image",
    ),
    ("Version", MOVIE_RATE): Said(
        "the movie's own", data_type="float", path="movie_rate", write=f"data.{MOVIE_RATE}", writer="custom"
    ),
    ("Version", TRANSCODING): Said(
        "how far that is",
        data_type="number",
        path="transcoding",
        write=f"data.{TRANSCODING}",
        writer="custom",
    ),
    ("Task", "duration"): Said(
        "the work time between the dates",
        data_type="duration",
        path="planned_duration",
        style="minutes",
        write="planned_duration",
        writer="plain",
    ),
    ("Task", "time_vs_est"): Said(
        "planned minutes less those logged", data_type="duration", path="time_left", style="minutes", write=""
    ),
    ("Task", "time_percent_of_est"): Said(
        "whole percents", data_type="percent", path="time_share", style="minutes", write=""
    ),
    ("TaskTemplate", "task_count"): Said(
        "its tasks have no project", data_type="number", path="task_count", write=""
    ),
    ("TaskDependency", "task_id"): Said(
        "the number of the task", data_type="number", path="from.number", write=""
    ),
    ("TaskDependency", "dependent_task_id"): Said(
        "the number of the task", data_type="number", path="to.number", write=""
    ),
    ("Attachment", "this_file"): Said(
        "where it is", data_type="url", style="own_file", path="id", write="this_file", writer="this_file"
    ),
    ("Location", "uuid"): Said("our own id", data_type="uuid", path="id", write=""),
    **{(kind, "sg_versions"): many("versions") for kind in ("Asset", "Shot", "Sequence")},
    **{(kind, "sg_published_files"): many("publishes") for kind in ("Asset", "Shot", "Sequence")},
    ("Task", "sg_versions"): many("takes"),
    ("Shot", "assets"): many("entities_out[Asset]", "entities_out"),
    ("Sequence", "shots"): many("children[Shot]"),
    ("Sequence", "scenes"): many("children[Scene]"),
    ("Sequence", "assets"): many("entities_out[Asset]", "entities_out"),
    ("Scene", "assets"): many("entities_out[Asset]", "entities_out"),
    ("Episode", "sequences"): many("children[Sequence]"),
    ("Episode", "assets"): many("entities_out[Asset]", "entities_out"),
    ("Asset", "assets"): many("entities_out[Asset]", "entities_out"),
    ("Asset", "parents"): many("entities_in[Asset]"),
    ("Asset", "shots"): many("entities_in[Shot]"),
    ("Asset", "sequences"): many("entities_in[Sequence]"),
    ("Asset", "scenes"): many("entities_in[Scene]"),
    ("Asset", "elements"): many("entities_in[Element]"),
    ("Element", "assets"): many("entities_out[Asset]", "entities_out"),
    ("Ticket", "replies"): many("answers"),
    ("Department", "users"): many("people", "people"),
    ("HumanUser", "password_proxy"): Said(
        "secrets are never read", data_type="password", style="secret", write="password", writer="password"
    ),
    ("EventLog", "event_type"): Said(
        "made of the type and the action",
        data_type="text",
        path="action",
        style="event_type",
        write="",
        special="event_type",
        order=("kind", "action"),
    ),
    ("EventLog", "meta"): Said(
        "old and new value in Shotgun's words",
        data_type="serializable",
        path="new",
        style="meta",
        write="",
    ),
    ("EventLog", "description"): Said(
        "a sentence about the event",
        data_type="text",
        path="object_name",
        style="sentence",
        write="",
    ),
}
