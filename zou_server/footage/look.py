"""How pictures of compositors are looked at: which of their layers, and by which colour management."""

from __future__ import annotations

import re
from dataclasses import dataclass

from zou_server.footage.layers import LAYERS

BUILT_IN = "ocio://"
_CONFIG = re.compile(r"ocio://[\w.-]{1,100}|(?:[\w-][\w .-]*/){0,5}[\w-][\w .-]*\.ocioz?", re.ASCII)
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Look:
    """The layers that are looked at, and an OpenColorIO configuration, "" for the server's own.

    `space` is what linear pictures are in that do not say it, `display` and `view` what they are shown by;
    "" is what the configuration says.
    """

    layers: tuple[str, ...] = LAYERS
    config: str = ""
    space: str = ""
    display: str = ""
    view: str = ""


PLAIN_LOOK = Look()
"""What a project that says nothing is looked at by."""


def config_of(said: object) -> str:
    """The name of a configuration, "" for none; ValueError for what can be none."""
    name = "" if said is None else str(said).strip()
    if name and not _CONFIG.fullmatch(name):
        raise ValueError("is neither ocio:// and a name, nor the name of a file .ocio or .ocioz")
    return name


def word_of(said: object) -> str:
    """The name of a colour space, a display or a view; ValueError for what is no name."""
    if said is None:
        return ""
    if not isinstance(said, str) or len(said) > LONGEST or not said.isprintable():
        raise ValueError("is no name")
    return said.strip()
