"""`POST /import/otio/projects/<id>`: an editorial file as shots, as gazu.shot.import_otio sends it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from pathlib import PurePosixPath

import orjson
from flask import Response, request
from werkzeug.datastructures import FileStorage

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.navigation import require_owners
from zou_server.blueprints.zou.parameters import boolean, checked_id
from zou_server.blueprints.zou.spelling import ZOU
from zou_server.blueprints.zou.vocabulary import wire_type
from zou_server.description import listed, or_null, parameter, ref, thing
from zou_server.footage.frame_rate import FrameRate
from zou_server.models.conditions import Op, Order, Query, Where
from zou_server.models.errors import Invalid
from zou_server.models.registry import facet
from zou_server.services.importers.cuts.apply_cut import CutRules
from zou_server.services.importers.cuts.compare_cut import KINDS
from zou_server.services.importers.cuts.import_cut_table import import_cut_table
from zou_server.services.importers.cuts.import_timeline import import_timeline
from zou_server.services.importers.cuts.take_cut import TimelineImport, rate_of
from zou_server.services.importers.tables.read_table import TableFile
from zou_server.services.ports import Clip
from zou_server.services.production.name_clips import IN_EPISODE, IN_PROJECT
from zou_server.web import current_actor, json_text

FIELDS = frozenset({"naming_convention", "match_case", "validate", "gone", "handles"})
TABLES = frozenset({"csv", "tsv", "xlsx"})
"""Extensions of spreadsheets, whose lines are shots."""

GONE = {"keep": False, "omit": True}
"""What becomes of shots that were in the last cut of their sequence and are not in this one."""

OWNERS = (("project_id", "Project"), ("episode_id", "Episode"))


class ImportTimeline(NamedResource):
    """A file of clips, sent into a project or an episode of it."""

    def post(self, **place: str) -> Response:
        """The shots that were made and changed; clips that are no shots are told of."""
        ids = {name: checked_id(value) for name, value in place.items()}
        require_owners(self.studio, tuple(owner for owner in OWNERS if owner[0] in ids), ids)
        project = uuid.UUID(ids["project_id"])
        episode = uuid.UUID(ids["episode_id"]) if "episode_id" in ids else None
        convention, rules = _form(IN_EPISODE if episode else IN_PROJECT)
        take = self._taken(project, convention)
        with self.studio.write(current_actor()) as work:
            found = take(work, project, episode_id=episode, rules=rules)
            if not rules.validate:
                work.commit()
        return json_text(self._said(found))

    def _taken(self, project: uuid.UUID, convention: str) -> Callable[..., TimelineImport]:
        """What takes the cut that was sent: a spreadsheet, or a file of clips."""
        with self.studio.write(current_actor()) as work:
            rate = rate_of(work, project)
        sent = request.files.get("file")
        if sent is None:
            raise Invalid("The form has no field 'file'.", {"file": ["is not in the form"]})
        extension = PurePosixPath(sent.filename or "").suffix.lower().removeprefix(".")
        if extension in TABLES:
            table = TableFile(sent.read(), sent.mimetype_params.get("charset", ""))
            return partial(import_cut_table, file=table)
        return partial(import_timeline, clips=self._clips(sent, extension, rate), convention=convention)

    def _clips(self, sent: FileStorage, extension: str, rate: FrameRate) -> list[Clip]:
        with self.parts.folders.folder() as folder:
            path = folder / "timeline"
            sent.save(path)
            return self.parts.timelines.clips(path, extension, rate)

    def _said(self, found: TimelineImport) -> str:
        skipped = orjson.dumps([asdict(each) for each in found.skipped]).decode()
        created, updated = self._shots(found.created), self._shots(found.updated)
        changes = orjson.dumps([change.said() for change in found.changes]).decode()
        cuts = orjson.dumps([str(id_) for id_ in found.cuts]).decode()
        return (
            f'{{"created_shots":[{created}],"updated_shots":[{updated}],"skipped_clips":{skipped},'
            f'"changes":{changes},"cuts":{cuts}}}'
        )

    def _shots(self, ids: list[uuid.UUID]) -> str:
        shot = facet("Shot")
        where = Where("id", Op.IN, [str(id_) for id_ in ids])
        query = Query(shot, wire_type(shot).projection(), where, (Order("created_at"),))
        return self.studio.read(current_actor()).page(query, ZOU).text


def _form(usual: str) -> tuple[str, CutRules]:
    """The convention that names clips, and how the cut is taken; the rules may be in the query string too."""
    given = {**request.form.to_dict(), **request.args.to_dict()}
    unknown = sorted(given.keys() - FIELDS)
    if unknown:
        raise Invalid(fields={name[:80]: ["unknown field"] for name in unknown})
    gone = given.get("gone", "keep")
    if gone not in GONE:
        raise Invalid(fields={"gone": [f"is none of {', '.join(GONE)}"]})
    rules = CutRules(
        boolean(given.get("match_case", "true"), "match_case"),
        boolean(given.get("validate", "false"), "validate"),
        GONE[gone],
        _handles(given.get("handles", "")),
    )
    return given.get("naming_convention") or usual, rules


def _handles(text: str) -> int | None:
    """Frames of handles at each end of a shot; None when nothing is said of them."""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 4:  # noqa: PLR2004 - the digits of 9999
        raise Invalid(fields={"handles": ["is not a number of frames"]})
    return int(text)


_CHANGE = thing(
    {
        "kinds": listed({"type": "string", "enum": list(KINDS)}),
        "shot": {"type": "string"},
        "sequence": {"type": "string"},
        "id": or_null({"type": "string"}),
        "before": or_null({"type": "object"}),
        "after": or_null({"type": "object"}),
        "old_name": {"type": "string"},
    },
    ("kinds", "shot", "sequence", "id", "before", "after"),
)
_SAYS = {
    "post": Says(
        "Shot",
        "Import an editorial file (EDL, OTIO, Final Cut XML, AAF, CSV, XLSX)",
        thing(
            {
                "created_shots": listed(ref("Shot")),
                "updated_shots": listed(ref("Shot")),
                "skipped_clips": listed(
                    thing(
                        {key: {"type": "string"} for key in ("name", "reason", "event")}
                        | {"line": {"type": "integer"}}
                    )
                ),
                "changes": listed(_CHANGE),
                "cuts": listed({"type": "string", "format": "uuid"}),
            },
            ("created_shots", "updated_shots", "skipped_clips", "changes", "cuts"),
        ),
        text="The shots that were made, those whose cut changed, and the clips that are no shots.",
        description=f"Clips are known by their names: `{IN_PROJECT}`, in an episode `{IN_EPISODE}`. "
        "`changes` says what is different from the last cut of each sequence, "
        "shot by shot, `cuts` which cuts are kept. A spreadsheet has columns Sequence, Name, Frame In and "
        "Frame Out or Frames, perhaps Episode, Source In, Source Out, Speed and Reel, as exports do.",
        parameters=(
            parameter("validate", "query", {"type": "boolean"}, "true compares, and changes nothing."),
            parameter(
                "gone",
                "query",
                {"type": "string", "enum": list(GONE)},
                "omit: shots of the last cut that are not in this one are omitted (their status says so), "
                "and reinstated when they come back.",
            ),
            parameter("handles", "query", {"type": "integer"}, "Frames at each end that are not in the cut."),
        ),
        form=thing(
            {
                "file": {"type": "string", "format": "binary"},
                "naming_convention": {"type": "string"},
                "match_case": {"type": "string"},
                "validate": {"type": "string"},
                "gone": {"type": "string"},
                "handles": {"type": "string"},
            },
            ("file",),
        ),
        refused=(404, 413),
    )
}

ROUTES = (
    Named("/import/otio/projects/<project_id>", ImportTimeline, _SAYS),
    Named("/import/otio/projects/<project_id>/episodes/<episode_id>", ImportTimeline, _SAYS),
)
