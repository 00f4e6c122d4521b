"""Shots from an editorial file: a clip's name says the sequence and shot, its frames the cut.

A clip that the naming convention does not fit is no shot of this project (a title, music, a stock shot):
it is skipped and told of. Source: docs/protocols/zou.md 13.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from zou_server.models.errors import Invalid
from zou_server.services.importers.cuts.apply_cut import AS_IT_IS, CutRules
from zou_server.services.importers.cuts.cut_in_file import Skipped, shots_in_cut
from zou_server.services.importers.cuts.take_cut import TimelineImport, cut_place, take_cut

if TYPE_CHECKING:
    from zou_server.services.ports import Clip
    from zou_server.services.write.unit_of_work import UnitOfWork


def import_timeline(
    work: UnitOfWork,
    project_id: uuid.UUID,
    clips: Sequence[Clip],
    convention: str,
    *,
    episode_id: uuid.UUID | None = None,
    rules: CutRules = AS_IT_IS,
) -> TimelineImport:
    """Make the shots of a file that are missing and bring the cut of the others up to date.

    `frame_in` and `frame_out` are where a shot is in the cut, the number of frames is how many of them show
    it. New shots get the tasks of the project's steps for shots. What is different from the last cut is told;
    with `rules.validate` nothing else is done. Invalid when the convention is wrong, or fits no clip at all.
    """
    place = cut_place(work, project_id, convention, episode_id=episode_id, rules=rules)
    shots, skipped = shots_in_cut(place.naming, clips)
    if not shots:
        if any(place.naming.first_of((clip.name, *clip.others)) for clip in clips):
            raise Invalid(
                f"No clip of the file can be a shot{_for_instance(skipped)}", {"file": ["shows no shot"]}
            )
        raise Invalid(
            f"No clip of the file is named like '{convention[:100]}' in this project{_for_instance(skipped)}",
            {"naming_convention": ["fits no clip"]},
        )
    return take_cut(work, place, shots, skipped, rules)


def _for_instance(skipped: Sequence[Skipped]) -> str:
    """The first clip that is no shot, and why."""
    clip = next((each for each in skipped if each.name), skipped[0] if skipped else None)
    return (
        ": it has no clips."
        if clip is None
        else f"; the first is called '{clip.name[:100]}', which {clip.reason}."
    )
