"""What the name of a clip says, by a convention such as `${project_name}_${sequence_name}-${shot_name}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from zou_server.models.errors import Invalid

VARIABLES = ("project_name", "episode_name", "sequence_name", "shot_name")
LONGEST = 500
IN_PROJECT = "${project_name}_${sequence_name}-${shot_name}"
IN_EPISODE = "${project_name}_${episode_name}-${sequence_name}-${shot_name}"
"""What gazu sends when its caller names no convention."""

_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_WORDS = {"shot_name": r"\w+?"}
_SEPARATORS = re.compile(r"[\s_-]+")


@dataclass(frozen=True, slots=True)
class ClipNames:
    """The names that a clip's name holds; "" where the convention has none."""

    episode: str
    sequence: str
    shot: str


@dataclass(frozen=True, slots=True)
class Naming:
    """A convention made a pattern.

    The shot is one word (letters, digits, underscores, as in Zou): what editors and programs hang on a clip's
    name (SH010.1001.exr, SH010-comp-v003.mov, "SH010 (copy)", SH010.Copy.01) is not the shot's.
    """

    pattern: re.Pattern[str]
    match_case: bool
    convention: str
    project: str

    def read(self, name: str) -> ClipNames | None:
        """The names in a clip's, whatever follows the shot's; None when it does not fit."""
        found = self.pattern.match(name[:LONGEST].strip())
        if found is None:
            return None
        parts = {key: (value or "").strip() for key, value in found.groupdict().items()}
        return ClipNames(parts.get("episode_name", ""), parts.get("sequence_name", ""), parts["shot_name"])

    def write(self, names: ClipNames) -> str:
        """A clip's name by the convention."""
        said = {"episode_name": names.episode, "sequence_name": names.sequence, "shot_name": names.shot}
        return _VARIABLE.sub(lambda found: said.get(found[1], self.project), self.convention)

    def first_of(self, names: Iterable[str]) -> ClipNames | None:
        """The clip names read from the first of some names that fits."""
        return next(filter(None, map(self.read, names)), None)

    def folded(self, name: str) -> str:
        """The form in which names are compared."""
        return name if self.match_case else name.lower()


def naming_of(
    convention: str, project: Sequence[str | None], episode: Sequence[str | None], *, match_case: bool
) -> Naming:
    """The pattern of a convention for a project and, where one is given, an episode.

    Their names may be written with other separators than they have ("Test Project" as Test_Project).
    Invalid for a variable that there is not, one that comes twice, and a convention without the shot.
    """
    names = _VARIABLE.findall(convention)
    wrong = [name for name in names if name not in VARIABLES]
    if wrong:
        raise _refused(f"There is no variable '{wrong[0][:40]}'; these are: {', '.join(VARIABLES)}.")
    if len(set(names)) < len(names) or "shot_name" not in names or len(convention) > LONGEST:
        raise _refused("The naming convention must hold ${shot_name}, and every variable once at most.")
    known = {"project_name": _written(project), "episode_name": _written(episode)}
    parts = []
    for place, part in enumerate(_VARIABLE.split(convention)):
        if place % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P<{part}>{known.get(part) or _WORDS.get(part, '.+?')})")
    ends = r"\Z|(?!\w)" if convention.endswith("${shot_name}") else r"\Z|(?=\.)"
    pattern = re.compile(f"{''.join(parts)}(?:{ends})", 0 if match_case else re.IGNORECASE)
    return Naming(pattern, match_case, convention, next(filter(None, project), ""))


def _written(names: Sequence[str | None]) -> str:
    """A pattern for names as they are, and as files spell them."""
    found = []
    for name in filter(None, names):
        words = [re.escape(word) for word in _SEPARATORS.split(name) if word]
        found += [re.escape(name), r"[\s_-]*".join(words)]
    return "|".join(dict.fromkeys(found))


def _refused(message: str) -> Invalid:
    return Invalid(message, {"naming_convention": ["is not valid"]})
