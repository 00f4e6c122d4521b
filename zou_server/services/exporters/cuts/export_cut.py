"""The cut of a sequence or an episode, or the shots of a playlist, as a timeline to write.

A cut is the last one that was kept; where none was, the shots in the order of the places that they say. What
is written is named by the convention of imports, so that it can be sent back.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zou_server.footage.frame_rate import USUAL_RATE, FrameRate, rate_or_none
from zou_server.models.conditions import All, Op, Order, Where
from zou_server.models.errors import Invalid, NotFound
from zou_server.services.exporters.cuts.read_cut import (
    SeenCut,
    clip_of_shot,
    last_cuts,
    outputs,
    overlap,
    rows,
    shots_below,
    shots_called,
)
from zou_server.services.exporters.require_reader import require_reader
from zou_server.services.ports import Clip, Timeline
from zou_server.services.production.name_clips import IN_EPISODE, IN_PROJECT, ClipNames, Naming, naming_of

if TYPE_CHECKING:
    from zou_server.models.actor import Actor
    from zou_server.services.read.reader import Reader

Shot = Mapping[str, Any]
Placed = list[tuple[Shot, Clip]]
Laid = tuple[Placed, list[Shot]]
"""What is shown where, and the shots that nobody knows a length of."""

_PROJECT = outputs(id="id", name="name", code="code", fps="fps")
_OWNER = outputs(id="id", name="name", project="project_id", shots="shots")
_PART = outputs(id="id", name="name", project="project_id")
_TAKE = outputs(id="id", name="original_name", extension="extension")


USUAL_START = "01:00:00:00"


@dataclass(frozen=True, slots=True)
class CutExport:
    """The cut to export: the kind and id of its owner, how clips are named, the timecode at its beginning."""

    kind: str
    id: str
    convention: str = ""
    start: str = ""


def export_cut(reader: Reader, actor: Actor, wanted: CutExport) -> Timeline:
    """The timeline; NotFound for what the actor does not see, Invalid where nothing has a length."""
    is_playlist = wanted.kind == "Playlist"
    found = rows(reader, wanted.kind, _OWNER if is_playlist else _PART, Where("id", Op.EQ, wanted.id))
    if not found:
        raise NotFound(f"{wanted.kind} {wanted.id} not found.")
    (owner,) = found
    require_reader(actor, "cuts", uuid.UUID(owner["project"]))
    (project,) = rows(reader, "Project", _PROJECT, Where("id", Op.EQ, owner["project"]))
    rate = rate_or_none(project["fps"]) or USUAL_RATE
    placed, without_length = _PLACED[wanted.kind](reader, owner)
    start, is_dropped = _start(wanted.start, rate) if wanted.start else _start_of(placed, rate)
    if not placed:
        raise Invalid(f"The {wanted.kind.lower()} has no shots with a length.", {"nb_frames": ["is missing"]})
    naming = _naming(project, placed, wanted, owner)
    clips = [replace(clip, name=_name(naming, shot, clip)) for shot, clip in placed]
    left_out = tuple(_written(naming, shot) for shot in without_length)
    return Timeline(owner["name"] or wanted.kind, rate, clips, start, is_dropped, left_out)


def _start_of(placed: Placed, rate: FrameRate) -> tuple[int, bool]:
    """The timecode that the file of the cut began at, as far as its first clip says one."""
    for clip in (clip for _, clip in placed[:1] if clip.timecodes):
        try:
            start, is_dropped = _start(clip.timecodes[2], rate)
        except Invalid:
            break  # it was of another rate
        return max(0, start - (clip.first or 0) + clip.early), is_dropped
    return _start(USUAL_START, rate)


def _start(text: str, rate: FrameRate) -> tuple[int, bool]:
    is_dropped = ";" in text and rate.has_drop_frames
    try:
        return rate.frames(text, drop=is_dropped), is_dropped
    except ValueError as error:
        raise Invalid(fields={"start": [str(error)]}) from None


# -- what is shown where -------------------------------------------------------------------------------------


def _of_sequence(reader: Reader, sequence: Shot) -> Laid:
    return _of_owners(reader, [sequence["id"]])


def _of_episode(reader: Reader, episode: Shot) -> Laid:
    parts = rows(reader, "Sequence", _PART, Where("parent_id", Op.EQ, episode["id"]), Order("name"))
    return _of_owners(reader, [*(part["id"] for part in parts), episode["id"]])


def _of_owners(reader: Reader, owners: Sequence[str]) -> Laid:
    """The last cuts of owners, and the shots of those that have none, as one cut."""
    cuts = last_cuts(reader, owners)
    with_cut = {cut.owner for cut in cuts}
    shots = shots_called(reader, (shot for cut in cuts for shot, _ in cut.clips))
    loose = shots_below(reader, [owner for owner in owners if owner not in with_cut])
    said = {shot["id"]: clip_of_shot(shot) for shot in loose}
    for owner in owners:
        clips = _in_line([(shot, said[shot["id"]]) for shot in loose if shot["parent"] == owner])
        cuts += [SeenCut(owner, [(shot["id"], clip) for shot, clip in clips])] if clips else []
    shots |= {shot["id"]: shot for shot in loose}
    if overlap(cuts):
        cuts = _one_after_the_other(sorted(cuts, key=lambda cut: owners.index(cut.owner)))
    placed = [(shots[id_], clip) for cut in cuts for id_, clip in cut.clips if id_ in shots]
    without_length: list[Shot] = [shot for shot in loose if said[shot["id"]] is None]
    return sorted(placed, key=lambda each: each[1].first or 0), without_length


def _in_line(shots: Sequence[tuple[Shot, Clip | None]]) -> Placed:
    """Shots at the places that they say, and those that say none one after the other behind them."""
    known = [(shot, clip) for shot, clip in shots if clip is not None]
    end = max(
        ((clip.first or 0) + (clip.frames or 0) for _, clip in known if clip.first is not None), default=0
    )
    found: Placed = []
    for shot, clip in known:
        if clip.first is None:
            clip = replace(clip, first=end)  # noqa: PLW2901
            end += clip.frames or 0
        found.append((shot, clip))
    return found


def _one_after_the_other(cuts: Sequence[SeenCut]) -> list[SeenCut]:
    found, end = [], 0
    for cut in cuts:
        begin = min(clip.first or 0 for _, clip in cut.clips)
        moved = [(shot, _moved(clip, end - begin)) for shot, clip in cut.clips]
        found.append(SeenCut(cut.owner, moved))
        end = max((clip.first or 0) + (clip.frames or 0) for _, clip in moved)
    return found


def _moved(clip: Clip, frames: int) -> Clip:
    """A clip so many frames later, with its markers."""
    markers = tuple({**marker, "frame": int(str(marker["frame"])) + frames} for marker in clip.markers)
    return replace(clip, first=(clip.first or 0) + frames, markers=markers)


def _of_playlist(reader: Reader, playlist: Shot) -> Laid:
    """The shots of a playlist one after the other, each as the last cut shows it, with its chosen take."""
    entries = [entry for entry in playlist["shots"] or [] if entry.get("entity_id")]
    shots = shots_called(reader, (entry["entity_id"] for entry in entries))
    owners = dict.fromkeys(shot["parent"] or playlist["project"] for shot in shots.values())
    shown: dict[str, Clip] = {}
    for cut in last_cuts(reader, owners):
        for id_, clip in cut.clips:
            shown.setdefault(id_, clip)
    files = _files(reader, entries)
    found: Placed = []
    without_length: dict[str, Shot] = {}
    end = 0
    for entry in entries:
        shot = shots.get(entry["entity_id"])
        if shot is None:
            continue
        seen = shown.get(shot["id"]) or clip_of_shot(shot)
        if seen is None:
            without_length[shot["id"]] = shot
            continue
        file = files.get(entry.get("preview_file_id"), seen.file)
        clip = replace(_moved(seen, end - (seen.first or 0)), file=file, **_ALONE)
        found.append((shot, clip))
        end += clip.frames or 0
    return found, list(without_length.values())


_ALONE: Mapping[str, Any] = {"head": 0, "early": 0, "tail": 0, "transition": "", "track": "", "timecodes": ()}
"""How clips are that have nothing to do with those beside them."""


def _files(reader: Reader, entries: Sequence[Mapping[str, Any]]) -> dict[Any, str]:
    """What the files of chosen takes are called."""
    ids = [entry["preview_file_id"] for entry in entries if entry.get("preview_file_id")]
    takes = rows(reader, "PreviewFile", _TAKE, All((Where("id", Op.IN, ids),)))
    return {take["id"]: f"{take['name']}.{take['extension']}" for take in takes if take["name"]}


_PLACED: Mapping[str, Callable[[Reader, Shot], Laid]] = {
    "Sequence": _of_sequence,
    "Episode": _of_episode,
    "Playlist": _of_playlist,
}

EXPORTED = tuple(_PLACED)
"""What can be exported."""


# -- how it is named -----------------------------------------------------------------------------------------


def _naming(project: Shot, placed: Placed, wanted: CutExport, owner: Shot) -> Naming:
    """The convention that names clips and the shots that are left out."""
    is_episode = wanted.kind == "Episode"
    has_episodes = is_episode or (wanted.kind == "Playlist" and all(shot["episode"] for shot, _ in placed))
    convention = wanted.convention or (IN_EPISODE if has_episodes else IN_PROJECT)
    episode = (owner["name"],) if is_episode else ()
    return naming_of(convention, (project["name"], project["code"]), episode, match_case=True)


def _written(naming: Naming, shot: Shot) -> str:
    return naming.write(ClipNames(shot["episode"] or "", shot["sequence"] or "", shot["name"] or ""))


def _name(naming: Naming, shot: Shot, clip: Clip) -> str:
    """A clip's name that says its shot: that of the file, else by the convention."""
    marked = [str(marker["text"]) for marker in clip.markers]
    read = naming.first_of((clip.name, clip.file, clip.reel, *marked)) if clip.name else None
    written = _written(naming, shot)
    return clip.name if clip.name and read is not None and read == naming.read(written) else written
