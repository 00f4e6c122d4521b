"""`GET /export/otio/...`: the cut of a sequence, an episode or a playlist as an editorial file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request

from zou_server.blueprints.zou.named import Named, NamedResource, Says
from zou_server.blueprints.zou.parameters import checked_id
from zou_server.description import Schema, parameter
from zou_server.models.errors import Invalid
from zou_server.services.exporters.cuts.export_cut import EXPORTED, CutExport, export_cut
from zou_server.services.production.name_clips import IN_EPISODE, IN_PROJECT
from zou_server.stored import disposition
from zou_server.web import current_actor

FORMATS: Mapping[str, str] = {
    # the extension: the type of its content
    "otio": "application/json",
    "edl": "text/plain",
    "xml": "application/xml",
}
PARAMETERS = frozenset({"format", "naming_convention", "start"})


@dataclass(frozen=True, slots=True)
class Exported:
    """Whose cut it is."""

    kind: str


class ExportTimeline(NamedResource[Exported]):
    """A cut as a file."""

    def get(self, **place: str) -> Response:
        """The file, which can be sent back to `/import/otio/...`."""
        (id_,) = map(checked_id, place.values())
        if unknown := sorted(request.args.keys() - PARAMETERS):
            raise Invalid(fields={name[:80]: ["unknown parameter"] for name in unknown})
        extension = request.args.get("format", "otio")
        if extension not in FORMATS:
            raise Invalid(fields={"format": [f"is none of {', '.join(FORMATS)}"]})
        actor = current_actor()
        convention = request.args.get("naming_convention", "")
        wanted = CutExport(self.options.kind, id_, convention, request.args.get("start", ""))
        timeline = export_cut(self.studio.read(actor), actor, wanted)
        content = self.parts.timelines.file(timeline, extension)
        named = {"Content-Disposition": disposition(f"{timeline.name}.{extension}", attachment=True)}
        return Response(content, content_type=f"{FORMATS[extension]}; charset=utf-8", headers=named)


_FILE: Schema = {media: {"schema": {"type": "string"}} for media in FORMATS.values()}
_TEXT = "The file: the last cut that was kept, else the shots in the order of their places."


def _says(kind: str) -> Says:
    return Says(
        kind,
        f"Export the cut of {'an' if kind == 'Episode' else 'a'} {kind.lower()} (OTIO, EDL, Final Cut XML)",
        {"type": "string"},
        media="application/json",
        text=_TEXT,
        also={200: {"description": _TEXT, "content": _FILE}},
        description="An import of the same file changes nothing. Shots without a length are left out and "
        "named in the file: in the metadata of an OTIO, in comments of the others.",
        parameters=(
            parameter("format", "query", {"type": "string", "enum": list(FORMATS)}, "otio where not said."),
            parameter(
                "naming_convention",
                "query",
                {"type": "string"},
                f"How clips are named; `{IN_PROJECT}`, in an episode `{IN_EPISODE}`, where not said.",
            ),
            parameter(
                "start",
                "query",
                {"type": "string"},
                "The timecode of the first frame, 01:00:00:00 where not said; with a semicolon drop-frame.",
            ),
        ),
        refused=(404,),
    )


ROUTES = tuple(
    Named(
        f"/export/otio/{kind.lower()}s/<{kind.lower()}_id>",
        ExportTimeline,
        {"get": _says(kind)},
        Exported(kind),
    )
    for kind in EXPORTED
)
