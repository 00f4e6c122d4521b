"""A component made playable in browsers: movies and a picture of it, made in a job as further components.

What the job makes is written in the name of who asked for it, with the rights of that moment, and all at
once: until then the components that the job's data announce are not there.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from zou_server.models.actor import SYSTEM
from zou_server.models.conditions import Op, Output, Projection, Query, Where
from zou_server.models.errors import DomainError, Invalid, NotFound, Unavailable
from zou_server.models.project import Project
from zou_server.models.registry import facet
from zou_server.models.teamwork import ClientJob
from zou_server.models.versions import Version
from zou_server.query.spelling import Spelling
from zou_server.services.files.component_bytes import LOCATION, component_file, component_key
from zou_server.services.people.act_for import actor_of
from zou_server.services.ports import MovieShape, Rendered
from zou_server.services.previews.formats import MediaForm, review_form
from zou_server.services.previews.image_sequence import ARCHIVE, is_sequence
from zou_server.services.previews.player_facts import FACTS, movie_facts, picture_facts
from zou_server.services.previews.progress import Progress
from zou_server.services.previews.review_component import copy_for_review, review_component
from zou_server.services.previews.shape import shape_of_project
from zou_server.services.write.operations import Create, Delete, Operation, Update

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.ports import Storage
    from zou_server.services.previews.process_preview import Workshop
    from zou_server.services.write.unit_of_work import UnitOfWork

TASK = "encode_component"
_PLAIN = Spelling()
_ID = Projection((Output("id", "id"),))


@dataclass(frozen=True, slots=True)
class OutputForm:
    """One thing that is made: which rendition it is, and what its component is called."""

    place: str
    name: str
    file_type: str
    media_type: str


FORMS: Mapping[MediaForm, Sequence[OutputForm]] = {
    MediaForm.MOVIE: (
        OutputForm("movies/originals", "ftrackreview-mp4", ".mp4", "video/mp4"),
        OutputForm("movies/web", "ftrackreview-webm", ".webm", "video/webm"),
        OutputForm("pictures/previews", "thumbnail", ".png", "image/png"),
    ),
    MediaForm.PICTURE: (
        OutputForm("pictures/originals", "ftrackreview-image", ".png", "image/png"),
        OutputForm("pictures/previews", "thumbnail", ".png", "image/png"),
    ),
}
"""What is made of a movie, and of a picture."""


def _form(extension: str) -> MediaForm:
    """What a file that is encoded is: only archives of numbered pictures are."""
    return review_form(extension, has_frames=extension == ARCHIVE)


@dataclass(frozen=True, slots=True)
class Encoding:
    """One request: what is encoded, for which version, and the ids of the components to be."""

    job_id: uuid.UUID
    component_id: uuid.UUID
    version_id: uuid.UUID | None
    person_id: uuid.UUID
    extension: str
    keep_original: bool
    made: Sequence[uuid.UUID]

    @property
    def forms(self) -> Sequence[OutputForm]:
        """The forms made of such a file."""
        return FORMS[_form(self.extension)]

    def arguments(self) -> dict[str, object]:
        """As the arguments of a job."""
        return {
            "job_id": str(self.job_id),
            "component_id": str(self.component_id),
            "version_id": None if self.version_id is None else str(self.version_id),
            "person_id": str(self.person_id),
            "extension": self.extension,
            "keep_original": self.keep_original,
            "made": [str(each) for each in self.made],
        }

    def details(self, **more: Any) -> str:
        """The facts that the job gives of itself."""
        announced = [
            {"format": form.media_type, "component_id": str(id_)}
            for form, id_ in zip(self.forms, self.made, strict=True)
        ]
        about = {"source_component_id": str(self.component_id), "keep_original": self.keep_original}
        return orjson.dumps({"output": announced, **about, **more}).decode()


def encoding_of(arguments: Mapping[str, Any]) -> Encoding:
    """The request that the arguments of a job speak of."""
    ids = {name: uuid.UUID(arguments[name]) for name in ("job_id", "component_id", "person_id")}
    version = arguments["version_id"]
    return Encoding(
        **ids,
        version_id=None if version is None else uuid.UUID(version),
        extension=arguments["extension"],
        keep_original=arguments["keep_original"],
        made=[uuid.UUID(each) for each in arguments["made"]],
    )


# -- asking for it -------------------------------------------------------------------------------------------


def order_encoding(
    work: UnitOfWork,
    storage: Storage,
    component_id: uuid.UUID,
    version_id: uuid.UUID | None,
    *,
    keep_original: bool,
) -> uuid.UUID:
    """Have a component encoded; the id of the job that tells how far it is."""
    file = component_file(work.read, component_id)
    key, extension = file.key, file.extension
    if _form(extension) not in FORMS:
        raise Invalid(f"Files of the type '.{extension}' are neither movies nor pictures.")
    if not storage.exists(key):
        raise NotFound(f"The file of Component {component_id} is not at this server.")
    if extension == ARCHIVE and not is_sequence(storage, key, extension):
        raise Invalid("The archive holds no sequence of numbered pictures.")
    if version_id is not None:
        _require_version(work, version_id)
    if not keep_original:
        work.execute([Update(facet("Component"), component_id, {})])  # whoever may not is refused here
    forms = FORMS[_form(extension)]
    person = work.actor.person_id
    encoding = Encoding(
        uuid.uuid4(),
        component_id,
        version_id,
        person,
        extension,
        keep_original,
        [uuid.uuid4() for _ in forms],
    )
    values = {"details": encoding.details(), "person_id": str(person)}
    work.execute([Create(facet("ClientJob"), values, id=encoding.job_id)])
    work.defer(TASK, encoding.arguments())
    return encoding.job_id


def _require_version(work: UnitOfWork, version_id: uuid.UUID) -> None:
    if work.read.one(Query(facet("Version"), _ID, Where("id", Op.EQ, str(version_id))), _PLAIN) is None:
        raise NotFound(f"There is no AssetVersion {version_id}.")


# -- doing it ------------------------------------------------------------------------------------------------


class _Unwanted(Exception):
    """The job is gone, or somebody ended it."""


def encode_component(workshop: Workshop, encoding: Encoding) -> None:
    """Do such a job; what cannot be done says why in the job's data."""
    try:
        _tell(workshop, encoding, "running", progress=0)
        _encode(workshop, encoding)
    except _Unwanted:
        return
    except Unavailable:
        raise  # the job is tried again
    except DomainError as error:
        give_up_encoding(workshop, encoding, error.message)


def give_up_encoding(workshop: Workshop, encoding: Encoding, reason: str) -> None:
    """Note that a component cannot be encoded."""
    try:
        _tell(workshop, encoding, "failed", message=reason)
    except _Unwanted:
        return


def _tell(workshop: Workshop, encoding: Encoding, status: str, **more: Any) -> None:
    """Say how far a job is; _Unwanted when somebody has ended it."""
    with workshop.studio.write(SYSTEM) as work:
        _require_wanted(work, encoding)
        values: dict[str, Any] = {"status": status, "details": encoding.details(**more)}
        if status == "failed":
            values["finished_at"] = work.now.isoformat()
        work.execute([Update(facet("ClientJob"), encoding.job_id, values)])
        work.commit()


def _require_wanted(work: UnitOfWork, encoding: Encoding) -> None:
    row = work.session.get(ClientJob, encoding.job_id)
    if row is None or row.deleted_at is not None or row.status not in ("queued", "running"):
        raise _Unwanted


def _encode(workshop: Workshop, encoding: Encoding) -> None:
    actor = actor_of(workshop.studio.reads, encoding.person_id, client="ftrack")
    key = component_file(workshop.studio.read(actor), encoding.component_id).key
    shape = _shape(workshop, encoding)
    report = Progress(
        workshop.is_closing, lambda percent: _tell(workshop, encoding, "running", progress=percent)
    )
    with workshop.folders.folder() as folder, workshop.storage.local_copy(key) as source:
        if _form(encoding.extension) is MediaForm.PICTURE:
            rendered = workshop.media.picture(source, encoding.extension, folder, shape.look)
            files = rendered.files
        else:
            make = workshop.media.sequence if encoding.extension == ARCHIVE else workshop.media.movie
            rendered = make(source, folder, shape, report)
            web = workshop.media.web_movie(rendered.files["movies/low"], folder)
            files = {**rendered.files, "movies/web": web}
        sizes = _keep(workshop.storage, encoding, files)
    _finish(workshop, _Encoded(encoding, actor, key, sizes, _facts(rendered, shape)))


def _shape(workshop: Workshop, encoding: Encoding) -> MovieShape:
    with workshop.studio.write(SYSTEM) as work:
        version = work.session.get(Version, encoding.version_id) if encoding.version_id else None
        project = work.session.get(Project, version.project_id) if version and version.project_id else None
        return MovieShape() if project is None else shape_of_project(project)


def _keep(storage: Storage, encoding: Encoding, files: Mapping[str, Path]) -> list[int]:
    """Put what was made into the file store; how large each is."""
    sizes = []
    for form, id_ in zip(encoding.forms, encoding.made, strict=True):
        with files[form.place].open("rb") as stream:
            sizes.append(storage.put(component_key(id_), stream).size)
    return sizes


def _facts(rendered: Rendered, shape: MovieShape) -> Mapping[str, str]:
    """What players ask of a movie and of a picture, by the first word of its media type."""
    size = (rendered.width, rendered.height)
    top, _, bottom = shape.rate.partition("/")
    rate = float(top) / float(bottom or 1)
    return {"video": movie_facts(rendered.duration, rate, *size), "image": picture_facts(*size)}


@dataclass(frozen=True, slots=True)
class _Encoded:
    """What was made: in whose name, of which file, how large each is, and what players ask of them."""

    encoding: Encoding
    actor: Actor
    source: str
    sizes: Sequence[int]
    facts: Mapping[str, str]


def _finish(workshop: Workshop, made: _Encoded) -> None:
    """Make the components, show them with the version, and end the job: all of it or nothing."""
    encoding, copy = made.encoding, None
    try:
        if encoding.version_id is not None:
            copy = copy_for_review(workshop, encoding.version_id, made.source, encoding.extension)
        with workshop.studio.write(made.actor) as work:
            _require_wanted(work, encoding)
            if encoding.version_id is not None and copy is not None:
                review_component(work, workshop, encoding.version_id, copy)
            for form, id_, size in zip(encoding.forms, encoding.made, made.sizes, strict=True):
                facts = made.facts[form.media_type.partition("/")[0]]
                work.execute(_component(encoding, form, id_, size, facts))
            if encoding.version_id is not None:
                thumbnail = {"thumbnail_id": str(encoding.made[-1])}
                work.execute([Update(facet("Version"), encoding.version_id, thumbnail)])
            if not encoding.keep_original:
                work.execute([Delete(facet("Component"), encoding.component_id, by="ftrack")])
                work.after_commit(lambda: workshop.storage.delete(component_key(encoding.component_id)))
            ended = {"status": "done", "finished_at": work.now.isoformat()}
            ended["details"] = encoding.details(progress=100)
            work.execute([Update(facet("ClientJob"), encoding.job_id, ended)])
            work.commit()
    except BaseException:
        for key in [*map(component_key, encoding.made), *([] if copy is None else [copy.key])]:
            workshop.storage.delete(key)
        raise


def _component(
    encoding: Encoding, form: OutputForm, id_: uuid.UUID, size: int, facts: str
) -> list[Operation]:
    """A component at this server's location, with what players ask of it, that the job shows."""
    values = {"name": form.name, "file_type": form.file_type, "size": size}
    if encoding.version_id is not None:
        values["version_id"] = str(encoding.version_id)
    place = {"component_id": str(id_), "location_id": str(LOCATION), "path": str(id_)}
    told = {"object_id": str(id_), "key": FACTS, "value": facts, "parent_type": "FileComponent"}
    shown = {"component_id": str(id_), "job_id": str(encoding.job_id)}
    return [
        Create(facet("FileComponent"), values, id=id_),
        Create(facet("ComponentLocation"), place, id=uuid.uuid4()),
        Create(facet("MetadataEntry"), told, id=uuid.uuid4()),
        Create(facet("ClientJobComponent"), shown, id=uuid.uuid4()),
    ]
